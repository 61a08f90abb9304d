"""The force's own map: force > division > section > team > neighbourhood, with population where it is known."""

from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, select


class PlaceKind(StrEnum):
    FORCE = "force"
    DIVISION = "division"
    SECTION = "section"
    TEAM = "team"
    NEIGHBOURHOOD = "neighbourhood"


class Place(SQLModel, table=True):
    """One area.  population: residents, >= 1, or None when unknown; then its year and source are None too (D09)."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    kind: str
    parent_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    population: int | None = None
    population_year: int | None = None
    population_source: str | None = None


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


def list_places(session: Session, kind: PlaceKind | None = None) -> list[Place]:
    """Every place, or those of one kind, by name."""
    query = select(Place).order_by(Place.name)
    if kind is not None:
        query = query.where(Place.kind == kind.value)
    return list(session.exec(query))
