"""What people and time do meanwhile, so that a campaign of minutes holds what would take days."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, or_, select

from scheduler.approvals import approve_post, send_for_approval
from scheduler.entries import Entry
from scheduler.hold_rules import holds_in_force
from scheduler.holds import release_hold
from scheduler.lifecycle import State
from scheduler.planning import discard_post, move_post
from scheduler.threads import OLDER
from social.accounts import Account, list_accounts
from social.clock import as_local
from social.context import Context
from social.errors import BeatlineError
from social.limits import RateLimit
from social.staff import Person

TAKEN_DOWN = "Overtaken by events."
"""Why somebody at a desk takes a post down."""
HOUR = timedelta(hours=1)


def connect_again(context: Context) -> int:
    """A person connects paused accounts, and the quarter of an hour that a network asked for passes in no time.

    Returns how many accounts were paused or waiting."""
    with context.database.read() as session:
        asks = or_(col(Account.state) != "active", col(Account.not_before).is_not(None))
        troubled = session.exec(select(Account.id).where(asks)).all()
        limited = session.exec(select(RateLimit).where(col(RateLimit.not_before).is_not(None))).first()
    if not troubled and limited is None:
        return 0
    with context.database.write() as session:
        for account in list_accounts(session):
            account.state, account.paused_reason, account.not_before = "active", None, None
        session.exec(update(RateLimit).values(not_before=None, strikes=0))
        waiting = select(Entry).where(Entry.state == State.QUEUED.value, col(Entry.not_before).is_not(None))
        for entry in session.exec(waiting):
            entry.not_before = None
    return max(len(troubled), 1)


def let_hours_pass(context: Context, far: timedelta) -> int:
    """What waits for an hour that only a wrong clock saw need not wait in earnest, nor what waits between two looks.

    far: longer than a lease and than the first wait before a look: those are never cut short.  Returns how many
    entries waited for longer."""
    far_ahead = context.clock.now() + far
    waiting = select(Entry).where(
        col(Entry.state).in_((State.QUEUED.value, State.PUBLISHING.value, State.UNCONFIRMED.value)),
        or_(col(Entry.lease_until) > far_ahead, col(Entry.not_before) > far_ahead),
    )
    with context.database.read() as session:
        if session.exec(waiting).first() is None:
            return 0
    with context.database.write() as session:
        entries = session.exec(waiting).all()
        for entry in entries:
            if entry.lease_until is not None and entry.lease_until > far_ahead:
                entry.lease_until -= HOUR
            if entry.not_before is not None and entry.not_before > far_ahead:
                entry.not_before -= HOUR
        return len(entries)


def decide(context: Context, author: Person, corporate: Person) -> int:
    """A person brings on whatever waits for one: ends holds, approves drafts, gives what is held a new time; a thread
    that may not go on ends where it is.

    Returns how many posts were brought on."""
    with context.database.read() as session:
        holds = [hold.id for hold in holds_in_force(session, context.clock.now())]
    for hold_id in holds:
        if hold_id is not None:
            release_hold(context, hold_id, corporate, "It is over.")
    states = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.HELD, State.LAPSED)
    with context.database.read() as session:
        query = select(Entry.post_id, Entry.state, Entry.reason)
        posts = session.exec(query.where(col(Entry.state).in_([state.value for state in states]))).all()
    for post_id, state, reason in posts:
        with suppress(BeatlineError):
            if (reason or "").startswith(TAKEN_DOWN):  # it does not go out again as it stands
                discard_post(context, post_id, author)
                continue
            if state == State.DRAFT:
                send_for_approval(context, post_id, author)
            if state in (State.DRAFT, State.IN_REVIEW):
                approve_post(context, post_id, corporate)
        local = as_local(context.clock.now()).replace(tzinfo=None, fold=0)
        try:
            move_post(context, post_id, local, corporate, fold=0)
        except BeatlineError:
            if OLDER in (reason or ""):
                with suppress(BeatlineError):
                    discard_post(context, post_id, author)
    return len(posts)
