"""The only writer of `Entry.state`. Every move is a compare-and-set on state and fence, with its history row in the
same transaction; `lifecycle.MOVES` decides what may follow what.

Claims and looks carry a fence that only grows, so a worker that lost its lease changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from scheduler.allowance import NotNow, going_on, open_accounts, set_aside
from scheduler.entries import OPEN, Attempt, Entry, EntryHistory
from scheduler.group_moves import claim_group, count_begun, earliest_due, heads, write_attempts
from scheduler.hold_rules import hold_against, holds_since, stopped_by
from scheduler.lifecycle import Event, State, next_state
from scheduler.posts import Post
from scheduler.thread_parts import what_is_out, why_it_stays
from social.budgets import Bought, Price, give_back_money
from social.clock import steady_seconds as steady_seconds  # part of what this module offers: claims are dated by it
from social.context import Context
from social.errors import BeatlineError
from social.leases import lease_seconds as lease_seconds
from social.leases import longest_request as longest_request  # these three too: a claim is held for as long as they say
from social.leases import worker_name as worker_name


class WrongState(BeatlineError):
    """The lifecycle has no such move from where the entry is."""


class Overtaken(BeatlineError):
    """Somebody else moved the entry first; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Someone or something else changed this post a moment ago. Look at it again, then decide.")


class Claim(NamedTuple):
    """One entry in one worker's hands.  version: of the post when it was claimed.  taken_at: `steady_seconds()`."""

    entry_id: int
    account_id: int
    post_id: int
    fence: int
    worker: str
    version: int
    taken_at: float


class Intent(NamedTuple):
    """A request that is to leave.  text_hash: SHA-256 of the canonical text.  price: what it may cost, None for
    nothing.  part: of a thread, from 1."""

    held: Claim
    text_hash: str
    price: Price | None = None
    part: int = 1


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
    if entry.platform_id is not None:
        reason = _of_a_thread(session, entry, event, after, reason)
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


_STANDS_STILL = frozenset({Event.DEFER, Event.HOLD, Event.LAPSE, Event.LOSE, Event.ESCALATE, Event.RULE_OUT})
_NOT_ONCE_BEGUN = frozenset({State.DRAFT, State.FAILED, State.DISCARDED})


def _of_a_thread(session: Session, entry: Entry, event: Event, after: State, reason: str | None) -> str | None:
    """Why a thread of which a part is out stands still, with what is out of it.

    Raises WrongState for what would make its words others, or make it one that never went out."""
    if after in _NOT_ONCE_BEGUN:
        raise WrongState(why_it_stays(session, entry))
    return f"{reason} {what_is_out(session, entry)}" if reason and event in _STANDS_STILL else reason


def note(session: Session, entry: Entry, now: datetime, **changes: Any) -> None:
    """Note something about an entry that stays where it is.  Raises Overtaken when it is no longer as it was read."""
    where = (col(Entry.id) == entry.id, col(Entry.state) == entry.state, col(Entry.fence) == entry.fence)
    if not _set(session, entry, where, {"updated_at": now, **changes}):
        raise Overtaken


def _set(session: Session, entry: Entry, where: Sequence[Any], values: dict[str, Any]) -> bool:
    """Change the row if the conditions still hold, and the object with it."""
    session.flush()
    statement = update(Entry).where(*where).values(**values).execution_options(synchronize_session=False)
    if session.exec(statement).rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(entry, name, value)
    return True


def claim(
    context: Context, worker: str, limit: int | None = None, served: Mapping[int, int] | None = None
) -> list[Claim]:
    """Take what is due: of each account the entry that is next, so that one account's flood keeps nobody waiting.

    limit: most entries; None means the setting `claim_batch`.  served: account id -> how late its last turn was, by
    which those that have waited longest come first; then the oldest.  Entries of accounts that are paused, that the
    network asked to wait, or that have an entry in a worker's hands are left alone: one account's posts go out one
    after another, in their order."""
    settings, turns = context.settings, served or {}
    with context.database.write(together=True) as session:
        # Both clocks are read here, behind the wait for the database: the lease must not be shorter than the claim
        # believes.
        taken_at, now = steady_seconds(), context.clock.now()
        open_ones = open_accounts(session, settings, now)
        ready = heads(session, now, open_ones) + (going_on(session, settings, now) if settings.account_gap else [])
        next_ones = sorted(ready, key=lambda head: (turns.get(head[0], 0), head[2], head[1]))
        chosen = next_ones[: settings.claim_batch if limit is None else limit]
        if not chosen:
            return []
        lease = now + timedelta(seconds=lease_seconds(settings))
        taken = {row[0]: row for row in claim_group(session, _still_queued(session, chosen), worker, now, lease)}
        found = [taken[head[1]] for head in chosen if head[1] in taken]
        return [
            Claim(entry_id, account_id, post_id, fence, worker, version, taken_at)
            for entry_id, account_id, post_id, fence, version in found
        ]


def _still_queued(session: Session, chosen: Sequence[tuple[int, int, datetime, int]]) -> list[tuple[int, int]]:
    """Id and fence of those that no other worker takes at this moment; on SQLite there is no other."""
    if session.get_bind().dialect.name == "sqlite":
        return [(head[1], head[3]) for head in chosen]
    ids = [head[1] for head in chosen]
    still = select(Entry.id, Entry.fence).where(col(Entry.id).in_(ids), Entry.state == State.QUEUED.value)
    free = session.exec(still.order_by(col(Entry.id)).with_for_update(skip_locked=True))
    return [(entry_id, fence) for entry_id, fence in free if entry_id is not None]


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


def begin_attempt(context: Context, held: Claim, text_hash: str, price: Price | None = None) -> int | None:
    """`begin_attempts` for one entry.  Returns the attempt's id; None means do not send.

    Raises NotNow when a limit or the budget forbids it."""
    begun = begin_attempts(context, [Intent(held, text_hash, price)]).get(held.entry_id)
    if isinstance(begun, NotNow):
        raise begun
    return begun


def begin_attempts(context: Context, intents: Sequence[Intent]) -> dict[int, int | NotNow]:
    """Record that requests are about to leave: the point of no return, committed before they do.

    Of one worker, at most one for each account.  Only while the claim holds, its lease lives, no hold stops it, no
    limit and no budget forbids it, and the post is still the very version that was claimed and approved.
    Returns entry id -> the attempt's id, or why not now.  What is not in it must not be sent."""
    if not intents:
        return {}
    with context.database.write(together=True) as session:
        now, worker = context.clock.now(), intents[0].held.worker
        free = _without_held(session, intents, now)
        refused = set_aside(session, {intent.held.account_id: intent.price for intent in free}, now)
        answer: dict[int, int | NotNow] = {}
        for intent in free:
            if intent.held.account_id in refused:
                answer[intent.held.entry_id] = refused[intent.held.account_id]
        may = [intent for intent in free if intent.held.entry_id not in answer]
        begun = _begin(session, may, worker, now)
        for intent in may:
            if intent.held.entry_id not in begun and intent.price is not None:
                give_back_money(session, intent.held.account_id, intent.price, now)
        return answer | begun


def _begin(session: Session, intents: Sequence[Intent], worker: str, now: datetime) -> dict[int, int]:
    counted = count_begun(session, [(intent.held.entry_id, intent.held.fence) for intent in intents], worker, now)
    begun = [(i.held.entry_id, i.held.fence, i.text_hash, i.price.money if i.price else 0)
             for i in intents if i.held.entry_id in counted]  # fmt: skip
    written = write_attempts(session, begun, worker, now) if begun else {}
    for intent in intents:
        if intent.part > 1 and intent.held.entry_id in written:
            which = update(Attempt).where(col(Attempt.id) == written[intent.held.entry_id])
            session.exec(which.values(part=intent.part))
    return written


def _without_held(session: Session, intents: Sequence[Intent], now: datetime) -> list[Intent]:
    """Those that no hold stops.  Without a hold one question answers for all."""
    earliest = earliest_due(session, [intent.held.entry_id for intent in intents])
    if not holds_since(session, min(earliest or now, now), now):
        return list(intents)
    return [intent for intent in intents if not _stopped(session, intent.held, now)]


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
    """Write down what came of a request.  outcome: sent, not_sent, refused or unknown; the money that was set aside
    for it comes back only where it is certain that nothing was bought."""
    if outcome in ("not_sent", "refused"):
        _give_money_back(session, attempt_id)
    session.exec(
        update(Attempt)
        .where(col(Attempt.id) == attempt_id)
        .values(finished_at=now, outcome=outcome, detail=detail, platform_id=platform_id)
    )


def _give_money_back(session: Session, attempt_id: int) -> None:
    attempt = session.get_one(Attempt, attempt_id)
    if attempt.cost and attempt.outcome is None:
        account_id = session.get_one(Entry, attempt.entry_id).account_id
        give_back_money(session, account_id, Price(Bought.POST, attempt.cost), attempt.started_at)


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


def claim_looks(context: Context, worker: str, limit: int | None = None) -> list[Claim]:
    """Take the unconfirmed entries whose time to look has come; one looker at a time by lease and fence.

    limit: most entries; None means the setting `claim_batch`."""
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
            .limit(settings.claim_batch if limit is None else limit)
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
    note(session, entry, now, not_before=at, lease_until=None, worker=None, reason=reason)
