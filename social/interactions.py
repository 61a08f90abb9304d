"""What residents wrote under our publications, and what an analyser said of it.

Nothing about the author is kept but a keyed hash that joins one thread (R25, R26)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, UniqueConstraint, event, text
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime

UNREAD = text("unread")
"""SQLite walks the partial index only for a query that holds this very word."""
OURS = text("ours")
"""What the account itself wrote: little among much, looked up whenever a page was stored."""

EMERGENCY, LEAD, ON_CLOCK, REST = range(4)
"""How soon a reply needs a person: `Interaction.urgency`. See `social.urgency`."""

_OPEN = (
    "NOT {0}ours AND {0}done_at IS NULL AND {0}retention <> 'erased' AND ({0}urgency = 0 OR ({0}answered_at IS NULL "
    "AND {0}gone_at IS NULL AND ({0}urgency = 1 OR NOT {0}hidden)))"
)
OPEN = text(f"({_OPEN.format('interaction.')})")
"""A resident's reply that needs a person: neither answered, done, hidden nor gone. An emergency is closed by a person
and by nothing else (R19), and hiding a lead does not close it (R21). Databases walk the partial index only for a query
that holds these very words."""

_ASKED = "NOT {0}ours AND {0}seen_kind IN ('question', 'complaint')"
ASKED = text(f"({_ASKED.format('interaction.')})")
"""A resident's question or complaint, as people see it: the clock of R18 runs for it. To be said in these very words, as
`OPEN` is."""


class Interaction(SQLModel, table=True):
    """One reply, quote or mention, ours included.

    parent_platform_id: the reply or post it answers.  author_key: keyed hash of thread and author, so that the same
    person has another key under another post; None when the network does not say or when it is ours.
    ours: written by the account itself.  created_at: as the network says.  lang_hint: the network's guess.
    purpose: engagement or law_enforcement (R24).  retention: class that says when it is purged (R28).
    gone_at: it was no longer to be seen.  answered_at: the first answer by the account beneath it.
    unread: new or changed since an analyser last read it.  urgency: EMERGENCY, LEAD, ON_CLOCK or REST.
    done_at, done_by_id: a person closed it without an answer.  assignee_id: who looks after it, or None.
    seen_kind, seen_stance: what people see, of the latest reading or as a person said; None while it is unread. The
    database keeps them itself (docs/decisions/21-facts-kept-by-triggers.md): nobody else sets them."""

    __table_args__ = (
        UniqueConstraint("account_id", "platform_id"),
        Index("ix_interaction_unread", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_interaction_ours", "publication_id", sqlite_where=OURS, postgresql_where=OURS),
        Index(
            "ix_interaction_open",
            # The order of the list first; the rest so that counting reads the index alone.
            *("urgency", "created_at", "id", "account_id", "publication_id", "assignee_id", "ours", "done_at"),
            *("retention", "answered_at", "gone_at", "hidden", "purpose"),
            sqlite_where=text(_OPEN.format("")),
            postgresql_where=text(_OPEN.format("")),
        ),
        Index(
            "ix_interaction_asked",
            *("created_at", "publication_id", "account_id", "answered_at", "done_at", "gone_at", "ours", "seen_kind"),
            sqlite_where=text(_ASKED.format("")),
            postgresql_where=text(_ASKED.format("")),
        ),
        Index(
            "ix_interaction_assignee",
            "assignee_id",
            sqlite_where=text("assignee_id IS NOT NULL"),
            postgresql_where=text("assignee_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    publication_id: int = Field(foreign_key="publication.id", index=True)
    platform_id: str
    parent_platform_id: str | None = None
    kind: str = "reply"
    text: str
    author_key: str | None = None
    ours: bool = False
    lang_hint: str | None = None
    created_at: datetime = Field(sa_type=UTCDateTime, index=True)
    fetched_at: datetime = Field(sa_type=UTCDateTime)
    purpose: str = "engagement"
    retention: str = "raw_reply"
    hidden: bool = False
    gone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    unread: bool = True
    urgency: int = Field(default=REST, sa_column_kwargs={"server_default": "3"})
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    done_by_id: int | None = None
    assignee_id: int | None = None
    seen_kind: str | None = None
    seen_stance: str | None = None


class Reading(SQLModel, table=True):
    """What one version of the analyser said of one interaction.

    stance: negative, neutral, positive or unknown, toward the police or the post.  p_*: probabilities that add up
    to 1, or all None when stance is unknown.  kind: emergency, lead, complaint, question, thanks, abuse, banter,
    other; kind_p its probability.  lang: ISO 639-1, or 'und'."""

    __table_args__ = (UniqueConstraint("interaction_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id")
    version: str = Field(index=True)
    stance: str
    p_negative: float | None = None
    p_neutral: float | None = None
    p_positive: float | None = None
    kind: str = Field(index=True)
    kind_p: float
    lang: str
    lang_p: float
    read_at: datetime = Field(sa_type=UTCDateTime)


class ReadingFlag(SQLModel, table=True):
    """A flag that one reading raised: see `social.kinds.Flag`.  p: its probability, in (0, 1].

    Only those probable enough to be shown are kept; a reading without any row raised none."""

    __tablename__ = "reading_flag"

    reading_id: int = Field(primary_key=True, foreign_key="reading.id", ondelete="CASCADE")
    flag: str = Field(primary_key=True, index=True)
    p: float


@event.listens_for(Reading, "after_insert")
def _count_in(_mapper: Any, connection: Connection, reading: Reading) -> None:
    """A reading that is added by itself says at once how soon its reply needs a person."""
    from social.urgency import refresh_on

    refresh_on(connection, [reading.interaction_id])
