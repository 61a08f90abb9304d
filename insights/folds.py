"""Weekly sums added up further, for questions about the whole force over years.

In a week a neighbourhood has hardly more than one post of a kind, so `WeeklyFacts` has nearly as many rows as there are
posts. Of weeks that have come to rest it is added up over places, as rows, and over kinds, packed: there are as many rows of
places as there are places. A trigger says when that is not right any more; then the week's own rows are read until it is done
again."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, col

from insights.facts import ACTIONS, FoldedWeek, WeeklyFacts, WeeklyOfKinds, WeekSums
from insights.kept import Store
from insights.packed import Posts, Shape, from_query
from insights.weeks import RESTS_AFTER, WEEK, week_of
from social.context import Context
from social.upsert import table_of

SUMMED = (
    "posts", "reach_posts", "impressions", "impressions_posts", "engagement", "engagement_posts", "shares", "shares_posts",
    "engagement_where_shares", "replies_stored", "replies_read", "n_negative", "n_neutral", "n_positive", "n_unknown",
    "answered", "unanswered",
)  # fmt: skip
"""What figures need of the sums."""
_LARGE = ("impressions", "engagement", "shares", "engagement_where_shares")
"""Those that may pass 2**31 in a week; the rest count posts and replies, in half the bytes."""
OF_PLACES = Shape(
    ("channel",),
    {"place_id": "<i4", "account_id": "<i4", **{name: "<i8" if name in _LARGE else "<i4" for name in SUMMED}},
)
"""A row a place, channel and account of a folded week, as it is packed."""
STORE = Store(FoldedWeek, "places", OF_PLACES)


def fold_weeks(context: Context) -> int:
    """Add up the weeks that have come to rest and whose sums have changed since.  Returns how many they were."""
    rested = week_of(context.clock.now() - RESTS_AFTER)
    with context.database.read() as session:
        weeks = weeks_without(session, STORE.weeks(session), None, rested)
    for week in weeks:
        with context.database.write() as session:
            fold(session, week)
    return len(weeks)


def fold(session: Session, week: date) -> None:
    """Add up one week, in the caller's transaction."""
    facts, table = table_of(WeeklyFacts).c, table_of(WeeklyOfKinds)
    sums = {name: func.sum(facts[name]) for name in WeekSums.model_fields}
    key = {column.name: facts[column.name] for column in table.primary_key.columns}
    session.connection().execute(delete(table).where(table.c.week == week))
    query = select(*key.values(), *sums.values()).where(facts.week == week).group_by(*key.values())
    session.connection().execute(insert(table).from_select([*key, *sums], query))
    if not STORE.has(session, week):
        STORE.add(session, week, _of_places(session, week))


def _of_places(session: Session, week: date) -> Posts:
    facts = table_of(WeeklyFacts).c
    key = [facts[name] for name in ("channel", "place_id", "account_id")]
    amounts = dict(sums_of(WeeklyFacts))
    query = select(*key, *(amounts[name] for name in SUMMED)).where(facts.week == week).group_by(*key)
    return from_query(session, OF_PLACES, query)


def sums_of(table: Any) -> Iterator[tuple[str, Any]]:
    """Each of `SUMMED` as a sum over rows of weekly sums."""
    actions = [getattr(table, metric.value) for metric in ACTIONS]
    for name in SUMMED:
        yield name, func.sum(sum(actions[1:], actions[0]) if name == "engagement" else getattr(table, name))


def fold_for(by: str | None, narrowed: Collection[str]) -> str | None:
    """By what the sums are added up as far as a question allows, 'kinds' or 'places': by what it groups and narrows.

    None where it asks for both."""
    asked = {*narrowed, *([by] if by else [])}
    if asked <= {"week", "content_type", "channel"}:
        return "kinds"
    return "places" if asked <= {"week", "place", "account", "channel"} else None


def folded_weeks(session: Session, first: date | None, last: date | None) -> set[date]:
    """The weeks in [first, last) whose sums are added up; None: no bound."""
    week = table_of(FoldedWeek).c.week
    query = select(week)
    if first is not None:
        query = query.where(week >= first)
    if last is not None:
        query = query.where(week < last)
    return set(session.connection().execute(query).scalars())


def weeks_without(session: Session, done: Collection[date], first: date | None, last: date | None) -> list[date]:
    """The weeks in [first, last) with posts around them that are not among these; None: as far as there are posts."""
    week = col(WeeklyFacts.week)
    # Each by itself: SQLite walks the whole index for both at once, and looks at one end for each.
    oldest, newest = (session.connection().execute(select(end(week))).scalar() for end in (func.min, func.max))
    if oldest is None or newest is None:
        return []
    at, end = max(oldest, first or oldest), min(newest + WEEK, last or date.max)
    found = []
    while at < end:
        if at not in done:
            found.append(at)
        at += WEEK
    return found
