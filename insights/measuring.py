"""How often readings are right: of what there is, how much is found (recall); of what is said, how much is so (precision).

Both are always shown together, with their counts: an analyser that calls everything an emergency misses none. Told twice:
of invented replies that no lesson had in mind, and of the replies whose reading people here have judged."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, select
from sqlmodel import Session, col

from insights.reading.base import Flag, Kind, Stance
from insights.reading.in_force import version_in_force
from social.interactions import Reading, ReadingFlag
from social.intervals import wilson
from social.labels import KIND, NO, STANCE, YES, Label

TRIED = Path(__file__).with_name("reading") / "measured.csv"
"""What the analyser in force makes of the invented replies; a test holds it to them."""
ENOUGH = 20
"""Cases below which nothing is told of a share."""


@dataclass(frozen=True)
class Measured:
    """aspect: kind, stance or flag.  name: which.  real: replies that are so.  said: replies said to be so.
    right: both; at most the smaller of the two."""

    aspect: str
    name: str
    real: int
    said: int
    right: int

    @property
    def recall(self) -> float | None:
        """The share found of those that are so, 0 to 1; None of none."""
        return self.right / self.real if self.real else None

    @property
    def precision(self) -> float | None:
        """The share that is so of those said to be, 0 to 1; None of none."""
        return self.right / self.said if self.said else None

    def as_row(self) -> dict[str, Any]:
        """For JSON; the shares and their 95 % intervals are None below `ENOUGH` cases."""
        enough_real, enough_said = self.real >= ENOUGH, self.said >= ENOUGH
        return {
            "aspect": self.aspect, "name": self.name, "real": self.real, "said": self.said, "right": self.right,
            "recall": self.recall if enough_real else None,
            "recall_interval": wilson(self.right, self.real) if enough_real else None,
            "precision": self.precision if enough_said else None,
            "precision_interval": wilson(self.right, self.said) if enough_said else None,
        }  # fmt: skip


def tried() -> list[Measured]:
    """What the analyser in force made of the invented replies."""
    with TRIED.open(encoding="utf-8", newline="") as file:
        return [
            Measured(row["aspect"], row["name"], int(row["real"]), int(row["said"]), int(row["right"]))
            for row in csv.DictReader(file)
        ]


def judged(session: Session) -> list[Measured]:
    """What people said of the replies whose reading they judged, against what the version in force reads in them today.

    They judge what they look at, emergencies before all: what nobody looked at is not in these figures."""
    labels = _labels(session, version_in_force(session))
    kinds = [(right, read) for aspect, right, read in labels if aspect == KIND]
    stances = [(right, read) for aspect, right, read in labels if aspect == STANCE]
    return [
        *counted("kind", [kind.value for kind in Kind], kinds),
        *counted("stance", [stance.value for stance in Stance], stances),
        *_flags(labels),
    ]


def counted(aspect: str, names: Iterable[str], pairs: Sequence[tuple[str, str]]) -> list[Measured]:
    """pairs: what each reply is and what it was read as."""
    return [
        Measured(
            aspect, name, sum(is_ == name for is_, _ in pairs), sum(read == name for _, read in pairs),
            sum(is_ == read == name for is_, read in pairs),
        )
        for name in names
    ]  # fmt: skip


def _flags(labels: Sequence[tuple[str, str, str]]) -> list[Measured]:
    found = []
    for flag in Flag:
        said = [(right, read) for aspect, right, read in labels if aspect == flag.value]
        [counts] = counted("flag", [YES], said)
        found.append(Measured("flag", flag.value, counts.real, counts.said, counts.right))
    return found


def _labels(session: Session, version: str) -> list[tuple[str, str, str]]:
    """Aspect, what the person said, what this version reads; of replies that it has read and whose words still stand."""
    columns: list[Any] = [Label.aspect, Label.right, Reading.kind, Reading.stance, ReadingFlag.flag]
    query = (
        select(*columns)
        .join(Reading, and_(col(Reading.interaction_id) == col(Label.interaction_id), col(Reading.version) == version))
        .join(
            ReadingFlag,
            and_(col(ReadingFlag.reading_id) == col(Reading.id), col(ReadingFlag.flag) == col(Label.aspect)),
            isouter=True,
        )
        .where(col(Label.in_force))
    )
    return [
        (aspect, right, {KIND: kind, STANCE: stance}.get(aspect, YES if flag else NO))
        for aspect, right, kind, stance, flag in session.connection().execute(query)
    ]
