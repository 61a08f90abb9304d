"""What residents are told: one mailing for each alert that went out, one message for each resident and way.

A message is a row before it is a message, so that a sender who dies anywhere loses none, and its number and its
Message-ID stay the same, so that nobody gets it twice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class Way(StrEnum):
    EMAIL = "email"
    TEXT = "text"


class MessageKind(StrEnum):
    """What a message is; `letters.LETTERS` has who writes each."""

    ALERT = "alert"
    CORRECTION = "correction"
    DIGEST = "digest"
    CONFIRM = "confirm"
    SURVEY = "survey"
    ANSWER = "answer"


class MessageState(StrEnum):
    """WAITING: to be sent from `due_at` on.  SENDING: taken in hand, its lease says until when.  SENT: the server took
    it.  DELIVERED: a receipt says that it arrived.  BOUNCED: it came back for good.  FAILED: it will not be sent, the
    detail says why.  UNKNOWN: nobody knows whether it arrived, and it is not sent again.  STOPPED: its mailing was
    taken back, or the resident left, before it went."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STOPPED = "stopped"


URGENT, SOON, NORMAL, LATER = range(4)
"""What is sent first: urgent alerts, confirmations and answers, alerts, digests."""


class Mailing(SQLModel, table=True):
    """One alert as it went out; the channel's platform id is its number.

    key: of the queue entry, so that publishing twice makes one.  text: exactly as residents read it.  topic: a key of
    `topics.TOPICS`.  urgent: may be texted, and at night.  reference: of the appeal, for replies' subjects.
    audience: JSON of `audience.Audience`.  members: residents whom it went to, at once or in a digest.  skipped:
    residents of the audience who had been told enough that week.  corrects_id: the mailing that this one takes back."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    key: str
    subject: str
    text: str
    link: str | None = None
    lang: str = "en"
    topic: str
    urgent: bool = False
    reference: str | None = Field(default=None, index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id")
    audience: str
    members: int = 0
    skipped: int = 0
    digests_told: int = 0
    """Residents whom a digest told it and of whom that is no longer kept: to be added to the digest items there are."""
    skipped_told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When any of those skipped was last told."""
    correction: str | None = None
    """What those who got it are told when it is taken back, in words that a person chose; None for the usual ones."""
    made_at: datetime = Field(sa_type=UTCDateTime, index=True)
    stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    corrects_id: int | None = Field(default=None, foreign_key="mailing.id", index=True)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Its words are gone, as its post's are (R10)."""

    __table_args__ = (UniqueConstraint("account_id", "key"),)


class MailingPicture(SQLModel, table=True):
    """A picture of a mailing, in order: a file of the media folder."""

    __tablename__ = "mailing_picture"

    mailing_id: int = Field(primary_key=True, foreign_key="mailing.id")
    position: int = Field(primary_key=True)
    file_name: str
    mime: str
    alt_text: str


_AWAITED = "state = 'sent' AND provider_id IS NOT NULL AND receipt_at IS NULL"


class Message(SQLModel, table=True):
    """One message to one resident by one way.

    kind: a `MessageKind`.  resident_id: None for an answer, which goes to whoever wrote the letter,
    and once `message_days` are over or the resident is forgotten.  subject_id: what
    it is about where that is no mailing: the number of a survey or of a `LetterAnswer`.
    period: of a digest, the day it ends.  rank: `URGENT` to `LATER`.  token: random; with its hash in the plus-address
    a reply finds its message, and links about this message hold its number.  fence: raised with each claim; a write
    that does not match it is nobody's.  tries: how often the text left.  deferred: how often it was
    put off.  provider_id: GOV.UK Notify's number.
    useful: what the resident said with one tap, None for nothing.  useful_by: a `feedback.UsefulBy`.  opened_at: only where the force turned tracking on.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("mailing_id", "resident_id", "way", "kind"),
        UniqueConstraint("resident_id", "kind", "period"),
        Index("ix_message_due", "rank", "due_at", "id",
              sqlite_where=text("state IN ('waiting', 'sending')"),
              postgresql_where=text("state IN ('waiting', 'sending')")),
        Index("ix_message_kept", "made_at", sqlite_where=text("resident_id IS NOT NULL"),
              postgresql_where=text("resident_id IS NOT NULL")),
        Index("ix_message_awaited", "account_id", "id", sqlite_where=text(_AWAITED), postgresql_where=text(_AWAITED)),
        Index("ix_message_in_hands", "lease_until", sqlite_where=text("state = 'sending'"),
              postgresql_where=text("state = 'sending'")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    kind: str
    way: str
    mailing_id: int | None = Field(default=None, foreign_key="mailing.id")
    subject_id: int | None = None
    period: str | None = None
    rank: int = NORMAL
    token: str = Field(unique=True)
    state: str = MessageState.WAITING.value
    made_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fence: int = 0
    tries: int = 0
    deferred: int = 0
    sending_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    detail: str | None = None
    provider_id: str | None = Field(default=None, index=True)
    receipt_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    useful: bool | None = None
    useful_by: str | None = None
    opened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class DigestItem(SQLModel, table=True):
    """An alert that waits for a resident's daily or weekly message.  message_id: the digest that told it."""

    __tablename__ = "digest_item"
    __table_args__ = (
        Index("ix_digest_item_waiting", "resident_id",
              sqlite_where=text("message_id IS NULL AND dropped_at IS NULL"),
              postgresql_where=text("message_id IS NULL AND dropped_at IS NULL")),
    )  # fmt: skip

    mailing_id: int = Field(primary_key=True, foreign_key="mailing.id")
    resident_id: int = Field(primary_key=True, foreign_key="resident.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    dropped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """It was taken back, or the resident left, before it was told."""
