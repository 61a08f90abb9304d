"""Taking a post down wherever it is live (R08, R10): each copy by itself, and what could not be taken down is said."""

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.entries import Entry
from scheduler.lifecycle import Event, State
from scheduler.writing import GOING_OUT, entries_of, post_with_id
from social.accounts import Account
from social.context import Context
from social.errors import BeatlineError, ChannelError, InputError
from social.publications import Publication
from social.staff import Action, Person, require


def withdraw_post(context: Context, post_id: int, actor: Person, reason: str) -> int:
    """Take every live copy down through its channel, and hold what has not gone out yet.

    Returns how many copies were taken down now.  A copy that is gone already counts as taken down.
    Raises NotAllowed; InputError without a reason; BeatlineError naming each account where it is still live."""
    if not reason.strip():
        raise InputError("Say why the post is taken down. The record keeps it.")
    with context.database.write() as session:
        require(session, actor, Action.WITHDRAW, post_with_id(session, post_id).place_id)
        held = _hold_back(session, context, post_id, actor, reason.strip())
    with context.database.read() as session:
        pairs = list(
            session.exec(
                select(Entry, Account)
                .join(Account, col(Account.id) == col(Entry.account_id))
                .where(Entry.post_id == post_id)
                .order_by(col(Account.name))
            )
        )
    live = [(entry, account) for entry, account in pairs if entry.state == State.PUBLISHED]
    left = [
        f"{account.name}: it is going out at this moment; try again in a minute."
        for entry, account in pairs
        if State(entry.state) in GOING_OUT
    ]
    if not (live or left or held or any(entry.state == State.WITHDRAWN for entry, _ in pairs)):
        raise InputError("Nothing of this post is live.")
    for entry, account in live:
        failure = _take_down(context, entry, account, actor, reason.strip())
        left += [failure] if failure else []
    if left:
        raise BeatlineError("Not taken down everywhere. " + " ".join(left))
    return len(live)


def _hold_back(session: Session, context: Context, post_id: int, actor: Person, reason: str) -> int:
    waiting = [entry for entry in entries_of(session, post_id) if entry.state == State.QUEUED]
    for entry in waiting:
        queue.move(session, entry, Event.HOLD, actor=actor.email, now=context.clock.now(), reason=reason)
    return len(waiting)


def _take_down(context: Context, entry: Entry, account: Account, actor: Person, reason: str) -> str | None:
    """Take one copy down.  Returns what went wrong, None when nothing did."""
    assert entry.platform_id is not None
    try:
        channel = context.channel(account)
        if not channel.can.withdraws:
            where = entry.url or "the network"
            return f"{account.name}: Beatline cannot take posts down there. Do it by hand at {where}."
        channel.withdraw(entry.platform_id)
    except BeatlineError as error:
        return f"{account.name}: {error.detail if isinstance(error, ChannelError) else error}"
    now = context.clock.now()
    with context.database.write() as session:
        current = session.get_one(Entry, entry.id)
        if current.state == State.PUBLISHED:
            queue.move(session, current, Event.WITHDRAW, actor=actor.email, now=now, reason=reason)
        publication = session.exec(select(Publication).where(Publication.entry_id == entry.id)).first()
        if publication is not None and publication.withdrawn_at is None:
            publication.withdrawn_at = now
            session.add(publication)
    return None
