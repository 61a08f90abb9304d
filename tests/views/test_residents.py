"""The page Residents: the form for an event, numbers that point at nobody, one member by address, files (R25, R27, R30)."""

import pytest
from sqlmodel import col, select

from social.accounts import Account
from social.alerts.residents import Resident, ResidentState
from social.audit import AuditRecord
from social.context import Context
from tests.alerts.helpers import a_resident
from tests.views.helpers import Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
FILE = "email,topics,areas,consent_date,consent_source\n{}"


@pytest.fixture
def opened(context: Context, force: Force) -> Force:
    """A force whose alert service has an account."""
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", base_url="http://127.0.0.1:9", credentials_sealed=b"",
                            added_at=context.clock.now()))  # fmt: skip
    return force


def residents(context: Context) -> list[Resident]:
    with context.database.read() as session:
        return list(session.exec(select(Resident).order_by(col(Resident.id))))


def test_an_officer_signs_people_up_one_after_the_other_and_the_event_stays(
    context: Context, opened: Force, open_page: OpenPage
) -> None:
    page = open_page("residents", as_person=opened.author)
    page.text_input("r_event").input("Hexley fair").run()
    page.text_input("r_address_0").input("kay@example.org")
    page.multiselect("r_topics_new_0").set_value(["appeals"])
    page.multiselect("r_areas_new_0").set_value([opened.place.id])
    page.selectbox("r_around_new_0").set_value(5)
    page.button("r_sign").click().run()
    assert "Ask them if they agree" in "".join(one.value for one in page.error)
    assert residents(context) == []
    page.checkbox("r_agreed_0").check()
    page.button("r_sign").click().run()
    (resident,) = residents(context)
    assert (resident.state, resident.consent_source) == (ResidentState.UNCONFIRMED, "event: Hexley fair")
    assert "on its way" in "".join(one.value for one in page.success)
    assert (page.text_input("r_event").value, page.text_input("r_address_1").value) == ("Hexley fair", "")


def test_what_is_wrong_with_a_sign_up_is_said_and_repeats_no_address(opened: Force, open_page: OpenPage) -> None:
    page = open_page("residents", as_person=opened.author)
    page.text_input("r_address_0").input("kay at example")
    page.checkbox("r_agreed_0").check()
    page.button("r_sign").click().run()
    said = "".join(one.value for one in page.text)
    assert "Give an e-mail address" in said
    assert "Choose at least one topic" in said
    assert "kay at" not in said


def test_numbers_are_told_and_those_under_five_in_an_area_are_not(
    context: Context, opened: Force, open_page: OpenPage
) -> None:
    for _ in range(4):
        a_resident(context, places=[opened.place.id or 0], source="event: Hexley fair")
    a_resident(context, confirmed=False, places=[opened.place.id or 0])
    page = open_page("residents", as_person=opened.author)
    page.segmented_control("r_section").set_value("Members").run()
    assert not page.exception
    assert "4 members. Signed up and not yet confirmed, so that they do not count: 1." in text_of(page)
    tables = [one.value for one in page.dataframe]
    assert tables[0].to_dict("records") == [{"Area": "Hexley Moor", "Members": "under 5"}]
    assert {"Topic": "Appeals for information", "Members": "4"} in tables[1].to_dict("records")
    (sources,) = (one.value for one in page.table)
    assert list(sources["Name"]) == ["Hexley fair", ""]


def test_before_anybody_signed_up_and_without_an_account_the_page_says_what_to_do(
    force: Force, open_page: OpenPage
) -> None:
    page = open_page("residents", as_person=force.author)
    assert "not open yet" in "".join(one.value for one in page.warning)
    assert not page.button
    page.segmented_control("r_section").set_value("Members").run()
    assert "Nobody has signed up yet" in "".join(one.value for one in page.info)


def test_one_member_is_found_by_the_whole_address_changed_and_taken_out(
    context: Context, opened: Force, open_page: OpenPage
) -> None:
    a_resident(context, email="kay@example.org", places=[opened.place.id or 0])
    page = open_page("residents", as_person=opened.corporate)
    page.segmented_control("r_section").set_value("One member").run()
    page.text_input("r_given").input("kay@example.co")
    page.button("r_look").click().run()
    assert "Nobody with that address" in "".join(one.value for one in page.info)
    page.text_input("r_given").input("Kay@example.org")
    page.button("r_look").click().run()
    assert "Member, since" in text_of(page)
    number = residents(context)[0].id
    page.selectbox(f"r_often_of_{number}").set_value("weekly")
    page.button("r_save").click().run()
    assert residents(context)[0].frequency == "weekly"
    page.text_input("r_given").input("kay@example.org")
    page.button("r_look").click().run()
    page.button("r_leave").click().run()
    assert residents(context)[0].state == ResidentState.LEFT
    with context.database.read() as session:
        rows = session.exec(select(AuditRecord)).all()
    assert {"look up a resident", "change a resident's choices", "take a resident out"} <= {row.action for row in rows}
    assert not any("kay" in str(row) for row in rows)


def test_a_file_is_looked_through_before_it_is_taken_in_and_members_are_written_out(
    context: Context, opened: Force, open_page: OpenPage
) -> None:
    page = open_page("residents", as_person=opened.corporate)
    page.segmented_control("r_section").set_value("Files").run()
    rows = "kay@example.org,appeals,Hexley Moor,2024-05-31,Old\nnobody,appeals,Hexley Moor,2024-05-31,Old\n"
    page.file_uploader("r_file").upload("old.csv", FILE.format(rows).encode(), "text/csv").run()
    assert not page.exception
    assert "2 rows. 1 members would be added" in text_of(page)
    assert "row 2, column 'email'" in text_of(page)
    assert residents(context) == []
    page.button("r_import").click().run()
    assert [one.state for one in residents(context)] == [ResidentState.CONFIRMED]
    page.button("r_export").click().run()
    assert "Download 1 member" in str(page.main)


def test_only_whoever_may_sees_members_and_files(opened: Force, open_page: OpenPage) -> None:
    officer = open_page("residents", as_person=opened.author)
    assert officer.segmented_control("r_section").options == ["Sign somebody up", "Members"]
    reader = open_page("residents", as_person=opened.reader)
    assert "You may not sign residents up" in "".join(one.value for one in reader.error)
