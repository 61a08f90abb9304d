"""Where residents can meet their police: surgeries, drop-ins and visits of an area."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, or_, select

from social.database import UTCDateTime


class LocalEvent(SQLModel, table=True):
    """One event of one area.

    kind: such as 'meeting', None where nobody said; description, address: None likewise.  starts_at, ends_at: None where
    unknown.  source: such as 'data.police.uk', or who entered it.  seen_at: when it was last read or changed.
    cancelled_at: it was taken back before it began; None for the others."""

    __tablename__ = "local_event"

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    title: str
    kind: str | None = None
    description: str | None = None
    address: str | None = None
    starts_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    source: str
    seen_at: datetime = Field(sa_type=UTCDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def events_of(
    session: Session,
    place_ids: Collection[int] | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[LocalEvent]:
    """Events of these areas, or of all, that were not taken back, soonest first; those without a time last.

    since: only those that end (or begin, where no end is known) at that moment or later, and those without a time.
    until: only those that begin before it, and those without a time."""
    query = select(LocalEvent).where(col(LocalEvent.cancelled_at).is_(None))
    if place_ids is not None:
        query = query.where(col(LocalEvent.place_id).in_(place_ids))
    starts, ends = col(LocalEvent.starts_at), col(LocalEvent.ends_at)
    if since is not None:
        query = query.where(or_(starts.is_(None), ends >= since, ends.is_(None) & (starts >= since)))
    if until is not None:
        query = query.where(or_(starts.is_(None), starts < until))
    found = session.exec(query.order_by(col(LocalEvent.id))).all()
    return sorted(found, key=lambda one: (one.starts_at is None, one.starts_at.timestamp() if one.starts_at else 0.0))
