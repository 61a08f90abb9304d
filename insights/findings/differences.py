"""Findings on what sets posts apart from others like them: a picture, a question, a named officer, the area."""

from collections.abc import Sequence
from math import isfinite

from insights.comparison_tables import say_numbers
from insights.comparison_values import AGES, GROUPINGS, MEASURES, SMALLEST, Compared, Comparison
from insights.comparison_words import say_group
from insights.findings.base import Finding, Mark, two_places

METHOD = "docs/methods/comparisons.md"
LOOKED_AT = (
    "picture", "place", "officer", "question", "ask_to_share", "place_hashtag", "length", "emoji", "link",
)  # fmt: skip
"""Not kinds of posts, whose aims differ (M10), and not accounts and networks, whose followers do."""


def differences(comparisons: Sequence[Comparison]) -> list[Finding]:
    """One candidate for each group that was tested; the two groups of a yes or no say one thing, and are one."""
    return [_one(comparison, group) for comparison in comparisons for group in _tested(comparison)]


def _tested(comparison: Comparison) -> list[Compared]:
    told = [group for group in comparison.groups if not group.reason and group.chance is not None]
    if len(told) == 2:
        return [max(told, key=lambda group: group.ratio or 0.0)]
    return told


def _one(comparison: Comparison, group: Compared) -> Finding:
    ratio = group.ratio or 0.0
    told = [one for one in comparison.groups if not one.reason]
    return Finding(
        key=f"difference {comparison.by} {group.group} {comparison.measure}", kind="difference",
        sentence=say_group(group, comparison.measure), n=comparison.n, counted="posts",
        substance=f"{'more' if ratio > 1 else 'less'} by {round(abs(ratio - 1) * 4) / 4}",
        headings=(GROUPINGS[comparison.by].capitalize(), "Posts", f"Median {MEASURES[comparison.measure]}",
                  "Times that of posts like them", "95% interval from", "to"),
        rows=tuple(_row(one) for one in comparison.groups),
        chart="ranges",
        marks=tuple(
            Mark(one.label, one.ratio, say_numbers(one), one.n, one.low, one.high)
            for one in told if one.ratio is not None and isfinite(one.high or 0.0)
        ),
        measure=f"{MEASURES[comparison.measure].capitalize()} {AGES[comparison.age]}, times that of posts like them, with 95% "
        "interval; posts in brackets; the dashed line is no difference",
        limits=" ".join(comparison.limits), method=METHOD, link_params={"i_part": "Like with like", "i_period": "Last 12 weeks", "i_by": GROUPINGS[comparison.by].capitalize()},
        # A difference that nobody would act on is no finding, however sure it is.
        chance=group.chance if ratio >= SMALLEST or ratio <= 1 / SMALLEST else 1.0, even_at=1.0,
    )  # fmt: skip


def _row(group: Compared) -> tuple[str | int | float | None, ...]:
    if group.reason:
        return (group.label, group.n, None, group.reason, None, None)
    return (group.label, group.n, group.median, *(two_places(value) for value in (group.ratio, group.low, group.high)))
