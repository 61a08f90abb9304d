"""Desks that leads are handed to: data of the force, named as people there call them (R22)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from social import audit
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError
from social.places import areas_above, same_name
from social.staff import Action, Person, require, same_address


class Desk(SQLModel, table=True):
    """One desk.  email: told that a lead waits, never what it says; None to tell nobody.  place_id: whose leads it
    takes, None for the whole force.  closed_at: takes no more."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    email: str | None = None
    place_id: int | None = Field(default=None, foreign_key="place.id")
    added_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def add_desk(context: Context, by: Person, name: str, *, email: str | None = None, place_id: int | None = None) -> Desk:
    """Name a desk that takes leads; one that was closed under this name opens again.

    Raises NotAllowed; InputError for a name that is there, or an address that is none."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= 80:
        raise InputError("Give the desk a name of 2 to 80 characters, as people call it.")
    address = same_address(email) if email else None
    with context.database.write() as session:
        require(session, by, Action.KEEP_DESKS, place_id)
        now = context.clock.now()
        desk = next((one for one in session.exec(select(Desk)) if same_name(one.name) == same_name(name)), None)
        if desk is not None and desk.closed_at is None:
            raise InputError(f"There is a desk '{desk.name}' already.")
        if desk is None:
            desk = Desk(name=name, added_at=now)
        desk.email, desk.place_id, desk.closed_at = address, place_id, None
        session.add(desk)
        session.flush()
        audit.record(session, now, actor=by, action="open desk", subject=("desk", desk.id or 0), place_id=place_id,
                     after={"mailed": address is not None})  # fmt: skip
        return desk


def close_desk(context: Context, by: Person, name: str) -> Desk:
    """The desk takes no more leads; what was handed to it stays on record.  Raises NotAllowed and InputError."""
    with context.database.write() as session:
        now, desk = context.clock.now(), desk_named(session, name)
        require(session, by, Action.KEEP_DESKS, desk.place_id)
        desk.closed_at = now
        session.add(desk)
        audit.record(
            session, now, actor=by, action="close desk", subject=("desk", desk.id or 0), place_id=desk.place_id
        )
        return desk


def list_desks(session: Session) -> list[Desk]:
    """The desks that take leads, by name."""
    return list(session.exec(select(Desk).where(col(Desk.closed_at).is_(None)).order_by(Desk.name)))


def desks_for(session: Session, place_id: int | None) -> list[Desk]:
    """The desks that take leads about this area: its own, those of the areas above it, and the force's."""
    above = set(areas_above(session, place_id))
    return [desk for desk in list_desks(session) if desk.place_id is None or desk.place_id in above]


def desk_named(session: Session, name: str, among: Sequence[Desk] | None = None) -> Desk:
    """The open desk of that name, however it is typed.  among: these alone; None for all.

    Raises InputError naming those there are."""
    desks = list_desks(session) if among is None else among
    found = next((desk for desk in desks if same_name(desk.name) == same_name(name)), None)
    if found is None:
        known = ", ".join(f"'{desk.name}'" for desk in desks) or "none yet: `beatline leads desks add` names one"
        raise InputError(f"There is no desk '{name}'. Desks: {known}.")
    return found
