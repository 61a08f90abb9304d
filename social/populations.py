"""Residents of each area, from a file: a number with its year and source, or unknown (D09)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from social.audit import record
from social.context import Context
from social.csv_file import Row, read_rows
from social.dry_run import DryRun
from social.errors import InputError, Problem
from social.near_words import suggestion
from social.places import Place, PlaceKind, force_name, list_places, places_within, same_name
from social.staff import Action, Person, require

COLUMNS: dict[str, str] = {
    "name": "name of the area",
    "population": "residents; 0 or nothing is unknown",
    "year": "year that the number is of",
    "source": "who counted or estimated them",
    "kind": "force, division, section, team or neighbourhood, where several areas have the name",
    "within": "an area that it lies in, where several areas have the name",
}
_EARLIEST, _LARGEST = 1801, 20_000_000
"""The first census, and more than any one force has."""
LONGEST_SOURCE = 200


@dataclass(frozen=True)
class Population:
    """A row that can be read.  population: residents, >= 1; None is unknown, and year and source with it."""

    row: Row
    population: int | None
    year: int | None
    source: str | None


def read_populations(path: Path, this_year: int, *, source: str = "") -> list[Population]:
    """The rows of the file.  source: of the rows that name none; then the column may be missing.

    Raises InputError with every problem of every row."""
    needed = ("name", "population", "year") if source else ("name", "population", "year", "source")
    rows = read_rows(path, needed=needed, known=tuple(COLUMNS))
    rows = [Row(row.number, {**row.cells, "source": row["source"] or source}) for row in rows]
    problems = [problem for row in rows for problem in _problems(row, this_year)]
    if problems:
        raise _of_population(problems)
    return [
        Population(row, number, int(row["year"]), row["source"]) if number else Population(row, None, None, None)
        for row, number in ((row, int(_digits(row["population"]))) for row in rows)
    ]


def import_populations(
    context: Context, path: Path, person: Person, *, source: str = "", force: str | None = None, dry_run: bool = False
) -> tuple[int, int]:
    """Set the residents of areas from a file.  Returns (rows, areas that have another figure now).

    source, as in `read_populations`.  force: whose areas, where there are several.  dry_run: keep nothing.
    Raises NotAllowed, or InputError with every problem; then all is as before."""
    figures = read_populations(path, context.clock.now().year, source=" ".join(source.split()))
    try:
        with context.database.write() as session:
            require(session, person, Action.KEEP_PLACES, None)
            top = the_force(session, force)
            changed = set_populations(session, context.clock.now(), person, top, figures)
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return len(figures), changed


def the_force(session: Session, name: str | None) -> Place:
    """The force of that name, with or without ' Police'; None is the only one.  Raises InputError where there is none."""
    forces = list_places(session, PlaceKind.FORCE)
    found = [one for one in forces if name is None or force_name(one.name) == force_name(name)]
    if len(found) == 1:
        return found[0]
    if not forces:
        raise InputError("There is no area yet. Bring in the force's teams first: `beatline import teams FILE`.")
    raise InputError(f"Say which force with --force NAME. There are {', '.join(one.name for one in forces)}.")


def set_populations(session: Session, now: datetime, person: Person, top: Place, figures: Sequence[Population]) -> int:
    """Set them in the caller's transaction.  top: the force.  Returns how many areas have another figure now.

    Raises NotAllowed, or InputError for names that no area, or more than one, has."""
    if not figures:
        return 0
    require(session, person, Action.KEEP_PLACES, None)
    inside = select(Place).where(col(Place.id).in_(places_within(top.id or 0))).order_by(col(Place.id))
    places = {place.id or 0: place for place in session.exec(inside)}
    problems, before, after = list[Problem](), dict[str, list[int | str | None]](), dict[str, list[int | str | None]]()
    met: dict[int, int] = {}
    for one in figures:
        found = area_meant(one.row, places)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.id in met:
            problems.append(Problem(f"Row {met[found.id]} is about the same area.", one.row.number, "name"))
        else:
            met[found.id or 0] = one.row.number
            was = [found.population, found.population_year, found.population_source]
            said = [one.population, one.year, one.source]
            if was != said:
                before[str(found.id)], after[str(found.id)] = was, said
                found.population, found.population_year, found.population_source = one.population, one.year, one.source
                session.add(found)
    if problems:
        raise _of_population(problems)
    if after:
        record(session, now, actor=person, action="set populations", subject=("place", top.id or 0), before=before,
               after=after)  # fmt: skip
    return len(after)


def _of_population(problems: Sequence[Problem]) -> InputError:
    """The same problems, each naming the file: two files were given."""
    return InputError(*(Problem(f"{p.message} (population file)", p.row, p.column) for p in problems))


def _digits(cell: str) -> str:
    """'14,200' and '14 200' as 14200; nothing as 0."""
    return re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3}(?!\d))", "", cell) or "0"


def _problems(row: Row, this_year: int) -> Iterator[Problem]:
    if not row["name"]:
        yield Problem("It is empty. Fill it in.", row.number, "name")
    if row["kind"] and row["kind"].lower() not in set(PlaceKind):
        yield Problem(f"'{row['kind']}' is not known. {suggestion(row['kind'].lower(), PlaceKind)}", row.number, "kind")
    digits = _digits(row["population"])
    if not re.fullmatch(r"\d{1,8}", digits, re.ASCII) or int(digits) > _LARGEST:
        message = (
            f"'{row['population']}' is no number of residents. Give a whole number, or nothing where it is unknown."
        )
        yield Problem(message, row.number, "population")
    elif int(digits):
        if not re.fullmatch(r"\d{4}", row["year"], re.ASCII) or not _EARLIEST <= int(row["year"]) <= this_year:
            message = f"'{row['year']}' is no year from {_EARLIEST} to {this_year}. Say which year the number is of."
            yield Problem(message, row.number, "year")
        if not row["source"]:
            yield Problem("Say who counted or estimated them.", row.number, "source")
        elif len(row["source"]) > LONGEST_SOURCE or not row["source"].isprintable():
            yield Problem(f"Give up to {LONGEST_SOURCE} letters on one line.", row.number, "source")


def area_meant(row: Row, places: dict[int, Place]) -> Place | Problem:
    """The one area that the row names, or what to say when it names none or several."""
    named = [place for place in places.values() if same_name(place.name) == same_name(row["name"])]
    found = [
        place
        for place in named
        if (not row["kind"] or place.kind == row["kind"].lower())
        and (not row["within"] or same_name(row["within"]) in _above(place, places))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        kinds = ", ".join(f"a {place.kind} in {_parent_name(place, places)}" for place in found)
        return Problem(
            f"{len(found)} areas are called '{row['name']}': {kinds}. Say which in the columns 'kind' and 'within'.",
            row.number,
            "name",
        )
    if named:
        return Problem(f"No area called '{row['name']}' is of that kind or lies there.", row.number, "name")
    near = suggestion(row["name"], [place.name for place in places.values()])
    hint = near if near.startswith("Did") else "Write it as the file of teams does."
    return Problem(f"There is no area called '{row['name']}'. {hint}", row.number, "name")


def _parent_name(place: Place, places: dict[int, Place]) -> str:
    return places[place.parent_id].name if place.parent_id in places else "nothing"


def _above(place: Place, places: dict[int, Place]) -> set[str]:
    """Names, as `same_name` has them, of all that the area lies in."""
    names: set[str] = set()
    parent = places.get(place.parent_id or 0)
    while parent is not None and same_name(parent.name) not in names:
        names.add(same_name(parent.name))
        parent = places.get(parent.parent_id or 0)
    return names
