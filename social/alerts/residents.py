"""Residents who asked to be told, and what they asked for (R30).

An address and a number are sealed, and stand nowhere else; a keyed hash finds the resident whom one belongs to. What
decides who is told what (topics, areas, groups, frequency) is plain, so that an audience is one query. Nothing else is
known of a resident: no birthday, no street, no history of what they opened (R25)."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class ResidentState(StrEnum):
    """UNCONFIRMED: nobody has yet said from the address itself that it is theirs; such a one counts for nothing.
    LEFT: wants no more; only the keyed hashes stay, so that an old list cannot bring them back.
    UNREACHABLE: neither mail nor texts arrive."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    LEFT = "left"
    UNREACHABLE = "unreachable"


class Frequency(StrEnum):
    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


def first_version() -> int:
    """Not 1 for everybody: where a removed row's number is given again, links of its owner open nothing."""
    return 1 + secrets.randbelow(2**30)


class Resident(SQLModel, table=True):
    """One member of the alert service.

    contact_sealed: JSON of email, phone and name, each '' when not given, sealed by the vault; empty once they left.
    email_key, phone_key: keyed hashes of address and number, None where there is none.  lang: en or cy.
    by_email, by_text: the ways they chose; a number is texted only once it is known to be theirs (phone_checked_at).
    code_tries: wrong codes in a row, since the last one was texted.  quiet_from, quiet_to: minutes after midnight, local time; None for no quiet
    hours.  consent_source: website, officer, event: and a name, or import: and a file's name.
    link_version: every signed link holds it; raising it ends all that were sent before.
    soft_bounces: in a row, since the last message that arrived.  last_told_at: when the last alert left for them."""

    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(default=ResidentState.UNCONFIRMED.value, index=True)
    contact_sealed: bytes
    email_key: str | None = Field(default=None, unique=True)
    phone_key: str | None = Field(default=None, index=True)
    frequency: str = Frequency.AT_ONCE.value
    lang: str = "en"
    by_email: bool = True
    by_text: bool = False
    quiet_from: int | None = None
    quiet_to: int | None = None
    consent_at: datetime = Field(sa_type=UTCDateTime)
    consent_source: str
    joined_at: datetime = Field(sa_type=UTCDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    """Stays through a new sign-up until that is confirmed: one that is not leaves them as they were."""
    left_reason: str | None = None
    link_version: int = Field(default_factory=first_version)
    phone_checked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    code_tries: int = 0
    email_stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """The address does not exist or takes nothing: no mail goes there until the resident confirms it anew."""
    text_stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    soft_bounces: int = 0
    last_told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def is_reached(resident: Resident) -> bool:
    """Whether any of the ways that they chose still works."""
    by_email = resident.by_email and resident.email_stopped_at is None
    return by_email or (resident.by_text and resident.text_stopped_at is None)


class ResidentTopic(SQLModel, table=True):
    """A topic that a resident chose: a key of `topics.TOPICS`."""

    __tablename__ = "resident_topic"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id")
    topic: str = Field(primary_key=True, index=True)


class ResidentArea(SQLModel, table=True):
    """An area that a resident chose: what concerns it, anything beneath it or anything above it.

    within_km: also what concerns a neighbourhood whose middle is no farther off than this; 0 for the area alone."""

    __tablename__ = "resident_area"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id")
    place_id: int = Field(primary_key=True, foreign_key="place.id", index=True)
    within_km: float = 0


class ResidentGroup(SQLModel, table=True):
    """A group that a resident belongs to: a key of `topics.GROUPS`, or one of the force's own."""

    __tablename__ = "resident_group"

    resident_id: int = Field(primary_key=True, foreign_key="resident.id")
    group: str = Field(primary_key=True, index=True)


class LeftAddress(SQLModel, table=True):
    """The keyed hash of an address whose owner left, or had everything erased, and of whom nothing else is kept: so that
    an old list does not bring them back.  It goes when they confirm a membership anew."""

    __tablename__ = "left_address"

    email_key: str = Field(primary_key=True)
