"""Rates per 1,000 residents: shown where the number of residents is known, with its year and source, and nowhere else
(D09). No network says where readers live, so a rate says how large a figure is for the area, not who saw it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from social.places import Place


@dataclass(frozen=True)
class Residents:
    """How many people live in an area.  number: >= 1.  year, source: None where nobody said.  area: its name."""

    place_id: int
    area: str
    number: int
    year: int | None
    source: str | None


def residents_of(session: Session, place_ids: Collection[int] | None = None) -> dict[int, Residents]:
    """Residents by place, of those whose population is known; place_ids None: of every place.

    A population is what somebody gave for that very area: those of the areas beneath are not added up, since nobody
    knows whether they cover it and are of one year."""
    columns: list[Any] = [Place.id, Place.name, Place.population, Place.population_year, Place.population_source]
    query = select(*columns).where(col(Place.population) > 0)
    if place_ids is not None:
        query = query.where(col(Place.id).in_(sorted(place_ids)))
    return {row[0]: Residents(*row) for row in session.connection().execute(query)}


def residents_of_choice(session: Session, place_id: int | None) -> Residents | None:
    """Of one area; place_id None: of the whole force, where there is just one.  None: not known."""
    if place_id is None:
        every: Any = select(col(Place.id)).where(col(Place.parent_id).is_(None))
        tops: list[int] = list(session.connection().execute(every).scalars())
        if len(tops) != 1:
            return None
        [place_id] = tops
    return residents_of(session, [place_id]).get(place_id)


def per_1000(count: float | None, residents: Residents | None) -> float | None:
    """count / residents * 1,000, >= 0; it may pass 1,000.  None when either is not known."""
    return None if count is None or residents is None else 1000 * count / residents.number
