"""What residents are asked, and what they answered, without who answered what (R25).

Who has answered is kept apart from the answers, as a keyed hash without any time, in a table without an order, and is
thrown away when the survey closes. An answer has a random number and the day, nothing finer. What was asked stays as it
was asked: a survey that was opened is never changed, a new one is made from its copy. docs/surveys.md says it in full."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_, text
from sqlmodel import Field, Session, SQLModel, col, select

from social.alerts.mailings import Message, MessageKind
from social.database import UTCDateTime
from social.errors import InputError
from social.vault import Vault

UNREAD = text("unread")
_OPEN = "open survey"
_LONGEST_TOKEN = 60


class SurveyState(StrEnum):
    """DRAFT: being written; it alone may be changed.  OPEN: takes answers on its days.  CLOSED: for good."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    RANK = "rank"
    SCALE = "scale"
    TEXT = "text"


class Survey(SQLModel, table=True):
    """One survey.  lang: en or cy.  place_id: whom it is for; None is the whole force.

    opens_on, closes_on: the first and last local day on which it takes answers; opens_on None is the day on which it is
    opened.  open_link: whether whoever has the address without a name in it may answer.
    version: raised with each change, so that whoever opens it opens what they read.  copied_from_id: the survey that
    this is a new version of.  invited_at: when members were last invited."""

    id: int | None = Field(default=None, primary_key=True)
    title: str
    intro: str
    lang: str = "en"
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    state: str = Field(default=SurveyState.DRAFT.value, index=True)
    opens_on: date | None = None
    closes_on: date | None = None
    open_link: bool = False
    version: int = 1
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by_id: int = Field(foreign_key="person.id")
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    opened_by_id: int | None = Field(default=None, foreign_key="person.id")
    invited_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    copied_from_id: int | None = Field(default=None, foreign_key="survey.id")


class SurveyAuthor(SQLModel, table=True):
    """Somebody who wrote or changed the survey, and so may not be the one who opens it (R17)."""

    __tablename__ = "survey_author"

    survey_id: int = Field(primary_key=True, foreign_key="survey.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")


class SurveyQuestion(SQLModel, table=True):
    """One question.  position: from 1.  options: JSON list of what can be chosen; of a scale, what its two ends mean.

    steps: of a scale, its highest number; the lowest is 1.  most: of MULTIPLE, how many may be chosen; None for all.
    required: it cannot be left out.  concerns: asks what matters most, and so feeds the plan."""

    __tablename__ = "survey_question"
    __table_args__ = (UniqueConstraint("survey_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="survey.id")
    position: int
    kind: str
    text: str
    options: str = "[]"
    steps: int | None = None
    most: int | None = None
    required: bool = False
    concerns: bool = False


class SurveyAnswered(SQLModel, table=True):
    """That somebody has answered: a keyed hash of the survey with the resident, or with the form on an open page.

    Without a row number, so that the order of rows is the order of the hashes and not of the answers."""

    __tablename__ = "survey_answered"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: int = Field(primary_key=True, foreign_key="survey.id")
    who: str = Field(primary_key=True)


class SurveyResponse(SQLModel, table=True):
    """One filled-in form.  id: random, so that it says nothing of order.  place_id: the neighbourhood that they chose,
    None for none.  member: came by a member's own link, without a word of whose.  day: local."""

    __tablename__ = "survey_response"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True)
    survey_id: int = Field(foreign_key="survey.id", index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id")
    member: bool
    day: date


class SurveyAnswer(SQLModel, table=True):
    """One thing that was answered.

    choice: the option, from 0; of a scale, the number; of a text, 0.  rank: of an option in a ranking, 1 is first.
    words_sealed: of a text; None once its time is over.  unread: nothing has looked for an emergency in it yet (R19)."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        Index("ix_survey_answer_question", "question_id", "choice"),
        Index("ix_survey_answer_unread", "unread", sqlite_where=UNREAD, postgresql_where=UNREAD),
        {"sqlite_with_rowid": False},
    )

    response_id: str = Field(primary_key=True, foreign_key="survey_response.id")
    question_id: int = Field(primary_key=True, foreign_key="survey_question.id")
    choice: int = Field(primary_key=True)
    rank: int | None = None
    words_sealed: bytes | None = None
    unread: bool = False


@dataclass(frozen=True)
class Question:
    """A question as forms and results see it.  number: its position, from 1.  The rest as in `SurveyQuestion`."""

    id: int
    number: int
    kind: QuestionKind
    text: str
    options: tuple[str, ...]
    steps: int
    most: int | None
    required: bool
    concerns: bool

    @property
    def choices(self) -> dict[int, str]:
        """What can be chosen, by the number that is stored; {} for a text."""
        if self.kind is QuestionKind.SCALE:
            ends = {1: self.options[0], self.steps: self.options[1]} if self.options else {}
            return {n: f"{n} ({ends[n]})" if ends.get(n) else str(n) for n in range(1, self.steps + 1)}
        return dict(enumerate(self.options))


def survey_with_id(session: Session, survey_id: int) -> Survey:
    """Raises InputError when there is none."""
    found = session.get(Survey, survey_id)
    if found is None:
        raise InputError(f"There is no survey {survey_id}. `beatline surveys list` shows those there are.")
    return found


def open_token(vault: Vault, survey_id: int) -> str:
    """What stands in the open link's address: always the same, and made up by nobody else."""
    return vault.seal_link(_OPEN, survey_id.to_bytes(8))


def survey_of(vault: Vault, token: str) -> int | None:
    """The number of the survey of an open link; None for one that is not ours. The database is not asked."""
    plain = vault.open_link(_OPEN, token) if len(token) <= _LONGEST_TOKEN else None
    return int.from_bytes(plain) if plain is not None and len(plain) == 8 else None


def invitations(survey_id: int) -> str:
    """`Message.period` of the survey's invitations: who is invited twice is invited once."""
    return f"survey-{survey_id}"


def is_invitation(survey_id: int) -> ColumnElement[bool]:
    """A condition on messages: an invitation to this survey."""
    return and_(col(Message.kind) == MessageKind.SURVEY.value, col(Message.subject_id) == survey_id)


def list_surveys(session: Session) -> list[Survey]:
    """Every survey, the newest first."""
    return list(session.exec(select(Survey).order_by(col(Survey.id).desc())))
