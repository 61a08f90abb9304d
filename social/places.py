"""The force's own map: force > division > section > team > neighbourhood, with population where it is known."""

import re
import unicodedata
from enum import StrEnum
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, select

from social.errors import InputError


class PlaceKind(StrEnum):
    FORCE = "force"
    DIVISION = "division"
    SECTION = "section"
    TEAM = "team"
    NEIGHBOURHOOD = "neighbourhood"


class Place(SQLModel, table=True):
    """One area.  population: residents, >= 1, or None when unknown; then its year and source are None too (D09).

    lat, lon: degrees of its middle (WGS 84), both None where nobody gave them; they tell how far areas lie apart."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    kind: str
    parent_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    population: int | None = None
    population_year: int | None = None
    population_source: str | None = None
    lat: float | None = None
    lon: float | None = None


def find_or_add_place(session: Session, name: str, kind: PlaceKind, parent: Place | None = None) -> Place:
    """The place of that name and kind under that parent; added when it is new. The caller's transaction keeps it."""
    parent_id = parent.id if parent else None
    found = session.exec(
        select(Place).where(Place.name == name, Place.kind == kind.value, Place.parent_id == parent_id)
    ).first()
    if found is None:
        found = Place(name=name, kind=kind.value, parent_id=parent_id)
        session.add(found)
        session.flush()
    return found


def same_name(name: str) -> str:
    """What two spellings of one name share: capitals, spaces and the kind of apostrophe do not matter."""
    plain = unicodedata.normalize("NFC", name).replace("\u2019", "'").replace("\u2018", "'")
    return re.sub(r"\s+", " ", plain).strip().casefold()


def force_name(name: str) -> str:
    """What two spellings of a force's name share: ' Police' at its end does not matter either."""
    return same_name(name).removesuffix(" police")


def list_places(session: Session, kind: PlaceKind | None = None) -> list[Place]:
    """Every place, or those of one kind, by name."""
    query = select(Place).order_by(Place.name)
    if kind is not None:
        query = query.where(Place.kind == kind.value)
    return list(session.exec(query))


def places_named(session: Session, name: str) -> list[Place]:
    """The places of that name, by number; where none is spelt so, those that differ in capitals and spaces alone."""
    found = list(session.exec(select(Place).where(Place.name == name).order_by(col(Place.id))))
    if not found:
        wanted = " ".join(name.split()).casefold()
        found = [place for place in list_places(session) if " ".join(place.name.split()).casefold() == wanted]
    return sorted(found, key=lambda place: place.id or 0)


def area_called(session: Session, name: str) -> Place:
    """The one area of that name, for whoever types it: 'Stonemere', or 'Stonemere (section)' where several are called so.

    The name alone is then the neighbourhood, as in a list to choose from.  Raises InputError where it names none, or
    several."""
    wanted = same_name(name)
    labels = [number for number, label in place_choices(session).items() if same_name(label) == wanted]
    if len(labels) == 1 and (found := session.get(Place, labels[0])) is not None:
        return found
    named = places_named(session, name)
    if len(named) != 1:
        kinds = f": {', '.join(f'{place.name} ({place.kind})' for place in named)}" if named else ""
        raise InputError(
            f"'{name}' names {len(named) or 'no'} areas{kinds}. Give the name of one area as Beatline has it."
        )
    return named[0]


def places_within(place_id: int) -> Any:
    """A query for the ids of the place and of everything beneath it, to be put into another's `in_`."""
    within = select(Place.id).where(Place.id == place_id).cte("within", recursive=True)
    # UNION, not UNION ALL: a place that somebody made its own ancestor ends the walk instead of never ending it.
    within = within.union(select(Place.id).where(col(Place.parent_id) == within.c.id))
    return select(within.c.id)


def areas_above(session: Session, place_id: int | None) -> tuple[int, ...]:
    """The area and all that lie above it, from the smallest to the largest; () for None."""
    found: list[int] = []
    while place_id is not None and place_id not in found:
        found.append(place_id)
        place = session.get(Place, place_id)
        place_id = place.parent_id if place is not None else None
    return tuple(found)


def place_choices(session: Session) -> dict[int, str]:
    """Every place by id, for a list to choose from: the largest first, and each that holds others says what it is."""
    order = list(PlaceKind)
    places = sorted(list_places(session), key=lambda place: (order.index(PlaceKind(place.kind)), place.name))
    lowest = PlaceKind.NEIGHBOURHOOD
    return {p.id: p.name if p.kind == lowest else f"{p.name} ({p.kind})" for p in places if p.id is not None}
