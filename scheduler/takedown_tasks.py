"""What has to come down, copy by copy: a task for each, written down before the network is asked and kept until the copy
is proved gone or a person has confirmed it (R08, R10)."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.appeals import Appeal
from social.database import UTCDateTime


class TaskState(StrEnum):
    WAITING = "waiting"
    BY_HAND = "by_hand"
    REMOVED = "removed"
    NEVER_OUT = "never_out"


COMING_DOWN = "It is being taken down, so the rest of it does not go out."
"""Why a thread stops between two parts."""
OPEN_TASKS = (TaskState.WAITING.value, TaskState.BY_HAND.value)
TASK_WORDS = {
    TaskState.WAITING: "Beatline is taking it down",
    TaskState.BY_HAND: "Must be removed by hand",
    TaskState.REMOVED: "Taken down",
    TaskState.NEVER_OUT: "Never went out",
}


class Takedown(SQLModel, table=True):
    """One copy that has to come down: one entry of the queue, live or on its way.

    asked_by: e-mail address or a rule.  reason: in the words of whoever asked; None once erased.  state: waiting
    (Beatline tries), by_hand (a person is asked as well), removed (proved gone, or confirmed) or never_out (its entry
    came to another end).  tries: requests that left.  next_try_at: not before then; None when nothing is left to do.
    lease_until: a worker has it until then.  problem: what stood in the way last, a sentence.  owner_id: who is asked.
    removed_at: since when it is gone, as far as is known.  verified_at: when a look proved it; None where nobody could
    look.  confirmed_by: e-mail address of who says that they removed it."""

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entry.id", unique=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id", index=True)
    state: str = TaskState.WAITING.value
    asked_at: datetime = Field(sa_type=UTCDateTime)
    asked_by: str
    reason: str | None = None
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    problem: str | None = None
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    confirmed_by: str | None = None


def open_tasks(session: Session, post_id: int | None = None) -> list[Takedown]:
    """What is still to come down, of one post or of all: what a person must remove first, then the oldest."""
    query = select(Takedown).where(col(Takedown.state).in_(OPEN_TASKS)).order_by(Takedown.state, col(Takedown.asked_at))
    return list(session.exec(query if post_id is None else query.where(Takedown.post_id == post_id)))


def comes_down(session: Session, entry_id: int | None) -> bool:
    """Whether a copy of this entry is to come down and is not proved gone yet."""
    task = select(Takedown.id).where(Takedown.entry_id == entry_id, col(Takedown.state).in_(OPEN_TASKS))
    return session.exec(task).first() is not None


def open_again(session: Session, entry_id: int | None, began: datetime, now: datetime) -> None:
    """A copy that was proved gone, or to have never gone out, turned out to be live: it has to come down too.

    began: when the request left that brought it; what left later was asked for anew."""
    over = select(Takedown).where(Takedown.entry_id == entry_id, col(Takedown.state).not_in(OPEN_TASKS))
    if (task := session.exec(over.where(col(Takedown.asked_at) >= began)).first()) is not None:
        task.state, task.next_try_at = TaskState.WAITING.value, now
        task.removed_at, task.verified_at, task.confirmed_by = None, None, None
        session.add(task)


def was_taken_down(session: Session, post_id: int) -> bool:
    """Whether somebody asked for a copy of the post to come down, whatever came of it."""
    return session.exec(select(Takedown.id).where(Takedown.post_id == post_id).limit(1)).first() is not None


def tasks_of(session: Session, appeal: Appeal) -> list[Takedown]:
    """Every copy of the appeal that had to come down, in the order in which they were asked for."""
    return list(session.exec(select(Takedown).where(Takedown.appeal_id == appeal.id).order_by(col(Takedown.id))))
