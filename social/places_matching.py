"""Fits a file's areas to the map: which are there already, which lie elsewhere by now, which are new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from social.csv_file import Row
from social.errors import Problem
from social.places import Place, PlaceKind, list_places, places_within, same_name

LEVELS = (PlaceKind.DIVISION, PlaceKind.SECTION, PlaceKind.TEAM)
"""What a file of teams names, from the largest to the smallest; each is a column."""


@dataclass(eq=False)
class Wanted:
    """An area as the file has it.  parent: None below the force itself.  place: once it is known."""

    kind: PlaceKind
    name: str
    parent: "Wanted | None"
    row: int
    place: Place | None = None


Levels = Mapping[PlaceKind, Sequence[Wanted]]


def wanted_areas(rows: Sequence[Row]) -> Levels:
    """Every area that the file names, once, by kind and in the file's order."""
    known: dict[tuple[str, ...], Wanted] = {}
    for row in rows:
        path: tuple[str, ...] = ()
        parent: Wanted | None = None
        for kind in LEVELS:
            path = (*path, same_name(row[kind.value]))
            name = " ".join(row[kind.value].split())
            parent = known.setdefault(path, Wanted(kind, name, parent, row.number))
    return {kind: [one for one in known.values() if one.kind is kind] for kind in LEVELS}


def match(
    session: Session, top: Place, wanted: Sequence[Wanted], kind: PlaceKind
) -> tuple[list[Wanted], list[Problem]]:
    """Find the areas that are there already, where the file has them or elsewhere.

    Returns those that lie elsewhere, and what cannot be told: which of several areas of one name is meant."""
    inside = select(Place).where(Place.kind == kind.value, col(Place.id).in_(places_within(top.id or 0)))
    there = list(session.exec(inside.order_by(col(Place.id))))
    for one in wanted:
        parent = one.parent.place if one.parent is not None else top
        for place in there:
            if parent is not None and place.parent_id == parent.id and same_name(place.name) == same_name(one.name):
                one.place = place
                there.remove(place)
                break
    moving, problems = [], []
    for name in dict.fromkeys(same_name(one.name) for one in wanted if one.place is None):
        lost = [one for one in wanted if one.place is None and same_name(one.name) == name]
        elsewhere = [place for place in there if same_name(place.name) == name]
        if len(lost) == len(elsewhere) == 1:
            lost[0].place = elsewhere[0]
            moving.append(lost[0])
        elif elsewhere:
            message = (
                f"{len(elsewhere)} areas called '{lost[0].name}' are kept elsewhere and the file has {len(lost)} new "
                "ones, so nobody can tell which moved. Name every one of them in the file, or move one at a time."
            )
            problems += [Problem(message, one.row, kind.value) for one in lost]
    return moving, problems


def told(session: Session, one: Wanted, top: Place) -> Problem:
    """What to say of an area that lies elsewhere by now, to somebody who did not ask to have it moved."""
    assert one.place is not None
    before = session.get(Place, one.place.parent_id) if one.place.parent_id is not None else None
    after = one.parent.name if one.parent is not None else top.name
    message = (
        f"The {one.kind.value} '{one.place.name}' lies in '{before.name if before else 'nothing'}', and the file has it "
        f"in '{after}'. Add --move to move it, with all that lies in it. If it is another {one.kind.value} of that "
        "name, name both in the file."
    )
    return Problem(message, one.row, one.kind.value)


def loose_neighbourhood(session: Session, top: Place, name: str) -> Place | None:
    """The one neighbourhood of that name that lies in no team: a post that named it brought it in.

    One without a force is taken only where there is no other force whose it might be."""
    parents = {top.id}
    if len(list_places(session, PlaceKind.FORCE)) == 1:
        parents.add(None)
    found = [
        place
        for place in list_places(session, PlaceKind.NEIGHBOURHOOD)
        if place.parent_id in parents and same_name(place.name) == same_name(name)
    ]
    return found[0] if len(found) == 1 else None


def shared_names(session: Session, top: Place, levels: Levels) -> Iterator[str]:
    """Names of the file that more than one area of the force has, each once: by name alone nobody tells them apart."""
    inside = select(Place.name).where(col(Place.id).in_(places_within(top.id or 0)))
    names = [same_name(name) for name in session.exec(inside)]
    seen: set[str] = set()
    for one in (one for kind in LEVELS for one in levels[kind]):
        key = same_name(one.name)
        if key not in seen and names.count(key) > 1:
            yield one.name
        seen.add(key)
