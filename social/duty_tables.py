"""What is kept of duty: who is told, when an account is watched, and each call that was made (R16, R19)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime

CALLING = text("next_at IS NOT NULL")
"""SQLite walks the partial index only for a query that holds these very words."""
EMERGENCY, LEAD = "emergency", "lead"
PASSED, NOT_EMERGENCY = "passed", "not_emergency"


class DutyContact(SQLModel, table=True):
    """One who is told.  place_id: of which area; None is the whole force.  position: 1 is told first.

    person_id: of staff; else name and address are a desk's.  phone_sealed: number for texts, sealed; None for none.
    set_by_id: who put them on the list."""

    __tablename__ = "duty_contact"

    id: int | None = Field(default=None, primary_key=True)
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    position: int
    person_id: int | None = Field(default=None, foreign_key="person.id")
    name: str | None = None
    address: str | None = None
    phone_sealed: bytes | None = None
    set_by_id: int = Field(foreign_key="person.id")
    set_at: datetime = Field(sa_type=UTCDateTime)


class WatchedHours(SQLModel, table=True):
    """One part of the week in which somebody watches the account: a `duty_hours.Span`."""

    __tablename__ = "watched_hours"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    weekday: int = Field(primary_key=True)
    opens: int = Field(primary_key=True)
    closes: int


class DutyCall(SQLModel, table=True):
    """One reply of which the duty contact is told.  It holds no word of it, and outlives it.

    interaction_id: the reply; None once that was purged.  kind: emergency, or lead for one that came in while nobody
    watched.  why: emergency, lead, the flag that opened it, person, or
    unreadable.  p: its probability.  written_at: of the reply, as the
    network says.  alarm_id: what the messages about it hang on.  level: how far it has escalated, 0 before the first
    message.  tellings: how often somebody was told.  next_at: when next; None when nobody is to be told any more.  edited: its words changed since this was
    opened.
    seen_at, seen_by_id, outcome: a person said that they know, and what came of it, PASSED or NOT_EMERGENCY.  passed_at:
    when it was passed to the control room.  reference: of the control room's own record, or None."""

    __tablename__ = "duty_call"
    __table_args__ = (Index("ix_duty_call_calling", "next_at", sqlite_where=CALLING, postgresql_where=CALLING),)

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id", unique=True, ondelete="SET NULL")
    account_id: int = Field(foreign_key="account.id")
    publication_id: int = Field(foreign_key="publication.id")
    place_id: int | None = Field(default=None, foreign_key="place.id")
    kind: str
    why: str
    p: float
    written_at: datetime = Field(sa_type=UTCDateTime)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    alarm_id: int = Field(foreign_key="alarm.id", index=True)
    level: int = 0
    tellings: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    edited: bool = False
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    seen_by_id: int | None = Field(default=None, foreign_key="person.id")
    outcome: str | None = None
    passed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reference: str | None = None
