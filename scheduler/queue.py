"""The only writer of `Entry.state`. Every move is a compare-and-set on state and fence, with its history row in the
same transaction; `lifecycle.MOVES` decides what may follow what.

Claims and looks carry a fence that only grows, so a worker that lost its lease changes nothing."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from scheduler.entries import OPEN, Attempt, Entry, EntryHistory
from scheduler.hold_rules import hold_against, stopped_by
from scheduler.lifecycle import Event, State, next_state
from scheduler.posts import Post
from social.accounts import Account, AccountState
from social.clock import steady_seconds as steady_seconds  # part of what this module offers: claims are dated by it
from social.context import Context
from social.errors import BeatlineError
from social.settings import Settings

SEND_MARGIN = 5.0
"""Seconds between the longest that a request may take and the end of the lease."""


class WrongState(BeatlineError):
    """The lifecycle has no such move from where the entry is."""


class Overtaken(BeatlineError):
    """Somebody else moved the entry first; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Someone or something else changed this post a moment ago. Look at it again, then decide.")


@dataclass(frozen=True)
class Claim:
    """One entry in one worker's hands.  version: of the post when it was claimed.  taken_at: `steady_seconds()`."""

    entry_id: int
    account_id: int
    post_id: int
    fence: int
    worker: str
    version: int
    taken_at: float


def worker_name() -> str:
    """A name for this process that no other running worker has."""
    return f"{os.uname().nodename}:{os.getpid()}"


def lease_seconds(settings: Settings) -> float:
    """How long a claim lasts: as set, and never so short that one request could outlast it."""
    return max(settings.lease, 2 * longest_request(settings))


def longest_request(settings: Settings) -> float:
    """Seconds that one request may take at the most, with a margin."""
    return settings.connect_timeout + settings.read_timeout + SEND_MARGIN


def add_entry(session: Session, post: Post, account_id: int, now: datetime) -> Entry:
    """A new entry in draft: one post for one account.  The author answers for it."""
    assert post.id is not None
    entry = Entry(
        post_id=post.id,
        account_id=account_id,
        state=State.DRAFT.value,
        due_at=post.due_at,
        owner_id=post.author_id,
        created_at=now,
        updated_at=now,
    )
    session.add(entry)
    return entry


def move(
    session: Session,
    entry: Entry,
    event: Event,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
    **changes: Any,
) -> Entry:
    """Make one move.  changes: other columns that change with it.  reason, hold_id: None clears the one before.

    Raises WrongState when the table has no such move, Overtaken when the entry is no longer as it was read."""
    before = State(entry.state)
    after = next_state(before, event)
    if after is None:
        raise WrongState(f"A post that is {before.value.replace('_', ' ')} cannot go through '{event.value}'.")
    values = {"state": after.value, "reason": reason, "hold_id": None, "updated_at": now, **changes}
    where = (col(Entry.id) == entry.id, col(Entry.state) == before.value, col(Entry.fence) == entry.fence)
    if not _set(session, entry, where, values):
        raise Overtaken
    assert entry.id is not None
    session.add(
        EntryHistory(
            entry_id=entry.id,
            at=now,
            event=event.value,
            from_state=before.value,
            to_state=after.value,
            actor=actor,
            reason=reason,
            fence=entry.fence,
        )
    )
    return entry


def _set(session: Session, entry: Entry, where: Sequence[Any], values: dict[str, Any]) -> bool:
    """Change the row if the conditions still hold, and the object with it."""
    session.flush()
    statement = update(Entry).where(*where).values(**values).execution_options(synchronize_session=False)
    if session.exec(statement).rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(entry, name, value)
    return True


def claim(context: Context, worker: str, limit: int | None = None) -> list[Claim]:
    """Take what is due, oldest first and the accounts by turns, so that one account's flood keeps nobody waiting.

    limit: most entries; None means the setting `claim_batch`.  Entries of accounts that are paused, or that the
    network asked to wait, are left alone."""
    settings = context.settings
    limit = settings.claim_batch if limit is None else limit
    with context.database.write() as session:
        # Both clocks are read here, behind the wait for the database: the lease must not be shorter than the claim
        # believes.
        taken_at, now = steady_seconds(), context.clock.now()
        chosen = _by_turns([_due(session, account, now, limit) for account in _open_accounts(session, now)], limit)
        lease = now + timedelta(seconds=lease_seconds(settings))
        claims = []
        for entry, version in chosen:
            hold: dict[str, Any] = {
                "fence": entry.fence + 1,
                "worker": worker,
                "lease_until": lease,
                "post_version": version,
            }
            move(session, entry, Event.CLAIM, actor=worker, now=now, **hold)
            assert entry.id is not None
            claims.append(Claim(entry.id, entry.account_id, entry.post_id, entry.fence, worker, version, taken_at))
        return claims


def _open_accounts(session: Session, now: datetime) -> list[int]:
    query = select(Account.id).where(
        Account.state == AccountState.ACTIVE.value,
        or_(col(Account.not_before).is_(None), col(Account.not_before) <= now),
    )
    return [account_id for account_id in session.exec(query) if account_id is not None]


def _due(session: Session, account_id: int, now: datetime, limit: int) -> list[tuple[Entry, int]]:
    query = (
        select(Entry, Post.version)
        .join(Post, col(Post.id) == col(Entry.post_id))
        .where(
            Entry.state == State.QUEUED.value,
            Entry.account_id == account_id,
            col(Entry.due_at) <= now,
            or_(col(Entry.not_before).is_(None), col(Entry.not_before) <= now),
        )
        .order_by(col(Entry.due_at), col(Entry.id))
        .limit(limit)
        .with_for_update(of=Entry, skip_locked=True)
    )
    return list(session.exec(query))


def _by_turns(by_account: list[list[tuple[Entry, int]]], limit: int) -> list[tuple[Entry, int]]:
    turns = [(turn, entry.due_at, entry.id, entry, version) for due in by_account
             for turn, (entry, version) in enumerate(due)]  # fmt: skip
    turns.sort(key=lambda row: row[:3])
    return [(entry, version) for _, _, _, entry, version in turns[:limit]]


def mine(session: Session, held: Claim, state: State = State.PUBLISHING) -> Entry | None:
    """The claimed entry, if this claim still holds it; None when it was reaped or moved."""
    return session.exec(select(Entry).where(*_held_by(held, state))).first()


def _held_by(held: Claim, state: State) -> tuple[Any, ...]:
    return (
        col(Entry.id) == held.entry_id,
        col(Entry.state) == state.value,
        col(Entry.fence) == held.fence,
        col(Entry.worker) == held.worker,
    )


def begin_attempt(context: Context, held: Claim, text_hash: str) -> int | None:
    """Record that a request is about to leave: the point of no return, committed before it does.

    Only while the claim holds, its lease lives, no hold stops it, and the post is still the very version that was
    claimed and approved.  Returns the attempt's id; None means do not send."""
    same_version = exists().where(
        col(Post.id) == held.post_id,
        col(Post.version) == held.version,
        col(Post.approved_version) == held.version,
    )
    with context.database.write() as session:
        now = context.clock.now()
        if _stopped(session, held, now):
            return None
        still_mine = update(Entry).where(*_held_by(held, State.PUBLISHING), col(Entry.lease_until) > now, same_version)
        counted = still_mine.values(attempts=col(Entry.attempts) + 1).execution_options(synchronize_session=False)
        if session.exec(counted).rowcount != 1:
            return None
        attempt = Attempt(
            entry_id=held.entry_id, fence=held.fence, worker=held.worker, text_hash=text_hash, started_at=now
        )
        session.add(attempt)
        session.flush()
        return attempt.id


def _stopped(session: Session, held: Claim, now: datetime) -> bool:
    """Whether a hold stops it, asked behind the wait for the database: whoever placed one has committed it or waits
    for us.  What is stopped goes to held here and now (R31, R37)."""
    entry = mine(session, held)
    hold = hold_against(session, held.post_id, entry.due_at, now) if entry is not None else None
    if entry is None or hold is None:
        return False
    move(
        session, entry, Event.ESCALATE, actor=held.worker, now=now, reason=stopped_by(session, hold), hold_id=hold.id,
        worker=None, lease_until=None,
    )  # fmt: skip
    return True


def close_attempt(
    session: Session, attempt_id: int, now: datetime, outcome: str, detail: str | None, platform_id: str | None = None
) -> None:
    """Write down what came of a request.  outcome: sent, not_sent, refused or unknown."""
    session.exec(
        update(Attempt)
        .where(col(Attempt.id) == attempt_id)
        .values(finished_at=now, outcome=outcome, detail=detail, platform_id=platform_id)
    )


def reap(context: Context, actor: str) -> int:
    """Take back what a lost worker held: with no request under way it is queued again, with one it is unconfirmed.

    Returns how many entries were taken back."""
    with context.database.write() as session:
        now = context.clock.now()
        query = (
            select(Entry)
            .where(OPEN, Entry.state == State.PUBLISHING.value, col(Entry.lease_until) <= now)
            .with_for_update(skip_locked=True)
        )
        lost = list(session.exec(query))
        for entry in lost:
            under_way = open_attempt(session, entry)
            if under_way is None:
                give_back(session, entry, actor, now, "The worker that had it stopped before sending anything.")
            else:
                assert under_way.id is not None
                reason = "The worker stopped while the request was under way; the network will be asked."
                close_attempt(session, under_way.id, now, "unknown", reason)
                lose(session, entry, actor, now, now + timedelta(seconds=context.settings.settle), reason)
        return len(lost)


def open_attempt(session: Session, entry: Entry) -> Attempt | None:
    """The request of the present claim of which no outcome is known."""
    query = select(Attempt).where(
        Attempt.entry_id == entry.id, Attempt.fence == entry.fence, col(Attempt.outcome).is_(None)
    )
    return session.exec(query).first()


def give_back(
    session: Session, entry: Entry, actor: str, now: datetime, reason: str, not_before: datetime | None = None
) -> Entry:
    """Back into the queue: nothing was sent.  not_before: no attempt before then."""
    return move(
        session,
        entry,
        Event.DEFER,
        actor=actor,
        now=now,
        reason=reason,
        worker=None,
        lease_until=None,
        not_before=not_before,
    )


def lose(session: Session, entry: Entry, actor: str, now: datetime, look_at: datetime, reason: str) -> Entry:
    """It may have been sent. Never again before somebody has looked, from `look_at` on."""
    return move(
        session,
        entry,
        Event.LOSE,
        actor=actor,
        now=now,
        reason=reason,
        fence=entry.fence + 1,
        worker=None,
        lease_until=None,
        not_before=look_at,
    )


def claim_looks(context: Context, worker: str) -> list[Claim]:
    """Take the unconfirmed entries whose time to look has come; one looker at a time by lease and fence."""
    settings = context.settings
    with context.database.write() as session:
        taken_at, now = steady_seconds(), context.clock.now()
        query = (
            select(Entry)
            .where(
                OPEN,
                Entry.state == State.UNCONFIRMED.value,
                or_(col(Entry.not_before).is_(None), col(Entry.not_before) <= now),
                or_(col(Entry.lease_until).is_(None), col(Entry.lease_until) <= now),
            )
            .order_by(col(Entry.not_before), col(Entry.id))
            .limit(settings.claim_batch)
            .with_for_update(skip_locked=True)
        )
        taken = []
        for entry in session.exec(query):
            where = (col(Entry.id) == entry.id, col(Entry.state) == entry.state, col(Entry.fence) == entry.fence)
            lease = now + timedelta(seconds=lease_seconds(settings))
            if _set(session, entry, where, {"fence": entry.fence + 1, "worker": worker, "lease_until": lease}):
                assert entry.id is not None
                version = entry.post_version or 0
                taken.append(Claim(entry.id, entry.account_id, entry.post_id, entry.fence, worker, version, taken_at))
        return taken


def look_again(session: Session, entry: Entry, at: datetime, now: datetime, reason: str) -> None:
    """The look could not be made: it stays unconfirmed, to be looked at later."""
    where = (col(Entry.id) == entry.id, col(Entry.state) == entry.state, col(Entry.fence) == entry.fence)
    values = {"not_before": at, "lease_until": None, "worker": None, "reason": reason, "updated_at": now}
    if not _set(session, entry, where, values):
        raise Overtaken
