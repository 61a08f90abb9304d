"""After a restore: what was due since the backup was made may have gone out, and the database does not know."""

from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.entries import Entry
from scheduler.lifecycle import Event, State
from scheduler.thread_parts import takes_threads, words_for
from scheduler.thread_words import is_thread
from social.accounts import Account
from social.database import Database

ACTOR = "restore"
REASON = (
    "The database was restored from a backup; this post may have gone out after the backup was made. Look at the "
    "account, then release or discard it."
)


_STOP = {State.QUEUED: Event.HOLD, State.PUBLISHING: Event.ESCALATE, State.UNCONFIRMED: Event.RULE_OUT}


def hold_what_may_have_gone_out(database: Database, now: datetime) -> int:
    """Nothing that was due by now is sent before a person has looked.  Returns how many entries are held.

    A request that was under way is looked up at the network first, as after any lost answer; not so of a thread, which
    would go on with parts that may be out as well."""
    with database.write() as session:
        query = select(Entry).where(col(Entry.state).in_([state.value for state in _STOP]), col(Entry.due_at) <= now)
        held = 0
        for entry in session.exec(query.order_by(col(Entry.id))).all():
            under_way = queue.open_attempt(session, entry)
            is_lost = under_way is not None or entry.state == State.UNCONFIRMED
            if is_lost and not _would_go_on(session, entry):
                continue
            if under_way is not None and under_way.id is not None:
                queue.close_attempt(session, under_way.id, now, "unknown", REASON)
            queue.move(session, entry, _STOP[State(entry.state)], actor=ACTOR, now=now, reason=REASON, worker=None,
                       lease_until=None, not_before=None)  # fmt: skip
            held += 1
        return held


def _would_go_on(session: Session, entry: Entry) -> bool:
    """Whether more of it follows once what was lost is found."""
    threads = takes_threads(session.get_one(Account, entry.account_id).channel)
    return threads and is_thread(words_for(session, entry))
