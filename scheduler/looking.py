"""Settles entries of which nobody knows whether they went out: ask the network, and never send again unasked."""

import logging
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.entries import Attempt, Entry, Look
from scheduler.lifecycle import Event, State
from scheduler.outcomes import LOOK_BACK, belongs_to_another, make_public, settle
from scheduler.queue import Claim
from scheduler.work import Work, draft_of, work_of
from social.channels.base import Published
from social.context import Context
from social.errors import BeatlineError, ChannelError, bare

log = logging.getLogger("beatline.worker")

GIVE_UP_AFTER = timedelta(hours=6)
"""From then on a person decides: no look could be made, or none could prove anything."""
ABSENT = "The network was asked and does not have it, so it did not go out."
"""What a look says that proved it."""
LONGEST_BETWEEN_LOOKS = timedelta(hours=1)


def look(context: Context, held: Claim) -> int:
    """Look for one unconfirmed entry whose time to look has come.  Returns how many were settled.

    Its trouble is its own: the other looks, and the posts that are due, go on."""
    try:
        return _look(context, held)
    except Exception as error:
        log.error("the outcome of entry %s could not be written down; it is looked at again when the lease runs out",
                  held.entry_id, exc_info=bare(error))  # fmt: skip
        return 0


def _look(context: Context, held: Claim) -> int:
    with context.database.read() as session:
        entry = queue.mine(session, held, State.UNCONFIRMED)
        if entry is None:
            return 0
        work = work_of(session, entry)
        since = first_open_request(session, entry, len(work.out) + 1)
        look_from = looked_from(work, since, context.clock.now()) - LOOK_BACK
    try:
        channel = context.channel(work.account)
        draft, _ = draft_of(work, channel, context.settings.media_folder)
        if not channel.can.finds_own_posts:
            return _to_person(context, held, "This network cannot be asked whether the post is there.")
        found = channel.find(draft, since=look_from)
    except BeatlineError as error:
        why = error.detail if isinstance(error, ChannelError) else str(error)
        return _later(context, held, since, f"Looking for it failed: {why}")
    except Exception as error:  # a fault of ours must not keep the entry from reaching a person in the end
        log.error("looking for entry %s broke off", held.entry_id, exc_info=bare(error))
        return _later(context, held, since, f"Looking for it broke off ({type(error).__name__}).")
    if found is not None:
        return _found(context, held, found)
    if channel.can.proves_absence:
        return _to_person(context, held, ABSENT)
    return _later(context, held, since, "The network was asked and did not show it, which proves nothing yet.")


def first_open_request(session: Session, entry: Entry, part: int) -> datetime:
    """When the oldest request for this part left of which the outcome is unknown: the post cannot be older."""
    query = (
        select(Attempt.started_at)
        .where(Attempt.entry_id == entry.id, Attempt.outcome == "unknown", Attempt.part == part)
        .order_by(col(Attempt.started_at))
    )
    return session.exec(query).first() or entry.created_at


def looked_from(work: Work, requested: datetime, now: datetime) -> datetime:
    """From when on the network is asked: a request that a clock ahead of ours dated must not hide what it brought."""
    moments = [requested, now, work.entry.due_at, work.post.approved_at if requested > now else None]
    return min(moment for moment in moments if moment is not None)


def _found(context: Context, held: Claim, found: Published) -> int:
    with context.database.read() as session:
        entry = queue.mine(session, held, State.UNCONFIRMED)
        if entry is None:
            return 0
        work = work_of(session, entry)
        taken = belongs_to_another(session, entry, found)
    if taken:
        return _to_person(context, held, "The network has the same words, but as another post of ours.")
    draft, _ = draft_of(work, context.channel(work.account), context.settings.media_folder)

    def record(session: Session, entry: Entry, now: datetime) -> None:
        _note(session, entry, now, "It is there.")
        make_public(session, entry, Event.FIND, held.worker, now, work, draft, found, "The network has it.")

    return settle(context, held, record, State.UNCONFIRMED)


def _to_person(context: Context, held: Claim, seen: str) -> int:
    """Held, with what was seen; the post's author is asked."""

    def record(session: Session, entry: Entry, now: datetime) -> None:
        _note(session, entry, now, seen)
        reason = f"{seen} Look at the account, then give the post a new time or discard it."
        queue.move(session, entry, Event.RULE_OUT, actor=held.worker, now=now, reason=reason, worker=None,
                   lease_until=None, not_before=None)  # fmt: skip

    return settle(context, held, record, State.UNCONFIRMED)


def _later(context: Context, held: Claim, since: datetime, seen: str) -> int:
    """Look again after about as long as it has been unknown already, so that looks grow rarer."""
    age = context.clock.now() - since
    if age >= GIVE_UP_AFTER:
        return _to_person(context, held, f"{seen} It could not be settled whether the post went out.")

    def record(session: Session, entry: Entry, now: datetime) -> None:
        pause = min(max(age, timedelta(seconds=context.settings.settle)), LONGEST_BETWEEN_LOOKS)
        _note(session, entry, now, seen)
        queue.look_again(session, entry, now + pause, now, seen)

    settle(context, held, record, State.UNCONFIRMED)
    return 0


def _note(session: Session, entry: Entry, now: datetime, seen: str) -> None:
    """Keep what a look saw, for the entry's story."""
    session.add(Look(entry_id=entry.id or 0, at=now, seen=seen))
