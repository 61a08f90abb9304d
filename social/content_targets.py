"""What a force means to post about: for each kind of content, the least and the largest share of posts."""

from collections.abc import Mapping

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from social.audit import record
from social.context import Context
from social.errors import InputError
from social.near_words import suggestion
from social.places import Place, areas_above
from social.sorting import CONTENT_TYPE_LABELS
from social.staff import Action, Person, require


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


def targets_for(session: Session, place_id: int) -> tuple[int | None, Mapping[str, ContentTarget]]:
    """The targets that hold for the area, by content type, and whose they are: the area's, else those of the nearest
    area above that has any.  (None, {}) where nobody set one."""
    for number in areas_above(session, place_id):
        found = session.exec(select(ContentTarget).where(ContentTarget.place_id == number)).all()
        if found:
            return number, {one.content_type: one for one in sorted(found, key=lambda one: one.content_type)}
    return None, {}


def set_target(context: Context, person: Person, place_id: int, content_type: str, least: float, most: float) -> None:
    """Say what share of the area's posts is to be of that kind.  content_type: a kind of post, or `LIGHT`.

    least, most: in [0, 1].  Raises NotAllowed, and InputError for what is no range, no kind and no area, and where the
    least shares of all kinds together would be more than everything."""
    _require_kind(content_type)
    if not 0 <= least <= most <= 1:
        raise InputError("Give two shares from 0 to 100 %, the smaller one first.")
    with context.database.write() as session:
        require(session, person, Action.SET_TARGETS, place_id)
        if session.get(Place, place_id) is None:
            raise InputError("That area is not on the map any more. Choose again.")
        own = {one.content_type: one for one in _own(session, place_id)}
        others = sum(one.least for kind, one in own.items() if kind not in (content_type, LIGHT))
        if content_type != LIGHT and others + least > 1 + 1e-9:
            raise InputError(f"The other kinds are to be at least {others:.0%} of all posts: no {least:.0%} is left.")
        known = own.get(content_type) or ContentTarget(place_id=place_id, content_type=content_type, least=0, most=0)
        before = {"least": known.least, "most": known.most} if known.id is not None else None
        known.least, known.most = least, most
        session.add(known)
        record(session, context.clock.now(), actor=person, action="set content target", subject=("place", place_id),
               place_id=place_id, before=before, after={"kind": content_type, "least": least, "most": most})  # fmt: skip


def clear_target(context: Context, person: Person, place_id: int, content_type: str) -> None:
    """Take a target back.  Raises NotAllowed, and InputError where there is none."""
    with context.database.write() as session:
        require(session, person, Action.SET_TARGETS, place_id)
        found = next((one for one in _own(session, place_id) if one.content_type == content_type), None)
        if found is None:
            raise InputError("This area has no target of its own for that kind of post.")
        session.delete(found)
        record(session, context.clock.now(), actor=person, action="clear content target", subject=("place", place_id),
               place_id=place_id, before={"kind": content_type, "least": found.least, "most": found.most})  # fmt: skip


def _own(session: Session, place_id: int) -> list[ContentTarget]:
    return list(session.exec(select(ContentTarget).where(ContentTarget.place_id == place_id)))


def _require_kind(content_type: str) -> None:
    known = (*CONTENT_TYPE_LABELS, LIGHT)
    if content_type not in known:
        raise InputError(f"There is no kind of post '{content_type}'. {suggestion(content_type, known)}")
