"""What a force means to post about: for each kind of content, the least and the largest share of posts."""

from collections.abc import Mapping

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from social.places import areas_above


class ContentTarget(SQLModel, table=True):
    """A share of an area's posts to aim at; it holds for what lies within unless that has targets of its own.

    content_type: a kind of post, or `LIGHT` for all light ones together.  least, most: shares, 0 <= least <= most <= 1."""

    __tablename__ = "content_target"
    __table_args__ = (UniqueConstraint("place_id", "content_type"),)

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    content_type: str
    least: float
    most: float


LIGHT = "light"
"""In `ContentTarget.content_type`: lighthearted posts and trend days together."""
LIGHT_TYPES = frozenset({"lighthearted", "trend_day"})


def targets_for(session: Session, place_id: int) -> tuple[int | None, Mapping[str, ContentTarget]]:
    """The targets that hold for the area, by content type, and whose they are: the area's, else those of the nearest
    area above that has any.  (None, {}) where nobody set one."""
    for number in areas_above(session, place_id):
        found = session.exec(select(ContentTarget).where(ContentTarget.place_id == number)).all()
        if found:
            return number, {one.content_type: one for one in sorted(found, key=lambda one: one.content_type)}
    return None, {}
