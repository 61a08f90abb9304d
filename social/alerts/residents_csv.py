"""The file that residents come from and go into: one row a resident, read as it is written.

Lists in a cell are parted by semicolons. Topics, groups, languages and frequencies are their keys, or what residents read.
An area is its name, with its parent's before it where more than one has that name ('Oakenford Town > Riverside'), and
with a distance where one was chosen ('Hexley Moor (5 km)')."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from social.alerts.contacts import Contact, clean_contact
from social.alerts.joining import EVENT, OFFICER, WEBSITE
from social.alerts.residents import Frequency
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import FARTHEST, FREQUENCIES, LANGUAGES, MOST_AREAS, Preferences, choice_problems
from social.clock import LONDON, as_local
from social.csv_file import Row
from social.errors import InputError, Problem
from social.places import list_places, same_name

COLUMNS: dict[str, str] = {
    "email": "address; needed",
    "phone": "mobile number",
    "name": "how they want to be greeted",
    "topics": "topics, parted by semicolons; needed",
    "areas": "areas by name, parted by semicolons; needed",
    "groups": "groups, parted by semicolons",
    "frequency": "at_once, daily or weekly; empty means at_once",
    "ways": "email, text or both; empty means email",
    "phone_checked": "yes where the number is known to be theirs; without it nothing is texted",
    "lang": "en or cy; empty means en",
    "quiet": "quiet hours, such as 22:00-07:00",
    "consent_date": "when they agreed, as 2024-05-31 or with a time",
    "consent_source": "where they agreed",
}
NEEDED = ("email", "topics", "areas")
IMPORT = "import: "
"""What a source begins with that another system recorded."""
_AREA = re.compile(r"(?P<name>.*?)\s*(?:\(\s*(?P<km>\d{1,3}(?:\.\d+)?)\s*km\s*\))?")
_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|to)\s*(\d{1,2})[:.](\d{2})")
_LONGEST_SOURCE = 80
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


class Areas:
    """The map by what people call its areas."""

    def __init__(self, session: Session) -> None:
        places = {place.id: place for place in list_places(session) if place.id is not None}
        self._known: dict[str, set[int]] = {}
        self._names: dict[int, str] = {}
        for number, place in places.items():
            parent = places.get(place.parent_id or 0)
            long = f"{parent.name} > {place.name}" if parent is not None else place.name
            self._names[number] = long
            for name in {same_name(place.name), same_name(long)}:
                self._known.setdefault(name, set()).add(number)
        self._names = {n: places[n].name if len(self._known[same_name(places[n].name)]) == 1 else long
                       for n, long in self._names.items()}  # fmt: skip

    def named(self, name: str) -> set[int]:
        """Ids of the areas of that name; one, where it can be used."""
        return self._known.get(same_name(name), set())

    def name(self, place_id: int) -> str:
        """What the area is called so that `named` finds it alone, where the map allows that."""
        return self._names.get(place_id, "")


@dataclass(frozen=True)
class Given:
    """One row as it may be kept.  consent_at: None for nobody's word that they agreed."""

    row: int
    contact: Contact = field(repr=False)
    preferences: Preferences
    consent_at: datetime | None
    source: str
    phone_checked: bool


def read_row(row: Row, areas: Areas, now: datetime) -> Given | list[Problem]:
    """What a row says, or all that is wrong with it; no problem repeats an address, a number or a name."""
    problems: list[Problem] = []
    contact = Contact()
    try:
        contact = clean_contact(_plain(row["email"]), _plain(row["phone"]), _plain(row["name"]))
    except InputError as error:
        problems += error.problems
    chosen, wrong = _areas(row["areas"], areas)
    problems += wrong
    ways = {part.lower() for part in _parts(row["ways"])} or {"email"}
    checked = _yes(row["phone_checked"])
    wanted = Preferences(
        topics=tuple(_keys(row["topics"], TOPICS)),
        areas=chosen,
        groups=tuple(_keys(row["groups"], GROUPS)),
        frequency=next(iter(_keys(row["frequency"], FREQUENCIES)), Frequency.AT_ONCE.value),
        by_email="email" in ways,
        by_text="text" in ways,
        lang=next(iter(_keys(row["lang"], LANGUAGES)), "en"),
        quiet=_quiet(row["quiet"]),
    )
    problems += [*choice_problems(wanted, own_groups=True), *_cells(row, ways, checked, contact)]
    consent_at, wrong = _consent(row, now)
    problems += wrong
    if problems:
        return [Problem(one.message, row.number, one.column) for one in problems]
    return Given(row.number, contact, wanted, consent_at, source_named(row["consent_source"]), bool(checked))


def _cells(row: Row, ways: set[str], checked: bool | None, contact: Contact) -> Iterator[Problem]:
    if ways - {"email", "text"}:
        yield Problem("Ways are email and text, parted by a semicolon.", column="ways")
    if "text" in ways and not row["phone"]:
        yield Problem("Texts need a mobile number.", column="phone")
    if checked is None:
        yield Problem("Give yes or no.", column="phone_checked")
    if checked and not contact.phone and not row["phone"]:
        yield Problem("There is no number that could have been checked.", column="phone_checked")
    if row["quiet"] and _quiet(row["quiet"]) is None:
        yield Problem("Give quiet hours as 22:00-07:00.", column="quiet")


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _keys(cell: str, known: Mapping[str, str]) -> list[str]:
    """Keys for what stands there; what is neither key nor label stays as it is, and is then refused."""
    labels = {same_name(label): key for key, label in known.items()}
    found = []
    for part in _parts(cell):
        key = part.lower().replace(" ", "_")
        found.append(key if key in known else labels.get(same_name(part), key))
    return found


def _areas(cell: str, areas: Areas) -> tuple[dict[int, float], list[Problem]]:
    chosen: dict[int, float] = {}
    problems: list[Problem] = []
    for part in _parts(cell):
        match = _AREA.fullmatch(part)
        name, km = (match["name"], float(match["km"] or 0)) if match is not None else (part, 0.0)
        found = areas.named(name)
        if len(found) == 1:
            chosen[next(iter(found))] = km
        elif found:
            problems.append(Problem(f"More than one area is called '{name}'. Put the name of what it lies in before it: "
                                    f"'... > {name}'.", column="areas"))  # fmt: skip
        else:
            problems.append(Problem(f"'{name}' is no area of the force's map.", column="areas"))
        if km > FARTHEST:
            problems.append(Problem(f"Give a distance of 0 to {FARTHEST:.0f} km.", column="areas"))
    if not chosen and not problems:
        problems.append(Problem("Name at least one area.", column="areas"))
    if len(chosen) > MOST_AREAS:
        problems.append(Problem(f"Name {MOST_AREAS} areas at most, or a larger one that holds them.", column="areas"))
    return chosen, problems


def _yes(cell: str) -> bool | None:
    answers = {"": False, "no": False, "yes": True, "false": False, "true": True}
    return answers.get(cell.lower())


def _plain(cell: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("+", "-", "=", "@") else cell


def _quiet(cell: str) -> tuple[int, int] | None:
    match = _HOURS.fullmatch(cell.strip())
    if match is None:
        return None
    hours = [int(part) for part in match.groups()]
    if hours[1] > 59 or hours[3] > 59:
        return None
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]


def _consent(row: Row, now: datetime) -> tuple[datetime | None, list[Problem]]:
    date, source = row["consent_date"], row["consent_source"]
    if not date and not source:
        return None, []
    problems = []
    if len(source) > _LONGEST_SOURCE or not source.isprintable():
        problems.append(
            Problem(f"Name where they agreed in at most {_LONGEST_SOURCE} letters.", column="consent_source")
        )
    if not source:
        problems.append(Problem("Say where they agreed: a date alone shows nothing.", column="consent_source"))
    moment = _moment(date)
    if moment is None or not _OLDEST <= moment <= now + timedelta(minutes=5):
        problems.append(Problem("Give the day they agreed, as 2024-05-31; not one to come.", column="consent_date"))
    return moment, problems


def _moment(cell: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def source_named(given: str) -> str:
    """The source as it is kept: our own as they are, every other as one that was brought in."""
    own = given in (WEBSITE, OFFICER) or given.startswith((EVENT, IMPORT))
    return given if own else f"{IMPORT}{given}"


def written(contact: Contact, chosen: Preferences, areas: Areas, consent_at: datetime, source: str, *, checked: bool) -> list[str]:  # fmt: skip
    """The cells of one resident, in the order of `COLUMNS`."""
    places = [f"{areas.name(one)} ({km:g} km)" if km else areas.name(one) for one, km in chosen.areas.items()]
    quiet = (
        "{:02}:{:02}-{:02}:{:02}".format(*divmod(chosen.quiet[0], 60), *divmod(chosen.quiet[1], 60))
        if chosen.quiet
        else ""
    )
    ways = [way for way, wanted in (("email", chosen.by_email), ("text", chosen.by_text)) if wanted]
    return [
        contact.email, contact.phone, contact.name, "; ".join(chosen.topics), "; ".join(places),
        "; ".join(chosen.groups), chosen.frequency, "; ".join(ways), "yes" if checked else "no", chosen.lang, quiet,
        as_local(consent_at).isoformat(), source,
    ]  # fmt: skip
