"""Woldershire Police: an invented force, so that nobody's real place, name or figure is ever shown by accident (D05)."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from social.places import Place, PlaceKind, find_or_add_place, places_named
from social.practice.police_data_map import MIDDLES
from social.staff import Membership, Person, Role, find_or_add_person

FORCE = "Woldershire Police"
POPULATION_SOURCE = "invented for practice"
POPULATION_YEAR = 2025
AWARENESS_DAYS = Path(__file__).parent / "awareness_days.csv"
"""Days that forces in England and Wales keep, for `beatline import awareness`."""

AREAS: dict[str, dict[str, dict[str, dict[str, int]]]] = {
    "North Division": {
        "Oakenford": {
            "Oakenford Town team": {"Oakenford Town": 14200, "Larkfield Rise": 6900},
            "Marlpit team": {"Marlpit End": 8100, "Copperbeck": 9700},
        },
    },
    "South Division": {
        "Stonemere": {
            "Stonemere team": {"Stonemere": 11800, "Thornleigh Vale": 7600},
        },
        "Skelby Moor": {
            "Skelby Moor rural team": {"Nether Skelby": 3100, "Hexley Moor": 4200, "Elderwick": 5400},
        },
    },
}
"""Division > section > team > neighbourhood: residents."""


@dataclass(frozen=True)
class Staff:
    """The people of the demo.  first and second: digital PCSOs who write posts."""

    first: Person
    second: Person
    supervisor: Person
    corporate: Person


def add_places(session: Session) -> None:
    """The whole map, once; running it again changes nothing."""
    force = find_or_add_place(session, FORCE, PlaceKind.FORCE)
    for division_name, sections in AREAS.items():
        division = find_or_add_place(session, division_name, PlaceKind.DIVISION, force)
        for section_name, teams in sections.items():
            section = find_or_add_place(session, section_name, PlaceKind.SECTION, division)
            for team_name, neighbourhoods in teams.items():
                team = find_or_add_place(session, team_name, PlaceKind.TEAM, section)
                for name, residents in neighbourhoods.items():
                    _add_neighbourhood(session, team, name, residents)


def _add_neighbourhood(session: Session, team: Place, name: str, residents: int) -> None:
    place = find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, team)
    place.population = residents
    place.population_year = POPULATION_YEAR
    place.population_source = POPULATION_SOURCE
    place.lat, place.lon = MIDDLES[name]
    session.add(place)


def add_staff(session: Session) -> Staff:
    """One person for each way of working with Beatline."""

    def person(local: str, name: str, role: Role) -> Person:
        return find_or_add_person(session, f"{local}@woldershire.example", role, name)

    staff = Staff(
        first=person("nia.abbot", "Nia Abbot", Role.AUTHOR),
        second=person("tom.askew", "Tom Askew", Role.AUTHOR),
        supervisor=person("ruth.lane", "Ruth Lane", Role.SUPERVISOR),
        corporate=person("joel.marsh", "Joel Marsh", Role.CORPORATE),
    )
    person("desk", "Contact desk", Role.CONTACT_DESK)
    person("records", "Records officer", Role.RECORDS)
    person("priya.holt", "Priya Holt", Role.READER)
    person("admin", "Administrator", Role.ADMINISTRATOR)
    return staff


BEATS = {"nia.abbot": "South Division", "ruth.lane": "South Division", "priya.holt": "Copperbeck"}
"""Who acts for an area and not for the whole force, and for which. Tom Askew writes for the whole force."""


def give_areas(session: Session) -> None:
    """Bind the people of the demo to their areas, once what they do for the set-up is done; again, it changes nothing."""
    for local, name in BEATS.items():
        person = session.exec(select(Person).where(col(Person.email) == f"{local}@woldershire.example")).one()
        (place,) = places_named(session, name)
        session.merge(Membership(person_id=person.id or 0, place_id=place.id or 0))
