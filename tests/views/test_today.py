"""Today says what this person has to do now, in few words, and what they are there for comes first."""

from datetime import timedelta

import pytest

from insights.figures import week_of
from insights.findings.kept import FindingOfArea, FindingOfWeek
from scheduler.entries import Heartbeat
from social.context import Context
from social.staff import Membership, Person, Role, find_or_add_person
from tests.findings import made
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def person(force: Force, role: Role) -> Person:
    with force.context.database.write() as session:
        return find_or_add_person(session, f"{role.value}@woldershire.example", role)


def headings(said: str) -> list[str]:
    known = ("Emergencies", "Waiting for your approval", "Not gone out", "Replies to answer", "Leads", "Credentials")
    found = {name: said.find(f">{name}</h3>") for name in known}
    return sorted((name for name, place in found.items() if place >= 0), key=found.__getitem__)


def test_many_false_alarms_are_a_short_counted_list_with_the_way_to_all(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    for number in range(9):
        force.answer(post_id, f"Hope you are ok {number}", kind="emergency")
    app = open_page("today", as_person=force.corporate)
    said = text_of(app)
    assert sum(f"Hope you are ok {number}" in said for number in range(9)) == 3
    assert "9 open replies read like an emergency" in said
    assert "and 6 more: see all 9 emergencies" in said
    assert said.index("Hope you are ok") < said.index("Needs you")


def test_what_a_person_is_there_for_comes_first(force: Force, open_page: OpenPage) -> None:
    post_id = force.publish()
    force.plan(kind="survey", text="What should we look at next?")
    force.answer(post_id, "When is the market?", kind="question")
    force.answer(post_id, "I saw the van.", kind="lead")
    force.context.clock.advance(timedelta(hours=60))  # type: ignore[attr-defined]  # tests have a clock that can be set
    approver = headings(text_of(open_page("today", as_person=force.corporate)))
    assert approver == ["Waiting for your approval", "Replies to answer", "Leads"]
    desk = text_of(open_page("today", as_person=person(force, Role.CONTACT_DESK)))
    assert headings(desk) == ["Replies to answer", "Leads"]
    assert "Answer within 12 hours" in desk
    reader = open_page("today", as_person=force.reader)
    assert headings(text_of(reader)) == []
    assert "Nothing needs you. No post is planned." in [said.value for said in reader.success]


def test_whoever_connects_accounts_is_told_of_credentials_that_end(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    with context.database.write() as session:
        now = context.clock.now()
        session.add(Heartbeat(worker="one", started_at=now, seen_at=now))
        ends = (now + timedelta(days=2)).isoformat()
        force.account.credentials_sealed = context.vault.seal({"access_token": "secret-token", "expires_at": ends})
        session.add(force.account)
    said = text_of(open_page("today", as_person=person(force, Role.ADMINISTRATOR)))
    assert headings(said) == ["Credentials"]
    assert "Ends in 2 days" in said
    assert "secret-token" not in said
    others = text_of(open_page("today", as_person=force.author))
    assert "Credentials: 1 account needs new ones." in others
    assert "Worker: at work" in others


def test_whoever_acts_for_an_area_is_told_a_finding_of_its_own_posts(force: Force, open_page: OpenPage) -> None:
    place_id = force.place.id or 0
    with force.context.database.write() as session:
        now = force.context.clock.now()
        session.add(Membership(person_id=force.author.id or 0, place_id=place_id))
        of_force = FindingOfWeek(
            week=week_of(now), key="f", substance="x", body=made("The force").as_text(), told_at=now
        )
        of_area = FindingOfArea(
            place_id=place_id,
            week=week_of(now),
            key="a",
            substance="x",
            body=made("Hexley Moor").as_text(),
            told_at=now,
        )
        session.add_all([of_force, of_area])
    said = text_of(open_page("today", as_person=force.author))
    assert "From posts about Hexley Moor." in said
    assert "Hexley Moor is so." in said
    assert "The force is so." not in said
    assert "The force is so." in text_of(open_page("today", as_person=force.corporate))
    assert "Hexley Moor is so." in text_of(open_page("areas", as_person=force.author)), "where a reader of it begins"
    with force.context.database.write() as session:
        of_area = session.get_one(FindingOfArea, (place_id, week_of(now)))
        of_area.key = of_area.body = ""
        session.add(of_area)
    said = text_of(open_page("today", as_person=force.author))
    assert "Nothing new stands this week from posts about Hexley Moor alone; this is of the whole force." in said
    assert "The force is so." in said
