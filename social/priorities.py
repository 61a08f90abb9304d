"""What a neighbourhood asked its police to work on, with its age: a priority is to be looked at again within three
months (M15)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime

OLD_AFTER = timedelta(days=90)
"""M15: one that was set longer ago than this is flagged."""


class Priority(SQLModel, table=True):
    """One priority of one area.

    issue: what residents raised; action: what was done, None where nobody said.  issued_on, acted_on: local days, None
    where unknown.  source: such as 'data.police.uk', or who entered it.  seen_at: when it was last read or changed.
    ended_at: it is no priority any more; None while it is one."""

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    issue: str
    action: str | None = None
    issued_on: date | None = None
    acted_on: date | None = None
    source: str
    seen_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def priorities_of(session: Session, place_ids: Collection[int] | None = None, *, ended: bool = False) -> list[Priority]:
    """Priorities of these areas, or of all, the latest first and those without a day last.  ended: past ones as well."""
    query = select(Priority)
    if place_ids is not None:
        query = query.where(col(Priority.place_id).in_(place_ids))
    if not ended:
        query = query.where(col(Priority.ended_at).is_(None))
    found = session.exec(query.order_by(col(Priority.id))).all()
    return sorted(found, key=lambda one: one.issued_on or date.min, reverse=True)


def is_old(priority: Priority, today: date) -> bool | None:
    """Whether it was set more than 90 days ago (M15); None where nobody knows when: a day to come is a slip."""
    if priority.issued_on is None or priority.issued_on > today:
        return None
    return today - priority.issued_on > OLD_AFTER
