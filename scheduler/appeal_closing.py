"""Ends an appeal: everything of it comes down or never goes out, in one transaction with the word for why (R08, R10).

The networks are asked right afterwards, and again by the worker until each copy is proved gone; then names and pictures
are erased here, at the latest 24 hours after the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from scheduler.appeals import (
    ERASED_WITHIN,
    SOUGHT_KINDS,
    STATUS_WORDS,
    Appeal,
    AppealChange,
    Status,
    appeal_with,
    posts_in,
    shows_a_person,
)
from scheduler.cases import STAGES, CaseRecord, case_with
from scheduler.entries import Entry
from scheduler.erasing import erase_if_due
from scheduler.holding_back import hold_back_entry
from scheduler.lifecycle import State
from scheduler.posts import Post
from scheduler.rechecking import change_stage
from scheduler.takedown import ask_for, may_be_live, task_for, work_off
from scheduler.takedown_tasks import Takedown, TaskState, tasks_of
from scheduler.taking_down import late_id
from scheduler.writing import entries_of
from social.audit import record
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require

ENDS = frozenset({Status.FOUND, Status.WITHDRAWN, Status.CLOSED})
"""Words that end every appeal; an arrest or a charge ends those that look for whoever was arrested (R08)."""
RULE = "R10"
HELD_UP_FOR = timedelta(days=2)
STILL_TO_DO = (
    "If you say that the appeal is over, use a post of the kind 'Appeal closed': it must not repeat the name or the "
    "picture (R10)."
)


@dataclass(frozen=True)
class Closed:
    """What came of it at once.  copies: that had to come down.  gone: proved gone.  left: still to come down.
    dropped: posts that had not gone out and never will.  erased: names and pictures are gone here."""

    reference: str
    status: str
    copies: int
    gone: int
    left: int
    dropped: int
    erased: bool


def close_appeal(context: Context, reference: str, status: str, actor: Person, reason: str) -> Closed:
    """Change an appeal's status.  found, withdrawn and closed end it; arrested and charged end it where it sought whoever
    was arrested (wanted, image), and set the case's stage in any case.

    Raises NotAllowed; InputError without a reason, for an unknown appeal or status, and for one that has ended."""
    wanted = _status(status)
    if not reason.strip():
        raise InputError("Say why. The record keeps it until the appeal is erased.")
    with context.database.write() as session:
        appeal = _running(session, reference)
        dropped = _change(session, appeal, wanted, actor, context.clock.now(), reason.strip())
        tasks = [task.id for task in tasks_of(session, appeal) if task.id is not None]
    return _at_once(context, appeal, tasks, dropped)


def _change(session: Session, appeal: Appeal, status: Status, actor: Person, now: datetime, reason: str) -> int:
    """The whole change in the caller's transaction.  Returns how many posts were dropped."""
    posts = posts_in(session, appeal)
    _require(session, actor, appeal, posts)
    dropped = note_status(session, appeal, status, actor, now, reason) if _ends(appeal, status) else 0
    if not _ends(appeal, status):
        _write_down(session, appeal, status, actor, now, reason, {})
    if status in (Status.ARRESTED, Status.CHARGED):
        _move_case(session, appeal, status, actor, now, reason)
    return dropped


def note_status(session: Session, appeal: Appeal, status: Status, actor: Person, now: datetime, reason: str) -> int:
    """End the appeal in the caller's transaction: a task for each copy, and the rest is dropped.

    Returns how many posts that had not gone out were dropped."""
    posts = posts_in(session, appeal)
    entries = [entry for post in posts if post.id is not None for entry in entries_of(session, post.id)]
    why = f"The appeal has ended: {STATUS_WORDS[status].lower()}."
    lost = [entry.id for entry in entries if may_be_live(session, entry)]
    dropped = _drop(session, entries, actor, now, why)
    tasks = ask_for(
        session, entries, actor.email, reason, now, owner_id=appeal.owner_id, appeal_id=appeal.id, lost=lost
    )
    appeal.ended_at = now
    if shows_a_person(session, appeal, posts):
        appeal.erase_by = now + ERASED_WITHIN
    _write_down(session, appeal, status, actor, now, reason, {"tasks": [task.id for task in tasks], "dropped": dropped})
    return len(dropped)


def _drop(session: Session, entries: Iterable[Entry], actor: Person, now: datetime, why: str) -> list[int]:
    return sorted(
        {entry.post_id for entry in entries if hold_back_entry(session, entry, actor.email, now, why, drop=True)}
    )


def _write_down(
    session: Session,
    appeal: Appeal,
    status: Status,
    actor: Person,
    now: datetime,
    reason: str,
    after: dict[str, object],
) -> None:
    assert appeal.id is not None
    session.add(AppealChange(appeal_id=appeal.id, at=now, from_status=appeal.status, to_status=status.value,
                             actor=actor.email, reason=reason))  # fmt: skip
    record(session, now, actor=actor, action="change appeal", subject=("appeal", appeal.id), reason=reason,
           before={"status": appeal.status}, after={"status": status.value, **after}, place_id=appeal.place_id)  # fmt: skip
    appeal.status = status.value
    session.add(appeal)


def _move_case(session: Session, appeal: Appeal, status: Status, actor: Person, now: datetime, reason: str) -> None:
    """Somebody is arrested or charged: from now on the checks know it, whatever the posts of the case say (R03)."""
    case = case_with(session, appeal.reference)
    if case is None:
        case = CaseRecord(reference=appeal.reference, place_id=appeal.place_id, opened_at=now, changed_at=now)
        session.add(case)
        session.flush()
    if STAGES.index(case.stage) < STAGES.index(status.value):
        change_stage(session, case, status.value, actor, now, reason)


def end_sought(
    session: Session, reference: str, stage: str, actor: Person, now: datetime, reason: str
) -> Appeal | None:
    """A case reached an arrest: an appeal of its reference that sought somebody ends with it (R08).

    Returns the appeal that ended, None when none did."""
    status = Status.ARRESTED if stage == "arrested" else Status.CHARGED
    appeal = appeal_with(session, reference)
    if appeal is None or appeal.ended_at is not None or not _ends(appeal, status):
        return None
    _require(session, actor, appeal, posts_in(session, appeal))
    note_status(session, appeal, status, actor, now, reason)
    return appeal


def finish(context: Context, appeal: Appeal) -> Closed:
    """Ask the networks right away, once the change is kept."""
    with context.database.read() as session:
        tasks = [task.id for task in tasks_of(session, appeal) if task.id is not None]
    return _at_once(context, appeal, tasks, 0)


def catch_late(context: Context) -> int:
    """The job: a copy whose answer came after its entry was discarded has to come down too.  Returns how many there were.

    Looks at the appeals that ended lately: no worker is held up for longer."""
    with context.database.read() as session:
        since = context.clock.now() - HELD_UP_FOR
        lately = list(session.exec(select(Appeal).where(col(Appeal.ended_at) > since)))
        found = [(appeal, entry) for appeal in lately for entry in _live_unseen(session, appeal)]
    if not found:
        return 0
    with context.database.write() as session:
        now = context.clock.now()
        for appeal, entry in found:
            if session.exec(select(Takedown).where(Takedown.entry_id == entry.id)).first() is None:
                session.add(task_for(entry, RULE, "Its answer came late.", now, appeal.owner_id, appeal.id))
    return len(found)


def _live_unseen(session: Session, appeal: Appeal) -> list[Entry]:
    entries = [
        entry for post in posts_in(session, appeal) if post.id is not None for entry in entries_of(session, post.id)
    ]
    tasked = {task.entry_id for task in tasks_of(session, appeal)}
    return [entry for entry in entries
            if entry.state == State.DISCARDED and entry.id not in tasked and late_id(session, entry)]  # fmt: skip


def _at_once(context: Context, appeal: Appeal, task_ids: list[int], dropped: int) -> Closed:
    assert appeal.id is not None
    work_off(context, task_ids)
    erased = erase_if_due(context, appeal.id)
    with context.database.read() as session:
        states = [task.state for task in tasks_of(session, appeal)]
        status = session.get_one(Appeal, appeal.id).status
    gone = states.count(TaskState.REMOVED.value)
    left = len(states) - gone - states.count(TaskState.NEVER_OUT.value)
    return Closed(appeal.reference, status, len(states), gone, left, dropped, erased)


def _ends(appeal: Appeal, status: Status) -> bool:
    return status in ENDS or (status in (Status.ARRESTED, Status.CHARGED) and appeal.kind in SOUGHT_KINDS)


def _running(session: Session, reference: str) -> Appeal:
    appeal = appeal_with(session, reference)
    if appeal is None:
        raise InputError(f"There is no appeal '{reference}'. `beatline appeal list` shows those there are.")
    if appeal.ended_at is not None:
        raise InputError(
            f"The appeal {appeal.reference} has ended already ({STATUS_WORDS[Status(appeal.status)].lower()})."
        )
    return appeal


def _status(name: str) -> Status:
    choices = [status.value for status in Status if status is not Status.OPEN]
    if name not in choices:
        raise InputError(f"'{name}' is no way to close an appeal. Give one of: {', '.join(choices)}.")
    return Status(name)


def _require(session: Session, actor: Person, appeal: Appeal, posts: list[Post]) -> None:
    """Whoever ends an appeal may do so for the area of each of its posts."""
    for place_id in {appeal.place_id, *(post.place_id for post in posts)}:
        require(session, actor, Action.CHANGE_CASE, place_id)
        require(session, actor, Action.WITHDRAW, place_id)
