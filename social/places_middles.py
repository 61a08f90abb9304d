"""Takes the middles of areas from the force's file of teams, so that residents can ask for what happens near (R25: no
home of a resident is kept; distances are between areas)."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from social.csv_file import Row
from social.errors import Problem
from social.places import PlaceKind
from social.places_matching import Levels

COLUMNS: dict[str, str] = {
    "lat": "latitude of the team's middle in degrees, such as 53.05; with lon, or empty",
    "lon": "longitude of the team's middle in degrees, such as -1.75",
}
_MOST = {"lat": 90.0, "lon": 180.0}


def middle_problems(row: Row) -> Iterator[Problem]:
    """What is wrong with the middle that a row gives."""
    if bool(row["lat"]) != bool(row["lon"]):
        missing = "lon" if row["lat"] else "lat"
        yield Problem("Give latitude and longitude, or neither.", row.number, missing)
    for column, most in _MOST.items():
        if row[column] and _degrees(row[column], most) is None:
            yield Problem(f"Give degrees as a number from -{most:.0f} to {most:.0f}.", row.number, column)


def set_middles(session: Session, rows: Sequence[Row], levels: Levels) -> int:
    """Keep the middles of teams whose places are known.  Returns how many were set or changed; empty cells change none."""
    by_number = {row.number: row for row in rows}
    changed = 0
    for one in levels[PlaceKind.TEAM]:
        row = by_number[one.row]
        middle = _degrees(row["lat"], _MOST["lat"]), _degrees(row["lon"], _MOST["lon"])
        if one.place is None or None in middle or (one.place.lat, one.place.lon) == middle:
            continue
        one.place.lat, one.place.lon = middle
        session.add(one.place)
        changed += 1
    return changed


def _degrees(cell: str, most: float) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if -most <= number <= most else None
