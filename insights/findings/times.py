"""Findings on the hour and the day: only what this force's own posts bear out (M12)."""

from collections.abc import Sequence

from insights.comparison_tables import say_numbers
from insights.comparison_values import AGES, MEASURES
from insights.findings.base import Finding, Mark, two_places
from insights.timing import Moment, Timing

METHOD = "docs/methods/timing.md"


def times(found: Timing) -> list[Finding]:
    """One candidate for each hour and each day that was tested."""
    return [
        *_each(found, found.hours, "Time of day"),
        *_each(found, found.days, "Day of the week"),
    ]


def _each(found: Timing, moments: Sequence[Moment], heading: str) -> list[Finding]:
    told = [one for one in moments if one.ratio is not None and one.low is not None and one.high is not None]
    return [
        Finding(
            key=f"time {heading} {one.key} {found.measure}", kind="time", sentence=one.words, n=found.n, counted="posts",
            substance="more" if (one.ratio or 0) > 1 else "less",
            headings=(heading, "Posts", "Times that of other posts like them", "95% interval from", "to"),
            rows=tuple(
                (row.label, row.n, *(two_places(value) for value in (row.ratio, row.low, row.high))) for row in moments
            ),
            chart="ranges",
            marks=tuple(Mark(row.label, row.ratio or 0.0, say_numbers(row), row.n, row.low, row.high) for row in told),
            measure=f"{MEASURES[found.measure].capitalize()} {AGES[found.age]}, times that of other posts like them, "
            "drawn towards no effect, with 95% interval; posts in brackets; the dashed line is no effect",
            limits=" ".join(found.limits), method=METHOD, link_params={"i_part": "When to post", "i_period": "Last 12 weeks"},
            chance=one.chance, even_at=1.0,
        )
        for one in told
        if one.chance is not None
    ]  # fmt: skip
