"""The whole map as a list: every area below what it lies in, with what is known of it."""

from dataclasses import dataclass

from sqlmodel import Session

from social.boundaries import boundaries_known
from social.places import Place, list_places
from social.police_data_areas import police_data_areas


@dataclass(frozen=True)
class ListedPlace:
    """One area.  parent: number of what it lies in, None for nothing.  depth: 0 at the top.  population: with its year
    and source, each None where unknown (D09).  boundary: whether one is kept.  police_data: 'force' or
    'force/neighbourhood' as data.police.uk calls it, None where it is not joined to it."""

    id: int
    name: str
    kind: str
    parent: int | None
    depth: int
    population: int | None
    population_year: int | None
    population_source: str | None
    boundary: bool
    police_data: str | None

    @property
    def said(self) -> str:
        """On one line, for people."""
        parts = [f"{self.name} ({self.kind})"]
        if self.population is not None:
            year = f", {self.population_year}" if self.population_year else ""
            parts.append(f"{self.population:,} residents ({self.population_source or 'source not stated'}{year})")
        if self.boundary:
            parts.append("boundary known")
        if self.police_data:
            parts.append(f"data.police.uk: {self.police_data}")
        return " · ".join(parts)


def listed_places(session: Session) -> list[ListedPlace]:
    """Every area, each followed by what lies in it, by name. One that lies in itself, by mistake, stands at the top."""
    places = {place.id or 0: place for place in list_places(session)}
    below: dict[int | None, list[Place]] = {}
    for place in places.values():
        below.setdefault(place.parent_id if place.parent_id in places else None, []).append(place)
    bounded, joined = boundaries_known(session), police_data_areas(session)
    found: dict[int, ListedPlace] = {}

    def walk(place: Place, depth: int) -> None:
        number = place.id or 0
        if number in found:
            return
        area = joined.get(number)
        found[number] = ListedPlace(
            number, place.name, place.kind, place.parent_id, depth, place.population, place.population_year,
            place.population_source, number in bounded, area.called if area is not None else None,
        )  # fmt: skip
        for child in below.get(number, []):
            walk(child, depth + 1)

    for place in (*below.get(None, []), *places.values()):
        walk(place, 0)
    return list(found.values())
