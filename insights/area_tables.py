"""What tables and headlines say of areas: for the page, files and commands alike. No Streamlit."""

from collections.abc import Callable, Sequence

from insights.areas import NOTE, AreaFigures, AreaRow
from insights.coverage_tables import as_csv as csv_of
from insights.denominators import Residents
from insights.figures import ENOUGH_POSTS
from insights.sayings import resting_on
from social.alerts.resident_counts import FEW
from social.words import NOT_REPORTED, say_count, say_number, say_share

NOT_KNOWN = "not known"
TOO_FEW = (
    f"Too few to tell: at least two areas need {ENOUGH_POSTS} posts with reactions, and a known number of residents."
)


def say_rate(rate: float | None) -> str:
    """'12.3', or 'not known'.  rate: for each 1,000 residents."""
    return NOT_KNOWN if rate is None else f"{rate:.1f}"


def say_rank(row: AreaRow) -> str:
    """'1', or why the area has no place."""
    if row.rank is not None:
        return str(row.rank)
    if row.residents is None:
        return "residents not known"
    if row.compared_posts < ENOUGH_POSTS:
        return "too few to tell"
    return NOT_REPORTED if row.reactions is None else "nothing to compare with"


def say_residents(residents: Residents | None) -> str:
    """'9,700 (2025, ONS estimate)', or 'not known'."""
    if residents is None:
        return NOT_KNOWN
    known = ", ".join(str(part) for part in (residents.year, residents.source) if part)
    return f"{residents.number:,} ({known})" if known else f"{residents.number:,}"


def say_officers(contactable: int | None, with_officer: tuple[int, int] | None) -> str:
    """'2', 'in 3 of 4 areas' or 'not known', as `AreaProfile` has them."""
    if with_officer is not None:
        return f"in {with_officer[0]} of {with_officer[1]} areas"
    return NOT_KNOWN if contactable is None else f"{contactable:,}"


def say_members(members: int | None) -> str:
    """Members of the alert service, as `AreaProfile` has them (R27)."""
    return f"under {FEW}, or hidden since it would give away such a number" if members is None else f"{members:,}"


def headline(found: AreaFigures) -> str:
    """'Posts about Copperbeck drew the most reactions for its size, 1.8 times those of Elderwick; from 9 and 6 posts ...'"""
    ranked = found.ranked
    if not ranked:
        return TOO_FEW
    high, low = ranked[0].per_1000 or 0.0, ranked[-1].per_1000 or 0.0
    if low > 0 and high / low < 1.2:
        return "The areas hardly differ in reactions for their size."
    than = f", {high / low:.1f} times those of {ranked[-1].name}" if low > 0 else ""
    posts = resting_on(ranked[0].figures.posts, ranked[-1].figures.posts)
    return f"Posts about {ranked[0].name} drew the most reactions for its size{than}; {posts}."


COLUMNS: tuple[tuple[str, Callable[[AreaRow], object]], ...] = (
    ("Area", lambda row: row.name),
    ("Lies in", lambda row: row.within),
    ("Rank", say_rank),
    ("Posts", lambda row: row.figures.posts),
    ("Reactions", lambda row: say_number(row.reactions)),
    ("Reactions per 1,000 residents", lambda row: say_rate(row.per_1000)),
    ("Replies sorted", lambda row: row.figures.replies_read),
    ("Sorted as critical", lambda row: say_share(row.figures.share_negative)),
    ("Sorted as neutral", lambda row: say_share(row.figures.share_neutral)),
    ("Sorted as supportive", lambda row: say_share(row.figures.share_positive)),
    ("Cannot be told", lambda row: say_share(row.figures.share_unknown)),
    ("Without an answer, history included", lambda row: row.figures.unanswered),
    ("Residents", lambda row: say_residents(row.residents)),
)
"""Heading and cell.  Everything that the map shows stands here too."""


def table(rows: Sequence[AreaRow]) -> list[dict[str, object]]:
    """One record an area, each with its number on the map."""
    return [{"No.": number, **{heading: cell(row) for heading, cell in COLUMNS}} for number, row in enumerate(rows, 1)]


def left_over(found: AreaFigures) -> str:
    """What posts the table does not hold, so that its sum is every post; '' where it holds all."""
    parts = []
    if found.wider:
        parts.append(f"{say_count(found.wider, 'post')} about wider areas")
    if found.nowhere:
        parts.append(f"{say_count(found.nowhere, 'post')} about no area")
    return f"Not in the table: {' and '.join(parts)}." if parts else ""


def as_csv(found: AreaFigures, credit: str | None) -> bytes:
    """The same table as a file, with the note on readers and the credit beneath (D06)."""
    rows = [{heading: cell(row) for heading, cell in COLUMNS} for row in found.areas]
    return csv_of(rows, [heading for heading, _ in COLUMNS], (left_over(found), NOTE, credit))
