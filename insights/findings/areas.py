"""Findings on areas that are left out: no post for a fortnight, priorities older than three months (M15)."""

from collections.abc import Sequence
from datetime import date

from insights.comparison_words import listed
from insights.coverage import SILENT_AFTER, AreaCoverage, Coverage, OldPriority
from insights.findings.base import Finding, Mark
from social.words import say_count

METHOD = "docs/areas.md"
NAMED = 5
"""Areas that a sentence names; the table has all of them."""


def areas(found: Coverage, old: Sequence[OldPriority]) -> list[Finding]:
    """What coverage comes to: counted, of every area."""
    return [*_silent(found), *_old(old, len(found.areas))]


def _silent(found: Coverage) -> list[Finding]:
    silent = [one for one in found.areas if one.silent]
    posted = any(one.last_post_at for one in found.areas)
    if not silent or not posted:  # a force that has posted nothing has other worries
        return []
    whole, days = len(found.areas), SILENT_AFTER.days
    return [
        Finding(
            key="areas silent", kind="areas",
            sentence=f"{len(silent)} of {say_count(whole, 'area')} had no post in the last {days} days: "
            f"{_named([one.name for one in silent])}.",
            n=whole, counted="areas", substance=" ".join(str(one.place_id) for one in silent),
            headings=("Area", f"Posts in {days} days", "Days since the last post"),
            rows=tuple((one.name, one.posts, _since(one)) for one in (*silent, *(a for a in found.areas if not a.silent))),
            chart="bars",
            marks=(
                Mark(f"A post in {days} days", whole - len(silent), str(whole - len(silent)), whole),
                Mark(f"No post in {days} days", len(silent), str(len(silent)), whole),
            ),
            measure=f"Number of areas, teams and neighbourhoods at the end of the map; of how many in brackets, last {days} days",
            limits="Counted, not estimated. A post on a wider area counts for none of the areas in it, and whether an area "
            "needed a post it does not say.",
            method=METHOD, page="areas",
        )
    ]  # fmt: skip


def _since(one: AreaCoverage) -> int | str:
    return "no post yet" if one.days_since is None else one.days_since


def _old(old: Sequence[OldPriority], whole: int) -> list[Finding]:
    if not old:
        return []
    oldest = list({one.area: one.days for one in reversed(old)}.items())
    return [
        Finding(
            key="areas old priorities", kind="areas",
            sentence=f"{say_count(len(old), 'priority', 'priorities')} in {say_count(len(oldest), 'area')} "
            f"{'is' if len(old) == 1 else 'are'} older than 90 days: {_named([name for name, _ in oldest])}.",
            n=whole, counted="areas", substance=" ".join(f"{one.place_id} {one.issued_on}" for one in old),
            headings=("Area", "Priority", "Since", "Days"),
            rows=tuple((one.area, one.issue, _day(one.issued_on), one.days) for one in old),
            chart="bars",
            marks=tuple(
                Mark(name, days, f"{days} days", sum(one.area == name for one in old)) for name, days in oldest[:10]
            ),
            measure="Age of an area's oldest priority in days, ten areas at most; priorities older than 90 days in brackets",
            limits="Counted, not estimated. Whether a priority still matters to residents it does not say; ask them.",
            method=METHOD, page="areas",
        )
    ]  # fmt: skip


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _named(names: Sequence[str]) -> str:
    shown = list(names[:NAMED])
    rest = len(names) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return listed(shown)
