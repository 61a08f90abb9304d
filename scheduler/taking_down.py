"""Takes copies down and proves it: ask the network, then look whether residents still see the copy.

A task is claimed and committed before the network is asked, and asking twice does no harm, so a crash at any step only
means that it is asked again. What does not work is tried again after growing waits. After a few tries, and at once when
the network refuses, a person is named beside it; Beatline goes on trying until the copy is gone (R08, R10)."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from scheduler import queue
from scheduler.decisions import next_try
from scheduler.entries import Attempt, Entry
from scheduler.holding_back import hold_back_entry
from scheduler.lifecycle import Event, State
from scheduler.lost_requests import Lost, lost_of, settle_lost
from scheduler.posts import Post
from scheduler.takedown_tasks import COMING_DOWN, Takedown, TaskState
from scheduler.thread_parts import is_begun
from scheduler.writing import GOING_OUT
from social.accounts import Account
from social.alarms import clear_alarm, raise_alarm
from social.audit import record
from social.channels.base import Channel
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError, ChannelError, NeedsPerson, Refused, TryLater, bare
from social.publication_parts import parts_out
from social.publications import Publication

log = logging.getLogger("beatline.takedown")

WORKER = "takedown"
"""Who acts in the records when no person does."""
PERSON_AFTER = 4
"""Tries that failed, about two minutes, before a person is asked as well."""
SOON = timedelta(seconds=5)
"""Until the next look at an entry that is going out at this very moment."""
LOOK_AGAIN = timedelta(hours=1)
"""Between looks at a copy that a person says they removed while nobody could look."""
AT_ONCE = 20
"""Tasks in one round of the job."""


@dataclass(frozen=True)
class Turn:
    """One try at one copy.  number: of the try; later writes hold only while the task has seen no other.  platform_ids:
    of a thread all its parts, the last first.  confirmed: a person says that they removed it, so there is only a look to
    take.  lost: a request of which nobody knows whether it went out."""

    task_id: int
    number: int
    account: Account
    platform_ids: tuple[str, ...]
    confirmed: bool
    lost: Lost | None = None


@dataclass(frozen=True)
class Outcome:
    """What a try brought.  gone: a look proved it.  problem: what stood in the way, a sentence.  hopeless: trying again
    will not help by itself.  not_before: the network asked to wait until then."""

    gone: bool
    problem: str = ""
    hopeless: bool = False
    not_before: datetime | None = None


def take_down_due(context: Context) -> int:
    """The job: try every copy whose time has come.  Returns how many came to an end or to a person."""
    now = context.clock.now()
    due = (
        select(Takedown.id)
        .where(
            col(Takedown.next_try_at) <= now, or_(col(Takedown.lease_until).is_(None), col(Takedown.lease_until) <= now)
        )
        .order_by(col(Takedown.next_try_at), col(Takedown.id))
        .limit(AT_ONCE)
    )
    with context.database.read() as session:
        ids = [task_id for task_id in session.exec(due) if task_id is not None]
    return sum(try_task(context, task_id) for task_id in ids)


def try_task(context: Context, task_id: int) -> bool:
    """Try one copy now.  Returns whether its task came to another state.

    Raises DatabaseTrouble; any other fault of ours becomes the task's problem."""
    turn = _claim(context, task_id)
    if not isinstance(turn, Turn):
        return turn
    try:
        turn, outcome = _try(context, turn)
    except DatabaseTrouble:
        raise
    except Exception as error:
        log.error("takedown %s broke off", task_id, exc_info=bare(error))
        outcome = Outcome(gone=False, problem=f"Taking it down broke off ({type(error).__name__}).")
    return _note(context, turn, outcome)


def _claim(context: Context, task_id: int) -> Turn | bool:
    """Take the task, with the try counted before it is made; or settle what needs no network."""
    with context.database.write() as session:
        now = context.clock.now()
        task = session.get_one(Takedown, task_id, populate_existing=True)
        if task.next_try_at is None or (task.lease_until is not None and task.lease_until > now):
            return False
        entry = session.get_one(Entry, task.entry_id, populate_existing=True)
        if State(entry.state) in GOING_OUT:
            task.next_try_at = now + SOON
            session.add(task)
            return False
        platform_id = entry.platform_id or late_id(session, entry)
        lost = lost_of(session, entry, now) if task.state != TaskState.REMOVED else None
        if platform_id is None:  # it was going out when this was asked, and did not, as far as is known
            reason = "It was to be taken down before it was out."
            hold_back_entry(session, entry, task.asked_by, now, reason, drop=task.appeal_id is not None)
        if platform_id is None and lost is None:
            return _settle(session, task, TaskState.NEVER_OUT, now)
        if is_begun(entry):  # nothing more of it is to follow
            hold_back_entry(session, entry, task.asked_by, now, COMING_DOWN, drop=False)
        task.tries, task.lease_until = (
            task.tries + 1,
            now + 2 * timedelta(seconds=queue.lease_seconds(context.settings)),
        )
        session.add(task)
        account = session.get_one(Account, task.account_id)
        ids = ids_of(session, entry, platform_id)
        return Turn(task_id, task.tries, account, ids, task.state == TaskState.REMOVED, lost)


def ids_of(session: Session, entry: Entry, platform_id: str | None) -> tuple[str, ...]:
    """What has to come down of one copy, in this order: what is there besides, as its answer came too late to count; the
    parts of a thread, the last first, else the post.  platform_id: None where nobody knows whether it is anywhere."""
    one = (platform_id,) if platform_id is not None else ()
    known = tuple(part.platform_id for part in reversed(parts_out(session, entry.id))) or one
    sent = select(Attempt.platform_id).where(Attempt.entry_id == entry.id, Attempt.outcome == "sent")
    late = [one for one in session.exec(sent.order_by(col(Attempt.id).desc())) if one and one not in known]
    return (*late, *known)


def _try(context: Context, turn: Turn) -> tuple[Turn, Outcome]:
    """Ask for the removal, then look.  Returns the turn with what was found on the way.  Never raises for what a network
    or its channel says."""
    try:
        channel = context.channel(turn.account)
    except BeatlineError as error:
        return turn, Outcome(False, str(error), hopeless=True)
    if turn.lost is None:
        return turn, _remove(channel, turn)
    try:
        found = settle_lost(context, channel, turn.lost)
    except DatabaseTrouble:
        raise
    except BeatlineError as error:  # what is known comes down; nothing proves that this is all
        done = _remove(channel, turn)
        problem = " ".join(filter(None, (done.problem, str(error))))
        return turn, replace(done, gone=False, problem=problem, hopeless=True)
    if found is not None:
        turn = replace(turn, platform_ids=(found, *turn.platform_ids))
    return turn, _remove(channel, turn) if turn.platform_ids else Outcome(gone=True)


def _remove(channel: Channel, turn: Turn) -> Outcome:
    asked = _ask(channel, turn) if turn.platform_ids else None
    if asked is not None and not isinstance(asked, BeatlineError):
        return asked
    if isinstance(asked, TryLater | NeedsPerson):
        return _failed(asked)  # nothing was done, and a look would meet the same
    if not channel.can.finds_own_posts:
        return _failed(asked) if asked is not None else Outcome(gone=True)
    try:
        live = any(map(channel.is_live, turn.platform_ids))
    except ChannelError as error:
        return _failed(asked or error)
    if not live:
        return Outcome(gone=True)
    if asked is not None:
        return _failed(asked)
    return Outcome(False, "It is still to be seen there.", hopeless=turn.confirmed)


def _ask(channel: Channel, turn: Turn) -> ChannelError | Outcome | None:
    if turn.confirmed:
        return None
    if not channel.can.withdraws:
        if channel.can.finds_own_posts:
            return Refused(channel.name, "withdraw", "", "Beatline cannot take posts down there.")
        return Outcome(False, "Beatline cannot take posts down there, nor look whether one is gone.", hopeless=True)
    first: ChannelError | None = None
    for platform_id in turn.platform_ids:
        try:
            channel.withdraw(platform_id)
        except (TryLater, NeedsPerson) as error:
            return error
        except ChannelError as error:  # one part that is refused keeps no other one up
            first = first or error
    return first


def _failed(error: BeatlineError) -> Outcome:
    detail = error.detail if isinstance(error, ChannelError) else str(error)
    if isinstance(error, NeedsPerson):
        return Outcome(False, f"{detail} {error.action}", hopeless=True)
    if isinstance(error, TryLater):
        return Outcome(False, detail, not_before=error.not_before)
    return Outcome(False, detail, hopeless=isinstance(error, Refused))


def _note(context: Context, turn: Turn, outcome: Outcome) -> bool:
    with context.database.write() as session:
        now = context.clock.now()
        task = session.get_one(Takedown, turn.task_id, populate_existing=True)
        if task.tries != turn.number:
            return False  # somebody else tried since
        before, task.lease_until = task.state, None
        entry = session.get_one(Entry, task.entry_id, populate_existing=True)
        more = ids_of(session, entry, turn.platform_ids[-1] if turn.platform_ids else None) != turn.platform_ids
        if outcome.gone and (more or State(entry.state) in GOING_OUT):  # another part of it left meanwhile
            task.next_try_at = now + SOON
        elif outcome.gone:
            _gone(session, task, now, TaskState.REMOVED if turn.platform_ids else TaskState.NEVER_OUT)
        else:
            task.problem = outcome.problem
            task.next_try_at = next_try(now, task.tries, turn.task_id, outcome.not_before)
            if turn.confirmed:
                _doubt(task, outcome, now)
            elif outcome.hopeless or task.tries >= PERSON_AFTER:
                task.state = TaskState.BY_HAND.value
        session.add(task)
        if task.state == TaskState.BY_HAND:
            _ask_person(session, task, turn.account, now)
        if task.state != before:
            _tell(session, task, now)
        return task.state != before


def _gone(session: Session, task: Takedown, now: datetime, end: TaskState) -> None:
    """A look proved it."""
    task.verified_at, task.problem = now, None
    if task.state != TaskState.REMOVED:
        _settle(session, task, end, now)
    task.next_try_at = None


def _doubt(task: Takedown, outcome: Outcome, now: datetime) -> None:
    """Somebody said that they removed it: it is still there, or nobody can look."""
    if outcome.hopeless:
        task.state, task.removed_at, task.confirmed_by = TaskState.BY_HAND.value, None, None
        return
    task.next_try_at = now + LOOK_AGAIN


def _settle(session: Session, task: Takedown, state: TaskState, now: datetime) -> bool:
    """The copy is gone, or never was: entry and publication say so too."""
    task.state, task.next_try_at, task.lease_until = state.value, None, None
    session.add(task)
    clear_alarm(session, now, _alarm(task))
    if state is TaskState.REMOVED:
        task.removed_at = task.removed_at or now
        note_withdrawn(session, task, now)
    return True


def late_id(session: Session, entry: Entry) -> str | None:
    """Where the entry is live although it was discarded: a worker that was held up had its answer late."""
    query = select(Attempt.platform_id).where(Attempt.entry_id == entry.id, Attempt.outcome == "sent")
    return session.exec(query.order_by(col(Attempt.id).desc())).first()


def note_withdrawn(session: Session, task: Takedown, now: datetime) -> None:
    """Residents do not see the copy any more: the entry's state and the publication say so."""
    entry = session.get_one(Entry, task.entry_id, populate_existing=True)
    if entry.state == State.PUBLISHED or is_begun(entry):
        actor = task.confirmed_by or task.asked_by
        hold_back_entry(session, entry, actor, now, COMING_DOWN, drop=False)
        queue.move(session, entry, Event.WITHDRAW, actor=actor, now=now, reason=task.reason)
    publication = session.exec(select(Publication).where(Publication.entry_id == entry.id)).first()
    if publication is not None and publication.withdrawn_at is None:
        publication.withdrawn_at = now
        session.add(publication)
    clear_alarm(session, now, _alarm(task))


def _ask_person(session: Session, task: Takedown, account: Account, now: datetime) -> None:
    text = (
        f"A copy of post {task.post_id} on {account.name} has to be removed by hand: Beatline could not take it down. The "
        "page Appeals has the link. Remove it there, then confirm it on that page."
    )
    raise_alarm(session, now, _alarm(task), f"entry:{task.entry_id}", task.owner_id, text)


def _alarm(task: Takedown) -> str:
    return f"takedown:{task.id}"


def _tell(session: Session, task: Takedown, now: datetime) -> None:
    place_id = session.get_one(Post, task.post_id).place_id
    record(session, now, actor=task.confirmed_by or WORKER, action=f"takedown {task.state}", place_id=place_id,
           subject=("post", task.post_id), after={"entry": task.entry_id, "tries": task.tries,
                                                  "verified": task.verified_at is not None})  # fmt: skip
