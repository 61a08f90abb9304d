"""Which finding a week is told: something new, and not the same thing twice in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from insights.findings.base import Finding


@dataclass(frozen=True)
class Told:
    """What an earlier week was told."""

    week: date
    key: str
    substance: str


def choose(findings: Sequence[Finding], told: Sequence[Told]) -> Finding | None:
    """The finding for a new week; None when there is none, or nothing changed in any since it was told.

    findings: first what matters most.  told: the earlier weeks in any order.
    What the last week was not told goes first, and of that another kind than the last week's."""
    latest = {one.key: one for one in sorted(told, key=lambda one: one.week)}
    news = [one for one in findings if one.key not in latest or latest[one.key].substance != one.substance]
    if not told:
        return news[0] if news else None
    last = max(told, key=lambda one: one.week)
    kinds = {one.key: one.kind for one in findings}
    return min(news, key=lambda one: (one.key == last.key, one.kind == kinds.get(last.key)), default=None)
