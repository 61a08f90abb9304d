"""The queue's tables. Read them anywhere; only `queue.py` writes `Entry.state`."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scheduler.lifecycle import State
from social.database import UTCDateTime

OPEN = text("state IN ('publishing', 'unconfirmed')")
"""In a worker's hands, or nobody knows.  SQLite walks the partial index only for a query that holds these very words."""

STOPPED = text("hold_id IS NOT NULL")
"""Waits for a yes after a hold; said in these very words for the same reason."""

STUCK = text("state IN ('held', 'failed', 'lapsed', 'unconfirmed')")
"""What a person has to know of, now or when it lasts. The same words as in the index, for the same reason."""


class Entry(SQLModel, table=True):
    """One post for one account in one slot.

    due_at: UTC; None while undecided.  not_before: no attempt before this moment (a wait that a network asked for).
    fence: raised by every claim and carried by every later write, so that a worker that lost its lease changes
    nothing.  worker, lease_until: who holds the claim, and for how long.  post_version: the version that the claim
    took.  attempts: requests that left.  reason: why it is where it is, a sentence for people.
    owner_id: the person to turn to when it is stuck.  hold_id: the hold that stopped it, while it waits for a yes."""

    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_entry_queued", "account_id", "due_at", "id", sqlite_where=text("state = 'queued'"),
              postgresql_where=text("state = 'queued'")),
        Index("ix_entry_state_due", "state", "due_at"),
        Index("ix_entry_open", "state", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_entry_stuck", "state", sqlite_where=STUCK, postgresql_where=STUCK),
        Index("ix_entry_stopped", "hold_id", sqlite_where=STOPPED, postgresql_where=STOPPED),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    state: str = State.DRAFT.value
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fence: int = 0
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    post_version: int | None = None
    attempts: int = 0
    platform_id: str | None = None
    url: str | None = None
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reason: str | None = None
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    hold_id: int | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    updated_at: datetime = Field(sa_type=UTCDateTime)


class EntryHistory(SQLModel, table=True):
    """One move of one entry, never changed.  actor: a person's e-mail address, a worker's name, or a rule's id."""

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entry.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    event: str
    from_state: str
    to_state: str
    actor: str
    reason: str | None = None
    fence: int


class Attempt(SQLModel, table=True):
    """One request to publish, recorded before it leaves.

    text_hash: SHA-256 of the canonical text.  outcome: None while open, then sent, not_sent, refused or unknown.
    detail: what was answered, a sentence without secrets.  cost: thousandths of a penny set aside for it.
    part: of a thread, from 1; 1 for a post of one part."""

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entry.id", index=True)
    fence: int
    worker: str
    text_hash: str
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str | None = None
    detail: str | None = None
    platform_id: str | None = None
    cost: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    part: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Look(SQLModel, table=True):
    """One look at the network for an entry of which nobody knew whether it went out.  seen: a sentence of ours."""

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entry.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    seen: str


class Heartbeat(SQLModel, table=True):
    """When a worker was last seen at work."""

    worker: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
