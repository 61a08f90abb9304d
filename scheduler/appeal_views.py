"""Appeals as plain values for the page, the commands and the CSV file: what is out, what has to come down, how long that
took. Nothing here changes anything."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from scheduler.appeals import STATUS_WORDS, Appeal, Status, posts_in, shows_a_person
from scheduler.cases import STAGE_WORDS, case_with
from scheduler.content_types import label_of
from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.posts import Post
from scheduler.takedown_tasks import OPEN_TASKS, TASK_WORDS, Takedown, TaskState, tasks_of
from scheduler.thread_parts import urls_of
from scheduler.writing import GOING_OUT, entries_of
from social.accounts import Account
from social.places import Place
from social.staff import Person

SHOWN_FOR = timedelta(days=30)
"""How long an appeal that has ended stays on the list, once nothing of it is left to do."""


@dataclass(frozen=True)
class TaskView:
    """One copy that has to come down.  account, owner: names.  url: where it is, None when the network did not say.
    urls: of a thread all its parts, as far as the network said.  tried_again_at: None when Beatline is not trying."""

    id: int
    post_id: int
    place_id: int | None
    account: str
    channel: str
    state: str
    words: str
    problem: str | None
    url: str | None
    urls: tuple[str, ...]
    owner: str | None
    asked_at: datetime
    removed_at: datetime | None
    verified_at: datetime | None
    confirmed_by: str | None
    tried_again_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state in OPEN_TASKS


@dataclass(frozen=True)
class CopyView:
    """One copy that residents see.  url: None when the network did not say."""

    post_id: int
    account: str
    channel: str
    url: str | None


@dataclass(frozen=True)
class AppealView:
    """One appeal with what people ask about it.

    stage: of its case, in words; None when no case is kept.  waiting: posts that have not gone out.
    hours: to takedown, None while a copy is left or when there was none (see `hours_to_takedown`).  erases: its names
    and pictures are erased when it ends."""

    id: int
    reference: str
    kind: str
    label: str
    status: str
    status_words: str
    stage: str | None
    place_id: int | None
    place: str | None
    owner: str | None
    opened_at: datetime
    ended_at: datetime | None
    erase_by: datetime | None
    erased_at: datetime | None
    posts: tuple[int, ...]
    live: tuple[CopyView, ...]
    waiting: int
    tasks: tuple[TaskView, ...]
    hours: float | None
    erases: bool

    @property
    def left(self) -> tuple[TaskView, ...]:
        """What is still to come down."""
        return tuple(task for task in self.tasks if task.open)

    @property
    def unfinished(self) -> bool:
        """It runs, a copy is left, or names are still kept."""
        return self.ended_at is None or bool(self.left) or (self.erase_by is not None and self.erased_at is None)

    def as_json(self) -> dict[str, Any]:
        """For programs: times as ISO 8601 in UTC."""
        return {name: _plain(value) for name, value in {**asdict(self), "left": len(self.left)}.items()}


@dataclass(frozen=True)
class TakedownSum:
    """Hours to takedown of the appeals that have ended (M07, R08).

    ended: appeals that had a copy out.  done: those of them of which every copy is gone.  median, longest: hours, of
    those done; None when there are none."""

    ended: int
    done: int
    median: float | None
    longest: float | None


def appeal_views(session: Session, now: datetime, *, everything: bool = False) -> list[AppealView]:
    """Appeals that run or ended within 30 days, those with work left first, then the newest.  everything: all."""
    query = select(Appeal).order_by(col(Appeal.opened_at).desc(), col(Appeal.id).desc())
    if not everything:
        unfinished = select(Takedown.appeal_id).where(col(Takedown.state).in_(OPEN_TASKS))
        recent = or_(
            col(Appeal.ended_at).is_(None),
            col(Appeal.ended_at) > now - SHOWN_FOR,
            col(Appeal.id).in_(unfinished),
            col(Appeal.erase_by).is_not(None) & col(Appeal.erased_at).is_(None),
        )
        query = query.where(recent)
    views = [_view(session, appeal) for appeal in session.exec(query)]
    return sorted(views, key=lambda view: (not view.left, not view.unfinished))


def _view(session: Session, appeal: Appeal) -> AppealView:
    assert appeal.id is not None
    posts = posts_in(session, appeal)
    entries = [entry for post in posts if post.id is not None for entry in entries_of(session, post.id)]
    case, tasks = case_with(session, appeal.reference), tasks_of(session, appeal)
    place = session.get(Place, appeal.place_id) if appeal.place_id is not None else None
    owner = session.get(Person, appeal.owner_id) if appeal.owner_id is not None else None
    return AppealView(
        id=appeal.id,
        reference=appeal.reference,
        kind=appeal.kind,
        label=label_of(appeal.kind),
        status=appeal.status,
        status_words=STATUS_WORDS[Status(appeal.status)],
        stage=STAGE_WORDS[case.stage] if case is not None else None,
        place_id=appeal.place_id,
        place=place.name if place is not None else None,
        owner=owner.name if owner is not None else None,
        opened_at=appeal.opened_at,
        ended_at=appeal.ended_at,
        erase_by=appeal.erase_by,
        erased_at=appeal.erased_at,
        posts=tuple(post.id for post in posts if post.id is not None),
        live=tuple(_copy(session, entry) for entry in entries if entry.state == State.PUBLISHED),
        waiting=sum(State(entry.state) not in _OVER for entry in entries),
        tasks=tuple(task_view(session, task) for task in tasks),
        hours=hours_to_takedown(appeal, tasks),
        erases=shows_a_person(session, appeal, posts),
    )


_OVER = frozenset({State.PUBLISHED, State.WITHDRAWN, State.DISCARDED})


def _copy(session: Session, entry: Entry) -> CopyView:
    account = session.get_one(Account, entry.account_id)
    return CopyView(entry.post_id, account.name, account.channel, entry.url)


def task_view(session: Session, task: Takedown) -> TaskView:
    """One task as people see it."""
    assert task.id is not None
    account, entry = session.get_one(Account, task.account_id), session.get_one(Entry, task.entry_id)
    owner = session.get(Person, task.owner_id) if task.owner_id is not None else None
    words = TASK_WORDS[TaskState(task.state)]
    if State(entry.state) in GOING_OUT:
        words = "Going out at this moment; it comes down as soon as that is settled"
    elif task.state == TaskState.REMOVED:
        words = "Taken down, a look proved it" if task.verified_at else "Said to be removed; nobody could look yet"
    return TaskView(
        id=task.id,
        post_id=task.post_id,
        place_id=session.get_one(Post, task.post_id).place_id,
        account=account.name,
        channel=account.channel,
        state=task.state,
        words=words,
        problem=task.problem if task.state in OPEN_TASKS else None,
        url=entry.url,
        urls=urls_of(session, entry),
        owner=owner.name if owner is not None else None,
        asked_at=task.asked_at,
        removed_at=task.removed_at,
        verified_at=task.verified_at,
        confirmed_by=task.confirmed_by,
        tried_again_at=task.next_try_at if task.state in OPEN_TASKS else None,
    )


def hours_to_takedown(appeal: Appeal, tasks: Sequence[Takedown]) -> float | None:
    """How long did residents see the appeal after it had ended?  Hours from its end to the removal of its last copy.

    tasks: the appeal's.  None while a copy is left, while it runs, or when no copy was out.
    Terms: M07, R08; docs/definitions.md."""
    if appeal.ended_at is None or any(task.state in OPEN_TASKS for task in tasks):
        return None
    removed = [task.removed_at for task in tasks if task.removed_at is not None]
    if not removed:
        return None
    return max(0.0, (max(removed) - appeal.ended_at) / timedelta(hours=1))


def takedown_sum(views: Sequence[AppealView]) -> TakedownSum:
    """Hours to takedown over all of these appeals: the median first, as the figure is skewed (M09)."""
    ended = [
        view for view in views if view.ended_at is not None and any(t.state != TaskState.NEVER_OUT for t in view.tasks)
    ]
    hours = [view.hours for view in ended if view.hours is not None]
    if not hours:
        return TakedownSum(len(ended), 0, None, None)
    return TakedownSum(len(ended), len(hours), statistics.median(hours), max(hours))


CSV_COLUMNS = (
    "reference", "kind", "status", "opened_at", "ended_at", "copies", "removed", "left", "hours_to_takedown", "erased_at",
)  # fmt: skip


def takedown_rows(views: Sequence[AppealView]) -> list[tuple[str | int, ...]]:
    """One row an appeal under CSV_COLUMNS: times as ISO 8601 in UTC, hours to two decimals, '' where there is none."""
    rows: list[tuple[str | int, ...]] = []
    for view in views:
        removed = sum(task.state == TaskState.REMOVED for task in view.tasks)
        opened, ended, erased = (
            at.isoformat() if at is not None else "" for at in (view.opened_at, view.ended_at, view.erased_at)
        )
        hours = f"{view.hours:.2f}" if view.hours is not None else ""
        rows.append((view.reference, view.kind, view.status, opened, ended, len(view.tasks), removed, len(view.left),
                     hours, erased))  # fmt: skip
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
