"""Whom an alert is for: residents who asked for its topic and its area, and no others (R30).

Being urgent changes when and by which way somebody is told, never who is told."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from social.alerts.fatigue import told_enough
from social.alerts.near import kilometres
from social.alerts.residents import Frequency, Resident, ResidentArea, ResidentGroup, ResidentState, ResidentTopic
from social.alerts.topics import TOPICS
from social.errors import InputError
from social.places import Place

LANGUAGES = ("en", "cy")
LONGEST_GROUP = 60


@dataclass(frozen=True)
class Audience:
    """Residents who chose this topic and one of these areas.

    topic: a key of `topics.TOPICS`; '' for any, which no alert may have (`require_sound`) and an invitation to a survey
    does.  place_ids: areas that it is about; () for none yet, and then it is for nobody.
    places_out: areas within those whose own residents are left out.  groups_in: only members of any of these, () for
    everybody.  groups_out: nobody of these.  languages: en, cy; () for every language."""

    topic: str
    place_ids: tuple[int, ...] = ()
    places_out: tuple[int, ...] = ()
    groups_in: tuple[str, ...] = ()
    groups_out: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As it is kept; the same audience is the same text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Reach:
    """By which ways residents may be told.  texts: whether the account can text; only an urgent alert does (R30)."""

    urgent: bool = False
    texts: bool = False


@dataclass(frozen=True)
class AudienceSize:
    """How many an alert would tell now.

    members: at_once, daily and weekly together, without those skipped.  by_mail, by_text: of those told at once, by
    which way; somebody who chose both is in both.  skipped: have been told enough this week (`fatigue`), and the last
    moment at which any of them was."""

    members: int = 0
    at_once: int = 0
    daily: int = 0
    weekly: int = 0
    by_mail: int = 0
    by_text: int = 0
    skipped: int = 0
    skipped_told_at: datetime | None = None


def audience_from(text: str) -> Audience:
    """What `to_json` wrote, or somebody else.  Raises InputError for anything else, unknown topics included."""
    try:
        given = json.loads(text)
        known = {one.name for one in fields(Audience)}
        if not isinstance(given, dict) or not given.keys() <= known:
            raise ValueError
        lists = {name: tuple(value) for name, value in given.items() if name != "topic"}
        if any(not isinstance(value, list) for name, value in given.items() if name != "topic"):
            raise ValueError
        audience = Audience(topic=given.get("topic", ""), **lists)
    except (ValueError, TypeError):
        raise InputError("This is no audience: give JSON with topic, place_ids and the groups.") from None
    require_sound(audience)
    return audience


def require_sound(audience: Audience) -> None:
    """Raise InputError for what no resident could have chosen."""
    wrong = []
    if audience.topic not in TOPICS:
        wrong.append(f"Choose a topic: {', '.join(TOPICS)}.")
    if any(type(one) is not int or one < 1 for one in (*audience.place_ids, *audience.places_out)):
        wrong.append("An area of an audience is given by its number.")
    groups = (*audience.groups_in, *audience.groups_out)
    if any(not isinstance(one, str) or not 0 < len(one) <= LONGEST_GROUP for one in groups):
        wrong.append(f"A group's name has 1 to {LONGEST_GROUP} characters.")
    if any(one not in LANGUAGES for one in audience.languages):
        wrong.append(f"The languages of an audience are {' and '.join(LANGUAGES)}.")
    if wrong:
        raise InputError(*wrong)


def members_query(session: Session, audience: Audience, reach: Reach) -> Any:
    """A query for residents' ids, one a resident: confirmed, asked for the topic and the area, can be reached.

    One statement; the areas that lie above, beneath and near are looked up before (the map is small)."""
    return select(col(Resident.id)).where(*conditions(session, audience, reach))


def anybody(session: Session, audience: Audience, reach: Reach) -> bool:
    """Whether it is for anybody at all."""
    return session.connection().execute(members_query(session, audience, reach).limit(1)).first() is not None


def texts_to_send(session: Session, audience: Audience) -> int:
    """How many would be texted now if it were urgent, by an account that can."""
    reach = Reach(urgent=True, texts=True)
    where = (*conditions(session, audience, reach), by_text(reach))
    return session.exec(select(func.count()).select_from(Resident).where(*where)).one()


def conditions(session: Session, audience: Audience, reach: Reach) -> tuple[ColumnElement[bool], ...]:
    """What makes a row of `resident` a member, for queries that want more than ids."""
    mine = col(Resident.id)
    chose = exists().where(col(ResidentTopic.resident_id) == mine, col(ResidentTopic.topic) == audience.topic)
    where = [
        col(Resident.state) == ResidentState.CONFIRMED.value,
        *([chose] if audience.topic else []),
        exists().where(col(ResidentArea.resident_id) == mine, _concerns(session, audience)),
        or_(by_mail(), by_text(reach)),
    ]
    if audience.groups_in:
        where.append(_in_any(audience.groups_in))
    if audience.groups_out:
        where.append(~_in_any(audience.groups_out))
    if audience.languages:
        where.append(col(Resident.lang).in_(audience.languages))
    return tuple(where)


def by_mail() -> ColumnElement[bool]:
    """The resident wants mail, and it arrives."""
    return and_(
        col(Resident.by_email).is_(True), col(Resident.email_key).is_not(None), col(Resident.email_stopped_at).is_(None)
    )


def by_text(reach: Reach) -> ColumnElement[bool]:
    """The resident may be texted now: urgent, the account can, they want texts, and the number is theirs."""
    if not (reach.urgent and reach.texts):
        return false()
    return and_(
        col(Resident.by_text).is_(True),
        col(Resident.phone_key).is_not(None),
        col(Resident.phone_checked_at).is_not(None),
        col(Resident.text_stopped_at).is_(None),
    )


def _in_any(groups: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(col(ResidentGroup.resident_id) == col(Resident.id), col(ResidentGroup.group).in_(groups))


def _concerns(session: Session, audience: Audience) -> ColumnElement[bool]:
    """A row of `resident_area` that one of the audience's areas is the same as, lies beneath, above, or near."""
    places = {place.id: place for place in session.exec(select(Place)) if place.id is not None}
    about = beneath(places, audience.place_ids)
    left_out = beneath(places, audience.places_out)
    matched = (about | _above(places, audience.place_ids)) - left_out
    near = _near(session, places, about - left_out, matched | left_out)
    # The sum keeps planners from one look at the index for each area and resident: a resident has a few areas, the
    # audience may have hundreds.
    chosen = col(ResidentArea.place_id) + 0
    concerned = chosen.in_(sorted(matched))
    if not near:
        return concerned
    away = case(near, value=col(ResidentArea.place_id))
    return or_(concerned, and_(chosen.in_(sorted(near)), col(ResidentArea.within_km) >= away))


def beneath(places: dict[int, Place], tops: tuple[int, ...]) -> set[int]:
    """These areas and all that lie within them."""
    children: dict[int, list[int]] = {}
    for number, place in places.items():
        if place.parent_id is not None:
            children.setdefault(place.parent_id, []).append(number)
    found: set[int] = set()
    waiting = [one for one in tops if one in places]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, ())
    return found


def _above(places: dict[int, Place], bottoms: tuple[int, ...]) -> set[int]:
    found: set[int] = set()
    for one in bottoms:
        here: int | None = one
        while here in places and here not in found:
            found.add(here)
            here = places[here].parent_id
    return found


def _near(session: Session, places: dict[int, Place], about: set[int], known: set[int]) -> dict[int, float]:
    """Area that somebody chose with a distance -> kilometres to the nearest of these, where somebody's distance covers
    it.  known: areas that need no looking at."""
    middles = [(p.lat, p.lon) for n, p in places.items() if n in about and p.lat is not None and p.lon is not None]
    if not middles:
        return {}
    farthest = (
        select(ResidentArea.place_id, func.max(ResidentArea.within_km))
        .where(col(ResidentArea.within_km) > 0)
        .group_by(col(ResidentArea.place_id))
    )
    found = {}
    for place_id, km in session.exec(farthest):
        here = places.get(place_id)
        if place_id in known or here is None or here.lat is None or here.lon is None:
            continue
        away = min(kilometres(here.lat, here.lon, lat, lon) for lat, lon in middles)
        if away <= km:
            found[place_id] = away
    return found


def size(session: Session, audience: Audience, reach: Reach, *, per_week: int, now: datetime) -> AudienceSize:
    """How many would be told now.  per_week: the setting `alerts_per_week`, 0 for no limit."""
    where = conditions(session, audience, reach)
    mail, text = (func.coalesce(func.sum(case((way, 1), else_=0)), 0) for way in (by_mail(), by_text(reach)))
    query = rows_of(col(Resident.frequency), func.count(), mail, text).where(*where).group_by(col(Resident.frequency))
    numbers = dict.fromkeys((frequency.value for frequency in Frequency), 0)
    mails = texts = 0
    for frequency, count, by_mail_, by_text_ in session.connection().execute(query):
        at_once = reach.urgent or frequency == Frequency.AT_ONCE.value
        numbers[Frequency.AT_ONCE.value if at_once else frequency] += count
        if at_once:
            mails, texts = mails + by_mail_, texts + by_text_
    skipped, last = (0, None) if reach.urgent else _skipped(session, where, told_enough(now, per_week))
    at_once = numbers[Frequency.AT_ONCE.value] - skipped
    daily, weekly = numbers[Frequency.DAILY.value], numbers[Frequency.WEEKLY.value]
    # Whoever is skipped would have been told by mail: only what is urgent is texted, and that skips nobody.
    return AudienceSize(at_once + daily + weekly, at_once, daily, weekly, mails - skipped, texts, skipped, last)


def _skipped(session: Session, where: tuple[ColumnElement[bool], ...], told: Any) -> tuple[int, datetime | None]:
    """How many of these have been told enough, and when any of them last was."""
    tired = told.subquery()
    members = (
        rows_of(func.count(), func.max(tired.c.last))
        .select_from(tired)
        .join(Resident, col(Resident.id) == tired.c.resident_id)
        .where(*where, col(Resident.frequency) == Frequency.AT_ONCE.value)
    )
    skipped, last = session.connection().execute(members).one()
    return skipped, last
