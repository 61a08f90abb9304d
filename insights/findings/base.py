"""What a finding is: a sentence that figures bear out, with all that a reader needs to doubt it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from math import isfinite
from typing import Any

from insights.chance import stand_together
from insights.comparison_values import CHANCE

Cell = str | int | float | None
"""A cell of a table: a share stands as it is said, a count as a number; None was not reported."""


@dataclass(frozen=True)
class Mark:
    """One line of a chart.  value: its length or place.  shown: the same for people.  n: what it rests on.

    low, high: the 95 % interval, both None for what was counted and not estimated."""

    label: str
    value: float
    shown: str
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Finding:
    """key: what was looked at, the same from week to week.  kind: one of the modules here.

    sentence: for people; may hold names of places.  n: how many `counted` it rests on.
    substance: what it comes down to; while this stays, it is no news.
    headings, rows: the table that bears it out.  chart: 'bars', or 'ranges' with intervals.  measure: what the chart
    measures, where and when.  limits: what it cannot say.  method: page of docs/, with an anchor or none.
    even_at: of ranges, where there would be no difference, None for none.
    page, link_params: where the posts or replies behind it are shown.
    chance: p of the test that it rests on, in [0, 1]; None where things were counted and nothing was inferred."""

    key: str
    kind: str
    sentence: str
    n: int
    counted: str
    substance: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: str
    marks: tuple[Mark, ...]
    measure: str
    limits: str
    method: str
    page: str = "works"
    link_params: Mapping[str, str] = field(default_factory=dict)
    chance: float | None = None
    even_at: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON: every field by its name."""
        return asdict(self)

    def as_text(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False)


def from_text(text: str) -> Finding:
    """What `as_text` wrote."""
    given = json.loads(text)
    marks = tuple(Mark(**mark) for mark in given.pop("marks"))
    rows = tuple(tuple(row) for row in given.pop("rows"))
    headings = tuple(given.pop("headings"))
    return Finding(marks=marks, rows=rows, headings=headings, **given)


def hold_together(candidates: Iterable[Finding]) -> list[Finding]:
    """The candidates that may be told: what was counted, and of what was tested what stands among all tests made.

    candidates: every test that was made, the unclear ones too; each key once. The level is shared out evenly over the
    kinds (Bonferroni) and held within each (Holm): any false finding at all comes in at most `CHANCE` of all cases, and
    one kind that tests much leaves the others their part."""
    every = list(candidates)
    kinds: dict[str, dict[str, float]] = {}
    for one in every:
        if one.chance is not None:
            kinds.setdefault(one.kind, {})[one.key] = one.chance
    stands = {key for tests in kinds.values() for key in stand_together(tests, CHANCE / len(kinds))}
    made = sum(map(len, kinds.values()))
    return [_said_of_how_many(one, made) for one in every if one.chance is None or one.key in stands]


def _said_of_how_many(one: Finding, tests: int) -> Finding:
    if one.chance is None:
        return one
    among = "the only test made" if tests == 1 else f"one of {tests} tests made together"
    return replace(one, limits=f"{one.limits} It is {among}, and stands after allowing for all of them.")


def two_places(value: float | None) -> float | None:
    """A ratio as tables have it; an interval without an end has none."""
    return None if value is None or not isfinite(value) else round(value, 2)
