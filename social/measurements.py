"""Figures as the networks report them, each with where it came from. Not reported means no row, never 0."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class Metric(StrEnum):
    """Our words for what networks count (docs/definitions.md)."""

    IMPRESSIONS = "impressions"
    REACH = "reach"
    REACTIONS = "reactions"
    REPLIES = "replies"
    SHARES = "shares"
    CLICKS = "clicks"
    SAVES = "saves"


DEFINITION_VERSION = 1
"""Raised when the meaning of a metric changes here, so that old and new figures are not joined in one line."""


class Measurement(SQLModel, table=True):
    """One metric of one publication at one moment, kept when it is the first or differs from the one before.

    value: count since publication, >= 0.  source_metric: the network's own name, several joined by '+'.
    checked_at: the last moment at which the network still reported this value."""

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(foreign_key="publication.id", index=True)
    metric: str
    value: int
    source_metric: str
    definition_version: int = DEFINITION_VERSION
    fetched_at: datetime = Field(sa_type=UTCDateTime)
    checked_at: datetime = Field(sa_type=UTCDateTime)
