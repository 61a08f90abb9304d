"""The analyser in force: stance toward the police, kind and language, measured on the labelled sample."""

import csv
import math
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from textblob import Blobber

from insights.reading import CURRENT_VERSION, About, Kind, ReadingResult, Stance, default_analyser
from insights.reading.blob import PoliceStanceAnalyzer
from insights.reading.fast import FastAnalyser
from insights.reading.languages import detect_language

SAMPLE = Path(__file__).parent / "data" / "replies.csv"


@pytest.fixture(scope="module")
def sample() -> list[tuple[dict[str, str], ReadingResult]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return list(zip(rows, default_analyser().read([row["text"] for row in rows]), strict=True))


def read(text: str) -> ReadingResult:
    return default_analyser().read([text])[0]


def recall(sample: list[Any], kind: str) -> float:
    said = [result.kind for row, result in sample if row["kind"] == kind]
    return sum(one == kind for one in said) / len(said)


def test_no_emergency_of_the_sample_is_missed_and_few_are_false_alarms(sample: list[Any]) -> None:
    """R19: tuned for recall; more than half of the alarms real is what was asked for. Four in five, which stood here before,
    was an analyser whose lessons were all written by somebody who had read these replies (docs/model-card.md)."""
    assert recall(sample, "emergency") == 1.0
    alarms = [row["kind"] for row, result in sample if result.kind is Kind.EMERGENCY]
    assert Counter(alarms)["emergency"] / len(alarms) > 0.5


@pytest.mark.parametrize(
    ("kind", "least"), [("lead", 0.85), ("question", 0.9), ("thanks", 0.9), ("complaint", 0.75), ("abuse", 0.9)]
)
def test_most_replies_of_each_kind_are_recognised(sample: list[Any], kind: str, least: float) -> None:
    assert recall(sample, kind) >= least


def test_stance_is_read_better_than_by_polarity_alone(sample: list[Any]) -> None:
    """TextBlob's polarity with tuned thresholds comes to a macro-recall of 49 on these English replies."""
    recalls = []
    for stance in ("negative", "neutral", "positive"):
        said = [result.stance for row, result in sample if row["lang"] == "en" and row["sentiment"] == stance]
        recalls.append(sum(one == stance for one in said) / len(said))
    assert sum(recalls) / 3 >= 0.75


def test_languages_of_the_sample_are_recognised(sample: list[Any]) -> None:
    assert [row["text"] for row, result in sample if row["lang"] != result.lang] == []


def test_a_language_that_cannot_be_scored_is_unknown_and_never_neutral(sample: list[Any]) -> None:
    """R34."""
    others = [result for row, result in sample if row["lang"] != "en"]
    assert others
    assert {(result.stance, result.p) for result in others} == {(Stance.UNKNOWN, None)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("there's a man with a knife outside the shop right now please hurry", Kind.EMERGENCY),
        ("My neighbour has collapsed and is not moving, need an ambulance", Kind.EMERGENCY),
        ("I can't go on, I don't want to be here any more", Kind.EMERGENCY),
        ("Proszę o pomoc, ktoś włamuje się do domu", Kind.EMERGENCY),
        ("Saw a silver van with its lights off by the garages at 3am, have it on dashcam", Kind.LEAD),
        ("You useless clowns", Kind.ABUSE),
        ("Rang 101 three times and nobody ever came out", Kind.COMPLAINT),
        ("What time does the library event finish?", Kind.QUESTION),
        ("Thank you for coming round, it meant a lot to Mum", Kind.THANKS),
        ("Quackers 😂", Kind.BANTER),
        ("Diolch yn fawr iawn", Kind.THANKS),
        ("The weather is grey", Kind.OTHER),
        ("Earn £500 a day, ask me how", Kind.OTHER),
    ],
)
def test_the_kind_is_the_first_that_fits(text: str, kind: Kind) -> None:
    assert read(text).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Someone is smashing the windows next door right now, hurry",
        "I saw that scum by the garages at 3am, got it on camera",
        "What terrible road is it on?",
        "Vile thieves, absolute scum of the worst sort, disgusting",
    ],
)
def test_fury_at_offenders_leads_questions_and_cries_for_help_are_neutral(text: str) -> None:
    assert read(text).stance is Stance.NEUTRAL


def test_sarcastic_praise_with_a_complaint_in_it_is_no_praise() -> None:
    assert read("Great, 2pm on a weekday 🙄 nobody ever comes when we ring").stance is Stance.NEGATIVE


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Thanks", "en"),
        ("cringe", "en"),
        ("SHARED", "en"),
        ("Diolch yn fawr", "cy"),
        ("Pryd mae'r digwyddiad?", "cy"),
        ("Dziękuję", "pl"),
        ("Kiedy to się skończy?", "pl"),
        ("Merci beaucoup pour votre aide, c'était vraiment très gentil de votre part", "fr"),
        ("Спасибо большое за вашу помощь и работу", "ru"),
        ("👏👏👏", "und"),
        ("https://example.org/a @someone", "und"),
        ("", "und"),
    ],
)
def test_short_replies_are_given_the_right_language(text: str, lang: str) -> None:
    assert detect_language(text)[0] == lang


def test_hearts_need_no_language_and_bare_links_say_nothing() -> None:
    assert read("❤️❤️").stance is Stance.POSITIVE
    assert read("https://example.org").stance is Stance.UNKNOWN


@hypothesis_settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_written_gets_a_result_within_its_ranges(text: str) -> None:
    result = read(text)
    assert (result.p is None) == (result.stance is Stance.UNKNOWN)
    assert 0 <= result.kind_p <= 1
    assert 0 <= result.lang_p <= 1
    if result.p is not None:
        values = (result.p.negative, result.p.neutral, result.p.positive)
        assert all(0 <= value <= 1 for value in values)
        assert math.isclose(sum(values), 1)
        assert result.p.label() is result.stance


def test_tone_and_stance_are_two_things() -> None:
    """Fury at a thief is a bad mood and no word against the police."""
    result = read("Vile thieves, absolute scum of the worst sort, disgusting")
    assert (result.tone, result.stance, result.about) == (Stance.NEGATIVE, Stance.NEUTRAL, About.CRIME)


def test_a_text_is_read_the_same_alone_and_among_others() -> None:
    texts = ["Nice one 👏", "", "zzzqx wvvvk", "Rang 101 twice and nobody came", "MASSIVE fight outside the chippy NOW"]
    together = FastAnalyser().read(texts)
    for text, result in zip(texts, together, strict=True):
        alone = FastAnalyser().read([text])[0]
        assert (alone.kind, alone.stance) == (result.kind, result.stance)
        assert alone.kind_p == pytest.approx(result.kind_p, abs=1e-5)


def test_negation_and_capitals_and_long_letters_are_seen() -> None:
    assert read("not helpful at all, never again").stance is Stance.NEGATIVE
    assert read("soooooo gooooood, thaaaank you").stance is Stance.POSITIVE


def test_anybody_with_textblob_can_use_it() -> None:
    said = Blobber(analyzer=PoliceStanceAnalyzer())("Rang 101 three times and nobody ever came out").sentiment
    assert (said.classification, said.kind) == ("negative", "complaint")
    assert said.p_negative > said.p_positive


def test_the_same_text_is_always_read_the_same() -> None:
    texts = ["Bore da bawb, sut mae heddiw yn mynd", "Nice one 👏", "Qui sait ce qui se passe ici ce soir"]
    assert default_analyser().read(texts) == FastAnalyser().read(texts) == default_analyser().read(texts)


def test_reading_needs_no_network_and_no_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    assert FastAnalyser().read(["Thank you. It was great!"])[0].stance is Stance.POSITIVE
    assert FastAnalyser.version == CURRENT_VERSION
