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
