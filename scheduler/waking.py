"""Is there anything for a worker to do, and when next? Looks that cost a fraction of a claim, so that idling costs
nothing."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, literal_column
from sqlmodel import col, func, select

from scheduler.entries import OPEN, Entry
from scheduler.group_moves import QUEUED
from social.context import Context


def is_idle(context: Context, seconds: float) -> bool:
    """Whether nothing is in a worker's hands or unconfirmed, and nothing is due within so many seconds: one question for
    most ticks of most nights."""
    with context.database.read() as session:
        is_open, due = session.connection().execute(_glance()).one()
    return not is_open and (due is None or due > context.clock.now() + timedelta(seconds=seconds))


@cache
def _glance() -> Any:
    anything_open = exists(select(literal_column("1")).select_from(Entry).where(OPEN))
    first = select(func.min(col(Entry.due_at))).where(QUEUED).scalar_subquery()
    return select(anything_open, first)


def next_due(context: Context) -> datetime | None:
    """When the next entry is due that is not due yet; None when there is none."""
    with context.database.read() as session:
        return session.connection().execute(_next_due(), {"now": context.clock.now()}).scalar()


def is_due(context: Context) -> bool:
    """Whether any entry is due, on whatever account: a look that costs a fraction of a claim."""
    with context.database.read() as session:
        return session.connection().execute(_due(), {"now": context.clock.now()}).first() is not None


def is_open(context: Context) -> bool:
    """Whether any entry is in a worker's hands or unconfirmed."""
    with context.database.read() as session:
        return session.connection().execute(_open()).first() is not None


# Built once: building a question costs more than asking it.
@cache
def _next_due() -> Any:
    return select(func.min(col(Entry.due_at))).where(QUEUED, col(Entry.due_at) > bindparam("now"))


@cache
def _due() -> Any:
    return select(col(Entry.id)).where(QUEUED, col(Entry.due_at) <= bindparam("now")).limit(1)


@cache
def _open() -> Any:
    return select(col(Entry.id)).where(OPEN).limit(1)
