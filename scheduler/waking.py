"""Is there anything for a worker to do, and when next? Looks that cost a fraction of a claim, so that idling costs
nothing."""

from datetime import datetime

from sqlmodel import col, func, select

from scheduler.entries import OPEN, Entry
from scheduler.group_moves import QUEUED
from social.context import Context


def next_due(context: Context) -> datetime | None:
    """When the next entry is due that is not due yet; None when there is none."""
    with context.database.read() as session:
        query = select(func.min(Entry.due_at)).where(QUEUED, col(Entry.due_at) > context.clock.now())
        return session.exec(query).one()


def is_due(context: Context) -> bool:
    """Whether any entry is due, on whatever account: a look that costs a fraction of a claim."""
    with context.database.read() as session:
        query = select(Entry.id).where(QUEUED, col(Entry.due_at) <= context.clock.now()).limit(1)
        return session.exec(query).first() is not None


def is_open(context: Context) -> bool:
    """Whether any entry is in a worker's hands or unconfirmed."""
    with context.database.read() as session:
        return session.exec(select(Entry.id).where(OPEN).limit(1)).first() is not None
