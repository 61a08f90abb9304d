"""What waits in the queue of a paused account is missed like anything else: when it is too late it goes to a person, with
the reason, and does not go out by itself when the account works again (R42)."""

from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.content_types import kind_of
from scheduler.decisions import in_words
from scheduler.entries import Entry
from scheduler.group_moves import QUEUED
from scheduler.lifecycle import Event
from scheduler.posts import Post
from social.accounts import Account, AccountState
from social.context import Context

MOST = 200
"""Entries at a time, so that nobody waits long for the database."""


def sweep_paused(context: Context) -> int:
    """Hold, or let lapse, what paused accounts have missed.  Returns how many entries moved."""
    with context.database.read() as session:
        if not _missed(session, context.clock.now()):
            return 0
    with context.database.write() as session:
        now = context.clock.now()
        missed = _missed(session, now)
        for entry, event, reason in missed:
            queue.move(session, entry, event, actor="R42", now=now, reason=reason)
        return len(missed)


def _missed(session: Session, now: datetime) -> list[tuple[Entry, Event, str]]:
    """Entries that are too late, what becomes of them, and why."""
    paused = session.exec(select(Account).where(Account.state == AccountState.PAUSED.value)).all()
    accounts = {account.id: account for account in paused}
    if not accounts:
        return []
    query = select(Entry, Post.content_type).join(Post, col(Post.id) == col(Entry.post_id))
    query = query.where(QUEUED, col(Entry.account_id).in_(accounts), col(Entry.due_at) <= now)
    found: list[tuple[Entry, Event, str]] = []
    for entry, content_type in session.exec(query.order_by(col(Entry.due_at)).limit(MOST)):
        kind, late = kind_of(content_type), now - (entry.due_at or now)
        if late > kind.late_after and kind.when_late != "go":
            account = accounts[entry.account_id]
            event = Event.LAPSE if kind.when_late == "lapse" else Event.HOLD
            why = f"The account {account.name} is paused: {account.paused_reason or 'no reason was given.'}"
            late_by = f"It missed its time by {in_words(late)} (R42). Give it a new time if it should still go out."
            found.append((entry, event, f"{why} {late_by}"))
    return found
