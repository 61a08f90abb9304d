"""Weekly sums added up further, for questions about the whole force over years.

In a week a neighbourhood has hardly more than one post of a kind, so `WeeklyFacts` has nearly as many rows as there are
posts. Of weeks that have come to rest it is added up over places, and over kinds. A trigger says when that is not right any
more; then the week's own rows are read until it is done again."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, SQLModel, col

from insights.facts import FoldedWeek, WeeklyFacts, WeeklyOfKinds, WeeklyOfPlaces, WeekSums
from insights.weeks import RESTS_AFTER, WEEK, week_of
from social.context import Context
from social.upsert import table_of

_FOLDS: tuple[type[SQLModel], ...] = (WeeklyOfKinds, WeeklyOfPlaces)


def fold_weeks(context: Context) -> int:
    """Add up the weeks that have come to rest and whose sums have changed since.  Returns how many they were."""
    rested = week_of(context.clock.now() - RESTS_AFTER)
    with context.database.read() as session:
        done = set(session.connection().execute(select(table_of(FoldedWeek).c.week)).scalars())
        weeks = weeks_without(session, done, None, rested)
    for week in weeks:
        with context.database.write() as session:
            fold(session, week)
    return len(weeks)


def fold(session: Session, week: date) -> None:
    """Add up one week, in the caller's transaction."""
    facts = table_of(WeeklyFacts).c
    sums = {name: func.sum(facts[name]) for name in WeekSums.model_fields}
    for model in _FOLDS:
        table = table_of(model)
        key = {column.name: facts[column.name] for column in table.primary_key.columns}
        session.connection().execute(delete(table).where(table.c.week == week))
        query = select(*key.values(), *sums.values()).where(facts.week == week).group_by(*key.values())
        session.connection().execute(insert(table).from_select([*key, *sums], query))
    if session.get(FoldedWeek, week) is None:
        session.add(FoldedWeek(week=week))


def fold_for(by: str | None, narrowed: Collection[str]) -> Any:
    """The table that is added up as far as a question allows: by what it groups, and what it narrows."""
    asked = {*narrowed, *([by] if by else [])}
    if asked <= {"week", "content_type", "channel"}:
        return WeeklyOfKinds
    return WeeklyOfPlaces if asked <= {"week", "place", "account", "channel"} else None


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
