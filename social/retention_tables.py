"""What stays of a resident's words after their time: numbers under each publication, and what must not come back.

None of it says who wrote anything, or what (R25, R28)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class ReplyTally(SQLModel, table=True):
    """How many forgotten replies of one sort a publication had, so that figures keep their sums (M13).

    kind, stance: as people saw them last; '' for what no analyser had read.  answered: whether we answered.
    first_asked_at: when the earliest was written; first_answered_at: the earliest answer, or None."""

    __tablename__ = "reply_tally"

    publication_id: int = Field(primary_key=True, foreign_key="publication.id")
    kind: str = Field(primary_key=True)
    stance: str = Field(primary_key=True)
    answered: bool = Field(primary_key=True)
    replies: int
    first_asked_at: datetime = Field(sa_type=UTCDateTime)
    first_answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ReplyClock(SQLModel, table=True):
    """When one forgotten question or complaint was written, and when it was answered or closed: what response times are
    worked out from (R18). Whose it was, and which, nothing here says."""

    __tablename__ = "reply_clock"

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(foreign_key="publication.id", index=True)
    asked_at: datetime = Field(sa_type=UTCDateTime, index=True)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ForgottenReply(SQLModel, table=True):
    """One reply that was erased before its time and that the network may still show (R29).

    mark: keyed hash of its id, which means nothing elsewhere.  written_at: the row goes when all that was written by
    then is forgotten, since nothing so old is taken in any more."""

    __tablename__ = "forgotten_reply"

    publication_id: int = Field(primary_key=True, foreign_key="publication.id")
    mark: str = Field(primary_key=True)
    written_at: datetime = Field(sa_type=UTCDateTime, index=True)
