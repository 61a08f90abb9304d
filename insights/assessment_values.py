"""What came of a campaign, as one value that the page, the command and reports all show (M01, M02, M14).

Six headings, from what went in to what was learnt. A heading that nothing was measured under says so. Each figure has
its source and its day; what staff wrote stays theirs, and Beatline itself never says that a campaign was the cause."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from insights.before_after import Change
from social.campaigns import MeasureKind, Stage

NOT_MEASURED = "not measured"
HEADINGS = ("Inputs", "Outputs", "Outtakes", "Outcomes", "Impact", "Learning and innovation")
"""Of the Government Evaluation Cycle (M01)."""


@dataclass(frozen=True)
class Figure:
    """One line under a heading.  shown: the number in words.  value: the same, None where it is words alone.

    source: where it comes from.  as_of: the last local day that it speaks of."""

    label: str
    shown: str
    source: str
    as_of: date | None
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Heading:
    """One of the six.  words: what staff wrote, '' for nothing."""

    name: str
    figures: tuple[Figure, ...] = ()
    words: str = ""

    @property
    def measured(self) -> bool:
        return bool(self.figures or self.words)

    @property
    def lines(self) -> tuple[str, ...]:
        """What a plain page prints: one sentence a figure, then the words; 'not measured' for neither."""
        told = [f"{one.label}: {one.shown} ({one.source}{_day(one.as_of)})" for one in self.figures]
        return (*told, *([self.words] if self.words else ())) or (NOT_MEASURED,)


@dataclass(frozen=True)
class Point:
    """One number of a series.  value: as charts draw it: a count, a count per so many, or percent."""

    on: date
    value: float
    comparison: bool
    source: str


@dataclass(frozen=True)
class Result:
    """What became of one measure.

    latest: the newest number, in the measure's unit, with its day; None before there is one after the start.
    progress: how far from baseline to target, 1 is the target; may be below 0 or above 1.  met: None while unknown.
    change: before and after, with an interval; None while too few numbers are there.  sentence: the same in words.
    limits: what it does not say."""

    measure_id: int
    name: str
    unit: str
    kind: MeasureKind
    stage: Stage
    source: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    target_on: date | None
    latest: float | None
    latest_on: date | None
    progress: float | None
    met: bool | None
    sentence: str
    change: Change | None
    change_sentence: str
    limits: tuple[str, ...]
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Activity:
    """One thing that was done, for people.  kind: in words.  where: place in words, '' for none."""

    id: int
    day: date
    kind: str
    online: bool
    where: str
    what: str
    people: int | None
    minutes: int | None
    pence: int | None


@dataclass(frozen=True)
class About:
    """The campaign itself.  areas: names, () for the whole force.  comparison: name, '' for none."""

    id: int
    name: str
    title: str
    state: str
    owner: str
    areas: tuple[str, ...]
    place_ids: tuple[int, ...]
    comparison: str
    starts_on: date | None
    ends_on: date | None
    aim: str
    audience: str
    priority: str
    purpose: str
    feedback_plan: str


@dataclass(frozen=True)
class Assessment:
    """All of it.  as_of: when it was computed.  sara: objective, scanning, analysis, response, assessment in staff's words.

    missing: what it lacks before it can be launched.  warnings: words that say more than was measured (M14)."""

    about: About
    as_of: datetime
    headings: tuple[Heading, ...]
    results: tuple[Result, ...]
    activities: tuple[Activity, ...]
    sara: tuple[tuple[str, str], ...]
    other_causes: str
    missing: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def compared(self) -> bool:
        """Whether a before and after is set against a comparison: without, nothing may be said of causes (M14)."""
        return any(one.change is not None and one.change.beyond is not None for one in self.results)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        found: dict[str, Any] = _plain(asdict(self))
        for shown, heading in zip(found["headings"], self.headings, strict=True):
            shown["measured"], shown["lines"] = heading.measured, list(heading.lines)
        return found


def _day(on: date | None) -> str:
    return f", {on.day} {on:%B %Y}" if on is not None else ""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
