"""Brings in a force's own map from a file of teams: all rows or none, every problem named; a second time adds nothing.

A row is a team, not a neighbourhood as well: two areas of one name could not be told apart by the name that a post or a
command gives. A neighbourhood of the team's name that a post brought in by itself, directly under the force, becomes
the team, and what was posted about it stays with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from social.audit import record
from social.context import Context
from social.csv_file import Row, digest_of, read_rows
from social.dry_run import DryRun
from social.errors import InputError, Problem
from social.places import Place, PlaceKind, find_or_add_place, force_name, list_places, same_name
from social.places_matching import (
    LEVELS,
    Levels,
    Wanted,
    loose_neighbourhood,
    match,
    shared_names,
    told,
    wanted_areas,
)
from social.places_middles import COLUMNS as MIDDLES
from social.places_middles import middle_problems, set_middles
from social.populations import read_populations, set_populations
from social.staff import Action, Person, require

COLUMNS: dict[str, str] = {
    "division": "division that the section belongs to",
    "section": "section that the team belongs to",
    "team": "name of the team, as it is printed",
    "spelling_note": "read by people",
    **MIDDLES,
}
NEEDED = ("division", "section", "team")
LONGEST = 200


@dataclass(frozen=True)
class Move:
    """An area that lies elsewhere now.  before, after: names of what it lay in and of what it lies in."""

    kind: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class TeamsReport:
    """rows: read.  divisions, sections, teams: how many were added.  taken_over: neighbourhoods that became teams.
    populations, middles: how many were set or changed.  shared: names that more than one area of the force has now."""

    force: str
    rows: int
    divisions: int
    sections: int
    teams: int
    taken_over: tuple[str, ...]
    moved: tuple[Move, ...]
    populations: int
    shared: tuple[str, ...]
    middles: int = 0


@dataclass
class _Kept:
    """added: how many of each kind.  taken_over: names of neighbourhoods that became teams, by id."""

    added: dict[str, int] = field(default_factory=lambda: {kind.value: 0 for kind in LEVELS})
    taken_over: dict[str, str] = field(default_factory=dict)
    moved: list[Move] = field(default_factory=list)


def import_teams(
    context: Context,
    path: Path,
    person: Person,
    *,
    force: str | None = None,
    population: Path | None = None,
    move: bool = False,
    dry_run: bool = False,
) -> TeamsReport:
    """Take every team of the file into the map. Areas that it does not name stay.

    force: its name, added when it is new; None is the only one there is.  population: a file of residents by area.
    move: move what lies elsewhere by now.  dry_run: find every problem and keep nothing.
    Raises NotAllowed, or InputError with every problem of every row; then the map is as before."""
    rows = read_rows(path, needed=NEEDED, known=tuple(COLUMNS))
    problems = [problem for row in rows for problem in (*_cells(row), *middle_problems(row))] + list(_repeated(rows))
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: problem.row or 0))
    figures = read_populations(population, context.clock.now().year) if population is not None else []
    try:
        with context.database.write() as session:
            require(session, person, Action.KEEP_PLACES, None)
            now, top, levels = context.clock.now(), _force(session, force), wanted_areas(rows)
            kept = _keep(session, now, person, top, levels, move=move, digest=digest_of(path))
            changed = set_populations(session, now, person, top, figures)
            report = TeamsReport(
                force=top.name,
                rows=len(rows),
                divisions=kept.added["division"],
                sections=kept.added["section"],
                teams=kept.added["team"],
                taken_over=tuple(kept.taken_over.values()),
                moved=tuple(kept.moved),
                populations=changed,
                middles=set_middles(session, rows, levels),
                shared=tuple(shared_names(session, top, levels)),
            )
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return report


def _keep(
    session: Session, now: datetime, person: Person, top: Place, levels: Levels, *, move: bool, digest: str
) -> _Kept:
    """Write the areas, level by level.  Raises InputError with what lies elsewhere, unless it may be moved."""
    kept, problems = _Kept(), list[Problem]()
    for kind in LEVELS:
        moving, unsure = match(session, top, levels[kind], kind)
        problems += unsure if move else unsure + [told(session, one, top) for one in moving]
        for one in levels[kind]:
            parent = top if one.parent is None else one.parent.place
            assert parent is not None
            if one.place is None:
                _add(session, top, one, parent, kept)
            elif one in moving:
                kept.moved.append(_move(session, now, person, one.place, parent))
    if problems:
        raise InputError(*sorted(problems, key=lambda problem: problem.row or 0))
    after = {"added": kept.added, "taken_over": sorted(kept.taken_over), "moved": len(kept.moved), "file": digest}
    record(session, now, actor=person, action="import teams", subject=("place", top.id or 0), after=after)
    return kept


def _add(session: Session, top: Place, one: Wanted, parent: Place, kept: _Kept) -> None:
    loose = loose_neighbourhood(session, top, one.name) if one.kind is PlaceKind.TEAM else None
    if loose is None:
        one.place = find_or_add_place(session, one.name, one.kind, parent)
        kept.added[one.kind.value] += 1
        return
    loose.kind, loose.name, loose.parent_id = one.kind.value, one.name, parent.id
    session.add(loose)
    session.flush()
    one.place = loose
    kept.taken_over[str(loose.id)] = one.name


def _move(session: Session, now: datetime, person: Person, place: Place, parent: Place) -> Move:
    before = session.get(Place, place.parent_id) if place.parent_id is not None else None
    record(session, now, actor=person, action="move area", subject=("place", place.id or 0), place_id=place.id,
           before={"parent": place.parent_id}, after={"parent": parent.id})  # fmt: skip
    place.parent_id = parent.id
    session.add(place)
    session.flush()
    return Move(place.kind, place.name, before.name if before else "", parent.name)


def _force(session: Session, name: str | None) -> Place:
    """The force of that name, with or without ' Police', added when it is new."""
    forces = list_places(session, PlaceKind.FORCE)
    if name is None:
        if len(forces) == 1:
            return forces[0]
        known = f" There are {', '.join(one.name for one in forces)}." if forces else ""
        raise InputError(f"Say whose teams these are with --force NAME.{known}")
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST or not shown.isprintable():
        raise InputError(f"A force has a name of up to {LONGEST} letters. Give it with --force NAME.")
    found = [one for one in forces if force_name(one.name) == force_name(shown)]
    return found[0] if found else find_or_add_place(session, shown, PlaceKind.FORCE)


def _cells(row: Row) -> Iterator[Problem]:
    for column in NEEDED:
        cell = row[column]
        if not cell:
            yield Problem("It is empty. Fill it in.", row.number, column)
        elif not " ".join(cell.split()).isprintable():
            yield Problem("It holds a sign that cannot be seen. Type the name again.", row.number, column)
        elif len(cell) > LONGEST:
            yield Problem(f"It has {len(cell)} letters; a name has {LONGEST} at most.", row.number, column)


def _repeated(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        path = tuple(same_name(row[column]) for column in NEEDED)
        if all(path) and path in first:
            yield Problem(f"Row {first[path]} names the same team. Keep one of the two.", row.number, "team")
        first.setdefault(path, row.number)
