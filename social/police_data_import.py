"""Takes what data.police.uk says of areas into our own tables: boundary, priorities, events, middle, and how many officers
can be contacted (D02, M15).

Reading and writing are apart: the service is asked first, with no transaction open, and then everything is written in
one. A trial writes nothing and tells the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session, select

from social.audit import record
from social.boundaries import PlaceBoundary
from social.boundaries_import import keep_boundary
from social.context import Context
from social.dry_run import DryRun
from social.errors import InputError
from social.geojson import NoBoundary, as_text, polygon_of
from social.places import Place, PlaceKind, find_or_add_place
from social.police_data import PoliceData
from social.police_data_areas import SOURCE, PoliceDataArea
from social.police_data_shapes import Neighbourhood, ReadEvent, ReadPriority
from social.police_data_sync import Sync, sync_events, sync_priorities
from social.staff import Action, Person, require

Progress = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is."""
_EARLIEST_YEAR = 1801


@dataclass(frozen=True)
class ReadArea:
    """What the service says of one neighbourhood.  boundary: GeoJSON as text, None where it has none that can be used."""

    about: Neighbourhood
    boundary: str | None
    priorities: tuple[ReadPriority, ...]
    events: tuple[ReadEvent, ...]
    contactable: int


@dataclass(frozen=True)
class TakenArea:
    """What became, or would become, of one area.  place: our name of it; added: it is new to our map.

    boundary: 'added', 'changed', 'unchanged', 'none' (the service has none) or 'own' (ours came from a file and stays).
    population: taken over, or None.  contactable: officers named with a way to reach them."""

    key: str
    place_id: int
    place: str
    added: bool
    boundary: str
    priorities: Sync
    events: Sync
    population: int | None
    contactable: int


@dataclass(frozen=True)
class Taken:
    """force: our name of it.  as_of: when the oldest answer was given that this rests on."""

    force: str
    areas: tuple[TakenArea, ...]
    as_of: datetime | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class Wanted:
    """What to take in.  force: the service's id.  name: of our force where none is there yet.

    chosen: which area of ours each neighbourhood is, by the service's id; None adds it to our map.
    population_year: of the populations that the service gives without one (D09); None leaves populations alone."""

    force: str
    name: str
    chosen: Mapping[str, int | None]
    top_id: int | None = None
    population_year: int | None = None
    areas: Sequence[ReadArea] = field(default=(), repr=False)


def read_areas(data: PoliceData, force: str, keys: Sequence[str], tell: Progress | None = None) -> list[ReadArea]:
    """Ask the service about each neighbourhood, five questions each.  Raises PoliceDataTrouble."""
    found = []
    for number, key in enumerate(keys):
        if tell is not None:
            tell("Reading data.police.uk", number, len(keys))
        found.append(read_area(data, force, key))
    if tell is not None:
        tell("Reading data.police.uk", len(keys), len(keys))
    return found


def read_area(data: PoliceData, force: str, key: str) -> ReadArea:
    corners = data.boundary(force, key)
    try:
        boundary = as_text(polygon_of(corners)) if corners is not None else None
    except NoBoundary:
        boundary = None
    # What we asked for is what it is: its own answer may spell the id in another way than the list.
    about = replace(data.neighbourhood(force, key), id=key)
    return ReadArea(about, boundary, data.priorities(force, key), data.events(force, key), data.contactable(force, key))


def take_in(
    context: Context, person: Person, wanted: Wanted, *, as_of: datetime | None = None, dry_run: bool = False
) -> Taken:
    """Write what was read, all of it or nothing.  dry_run: tell what would be, and keep nothing.

    Raises NotAllowed, and InputError for two neighbourhoods that are one area, and for a year that is none."""
    now = context.clock.now()
    twice = [place for place in wanted.chosen.values() if place is not None]
    if len(set(twice)) < len(twice):
        raise InputError("Two neighbourhoods are to be the same area. Choose one for each.")
    if wanted.population_year is not None and not _EARLIEST_YEAR <= wanted.population_year <= now.year:
        raise InputError(f"The year of the populations must be from {_EARLIEST_YEAR} to {now.year}.")
    try:
        with context.database.write() as session:
            require(session, person, Action.KEEP_PLACES, None)
            top = _our_force(session, now, wanted)
            areas = tuple(_take_one(session, now, wanted, top, one) for one in wanted.areas)
            _require_apart(areas)
            after = {"force": wanted.force, "areas": len(areas), "added": sum(one.added for one in areas),
                     "boundaries": sum(one.boundary in ("added", "changed") for one in areas),
                     "priorities": sum(one.priorities.changes for one in areas),
                     "events": sum(one.events.changes for one in areas)}  # fmt: skip
            record(session, now, actor=person, action="take in open data", subject=("place", top.id or 0), after=after)
            taken = Taken(top.name, areas, as_of, dry_run)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return taken


def _our_force(session: Session, now: datetime, wanted: Wanted) -> Place:
    top = session.get(Place, wanted.top_id) if wanted.top_id is not None else None
    if top is None:
        top = find_or_add_place(session, wanted.name, PlaceKind.FORCE)
    _join(session, now, top.id or 0, wanted.force, None)
    return top


def _take_one(session: Session, now: datetime, wanted: Wanted, top: Place, read: ReadArea) -> TakenArea:
    key = read.about.id
    place_id = wanted.chosen[key]
    place = session.get(Place, place_id) if place_id is not None else None
    if place_id is not None and place is None:
        raise InputError(f"The area chosen for '{read.about.name}' is not on the map any more. Choose again.")
    added = place is None
    place = place or find_or_add_place(session, read.about.name, PlaceKind.NEIGHBOURHOOD, top)
    _join(session, now, place.id or 0, wanted.force, key)
    population = read.about.population if wanted.population_year is not None else None
    if population is not None:
        place.population, place.population_year, place.population_source = population, wanted.population_year, SOURCE
    return keep_read(session, now, place, read, added=added, population=population)


def keep_read(
    session: Session, now: datetime, place: Place, read: ReadArea, *, added: bool = False, population: int | None = None
) -> TakenArea:
    """Write what was read of an area that is joined, in the caller's transaction."""
    number = place.id or 0
    if place.lat is None and read.about.middle is not None:
        place.lat, place.lon = read.about.middle
    session.add(place)
    joined = session.get(PoliceDataArea, number)
    assert joined is not None
    joined.read_at, joined.contactable = now, read.contactable
    session.add(joined)
    return TakenArea(
        read.about.id, number, place.name, added, _keep_boundary(session, now, number, read.boundary),
        sync_priorities(session, now, number, read.priorities), sync_events(session, now, number, read.events),
        population, read.contactable,
    )  # fmt: skip


def _keep_boundary(session: Session, now: datetime, place_id: int, boundary: str | None) -> str:
    there = session.get(PlaceBoundary, place_id)
    if there is not None and there.source != SOURCE:
        return "own"
    return "none" if boundary is None else keep_boundary(session, now, place_id, boundary, SOURCE)


def _require_apart(areas: Sequence[TakenArea]) -> None:
    """Raise InputError where two neighbourhoods ended in one area: two new ones of one name."""
    names: dict[int, str] = {}
    for one in areas:
        if one.place_id in names:
            raise InputError(
                f"data.police.uk calls two neighbourhoods '{one.place}' ({names[one.place_id]} and {one.key}). Choose an area "
                "for each, or leave one out."
            )
        names[one.place_id] = one.key


def _join(session: Session, now: datetime, place_id: int, force: str, key: str | None) -> None:
    """Note which area is which; what said otherwise before is gone, with what that area had from there: nothing reads it
    any more, and nobody could end it here."""
    same = select(PoliceDataArea).where(PoliceDataArea.force == force, PoliceDataArea.neighbourhood == key)
    for other in session.exec(same):
        if other.place_id != place_id:
            sync_priorities(session, now, other.place_id, ())
            sync_events(session, now, other.place_id, ())
            drawn = session.get(PlaceBoundary, other.place_id)
            if drawn is not None and drawn.source == SOURCE:
                session.delete(drawn)
            session.delete(other)
    session.flush()
    there = session.get(PoliceDataArea, place_id)
    if there is None:
        session.add(PoliceDataArea(place_id=place_id, force=force, neighbourhood=key))
    elif (there.force, there.neighbourhood) != (force, key):
        there.force, there.neighbourhood, there.read_at, there.contactable = force, key, None, None
        session.add(there)
    session.flush()
