"""Where reading of the mailbox stands, the letters that came in, and what we answered to them.

Who wrote a letter stands nowhere but sealed beside it, to answer there; it goes when the reply goes (R25, R28)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class LetterState(StrEnum):
    """REPLY: it stands in Replies.  UNMATCHED: nothing says which alert it is about, a person decides.  ASSIGNED: a
    person has said, and it is read again and stored.  DROPPED: a person has said that it is about none.
    ANSWERED: about no alert, and a person has answered it.
    STOP: it said so and nothing else, and whoever got the message that it answers has left.
    AUTOMATIC: a machine wrote it.  BOUNCE: it says that a message did not arrive.  OWN: we wrote it ourselves.
    UNREADABLE: nothing could be made of it; it lies in the mailbox."""

    REPLY = "reply"
    UNMATCHED = "unmatched"
    ASSIGNED = "assigned"
    DROPPED = "dropped"
    ANSWERED = "answered"
    STOP = "stop"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own"
    UNREADABLE = "unreadable"


class Letterbox(SQLModel, table=True):
    """How far a mailbox has been read.

    mailbox: keyed hash of server, user and folder.  uid_validity, last_uid: the server's own numbers (RFC 3501, 2.3.1.1);
    a new uid_validity means that its numbers start anew.  reached_at: when the newest letter arrived that was read.
    problem: why the last try failed, a sentence of ours; None when it did not.  lease_until: one worker reads at a time."""

    mailbox: str = Field(primary_key=True)
    uid_validity: int | None = Field(default=None, sa_type=BigInteger)
    last_uid: int = Field(default=0, sa_type=BigInteger)
    reached_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    problem: str | None = None
    failing_since: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)


class LetterIn(SQLModel, table=True):
    """One letter that came in.

    mark: keyed hash of its Message-ID, sender and date, by which it is known again wherever it lies.  state: a
    `LetterState`.  uid_validity, uid: where it lies.  message_id: the message of ours that it answers, mailing_id: the
    alert.  resident_id: the member who wrote it, by the address that it came from; None for anybody else.
    interaction_id: the reply that it became.  unread: no alert claims it, and no analyser has read it yet.
    kind: what an analyser read it as while it waits for a person; None before.  assignee_id: who looks after it.
    sealed: JSON of sender, message_id, references and subject; of the words too while a person has to decide."""

    __tablename__ = "letter_in"

    id: int | None = Field(default=None, primary_key=True)
    mark: str = Field(unique=True)
    state: str = Field(index=True)
    mailbox: str
    uid_validity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    arrived_at: datetime = Field(sa_type=UTCDateTime, index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", ondelete="SET NULL", index=True)
    mailing_id: int | None = Field(default=None, foreign_key="mailing.id", ondelete="SET NULL")
    resident_id: int | None = Field(default=None, foreign_key="resident.id", ondelete="SET NULL", index=True)
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id", ondelete="CASCADE", unique=True)
    sealed: bytes | None = None
    unread: bool = False
    kind: str | None = None
    assignee_id: int | None = None


class LetterAnswer(SQLModel, table=True):
    """What a person answered to a letter; its message's `subject_id` is its number.

    key: of the answer, so that it is sent once.  text: as it is sent."""

    __tablename__ = "letter_answer"

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter_in.id", ondelete="CASCADE", index=True)
    key: str = Field(unique=True)
    text: str
    made_at: datetime = Field(sa_type=UTCDateTime)
