"""What a resident can ask for, checked in one place: by the public page, the officer's form, the import and the settings
page alike (R30)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, delete, select

from social.alerts.residents import Frequency, Resident, ResidentArea, ResidentGroup, ResidentTopic
from social.alerts.topics import GROUPS, TOPICS
from social.errors import Problem
from social.places import Place

LANGUAGES: dict[str, str] = {"en": "English", "cy": "Cymraeg (Welsh)"}
FREQUENCIES: dict[str, str] = {
    Frequency.AT_ONCE.value: "At once",
    Frequency.DAILY.value: "Once a day, at 07:30",
    Frequency.WEEKLY.value: "Once a week, on Monday at 07:30",
}
DISTANCES: tuple[float, ...] = (0, 2, 5, 10, 20)
"""Kilometres around an area that forms offer; 0 is the area alone."""
FARTHEST = 50.0
MOST_AREAS = 20
_OWN_GROUP = re.compile(r"[a-z][a-z0-9_]{1,39}")
_DAY = 24 * 60


@dataclass(frozen=True)
class Preferences:
    """topics: keys of `TOPICS`.  areas: place id -> kilometres around it, 0 for it alone.  groups: keys of `GROUPS`.

    frequency: a `Frequency`.  by_text takes hold once the number is known to be theirs.  quiet: minutes after midnight,
    local time, from and to (to may lie before from: past midnight); None for no quiet hours."""

    topics: tuple[str, ...]
    areas: Mapping[int, float]
    groups: tuple[str, ...] = ()
    frequency: str = Frequency.AT_ONCE.value
    by_email: bool = True
    by_text: bool = False
    lang: str = "en"
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True)
class Wishes:
    """What somebody signs up with.  email, phone, name: as they were typed; phone and name may be ''."""

    preferences: Preferences
    email: str = field(repr=False)
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


def problems_of(session: Session, wanted: Preferences, *, own_groups: bool = False) -> list[Problem]:
    """Everything that cannot be kept, by field; [] when all is well.  own_groups: groups of the force's own may be new."""
    return [*_choices(wanted, own_groups), *_areas(session, wanted), *_quiet(wanted)]


def choice_problems(wanted: Preferences, *, own_groups: bool = False) -> list[Problem]:
    """`problems_of` but for the areas, which take a look at the map."""
    return [*_choices(wanted, own_groups), *_quiet(wanted)]


def _choices(wanted: Preferences, own_groups: bool) -> Iterator[Problem]:
    if not wanted.topics:
        yield Problem("Choose at least one topic.", column="topics")
    if any(one not in TOPICS for one in wanted.topics):
        yield Problem(f"Topics are: {', '.join(TOPICS)}.", column="topics")
    if any(one not in GROUPS and not (own_groups and _OWN_GROUP.fullmatch(one)) for one in wanted.groups):
        yield Problem(f"Groups are: {', '.join(GROUPS)}.", column="groups")
    if wanted.frequency not in FREQUENCIES:
        yield Problem(f"Frequencies are: {', '.join(FREQUENCIES)}.", column="frequency")
    if wanted.lang not in LANGUAGES:
        yield Problem(f"Languages are: {', '.join(LANGUAGES)}.", column="lang")
    if not (wanted.by_email or wanted.by_text):
        yield Problem("Choose at least one way to be told. To be told nothing more, leave.", column="ways")


def _areas(session: Session, wanted: Preferences) -> Iterator[Problem]:
    if not wanted.areas:
        yield Problem("Choose at least one area.", column="areas")
    if len(wanted.areas) > MOST_AREAS:
        yield Problem(f"Choose {MOST_AREAS} areas at most, or a larger one that holds them.", column="areas")
        return
    known = set(session.exec(select(Place.id).where(col(Place.id).in_(list(wanted.areas)))))
    if set(wanted.areas) - known:
        yield Problem("One of the areas is not on the force's map. Choose from the list.", column="areas")
    if any(not 0 <= km <= FARTHEST for km in wanted.areas.values()):
        yield Problem(f"Give a distance of 0 to {FARTHEST:.0f} kilometres.", column="within_km")


def _quiet(wanted: Preferences) -> Iterator[Problem]:
    if wanted.quiet is None:
        return
    start, end = wanted.quiet
    if not (0 <= start < _DAY and 0 <= end < _DAY) or start == end:
        yield Problem("Give two different times of the day for quiet hours, such as 22:00 to 07:00.", column="quiet")


def put_preferences(session: Session, resident: Resident, wanted: Preferences) -> None:
    """Write all of them in place of what was kept, in the caller's transaction. They have been checked.

    by_text is kept only where the number is known to be the resident's."""
    assert resident.id is not None
    resident.frequency, resident.lang = wanted.frequency, wanted.lang
    resident.by_text = wanted.by_text and resident.phone_checked_at is not None
    resident.by_email = wanted.by_email or not resident.by_text
    resident.quiet_from, resident.quiet_to = wanted.quiet or (None, None)
    session.add(resident)
    drop_choices(session, [resident.id])
    session.add_all(ResidentTopic(resident_id=resident.id, topic=one) for one in set(wanted.topics))
    session.add_all(ResidentArea(resident_id=resident.id, place_id=one, within_km=km)
                    for one, km in wanted.areas.items())  # fmt: skip
    session.add_all(ResidentGroup(resident_id=resident.id, group=one) for one in set(wanted.groups))
    session.flush()


def drop_choices(session: Session, resident_ids: list[int]) -> None:
    """Take away what these residents chose: topics, areas, groups."""
    for table in (ResidentTopic, ResidentArea, ResidentGroup):
        session.exec(delete(table).where(col(table.resident_id).in_(resident_ids)))


def preferences_of(session: Session, resident: Resident) -> Preferences:
    """What a resident chose; no topic and no area for somebody who left."""
    topics = select(ResidentTopic.topic).where(ResidentTopic.resident_id == resident.id)
    areas = select(ResidentArea.place_id, ResidentArea.within_km).where(ResidentArea.resident_id == resident.id)
    groups = select(ResidentGroup.group).where(ResidentGroup.resident_id == resident.id)
    quiet = None
    if resident.quiet_from is not None and resident.quiet_to is not None:
        quiet = resident.quiet_from, resident.quiet_to
    return Preferences(
        topics=tuple(sorted(session.exec(topics))),
        areas=dict(sorted((place_id, km) for place_id, km in session.exec(areas))),
        groups=tuple(sorted(session.exec(groups))),
        frequency=resident.frequency,
        by_email=resident.by_email,
        by_text=resident.by_text,
        lang=resident.lang,
        quiet=quiet,
    )
