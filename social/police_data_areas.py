"""Which of our areas is which on data.police.uk, and what was read of it last.

The officers whom the service names are never stored (D05): of them a number is kept, how many can be contacted (M15)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime

SOURCE = "data.police.uk"
"""In `source` of boundaries, priorities, events and populations that were read there."""


class PoliceDataArea(SQLModel, table=True):
    """An area of ours and what data.police.uk calls it.

    force: the service's id of the force, such as 'woldershire'.  neighbourhood: its id of the neighbourhood, any text,
    spaces and all; None for a force itself.  read_at: when it was last read; None for never.
    contactable: officers named there with a way to reach them, >= 0; None where nobody asked (M15)."""

    __tablename__ = "police_data_area"
    __table_args__ = (UniqueConstraint("force", "neighbourhood"),)

    place_id: int = Field(primary_key=True, foreign_key="place.id")
    force: str
    neighbourhood: str | None = None
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    contactable: int | None = None

    @property
    def called(self) -> str:
        """What the service calls it, such as 'woldershire/WD 1'."""
        return self.force if self.neighbourhood is None else f"{self.force}/{self.neighbourhood}"


def police_data_areas(session: Session, place_ids: Collection[int] | None = None) -> dict[int, PoliceDataArea]:
    """By our area, of those that are joined to the service; None for every area."""
    query = select(PoliceDataArea)
    if place_ids is not None:
        query = query.where(col(PoliceDataArea.place_id).in_(place_ids))
    return {one.place_id: one for one in session.exec(query)}
