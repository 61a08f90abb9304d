"""One wide row a publication: what every figure is computed from, kept as rows arrive, rebuilt from nothing on demand."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class PublicationFacts(SQLModel, table=True):
    """What is known of one publication, now.

    week: Monday of the local week it was published in.  Metrics are the latest reported counts, None when never
    reported.  n_*: replies by residents that were read, by stance and kind; replies_read is their sum over stances.
    response_minutes: from the first question or complaint to the first answer to one, None when none was answered.
    unanswered: questions and complaints with no answer yet.  analyser: version whose readings are counted."""

    publication_id: int = Field(primary_key=True, foreign_key="publication.id")
    account_id: int = Field(index=True)
    channel: str
    content_type: str = Field(index=True)
    place_id: int | None = Field(default=None, index=True)
    campaign: str | None = None
    published_at: datetime = Field(sa_type=UTCDateTime, index=True)
    week: date = Field(index=True)
    has_picture: bool
    followers: int | None = None
    impressions: int | None = None
    reach: int | None = None
    reactions: int | None = None
    replies: int | None = None
    shares: int | None = None
    clicks: int | None = None
    saves: int | None = None
    replies_stored: int = 0
    replies_read: int = 0
    n_negative: int = 0
    n_neutral: int = 0
    n_positive: int = 0
    n_unknown: int = 0
    n_emergency: int = 0
    n_lead: int = 0
    n_complaint: int = 0
    n_question: int = 0
    n_thanks: int = 0
    n_abuse: int = 0
    n_banter: int = 0
    n_other: int = 0
    answered: int = 0
    unanswered: int = 0
    response_minutes: float | None = None
    analyser: str | None = None
    updated_at: datetime = Field(sa_type=UTCDateTime)
