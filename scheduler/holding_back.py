"""Keeps from going out what has not gone out yet: also what a worker has claimed and not begun to send."""

from datetime import datetime

from sqlmodel import Session

from scheduler import queue
from scheduler.entries import Entry
from scheduler.lifecycle import MOVES, Event, State
from scheduler.thread_parts import is_begun
from scheduler.writing import FINISHED, GOING_OUT, to_draft


def hold_back_entry(session: Session, entry: Entry, actor: str, now: datetime, reason: str, *, drop: bool) -> bool:
    """Hold one entry that would go out by itself.  Returns whether that changed anything.

    A claimed entry of which no request has left is taken from its worker: the claim's own check before sending fails
    then. One whose request is under way cannot be called back, and is left as it is.
    drop: discard it for good, and with it what waits for a person: drafts, reviews, what is held, lapsed or failed; a
    thread of which a part is out is held, as that part has to come down first."""
    changed = False
    if entry.state == State.PUBLISHING and queue.open_attempt(session, entry) is None:
        queue.move(session, entry, Event.ESCALATE, actor=actor, now=now, reason=reason, worker=None, lease_until=None)
        changed = True
    if entry.state == State.QUEUED:
        queue.move(session, entry, Event.HOLD, actor=actor, now=now, reason=reason)
        changed = True
    if not drop or is_begun(entry) or State(entry.state) in FINISHED | GOING_OUT:
        return changed
    if Event.DISCARD not in MOVES[State(entry.state)]:
        to_draft(session, entry, actor, now, reason)
    queue.move(session, entry, Event.DISCARD, actor=actor, now=now, reason=reason)
    return True
