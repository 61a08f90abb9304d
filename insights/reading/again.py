"""Opens for another reading what the version of the analyser that reads here has not read last.

A process looks once, at its first round: a worker is started anew after an upgrade and after a change of the setting
`reading_tier`. Two workers with different tiers therefore read everything again at most once a start, and never in turns;
what comes in meanwhile is read by whichever is first. It goes over the replies by ranges of ids, the newest first: a write
of a few thousand rows holds up no post that is due, and what is cut off goes on at the next start, as each range asks
afresh what was read last."""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from social.context import Context
from social.database import Database
from social.interactions import Interaction, Reading

RANGE = 2000
"""Ids that one step looks at, and at most so many rows that one transaction changes."""
_steps: "WeakKeyDictionary[Database, tuple[str, int]]" = WeakKeyDictionary()
"""By database: the version that this process looked for, and the id up to which it has yet to look; 0 at the end."""


def open_next(context: Context, version: str) -> bool:
    """Mark as unread what is to be read again in the next range that has any.  False when there is none left."""
    known, upto = _steps.get(context.database, ("", 0))
    if known != version:
        upto = _newest(context, version)
    opened = False
    while upto and not opened:
        opened = _open_range(context, version, upto)
        upto = max(0, upto - RANGE)
    _steps[context.database] = (version, upto)
    return opened


def _newest(context: Context, version: str) -> int:
    """The id to begin with; 0 where nothing was read by any other version."""
    with context.database.read() as session:
        first, last = (
            session.connection().execute(select(col(Reading.version)).order_by(order).limit(1)).scalar()
            for order in (col(Reading.version), col(Reading.version).desc())
        )
        if first == last and last in (None, version):
            return 0
        return session.connection().execute(select(func.max(col(Interaction.id)))).scalar() or 0


def _open_range(context: Context, version: str, upto: int) -> bool:
    with context.database.read() as session:
        again, erased = _read_otherwise(session, version, upto)
    if not again and not erased:
        return False
    with context.database.write() as session:
        # An erased reply cannot be read again: it stays as it was read last, so that its numbers stay too (M13).
        renamed = update(Reading).where(col(Reading.id).in_(erased))
        session.connection().execute(renamed.values(version=version))
        session.connection().execute(update(Interaction).where(col(Interaction.id).in_(again)).values(unread=True))
    return bool(again)


def _read_otherwise(session: Session, version: str, upto: int) -> tuple[list[int], list[int]]:
    """Of the range that ends at this id: the replies that another version read last, or none could; and the last readings of
    those that were erased since, where this version has not read them before."""
    theirs = col(Reading.interaction_id) == col(Interaction.id)
    last: Any = select(col(Reading.id)).where(theirs).order_by(col(Reading.id).desc()).limit(1).scalar_subquery()
    before: Any = select(col(Reading.id)).where(theirs, col(Reading.version) == version).scalar_subquery()
    columns: list[Any] = [Interaction.id, Interaction.text, last, before]
    rows = session.connection().execute(
        select(*columns).where(
            col(Interaction.id) > upto - RANGE, col(Interaction.id) <= upto,
            col(Interaction.ours).is_(False), col(Interaction.unread).is_(False),
        )
    ).all()  # fmt: skip
    again = [id_ for id_, text, newest, own in rows if text and (newest is None or newest != own)]
    erased = [newest for _, text, newest, own in rows if not text and newest is not None and own is None]
    return again, erased
