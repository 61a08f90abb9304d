"""The findings as they were last worked out, and which one each week was told, of the force and of areas: kept, so that a
week has one."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class KeptFinding(SQLModel, table=True):
    """One finding of the last time that they were worked out.  position: 0 is told first.  body: JSON of `Finding`."""

    __tablename__ = "kept_finding"

    key: str = Field(primary_key=True)
    position: int
    body: str
    worked_out_at: datetime = Field(sa_type=UTCDateTime)


class FindingOfWeek(SQLModel, table=True):
    """What a week was told, as it was told.  week: its Monday.  A week that was told nothing has no row."""

    __tablename__ = "finding_of_week"

    week: date = Field(primary_key=True)
    key: str
    substance: str
    body: str
    told_at: datetime = Field(sa_type=UTCDateTime)


class FindingOfArea(SQLModel, table=True):
    """What a week was told of an area that somebody acts for, from posts about it alone; all '' where nothing was told."""

    __tablename__ = "finding_of_area"

    place_id: int = Field(primary_key=True, foreign_key="place.id")
    week: date = Field(primary_key=True)
    key: str
    substance: str
    body: str
    told_at: datetime = Field(sa_type=UTCDateTime)
