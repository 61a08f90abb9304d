"""Rates per 1,000 residents: shown where the number of residents is known, with its year and source, and nowhere else
(D09). No network says where readers live, so a rate says how large a figure is for the area, not who saw it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from social.places import Place


@dataclass(frozen=True)
class Residents:
    """How many people live in an area.  number: >= 1.  year, source: None where nobody said.  area: its name.

    parts: how many areas in it were added up, which `source` says as well; 0 where the number is its own."""

    place_id: int
    area: str
    number: int
    year: int | None
    source: str | None
    parts: int = 0


_Row = tuple[int, int | None, str, int | None, int | None, str | None]
"""Of a place: its id, that of what it lies in, name, population, year and source."""


def residents_of(session: Session, place_ids: Collection[int] | None = None) -> dict[int, Residents]:
    """Residents by place, of those whose population is known; place_ids None: of every place.

    A population is what somebody gave for that very area. Where nobody did, those of the areas in it are added up, as
    long as no part of it is left without and all are of one year: nobody says whether they cover it, so the source names the sum."""
    columns: list[Any] = [
        Place.id, Place.parent_id, Place.name, Place.population, Place.population_year, Place.population_source,
    ]  # fmt: skip
    rows: list[_Row] = [tuple(row) for row in session.connection().execute(select(*columns))]
    beneath: dict[int | None, list[_Row]] = {}
    for row in rows:
        beneath.setdefault(row[1], []).append(row)
    chosen = {row[0] for row in rows} if place_ids is None else set(place_ids)
    found = {row[0]: _residents(row, beneath) for row in rows if row[0] in chosen}
    return {place_id: one for place_id, one in found.items() if one is not None}


def _residents(row: _Row, beneath: Mapping[int | None, Sequence[_Row]]) -> Residents | None:
    """Its own number, else the sum of its parts, else None."""
    place_id, _, area, number, year, source = row
    if number:
        return Residents(place_id, area, number, year, source)
    parts = _parts(row, beneath)
    years = {part[4] for part in parts}
    if not parts or None in years or len(years) > 1:
        return None
    sources = " and ".join(sorted({part[5] or "source not kept" for part in parts}))
    summed = (
        f"{sources}; the sum of {len(parts)} areas in it" if len(parts) > 1 else f"{sources}; of the one area in it"
    )
    return Residents(place_id, area, sum(part[3] or 0 for part in parts), years.pop(), summed, len(parts))


def _parts(row: _Row, beneath: Mapping[int | None, Sequence[_Row]]) -> list[_Row]:
    """The areas with a number of their own that lie in this one and in no other such; [] where a part is left without."""
    found: list[_Row] = []
    for part in beneath.get(row[0], ()):
        known = [part] if part[3] else _parts(part, beneath)
        if not known:
            return []
        found += known
    return found


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
