"""Answers on their way to a network: the table, and the one table of moves that decides what may follow what.

    written   a person pressed send; nothing has left        sending   its request may be under way
    sent      the network took it                            refused   the network will not take it as it stands
    unknown   it may be there; nothing is sent before a look found     the look, or a late answer, showed it
    waiting   a person has to decide                         dropped   a person gave it up

No route leads from unknown back to written without a person (R23), and none at all where it is not certain that the
words are not there: `may_repeat` says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Index, text, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime
from social.errors import BeatlineError, InputError


class AnswerState(StrEnum):
    WRITTEN = "written"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FOUND = "found"
    WAITING = "waiting"
    DROPPED = "dropped"


class Move(StrEnum):
    BEGIN = "begin"
    DEFER = "defer"
    STOP = "stop"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    LOSE = "lose"
    FIND = "find"
    RULE_OUT = "rule_out"
    AGAIN = "again"
    DROP = "drop"


MOVES: Mapping[AnswerState, Mapping[Move, AnswerState]] = MappingProxyType(
    {
        AnswerState.WRITTEN: {
            Move.BEGIN: AnswerState.SENDING,
            Move.STOP: AnswerState.WAITING,
            Move.FIND: AnswerState.FOUND,
            Move.DROP: AnswerState.DROPPED,
        },
        AnswerState.SENDING: {
            Move.CONFIRM: AnswerState.SENT,
            Move.DEFER: AnswerState.WRITTEN,
            Move.REFUSE: AnswerState.REFUSED,
            Move.STOP: AnswerState.WAITING,
            Move.LOSE: AnswerState.UNKNOWN,
            Move.FIND: AnswerState.FOUND,
        },
        AnswerState.UNKNOWN: {Move.FIND: AnswerState.FOUND, Move.RULE_OUT: AnswerState.WAITING},
        AnswerState.WAITING: {
            Move.AGAIN: AnswerState.WRITTEN,
            Move.FIND: AnswerState.FOUND,
            Move.DROP: AnswerState.DROPPED,
        },
        AnswerState.REFUSED: {Move.FIND: AnswerState.FOUND},
        AnswerState.DROPPED: {Move.FIND: AnswerState.FOUND},
        AnswerState.SENT: {},
        AnswerState.FOUND: {},
    }
)
OPEN = frozenset({AnswerState.WRITTEN, AnswerState.SENDING, AnswerState.UNKNOWN, AnswerState.WAITING})
"""Something is still to come of it, so nobody writes another to the same reply."""
LIVE = frozenset({AnswerState.SENT, AnswerState.FOUND})
_OPEN = text("state IN ('written', 'sending', 'unknown', 'waiting')")
_UNDER_WAY = text("state IN ('written', 'sending', 'unknown')")
"""SQLite walks a partial index only for a query that holds these very words."""


class Answer(SQLModel, table=True):
    """One answer that a person wrote to one reply.

    key: of the form it was written in; the same press twice is the same answer.  parent_platform_id: the reply, as the
    network calls it.  text: as residents see it.  person_id: who pressed send last, pressed_at: when.  place_id: of
    the post.  not_before: no try, or no look, before.  fence: grows with every claim; who has an older one changes
    nothing.  begun_at: when the newest request was recorded, tries: how many were.  cost: thousandths of a penny set
    aside for it.  may_repeat: while waiting, whether it is certain that the words are not there.  reason: a sentence
    for people about where it stands.  platform_id, url, sent_at: of what is there."""

    __table_args__ = (
        Index("ix_answer_open", "interaction_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_answer_under_way", "id", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    interaction_id: int = Field(foreign_key="interaction.id", index=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id")
    parent_platform_id: str
    text: str
    person_id: int = Field(foreign_key="person.id")
    place_id: int | None = None
    state: str = AnswerState.WRITTEN.value
    pressed_at: datetime = Field(sa_type=UTCDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fence: int = 0
    tries: int = 0
    begun_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    cost: int = 0
    may_repeat: bool = True
    reason: str | None = None
    platform_id: str | None = None
    url: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    updated_at: datetime = Field(sa_type=UTCDateTime)


class AnswerStep(SQLModel, table=True):
    """One move of one answer.  actor: a person's e-mail address, or the worker's name."""

    __tablename__ = "answer_step"

    id: int | None = Field(default=None, primary_key=True)
    answer_id: int = Field(foreign_key="answer.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=UTCDateTime)
    actor: str
    from_state: str | None = None
    to_state: str
    reason: str | None = None
    fence: int = 0


class Overtaken(BeatlineError):
    """Somebody else moved the answer first; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("This answer has moved on a moment ago. Look at it again, then decide.")


def move(
    session: Session, answer: Answer, how: Move, *, actor: str, now: datetime, reason: str | None = None, **changes: Any
) -> Answer:
    """Make one move, with its row of history, as a compare-and-set on state and fence.

    Raises Overtaken when the answer is no longer as it was read, InputError where the table has no such move."""
    before = AnswerState(answer.state)
    after = MOVES[before].get(how)
    if after is None:
        raise InputError(f"An answer that is {STATE_NAMES[before]} cannot be moved by '{how.value}'.")
    set_where_unchanged(session, answer, {"state": after.value, "reason": reason, "updated_at": now, **changes})
    note_step(session, answer, now, actor, before, reason)
    return answer


def set_where_unchanged(session: Session, answer: Answer, values: Mapping[str, Any]) -> None:
    """Change columns while state and fence are as they were read.  Raises Overtaken otherwise."""
    session.flush()
    guarded = update(Answer).where(
        col(Answer.id) == answer.id, col(Answer.state) == answer.state, col(Answer.fence) == answer.fence
    )
    if session.exec(guarded.values(**values).execution_options(synchronize_session=False)).rowcount != 1:
        raise Overtaken
    for name, value in values.items():
        set_committed_value(answer, name, value)


def note_step(
    session: Session, answer: Answer, now: datetime, actor: str, before: AnswerState | None, reason: str | None
) -> None:
    session.add(
        AnswerStep(
            answer_id=answer.id or 0, at=now, actor=actor, from_state=before.value if before else None,
            to_state=answer.state, reason=reason, fence=answer.fence,
        )
    )  # fmt: skip


def answers_to(session: Session, interaction_id: int) -> list[Answer]:
    """Every answer that was written here to this reply, oldest first."""
    return list(session.exec(select(Answer).where(Answer.interaction_id == interaction_id).order_by(col(Answer.id))))


def open_answer(session: Session, interaction_id: int) -> Answer | None:
    """The answer to this reply of which something is still to come; None when there is none."""
    return session.exec(select(Answer).where(_OPEN, Answer.interaction_id == interaction_id)).first()


def under_way(session: Session, *where: Any, order: Sequence[Any], limit: int) -> list[Answer]:
    """Answers that a worker has to do with and that no other worker takes at this moment."""
    query = select(Answer).where(_UNDER_WAY, *where).order_by(*order).limit(limit).with_for_update(skip_locked=True)
    return list(session.exec(query))


def any_under_way(session: Session) -> bool:
    """Whether a worker has to do with any answer at all."""
    return session.exec(select(Answer.id).where(_UNDER_WAY).limit(1)).first() is not None


def busy_accounts() -> Any:
    """In SQL: the accounts that have an answer out."""
    return select(Answer.account_id).where(_UNDER_WAY, Answer.state == AnswerState.SENDING.value)


def answer_numbered(session: Session, answer_id: int) -> Answer:
    """Raises InputError when there is none."""
    found = session.get(Answer, answer_id)
    if found is None:
        raise InputError(f"There is no answer {answer_id}. `beatline answers list` shows those there are.")
    return found


def steps_of(session: Session, answer_id: int) -> list[AnswerStep]:
    return list(session.exec(select(AnswerStep).where(AnswerStep.answer_id == answer_id).order_by(col(AnswerStep.id))))


STATE_NAMES: Mapping[AnswerState, str] = MappingProxyType(
    {
        AnswerState.WRITTEN: "on its way",
        AnswerState.SENDING: "on its way",
        AnswerState.SENT: "sent",
        AnswerState.REFUSED: "refused by the network",
        AnswerState.UNKNOWN: "perhaps sent: the network is being asked",
        AnswerState.FOUND: "sent",
        AnswerState.WAITING: "waiting for a person",
        AnswerState.DROPPED: "given up",
    }
)
"""What people read."""
