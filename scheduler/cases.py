"""A case as far as publishing needs it: the stage that says what may be told (R01-R03), and what must never be told
(R05, R06). No case file: nobody's name and no evidence is kept here (R22).

A post belongs to a case by its reference (`Post.appeal_ref`). Once a case of that reference exists, its stage is the
stage of all its posts at every check, whatever they say themselves."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, or_, select

from scheduler.content_types import CASE_STAGES
from scheduler.posts import Post, normal_reference
from social.database import UTCDateTime

ENDED = "ended"
"""Released without charge, acquitted or discontinued: proceedings are over, and nobody was sentenced (R03)."""
STAGES = (*(stage for stage in CASE_STAGES if stage != ENDED), ENDED)
STAGE_WORDS = {
    "none": "No case",
    "suspect": "Suspect known, nobody arrested",
    "arrested": "Arrested",
    "charged": "Charged",
    "convicted": "Convicted",
    "sentenced": "Sentenced",
    ENDED: "Over without a sentence: released, acquitted or discontinued",
}
OFFENCE_CLASSES = {"": "Not named", "sexual": "Sexual offence or trafficking", "other": "Another offence"}
"""sexual: whoever complained may never be identified (R05)."""


class CaseRecord(SQLModel, table=True):
    """One case.  reference: as `Post.appeal_ref`.  stage: one of STAGES.  offence_class: a key of OFFENCE_CLASSES.
    involves_under_18: a suspect, witness or victim is under 18 (R06).  place_id: its area, None for the whole force."""

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    stage: str = "none"
    offence_class: str = ""
    involves_under_18: bool = False
    place_id: int | None = Field(default=None, foreign_key="place.id")
    opened_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)


class CaseStage(SQLModel, table=True):
    """One change of a case's stage.  reason: in the words of whoever made it; None once erased."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="caserecord.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    from_stage: str
    to_stage: str
    actor: str
    reason: str | None = None


class NameException(SQLModel, table=True):
    """A senior lead's decision that an arrested adult may be named before charge (R01): for a case or for one post.

    decided_by: rank and role of who decided.  why: the reasons, without the name.  ended_at: it holds no longer."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="caserecord.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    decided_by: str
    why: str
    at: datetime = Field(sa_type=UTCDateTime)
    recorded_by_id: int = Field(foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def case_with(session: Session, reference: str | None) -> CaseRecord | None:
    """The case of that reference; None when there is none."""
    if not reference:
        return None
    return session.exec(select(CaseRecord).where(CaseRecord.reference == normal_reference(reference))).first()


def exception_for(session: Session, case: CaseRecord | None, post_id: int | None) -> bool:
    """Whether a decision is in force that the arrested adult of this case, or of this post, may be named (R01).

    A case with somebody under 18 has none, whatever was recorded (R02, R06)."""
    if case is not None and case.involves_under_18:
        return False
    about = [col(NameException.post_id) == post_id] if post_id is not None else []
    if case is not None:
        about.append(col(NameException.case_id) == case.id)
    if not about:
        return False
    query = select(NameException.id).where(or_(*about), col(NameException.ended_at).is_(None)).limit(1)
    return session.exec(query).first() is not None


def posts_of(session: Session, reference: str) -> list[Post]:
    """Every post that carries the reference, oldest first."""
    query = select(Post).where(Post.appeal_ref == normal_reference(reference)).order_by(col(Post.id))
    return list(session.exec(query))


def list_cases(session: Session) -> list[CaseRecord]:
    """Every case, the one that changed last first."""
    return list(session.exec(select(CaseRecord).order_by(col(CaseRecord.changed_at).desc(), col(CaseRecord.id).desc())))
