"""Headlines computed from figures: what a chart shows, or that there is too little to show anything. No Streamlit."""

import csv
import io
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from insights.chance import CHANCE, chance_of
from insights.figures import ENOUGH_POSTS, FigureRow
from social.csv_file import csv_cell
from social.words import say_number, say_share

TOO_FEW = f"Too few to tell: no group has {ENOUGH_POSTS} posts with this figure."
NEVER_HELD = "Nothing may be held against one another here: groups with enough posts hold posts that are never ranked."
"""Appeals for missing people and corrections, alone or among others (R11)."""
NOT_CHANCE_ALONE = 30
"""Posts of either group below which a headline says that its difference may be chance. From there on too, only 'Like with
like' tells by how much they differ: posts of one kind scatter by a factor of 2 or more."""

Value = Callable[[FigureRow], float | None]


def rate_of(rows: Sequence[FigureRow]) -> tuple[Value, str]:
    """Engagement rate where reach is reported, else by times shown; the name says which."""
    if any(row.engagement_rate is not None for row in rows):
        return (lambda row: row.engagement_rate), "engagement rate"
    return (lambda row: row.engagement_rate_by_impressions), "engagement rate by times shown"


def comparable(rows: Sequence[FigureRow], value: Value) -> list[FigureRow]:
    """The groups that may be held against each other (M09, R11), highest first."""
    there = [row for row in rows if row.ranked and value(row) is not None]
    return sorted(there, key=lambda row: -(value(row) or 0.0))


def headline(rows: Sequence[FigureRow], value: Value, *, what: str) -> str:
    """'Lighthearted had the highest engagement rate, 1.8 times that of Patrol update; from 5 and 12 posts that may be chance.'

    what: the figure's name."""
    there = comparable(rows, value)
    apart = any(not row.ranked and row.posts >= ENOUGH_POSTS and row.group for row in rows)
    if not there:
        return NEVER_HELD if apart else TOO_FEW
    if len(there) == 1:
        why = "may be held against others" if apart else "has enough posts"
        return f"Only {there[0].label} {why}, so there is nothing to hold its {what} against."
    top, last = there[0], there[-1]
    high, low = value(top) or 0.0, value(last) or 0.0
    if low > 0 and high / low < 1.2:
        return f"The groups hardly differ in {what}."
    than = f", {high / low:.1f} times that of {last.label}" if low > 0 else ""
    return f"{top.label} had the highest {what}{than}; {resting_on(top.posts, last.posts)}."


def resting_on(top: int, last: int) -> str:
    """What a difference between two medians rests on, in posts of either: said with it, never in small print alone (M09)."""
    if min(top, last) < NOT_CHANCE_ALONE:
        return f"from {top:,} and {last:,} posts that may be chance"
    return f"from {top:,} and {last:,} posts"


def trend(rows: Sequence[FigureRow], value: Value, *, what: str) -> str:
    """How the later half of the weeks compares with the earlier, by their medians; no move that chance often brings.

    rows: weeks that are over, oldest first."""
    known = [v for v in (value(row) for row in rows) if v is not None]
    if len(known) < 8:
        return f"Too few weeks to tell how the {what} moves."
    half = len(known) // 2
    first, second = known[:half], known[-half:]
    early, late = median(first), median(second)
    if early == 0 or 0.9 <= late / early <= 1.1 or chance_of(first, second) >= CHANCE:
        return f"No clear change in the {what} over these {len(known)} weeks."
    return f"The {what} went {'up' if late > early else 'down'}: the later weeks stand at {late / early:.0%} of the earlier."


COLUMNS: tuple[tuple[str, Callable[[FigureRow], object]], ...] = (
    ("Group", lambda row: row.label),
    ("Posts", lambda row: row.posts),
    ("Reach, median", lambda row: say_number(row.reach)),
    ("Posts with reach", lambda row: row.reach_posts),
    ("Times shown", lambda row: say_number(row.impressions)),
    ("Engagement", lambda row: say_number(row.engagement)),
    ("Engagement rate, median", lambda row: say_share(row.engagement_rate)),
    ("Engagement rate by times shown", lambda row: say_share(row.engagement_rate_by_impressions)),
    ("Amplification", lambda row: say_share(row.amplification)),
    ("Replies", lambda row: row.replies),
    ("Sorted as critical", lambda row: say_share(row.share_negative)),
    ("Sorted as neutral", lambda row: say_share(row.share_neutral)),
    ("Sorted as supportive", lambda row: say_share(row.share_positive)),
    ("Cannot be told", lambda row: say_share(row.share_unknown)),
    ("Minutes to first answer, median", lambda row: say_number(row.response_minutes_median)),
    ("Without an answer, history included", lambda row: row.unanswered),
    (
        "Can be compared",
        lambda row: "yes" if row.ranked else "too few to tell" if row.posts < ENOUGH_POSTS else "never ranked",
    ),
)
"""The table beside every chart: heading and cell.  Everything a chart shows stands here too."""


def table(rows: Sequence[FigureRow]) -> list[dict[str, object]]:
    """One record a group; a figure that was not reported says so."""
    return [{heading: cell(row) for heading, cell in COLUMNS} for row in rows]


def as_csv(rows: Sequence[FigureRow]) -> bytes:
    """The same table as a CSV file that no spreadsheet takes for formulas, UTF-8 with a mark so that Excel sees it."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([heading for heading, _ in COLUMNS])
    for row in rows:
        writer.writerow([csv_cell(cell(row)) for _, cell in COLUMNS])
    return target.getvalue().encode("utf-8-sig")


def gaps(rows: Sequence[FigureRow], value: Value) -> int:
    """How many weeks between the first and the last reported one are without the figure."""
    known = [index for index, row in enumerate(rows) if value(row) is not None]
    return sum(later - earlier - 1 for earlier, later in pairwise(known))
