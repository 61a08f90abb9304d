"""Whom an alert is for (R30): nobody outside of what residents chose, on both databases."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from social.alerts.audience import Audience, Reach, anybody, audience_from, members_query, size
from social.alerts.mailings import Mailing, Message, MessageState
from social.alerts.quiet import awake_from
from social.alerts.residents import Frequency, Resident
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError
from social.places import PlaceKind, find_or_add_place
from tests.alerts.helpers import a_resident, alert_account, an_alert

MAIL, URGENT = Reach(), Reach(urgent=True, texts=True)


@dataclass
class Map:
    force: int
    section: int
    hexley: int
    elderwick: int
    stonemere: int


@pytest.fixture
def places(context: Context) -> Map:
    """Hexley Moor and Elderwick, 5 km apart, in one section; Stonemere, 40 km off, in none."""
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        section = find_or_add_place(session, "Skelby Moor", PlaceKind.SECTION, force)
        hexley = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, section)
        elderwick = find_or_add_place(session, "Elderwick", PlaceKind.NEIGHBOURHOOD, section)
        stonemere = find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD, force)
        for place, lat in ((hexley, 53.000), (elderwick, 53.045), (stonemere, 53.36)):
            place.lat, place.lon = lat, -1.5
        session.flush()
        ids = [place.id or 0 for place in (force, section, hexley, elderwick, stonemere)]
    return Map(*ids)


def told(context: Context, audience: Audience, reach: Reach = MAIL) -> set[int]:
    with context.database.read() as session:
        return {row[0] for row in session.connection().execute(members_query(session, audience, reach))}


def test_areas_reach_who_chose_them_what_lies_above_beneath_and_near(context: Context, places: Map) -> None:
    def lives(*chosen: int, km: float = 0) -> int:
        return a_resident(context, places=dict.fromkeys(chosen, km)).id or 0

    here, above, whole = lives(places.hexley), lives(places.section), lives(places.force)
    next_door, near, far = lives(places.elderwick), lives(places.elderwick, km=6), lives(places.stonemere, km=6)
    assert told(context, Audience("appeals", (places.hexley,))) == {here, above, whole, near}
    assert told(context, Audience("appeals", (places.section,))) == {here, above, whole, next_door, near}
    assert told(context, Audience("appeals", (places.force,))) == {here, above, whole, next_door, near, far}
    left_out = Audience("appeals", (places.section,), places_out=(places.elderwick,))
    assert told(context, left_out) == {here, above, whole}, "whoever chose only what is left out"
    assert told(context, Audience("appeals")) == set(), "an alert without an area is for nobody"


def test_only_who_is_confirmed_chose_the_topic_and_can_be_reached_is_told(context: Context, places: Map) -> None:
    hexley = (places.hexley,)
    a_resident(context, places=hexley, confirmed=False)
    a_resident(context, places=hexley, topics=["roads"])
    a_resident(context, places=[])
    member = a_resident(context, places=hexley, groups=["farm_watch"], lang="cy").id or 0
    watch = a_resident(context, places=hexley, groups=["business_watch", "farm_watch"]).id or 0
    texted = a_resident(context, places=hexley, by_email=False, by_text=True, phone="07700900123").id or 0
    bounced = a_resident(context, places=hexley).id or 0
    with context.database.write() as session:
        session.get_one(Resident, bounced).email_stopped_at = context.clock.now()
    assert told(context, Audience("appeals", hexley)) == {member, watch}
    assert told(context, Audience("appeals", hexley), URGENT) == {member, watch, texted}, (
        "only what is urgent is texted"
    )
    assert told(context, Audience("appeals", hexley), Reach(urgent=True)) == {member, watch}, "by an account that can"
    assert told(context, Audience("appeals", hexley, groups_in=("farm_watch", "schools"))) == {member, watch}
    assert told(context, Audience("appeals", hexley, groups_out=("business_watch",))) == {member}
    assert told(context, Audience("appeals", hexley, languages=("cy",))) == {member}
    assert told(context, Audience("roads", (places.stonemere,)), URGENT) == set(), "being urgent widens nothing"


def test_the_count_says_how_and_who_has_been_told_enough(context: Context, places: Map, clock: SettableClock) -> None:
    account, audience = alert_account(context, texts=True), Audience("appeals", (places.hexley,))
    at_once = [a_resident(context, places=[places.hexley]).id or 0 for _ in range(3)]
    for frequency in (Frequency.DAILY, Frequency.DAILY, Frequency.WEEKLY):
        a_resident(context, places=[places.hexley], frequency=frequency, by_text=True, phone="07700900123")
    with context.database.read() as session:
        counted = size(session, audience, MAIL, per_week=2, now=clock.now())
        urgent = size(session, audience, URGENT, per_week=2, now=clock.now())
        assert anybody(session, audience, MAIL)
        assert not anybody(session, Audience("fraud", (places.hexley,)), URGENT)
    assert (counted.members, counted.at_once, counted.daily, counted.weekly, counted.skipped) == (6, 3, 2, 1, 0)
    assert (urgent.at_once, urgent.by_mail, urgent.by_text, urgent.daily) == (6, 6, 3, 0)

    an_alert(context, account, audience, text="First.")
    clock.advance(timedelta(days=1))
    last = clock.now()
    an_alert(context, account, audience, text="Second.")
    with context.database.write() as session:
        _stop(session, at_once[0])
    clock.advance(timedelta(days=1))
    with context.database.read() as session:
        counted = size(session, audience, MAIL, per_week=2, now=clock.now())
        assert (counted.at_once, counted.daily, counted.skipped, counted.skipped_told_at) == (1, 2, 2, last)
        assert size(session, audience, URGENT, per_week=2, now=clock.now()).skipped == 0, "urgent is exempt"
        assert size(session, audience, MAIL, per_week=0, now=clock.now()).skipped == 0, "no limit is set"
        assert size(session, audience, MAIL, per_week=2, now=last + timedelta(days=6)).skipped == 0, "a week is over"


def _stop(session: Session, resident_id: int) -> None:
    """One of this resident's messages never left."""
    message = session.exec(select(Message).where(Message.resident_id == resident_id)).first()
    assert message is not None
    message.state = MessageState.STOPPED.value
    session.add(message)


def test_a_normal_alert_skips_them_and_says_so_and_waits_for_quiet_hours(
    context: Context, places: Map, clock: SettableClock
) -> None:
    account, audience = alert_account(context, texts=True), Audience("appeals", (places.hexley,))
    a_resident(context, places=[places.hexley])
    for number in range(7):
        an_alert(context, account, audience, text=f"Number {number}.")
    first = clock.now()
    clock.set(datetime(2026, 6, 3, 21, 30, tzinfo=UTC))  # half past ten in the evening in London
    sleeper = a_resident(context, places=[places.hexley], quiet=(22 * 60, 7 * 60), by_text=True, phone="07700900123").id
    normal = an_alert(context, account, audience, text="Another.")
    urgent = an_alert(context, account, audience, text="At once.", urgent=True)
    with context.database.read() as session:
        mailing = session.get_one(Mailing, normal)
        assert (mailing.members, mailing.skipped, mailing.skipped_told_at) == (1, 1, first)
        due = {(m.mailing_id, m.way): m.due_at for m in _messages(session, sleeper)}
        assert session.get_one(Mailing, urgent).members == 2
    assert due == {
        (normal, "email"): datetime(2026, 6, 4, 6, 0, tzinfo=UTC),
        (urgent, "email"): clock.now(),
        (urgent, "text"): clock.now(),
    }


def _messages(session: Session, resident_id: int | None) -> list[Message]:
    return list(session.exec(select(Message).where(Message.resident_id == resident_id)))


@pytest.mark.sqlite_only
def test_an_audience_is_the_same_text_again_and_nothing_else_is_read_as_one() -> None:
    audience = Audience("appeals", (3, 4), (5,), ("schools",), ("faith",), ("cy",))
    assert audience_from(audience.to_json()) == audience
    for text in ("[]", "{", '{"topic": "gossip"}', '{"topic": "roads", "place_ids": ["1"]}', '{"who": 1}',
                 '{"topic": "roads", "languages": ["pl"]}', '{"topic": "roads", "place_ids": 3}'):  # fmt: skip
        with pytest.raises(InputError):
            audience_from(text)


@pytest.mark.sqlite_only
def test_quiet_hours_end_where_the_clock_on_the_wall_says() -> None:
    night, noon = (22 * 60, 7 * 60), (12 * 60, 14 * 60)

    def over(moment: datetime, hours: tuple[int, int]) -> datetime:
        return awake_from(moment.replace(tzinfo=UTC), *hours)

    assert over(datetime(2026, 1, 5, 23, 0), night) == datetime(2026, 1, 6, 7, 0, tzinfo=UTC)
    assert over(datetime(2026, 1, 6, 6, 59), night) == datetime(2026, 1, 6, 7, 0, tzinfo=UTC)
    assert over(datetime(2026, 1, 6, 7, 0), night) == datetime(2026, 1, 6, 7, 0, tzinfo=UTC)
    assert over(datetime(2026, 3, 28, 23, 0), night) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC), "clocks go forward"
    assert over(datetime(2026, 10, 24, 22, 0), night) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC), "clocks go back"
    assert over(datetime(2026, 1, 6, 12, 30), noon) == datetime(2026, 1, 6, 14, 0, tzinfo=UTC)
