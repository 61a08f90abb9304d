"""What a request's answer makes of an entry; each function is one transaction and returns how many entries it moved.

A late answer, from a worker whose claim has passed to another, moves nothing; only the proof that the post is live is
never thrown away (`sent`)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from scheduler import queue, threads
from scheduler.decisions import next_try
from scheduler.entries import Attempt, Entry
from scheduler.leaving_behind import leave_publication, publication_with
from scheduler.lifecycle import Event, State
from scheduler.queue import Claim
from scheduler.takedown_tasks import open_again
from scheduler.thread_parts import is_begun
from scheduler.work import Work
from social.accounts import Account, AccountState
from social.channels.base import Draft, Published
from social.context import Context
from social.errors import ChannelError, NeedsPerson, Refused, TryLater, Unsupported
from social.publication_parts import PublicationPart, parts_out
from social.publications import Publication

LATE_ANSWER = "It went out late: the worker was held up with the request half way out."
LOOK_BACK = timedelta(minutes=2)
"""A network's clock may be this far behind ours."""


def settle(context: Context, held: Claim, record: Callable[[Session, Entry, datetime], object],
            state: State = State.PUBLISHING) -> int:  # fmt: skip
    now = context.clock.now()
    try:
        with context.database.write() as session:
            entry = queue.mine(session, held, state)
            if entry is None:
                return 0
            record(session, entry, now)
            return 1
    except queue.Overtaken:
        return 0


def not_sent(context: Context, held: Claim, reason: str, not_before: datetime | None = None) -> int:
    """Back into the queue before any request left."""
    return settle(context, held, lambda s, e, now: queue.give_back(s, e, held.worker, now, reason, not_before))


def held_for_a_person(context: Context, held: Claim, reason: str, hold_id: int | None = None) -> int:
    return settle(context, held, lambda s, e, now: _let_go(s, e, Event.ESCALATE, held.worker, now, reason, hold_id))


def refused(context: Context, held: Claim, reason: str, *, actor: str) -> int:
    return settle(context, held, lambda s, e, now: _let_go(s, e, Event.REFUSE, actor, now, reason))


def lapsed(context: Context, held: Claim, reason: str) -> int:
    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.give_back(session, entry, held.worker, now, reason)
        queue.move(session, entry, Event.LAPSE, actor="R42", now=now, reason=reason)

    return settle(context, held, record)


def _let_go(
    session: Session, entry: Entry, event: Event, actor: str, now: datetime, reason: str, hold_id: int | None = None
) -> Entry:
    if event is Event.REFUSE and is_begun(entry):
        event = Event.ESCALATE  # it cannot be as if nothing had gone out: a person decides what becomes of the rest
    return queue.move(
        session, entry, event, actor=actor, now=now, reason=reason, hold_id=hold_id, worker=None, lease_until=None
    )


def sent(context: Context, held: Claim, attempt: int, work: Work, draft: Draft, published: Published) -> int:
    """It is live: the entry and its publication, in one transaction."""

    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.close_attempt(session, attempt, now, "sent", None, published.platform_id)
        make_public(session, entry, Event.CONFIRM, held.worker, now, work, draft, published)

    return settle(context, held, record) or _sent_late(context, held, attempt, work, draft, published)


def _sent_late(
    context: Context, held: Claim, attempt: int, work: Work, draft: Draft, published: Published
) -> int:  # fmt: skip
    """The worker was held up with its request half way out, and others took the entry for lost, looked and found
    nothing. Now it is live: if it waits for a second sending or for a person, it must not go out again."""
    with context.database.write() as session:
        now, entry = context.clock.now(), session.get_one(Entry, held.entry_id)
        queue.close_attempt(session, attempt, now, "sent", LATE_ANSWER, published.platform_id)
        open_again(session, entry.id, session.get_one(Attempt, attempt).started_at, now)
        if draft.is_part:
            return threads.late_part(session, entry, held, now, threads.Part(work, draft, published), LATE_ANSWER)
        if entry.state == State.QUEUED:
            queue.move(session, entry, Event.HOLD, actor=held.worker, now=now, reason=LATE_ANSWER)
        event = {State.UNCONFIRMED: Event.FIND, State.HELD: Event.FIND}.get(State(entry.state))
        if entry.state == State.PUBLISHING and queue.open_attempt(session, entry) is None:
            event = Event.CONFIRM
        if event is None:
            return 0
        make_public(session, entry, event, held.worker, now, work, draft, published, LATE_ANSWER)
        return 1


def make_public(
    session: Session,
    entry: Entry,
    event: Event,
    actor: str,
    now: datetime,
    work: Work,
    draft: Draft,
    published: Published,
    reason: str | None = None,
) -> None:
    """Move the entry to published and leave the publication behind that collecting and figures work from."""
    if draft.is_part:
        threads.part_out(session, entry, event, actor, now, threads.Part(work, draft, published), reason)
        return
    queue.move(
        session, entry, event, actor=actor, now=now, reason=reason, worker=None, lease_until=None, not_before=None,
        platform_id=published.platform_id, url=published.url, published_at=published.published_at,
    )  # fmt: skip
    leave_publication(session, work, draft, published, now)


def record_failure(context: Context, held: Claim, attempt: int, work: Work, draft: Draft, error: ChannelError) -> int:
    """Sort a failed request by what may be done next."""
    if isinstance(error, TryLater):
        return _try_later(context, held, attempt, work, draft, error)
    if isinstance(error, NeedsPerson):
        return _needs_person(context, held, attempt, work, draft, error)
    if isinstance(error, Refused | Unsupported):
        return _refused_by_network(context, held, attempt, work, draft, error.detail)
    return unknown(context, held, attempt, error.detail)


def unknown(context: Context, held: Claim, attempt: int, detail: str) -> int:
    """It may be live. Nothing is sent again before the look, which waits until the network must have settled."""

    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.close_attempt(session, attempt, now, "unknown", detail)
        reason = f"It may have gone out: {detail} The network will be asked."
        queue.lose(session, entry, held.worker, now, now + timedelta(seconds=context.settings.settle), reason)

    return settle(context, held, record)


def _try_later(context: Context, held: Claim, attempt: int, work: Work, draft: Draft, error: TryLater) -> int:
    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.close_attempt(session, attempt, now, "not_sent", error.detail)
        assert entry.id is not None
        if error.not_before is not None:
            _ask_account_to_wait(session, entry.account_id, error.not_before)
        if _proved_meanwhile(session, entry, held, attempt, work, draft, now):
            return
        went_well = len(parts_out(session, entry.id)) if is_begun(entry) else 0
        again = next_try(now, entry.attempts - went_well, entry.id, error.not_before)
        queue.give_back(session, entry, held.worker, now, error.detail, again)

    return settle(context, held, record)


def _ask_account_to_wait(session: Session, account_id: int, until: datetime) -> None:
    account = session.get_one(Account, account_id)
    if account.not_before is None or account.not_before < until:
        account.not_before = until
        session.add(account)


def _needs_person(context: Context, held: Claim, attempt: int, work: Work, draft: Draft, error: NeedsPerson) -> int:
    """The account is paused, so that nothing else runs into the same wall, and the entry waits for a person."""

    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.close_attempt(session, attempt, now, "refused", error.detail)
        account = session.get_one(Account, entry.account_id)
        account.state, account.paused_reason = AccountState.PAUSED.value, f"{error.detail} {error.action}"
        session.add(account)
        if _proved_meanwhile(session, entry, held, attempt, work, draft, now):
            return
        reason = f"{account.name}: {error.detail} {error.action} Then give the post a new time."
        _let_go(session, entry, Event.ESCALATE, held.worker, now, reason)

    return settle(context, held, record)


def _refused_by_network(context: Context, held: Claim, attempt: int, work: Work, draft: Draft, detail: str) -> int:
    def record(session: Session, entry: Entry, now: datetime) -> None:
        queue.close_attempt(session, attempt, now, "refused", detail)
        if not _proved_meanwhile(session, entry, held, attempt, work, draft, now):
            _let_go(session, entry, Event.REFUSE, held.worker, now, f"The network refused it: {detail}")

    return settle(context, held, record)


def _proved_meanwhile(
    session: Session, entry: Entry, held: Claim, attempt: int, work: Work, draft: Draft, now: datetime
) -> bool:
    """Whether an earlier request of these very words was proved live while this one, which brought nothing, was under
    way (`_sent_late` waits for it then).  Its proof ends the wait; of where it is, only the network's id was kept."""
    this = session.get_one(Attempt, attempt)
    same = (Attempt.entry_id == entry.id, Attempt.part == this.part, Attempt.text_hash == this.text_hash)
    proved = (Attempt.outcome == "sent", col(Attempt.finished_at) >= this.started_at, col(Attempt.id) < this.id)
    earlier = session.exec(select(Attempt).where(*same, *proved).order_by(col(Attempt.id))).first()
    if earlier is None or earlier.platform_id is None or earlier.finished_at is None:
        return False
    published = Published(earlier.platform_id, None, earlier.finished_at)
    make_public(session, entry, Event.CONFIRM, held.worker, now, work, draft, published, LATE_ANSWER)
    return True


def repeated(
    context: Context, held: Claim, attempt: int, work: Work, draft: Draft, error: Refused, found: Published | None
) -> int:
    """The network has these words already: if an earlier request of this entry put them there, they are ours.

    found: where a look found them, None when it did not."""

    def record(session: Session, entry: Entry, now: datetime) -> None:
        if found is None or belongs_to_another(session, entry, found):
            queue.close_attempt(session, attempt, now, "refused", error.detail)
            reason = f"The network refused it: {error.detail} Another post with the same words is there already."
            _let_go(session, entry, Event.REFUSE, held.worker, now, reason)
            return
        queue.close_attempt(session, attempt, now, "sent", "Found live when it was refused as a duplicate.",
                            found.platform_id)  # fmt: skip
        make_public(session, entry, Event.CONFIRM, held.worker, now, work, draft, found, "It was live already.")

    return settle(context, held, record)


def belongs_to_another(session: Session, entry: Entry, found: Published) -> bool:
    """Whether what was found is the outcome of another entry, with the same words."""
    known = publication_with(session, entry.account_id, found.platform_id)
    if known is not None:
        return known.entry_id not in (None, entry.id)
    part = select(PublicationPart.id).join(Publication, col(Publication.id) == col(PublicationPart.publication_id))
    of_another = (Publication.account_id == entry.account_id, Publication.entry_id != entry.id)
    return session.exec(part.where(PublicationPart.platform_id == found.platform_id, *of_another)).first() is not None
