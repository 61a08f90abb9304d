"""After a restore: what was due since the backup was made may have gone out, and the database does not know."""

from datetime import datetime

from sqlmodel import col, select

from scheduler import queue
from scheduler.entries import Entry
from scheduler.lifecycle import Event, State
from social.database import Database

ACTOR = "restore"
REASON = (
    "The database was restored from a backup; this post may have gone out after the backup was made. Look at the "
    "account, then release or discard it."
)


def hold_what_may_have_gone_out(database: Database, now: datetime) -> int:
    """Nothing that was due by now is sent before a person has looked.  Returns how many entries are held.

    A request that was under way is looked up at the network first, as after any lost answer."""
    with database.write() as session:
        query = select(Entry).where(
            col(Entry.state).in_([State.QUEUED.value, State.PUBLISHING.value]), col(Entry.due_at) <= now
        )
        held = 0
        for entry in session.exec(query.order_by(col(Entry.id))).all():
            if entry.state == State.QUEUED:
                queue.move(session, entry, Event.HOLD, actor=ACTOR, now=now, reason=REASON, not_before=None)
                held += 1
            elif queue.open_attempt(session, entry) is None:
                queue.move(session, entry, Event.ESCALATE, actor=ACTOR, now=now, reason=REASON, worker=None,
                           lease_until=None, not_before=None)  # fmt: skip
                held += 1
        return held
