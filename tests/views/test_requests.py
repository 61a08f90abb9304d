"""The page Requests: closed to most; found, handed over and erased by whoever keeps records (R29)."""

import pytest
from sqlmodel import select

from social.alerts.residents import Resident
from social.interactions import Interaction
from social.staff import Person, Role, find_or_add_person
from tests.alerts.helpers import a_resident
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def records(force: Force) -> Person:
    with force.context.database.write() as session:
        return find_or_add_person(session, "ines.calder@woldershire.example", Role.RECORDS, "Ines Calder")


def test_only_who_may_erase_opens_it(force: Force, open_page: OpenPage) -> None:
    app = open_page("requests", as_person=force.corporate)
    assert "You may not erase what was kept of a person" in app.error[0].value
    assert not app.text_area


def test_a_reply_is_found_handed_over_and_erased(force: Force, records: Person, open_page: OpenPage) -> None:
    force.answer(force.publish(), f"My shed at Hexley Moor was empty {HOSTILE}")
    app = open_page("requests", as_person=records)
    app.text_area(key="q_given").set_value("my shed at hexley moor was empty")
    app.button(key="q_find").click().run()
    [number] = app.radio(key="q_chosen").options
    assert number.startswith("Reply 1, 95% alike")
    app.radio(key="q_chosen").set_value((False, 1)).run()
    assert f"My shed at Hexley Moor was empty {HOSTILE}" in [block.value for block in app.text]
    app.button(key="q_make").click().run()
    assert {block.label for block in app.get("download_button")} == {"Download as text", "Download as JSON"}
    app.button(key="q_erase").click().run()
    assert "Give the request's reference" in text_of(app)
    app.text_input(key="q_request_1").set_value("SAR-2026-014").run()
    app.button(key="q_erase").click().run()
    assert not app.exception
    assert [box.value for box in app.success] == ["It is erased, and does not come back."]
    with force.context.database.read() as session:
        assert session.exec(select(Interaction)).all() == []


def test_nothing_found_says_why_that_may_be(force: Force, records: Person, open_page: OpenPage) -> None:
    app = open_page("requests", as_person=records)
    app.text_area(key="q_given").set_value("Nobody wrote this")
    app.button(key="q_find").click().run()
    assert "Nothing is held that reads like it." in app.info[-1].value


def test_a_member_of_the_alert_service_is_found_by_address_handed_over_and_erased(
    force: Force, records: Person, open_page: OpenPage
) -> None:
    member = a_resident(force.context, email="kay@example.org", places=[force.place.id or 0])
    app = open_page("requests", as_person=records)
    app.segmented_control("q_about").set_value("Alerts that they get").run()
    app.text_input("m_given").input("kay@example.com")
    app.button("m_find").click().run()
    assert "holds nothing" in "".join(one.value for one in app.info)
    app.text_input("m_given").input("Kay@example.org")
    app.button("m_find").click().run()
    assert "is a member" in text_of(app)
    app.button("m_make").click().run()
    assert "Download as text" in str(app.main)
    app.text_input("m_request").input("SAR-2026-014").run()
    app.button("m_erase").click().run()
    assert not app.exception
    with force.context.database.read() as session:
        assert session.get_one(Resident, member.id).contact_sealed == b""
