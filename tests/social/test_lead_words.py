"""Where and when, picked out of invented phrases: exact spans in local time, both clock changes, English and Welsh."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from social.clock import LONDON, as_local
from social.lead_places import picked_places
from social.lead_times import picked_times

PLACES = ("Marlpit End", "Copperbeck", "Hexley Moor", "Stonemere", "Elderwick", "Oakenford Town", "Larkfield Rise")
DATA = Path(__file__).parent / "data/lead_phrases.csv"


@dataclass(frozen=True)
class Phrase:
    """One row.  unseen: written after the code, which was not changed for it.  start, end: local, '' for none."""

    unseen: bool
    written: datetime
    text: str
    start: str
    end: str
    where: tuple[str, ...]

    def time_is_right(self) -> bool:
        spans = picked_times(self.text, self.written)
        if not self.start:
            return not spans
        return bool(spans) and (local(spans[0].start), local(spans[0].end)) == (self.start, self.end)

    def place_is_right(self) -> bool:
        return tuple(picked_places(self.text, PLACES)) == self.where


def local(moment: datetime) -> str:
    return as_local(moment).strftime("%Y-%m-%dT%H:%M")


def phrases() -> list[Phrase]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return [
            Phrase(row["set"] == "unseen", datetime.fromisoformat(row["written"]).replace(tzinfo=LONDON), row["text"],
                   row["from"], row["to"], tuple(filter(None, row["where"].split("|"))))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def test_there_are_eighty_phrases_and_thirty_of_them_were_not_seen_while_the_code_was_written() -> None:
    assert len(phrases()) >= 80
    assert sum(phrase.unseen for phrase in phrases()) >= 30


@pytest.mark.parametrize("phrase", [p for p in phrases() if not p.unseen], ids=lambda phrase: phrase.text[:40])
def test_place_and_time_of_a_known_phrase_are_picked_out(phrase: Phrase) -> None:
    assert phrase.time_is_right()
    assert phrase.place_is_right()


def test_of_the_unseen_phrases_most_are_right() -> None:
    """What docs/leads.md says of them."""
    unseen = [phrase for phrase in phrases() if phrase.unseen]
    right = sum(p.time_is_right() for p in unseen), sum(p.place_is_right() for p in unseen)
    assert (len(unseen), *right) == (35, 31, 32)


def instants(text: str, written: str) -> list[tuple[str, str]]:
    spans = picked_times(text, datetime.fromisoformat(written).astimezone(UTC))
    return [(f"{span.start:%d %H:%M}", f"{span.end:%d %H:%M}") for span in spans]


def test_the_hour_that_comes_twice_in_autumn_gives_a_span_of_both() -> None:
    """25 October 2026: 01:30 is 00:30 and 01:30 UTC."""
    assert instants("at 01:30 this morning", "2026-10-25T09:00+00:00") == [("25 00:30", "25 01:30")]
    assert instants("between 00:30 and 02:30 today", "2026-10-25T09:00+00:00") == [("24 23:30", "25 02:30")]
    assert instants("last night at 10pm", "2026-10-25T09:00+00:00") == [("24 21:00", "24 21:00")]
    assert instants("yesterday", "2026-10-26T09:00+00:00") == [("24 23:00", "26 00:00")]


def test_the_hour_that_spring_leaves_out_gives_a_span_around_it() -> None:
    """29 March 2026: from 01:00 the clocks show 02:00."""
    assert instants("at 01:30 this morning", "2026-03-29T09:00+01:00") == [("29 00:30", "29 01:30")]
    assert instants("at 3am", "2026-03-29T09:00+01:00") == [("29 02:00", "29 02:00")]
    assert instants("last night", "2026-03-29T09:00+01:00") == [("28 18:00", "29 05:00")]


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("half past three", "15:30", "15:30"),
        ("half-past three", "15:30", "15:30"),
        ("half past 3ish", "15:00", "16:00"),
        ("half past threeish", "15:00", "16:00"),
        ("half past three am", "03:30", "03:30"),
        ("at half past three this morning", "03:30", "03:30"),
        ("this morning about half past three", "03:00", "04:00"),
        ("at half past three this afternoon", "15:30", "15:30"),
    ],
)
def test_half_past_three_is_never_three(said: str, start: str, end: str) -> None:
    (span,) = picked_times(f"Saw him {said}, by the Spar", datetime(2026, 6, 3, 20, tzinfo=UTC))
    assert (local(span.start)[-5:], local(span.end)[-5:]) == (start, end)


def test_several_times_come_in_their_order_each_with_its_words() -> None:
    said = "Tuesday 9pm he was by the Spar. Then again at 11.30 last night."
    spans = picked_times(said, datetime(2026, 3, 12, 8, tzinfo=LONDON))
    assert [span.words for span in spans] == ["Tuesday 9pm", "at 11.30 last night"]


def test_a_time_is_never_taken_to_be_in_the_future_where_a_past_one_fits() -> None:
    written = datetime(2026, 3, 12, 8, tzinfo=LONDON)
    for text in ("at 9pm", "half ten", "Friday", "the 20th", "on 25 December", "midnight", "tonight at 11"):
        (span, *_) = picked_times(text, written)
        assert span.start <= written or text.startswith("tonight"), text


@pytest.mark.parametrize(
    "piece", ["on the ", "half ", "at 1 ", "10", "1-", "monday ", "in the ", "A1 ", "’s ", "tua ", "İ"]
)
def test_hostile_text_neither_fails_nor_takes_long(piece: str) -> None:
    text = (piece * 3000)[:20_000]
    for span in picked_times(text, datetime(2026, 3, 12, 8, tzinfo=UTC)):
        assert span.start <= span.end
    picked_places(text, PLACES)
