"""Emergencies, duty contacts, overdue answers and response times on the pages (R16, R18, R19)."""

from datetime import timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from insights.reading.base import CURRENT_VERSION
from social.duty import contacts_for, hours_of, set_contacts
from social.duty_opening import open_calls
from social.duty_seen import say_not_emergency, say_passed
from social.duty_tables import DutyCall
from social.interactions import EMERGENCY, REST, Interaction, Reading
from social.labels import correct_reading
from social.staff import Role, find_or_add_person
from social.urgency import refresh_urgency
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def answered(force: Force, kind: str, *, hours: float | None = None) -> int:
    """A resident's reply, read so; answered after so many hours.  Returns its id."""
    force.answer(1, f"Help {HOSTILE}", kind=kind, stance="neutral")
    now = force.context.clock.now()
    with force.context.database.write() as session:
        reply = session.exec(select(Interaction).order_by(Interaction.id.desc())).first()  # type: ignore[union-attr]
        assert reply is not None
        assert reply.id is not None
        reading = session.exec(select(Reading).where(Reading.interaction_id == reply.id)).one()
        reading.version = CURRENT_VERSION
        reply.answered_at = now + timedelta(hours=hours) if hours is not None else None
        session.flush()
        refresh_urgency(session, [reply.id])
        open_calls(session, now, [reply.id], CURRENT_VERSION)
        return reply.id


def call(force: Force) -> DutyCall:
    with force.context.database.read() as session:
        return session.get_one(DutyCall, 1)


def test_an_emergency_stands_on_today_until_somebody_says_on_the_reply_what_came_of_it(
    force: Force, open_page: OpenPage
) -> None:
    force.publish()
    reply = answered(force, "emergency")
    today = open_page("today", as_person=force.corporate)
    assert "1 emergency has not been seen by anybody" in text_of(today)
    assert "On town-desk, 0 seconds ago. Duty contact: not told yet." in text_of(today)
    page = open_page("replies", as_person=force.corporate, reply=str(reply))
    assert "Nobody has said yet that they have seen this emergency." in text_of(page)
    assert not any(HOSTILE in block.value for block in page.markdown)
    page.text_input(key="passed_reference_1").input("Ann Sharp rang")
    page.button[_place(page, "I have seen this and passed")].click().run()
    assert "Leave names out of it" in text_of(page)
    page.text_input(key="passed_reference_1").input("WP/117")
    page.button[_place(page, "I have seen this and passed")].click().run()
    assert (call(force).outcome, call(force).reference, call(force).seen_by_id) == (
        "passed",
        "WP/117",
        force.corporate.id,
    )
    page = open_page("replies", as_person=force.corporate, reply=str(reply))
    assert (
        "Passed to the control room, Monday 1 June 2026, 11am, reference WP/117. First seen by Joel Marsh"
        in text_of(page)
    )
    assert "emergency has not been seen" not in text_of(open_page("today", as_person=force.corporate))


def _place(page: object, label: str) -> int:
    return [button.label.startswith(label) for button in page.button].index(True)  # type: ignore[attr-defined]


def test_today_shows_the_worst_first_and_one_press_says_that_it_is_none(force: Force, open_page: OpenPage) -> None:
    force.publish()
    numbers = [answered(force, "emergency") for _ in range(3)]
    with force.context.database.write() as session:
        for number, p in enumerate((0.9, 0.2, 0.6), 1):  # the second is there for safety's sake alone
            found = session.get_one(DutyCall, number)
            found.p, found.written_at = p, found.written_at + timedelta(minutes=number)
    assert closers(open_page("today", as_person=force.reader)) == []
    page = open_page("today", as_person=force.author)
    assert closers(page) == ["3 is not an emergency", "1 is not an emergency", "2 is not an emergency"]
    with force.context.database.write() as session:
        session.get_one(Interaction, numbers[1]).text = "He is back at the door, please come"
    page.button(key="none_2").click().run()
    assert "The reply was changed since you read it" in text_of(page), "the press was of other words (R19)"
    page.button(key="none_2").click().run()
    assert (
        f"2 is noted as no emergency, and nobody is told of it any more. If that was a slip, open reply {numbers[1]}"
        in (text_of(page))
    )
    assert "2 emergencies have not been seen by anybody" in text_of(page)
    assert "2 open replies read like an emergency" in text_of(page), "it stands with the other replies now"
    with force.context.database.read() as session:
        assert session.get_one(Interaction, numbers[1]).urgency == REST
        assert session.get_one(DutyCall, 2).outcome == "not_emergency"
    assert correct_reading(force.context, force.corporate, numbers[1], kind="emergency") == 0
    page = open_page("replies", as_person=force.author, reply=str(numbers[1]))
    page.button[_place(page, "I have seen this and passed")].click().run()
    with force.context.database.read() as session:
        assert session.get_one(Interaction, numbers[1]).urgency == EMERGENCY, "somebody thought better of it"


def closers(page: AppTest) -> list[str]:
    return [button.label for button in page.button if button.label.endswith("is not an emergency")]


def test_what_came_of_an_emergency_whose_reply_is_gone_is_said_on_today(force: Force, open_page: OpenPage) -> None:
    force.publish()
    for _ in range(2):
        answered(force, "emergency")
    with force.context.database.write() as session:
        for number in (1, 2):
            session.get_one(DutyCall, number).interaction_id = None
    page = open_page("today", as_person=force.author)
    page.button(key="passed_1").click().run()
    assert "1 is noted as passed on." in text_of(page)
    page.button(key="none_2").click().run()
    with force.context.database.read() as session:
        assert [session.get_one(DutyCall, number).outcome for number in (1, 2)] == ["passed", "not_emergency"]


def test_no_emergency_needs_a_reason(force: Force, open_page: OpenPage) -> None:
    force.publish()
    page = open_page("replies", as_person=force.author, reply=str(answered(force, "emergency")))
    page.button[_place(page, "Not an emergency")].click().run()
    assert "Say why it is no emergency" in text_of(page)
    assert call(force).seen_at is None
    page.text_input(key="none_reason_1").input("A song")
    page.button[_place(page, "Not an emergency")].click().run()
    assert call(force).outcome == "not_emergency"


def test_whoever_said_something_else_later_is_named_beside_who_saw_it_first(force: Force, open_page: OpenPage) -> None:
    force.publish()
    reply = answered(force, "emergency")
    say_passed(force.context, 1, force.author)
    say_not_emergency(force.context, 1, force.corporate, "A song")
    page = open_page("replies", as_person=force.author, reply=str(reply))
    first, later = force.author.name, force.corporate.name
    assert f"Not an emergency. {later} said so. First seen by {first}" in text_of(page)


def test_nobody_on_duty_is_said_and_contacts_and_hours_are_set_on_the_page(force: Force, open_page: OpenPage) -> None:
    today = text_of(open_page("today", as_person=force.corporate))
    assert "Nobody is set as duty contact" in today
    assert "Set a duty contact" in today
    assert "beatline duty" not in today
    assert "duty contact" not in text_of(open_page("today", as_person=force.reader))
    page = open_page("health", as_person=force.corporate)
    assert "Nobody is set as duty contact" in text_of(page)
    page.text_area(key="duty_lines_0").input(
        f"nia.abbot@woldershire.example 07700 900123\n{HOSTILE} <desk@woldershire.example>"
    )
    page.button[_place(page, "Save the contacts")].click().run()
    page.text_input(key="duty_spans_1").input("mon-fri 08:00-17:00; sat 10:00-14:00")
    page.button[_place(page, "Save the hours")].click().run()
    with force.context.database.read() as session:
        assert [one.address for one in contacts_for(session, None)] == [
            "nia.abbot@woldershire.example",
            "desk@woldershire.example",
        ]
        assert len(hours_of(session, [1])[1]) == 6
    assert "Nia Abbot <nia.abbot@woldershire.example>, by text too; then" in text_of(page)
    assert "town-desk is watched: mon-fri 08:00-17:00, sat 10:00-14:00" in text_of(page)
    assert "900123" not in text_of(open_page("health", as_person=force.author))
    assert not any("beacon" in block.value for block in page.markdown)
    assert "Nobody is set" not in text_of(open_page("today", as_person=force.corporate))
    again = open_page("health", as_person=force.corporate)  # begins with what is set: else saving would take it away
    assert again.text_area(key="duty_lines_0").value.splitlines()[0] == "nia.abbot@woldershire.example +447700900123"
    assert again.text_input(key="duty_spans_1").value == "mon-fri 08:00-17:00; sat 10:00-14:00"
    again.button[_place(again, "Save the contacts")].click().run()
    with force.context.database.read() as session:
        assert [one.phone_sealed is not None for one in contacts_for(session, None)] == [True, False]
    others = open_page("health", as_person=force.author)
    assert not [button for button in others.button if button.label == "Save the contacts"]


def test_a_wrong_address_is_said_and_nothing_is_kept(force: Force, open_page: OpenPage) -> None:
    page = open_page("health", as_person=force.corporate)
    page.text_area(key="duty_lines_0").input("somebody@woldershire.example")
    page.button[_place(page, "Save the contacts")].click().run()
    assert "For a desk give a name too" in text_of(page)
    with force.context.database.read() as session:
        assert contacts_for(session, None) == ()


def test_overdue_answers_stand_on_today_and_response_times_on_what_works(force: Force, open_page: OpenPage) -> None:
    force.publish()
    for _ in range(5):
        answered(force, "question", hours=3)
    answered(force, "complaint")
    with force.context.database.write() as session:
        find_or_add_person(session, "sam.reed@woldershire.example", Role.CONTACT_DESK)
    set_contacts(force.context, None, ["sam.reed@woldershire.example"], force.corporate)
    force.context.clock.advance(timedelta(hours=60))  # type: ignore[attr-defined]
    assert "1 answer is due within 24 hours" in text_of(open_page("today", as_person=force.corporate))
    force.context.clock.advance(timedelta(hours=13))  # type: ignore[attr-defined]
    assert "1 question or complaint had no answer within 72 hours" in text_of(
        open_page("today", as_person=force.corporate)
    )
    works = open_page("works", as_person=force.reader, i_part="Answers")
    assert "5 of 6 were answered within 72 hours, half of those answered within 3 hours." in text_of(works)
    assert "Table: response times by team" in [box.label for box in works.expander]
