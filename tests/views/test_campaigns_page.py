"""The page Campaigns, from an empty list to a closed campaign, and what it brings to whoever writes a post."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from insights.assessment import assess
from insights.reports.kinds import document_of
from insights.reports.request import Format, Kind, Request
from insights.reports.writing import write
from scheduler.posts import Post
from scheduler.views.campaign_part import ANOTHER
from social.audit import AuditRecord
from social.campaign_measures import put_measure
from social.campaign_writing import AssessmentInput, change_campaign, close_campaign, write_assessment
from social.campaigns import CampaignState, list_campaigns
from social.clock import as_local
from tests.social.campaigns import FIRST, SHEDS, WHOLE, Campaigns
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only
BEFORE, AFTER = (21, 19, 22, 18, 20, 20), (13, 15, 12, 14, 16, 14)


@pytest.fixture
def campaigns(force: Force) -> Campaigns:
    return Campaigns(force.context)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def field(several: Any, key: str) -> Any:
    """The one field of a step: what follows in its key is a mark of what the step says."""
    (found,) = (one for one in several if (one.key or "").startswith(f"{key}_"))
    return found


def test_an_empty_page_says_what_a_campaign_is(force: Force, open_page: OpenPage) -> None:
    assert "No campaign is planned yet." in text_of(open_page("campaigns"))


def test_an_author_plans_a_campaign_step_by_step_and_launches_it(campaigns: Campaigns, open_page: OpenPage) -> None:
    """M02, M16."""
    app = open_page("campaigns", as_person=campaigns.author)
    app.text_input(key="c_new_name").input("sheds_2026")
    app.multiselect(key="c_new_areas").set_value([campaigns.beck])
    press(app, "Save the plan")
    with campaigns.context.database.read() as session:
        (one,) = list_campaigns(session)
    page = open_page("campaigns", as_person=campaigns.author, campaign=str(one.id))
    assert "it lacks an aim, an audience, a first day and a measure with a baseline and a target" in text_of(page)
    other = field(page.text_area, "c_scanning").key
    field(page.text_area, "c_aim").input("Fewer sheds are broken into.")
    field(page.text_area, "c_audience").input("People with allotments")
    field(page.button, "c_save_1").click().run()
    assert field(page.text_area, "c_scanning").key == other, "the same field: a browser keeps what is typed in it"
    field(page.date_input, "c_from").set_value(FIRST)
    field(page.button, "c_save_2").click().run()
    key = "new_0"
    page.text_input(key=f"c_m_name_{key}").input("Break-ins")
    page.text_input(key=f"c_m_unit_{key}").input("reports a week")
    page.text_input(key=f"c_m_source_{key}").input("force crime records")
    page.number_input(key=f"c_m_number_{key}").set_value(20.0)
    page.date_input(key=f"c_m_day_{key}").set_value(date(2026, 2, 28))
    page.number_input(key=f"c_m_number_{key}_t").set_value(14.0)
    page.date_input(key=f"c_m_day_{key}_t").set_value(date(2026, 5, 31))
    press(page, "Save the measure")
    press(page, "Launch the campaign")
    said = text_of(page)
    assert "The campaign runs." in said
    assert said.count("not measured") >= 6
    assert campaigns.one(one.id or 0).state == CampaignState.RUNNING


def test_whoever_acts_for_one_area_plans_for_it_and_is_told_to_choose_one(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    app = open_page("campaigns", as_person=campaigns.bound)
    assert app.multiselect(key="c_new_areas").value == [campaigns.hexley]
    app.text_input(key="c_new_name").input("bikes_2026")
    app.multiselect(key="c_new_areas").set_value([])
    assert "Choose the areas that the campaign is for." in text_of(press(app, "Save the plan"))
    app.multiselect(key="c_new_areas").set_value([campaigns.hexley])
    press(app, "Save the plan")
    with campaigns.context.database.read() as session:
        assert [one.name for one in list_campaigns(session)] == ["bikes_2026"]


def test_numbers_and_activity_are_typed_in_and_the_assessment_warns_of_words_of_cause(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    """M01, M14."""
    number = campaigns.running()
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    key = f"{campaigns.measure(number)}_{campaigns.one(number).version}"
    app.date_input(key=f"c_point_on_{key}").set_value(date(2026, 3, 9))
    app.number_input(key=f"c_point_value_{key}").set_value(17.0)
    press(app, "Keep the number")
    assert "50% of the way to the target" in text_of(app)
    [minutes] = [box for box in app.number_input if str(box.key).startswith("c_a_minutes_")]
    minutes.set_value(90)
    press(app, "Keep the row")
    assert "Staff time: 1 h 30 min" in text_of(app)
    app.text_area(key=f"c_w_assessment_{number}").input("Our work led to fewer thefts.").run()
    assert any("\u2018led to\u2019" in one.value for one in app.warning)
    press(app, "Save it so far")
    press(app, "Close the campaign with this assessment")
    assert campaigns.one(number).state == CampaignState.CLOSED
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    assert not app.text_area


def test_one_person_walks_a_campaign_from_its_plan_to_its_end_and_reads_of_it_in_the_report(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    """M01, M02: planned, launched, numbered, logged, assessed and closed on the page by one author, then on paper."""
    app = open_page("campaigns", as_person=campaigns.author)
    app.text_input(key="c_new_name").input("sheds_2026")
    app.multiselect(key="c_new_areas").set_value([campaigns.beck])
    press(app, "Save the plan")
    with campaigns.context.database.read() as session:
        number = list_campaigns(session)[0].id or 0
    page = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    field(page.text_area, "c_aim").input("Fewer sheds are broken into.")
    field(page.text_area, "c_audience").input("People with allotments")
    field(page.button, "c_save_1").click().run()
    field(page.date_input, "c_from").set_value(FIRST)
    field(page.button, "c_save_2").click().run()
    for key, value in (("name", "Break-ins"), ("unit", "reports a week"), ("source", "force crime records")):
        page.text_input(key=f"c_m_{key}_new_0").input(value)
    for end, value, day in (("", 20.0, date(2026, 2, 28)), ("_t", 14.0, date(2026, 5, 31))):
        page.number_input(key=f"c_m_number_new_0{end}").set_value(value)
        page.date_input(key=f"c_m_day_new_0{end}").set_value(day)
    press(page, "Save the measure")
    press(page, "Launch the campaign")
    assert "Close the campaign with this assessment" in [one.label for one in page.button]
    press(page, "Close the campaign with this assessment")
    assert campaigns.one(number).state == CampaignState.RUNNING, "nothing is closed without an assessment"
    field(page.date_input, "c_point_on").set_value(date(2026, 3, 9))
    field(page.number_input, "c_point_value").set_value(17.0)
    press(page, "Keep the number")
    field(page.number_input, "c_a_minutes").set_value(90)
    press(page, "Keep the row")
    page.text_area(key=f"c_w_assessment_{number}").input("Half of the way was gone.")
    press(page, "Close the campaign with this assessment")
    assert campaigns.one(number).state == CampaignState.CLOSED
    now = campaigns.context.clock.now()
    with campaigns.context.database.read() as session:
        request = Request(Kind.CAMPAIGN, FIRST, as_local(now).date(), campaign_id=number)
        said = write(document_of(session, request, now), Format.HTML, campaigns.context).decode()
    for words in ("Fewer sheds are broken into.", "Half of the way was gone.", "1 h 30 min", "50%", "Not measured."):
        assert words in said, words


def test_a_row_of_the_log_is_kept_though_somebody_else_changed_the_campaign_meanwhile(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    number = campaigns.running()
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    before = campaigns.one(number).version
    [minutes] = [box for box in app.number_input if str(box.key).startswith("c_a_minutes_")]
    minutes.set_value(90)
    write_assessment(campaigns.context, campaigns.author, number, AssessmentInput("Theirs."))
    assert campaigns.one(number).version > before
    press(app, "Keep the row")
    assert "Staff time: 1 h 30 min" in text_of(app)


def test_a_step_and_a_measure_that_somebody_else_changed_meanwhile_are_told_and_what_was_typed_stays(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    """A form that is another one by then would lose the press without a word; one without a version, what is there."""
    number = campaigns.plan()
    measure = campaigns.measure(number)
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    theirs = replace(WHOLE, aim="Theirs.", areas=(campaigns.beck,))
    change_campaign(campaigns.context, campaigns.author, number, theirs)
    put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, unit="a week"), measure_id=measure)
    field(app.text_area, "c_aim").input("Mine.")
    field(app.button, "c_save_1").click().run()
    assert "This step of the campaign has been changed by somebody else" in text_of(app)
    assert field(app.text_area, "c_aim").value == "Mine."
    unit = field(app.text_input, f"c_m_unit_{measure}")
    unit.input("reports a day")
    next(one for one in app.button if one.label == "Save the measure").click().run()
    assert "This measure has been changed by somebody else" in text_of(app)
    assert field(app.text_input, f"c_m_unit_{measure}").value == "reports a day"
    field(app.text_area, "c_scanning").input("At night.")  # a step that nobody else touched is saved all the same
    field(app.button, "c_save_3").click().run()
    one = campaigns.one(number)
    assert (one.aim, one.scanning) == ("Theirs.", "At night.")


def test_an_assessment_that_somebody_else_wrote_meanwhile_is_not_overwritten(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    number = campaigns.running()
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    app.text_area(key=f"c_w_assessment_{number}").input("Mine.").run()
    write_assessment(campaigns.context, campaigns.author, number, AssessmentInput("Theirs."))
    for label in ("Save it so far", "Close the campaign with this assessment"):
        press(app, label)
        assert "changed by somebody else since you began" in text_of(app)
    assert (campaigns.one(number).assessment, campaigns.one(number).state) == ("Theirs.", CampaignState.RUNNING)
    assert app.text_area(key=f"c_w_assessment_{number}").value == "Mine.", "what was typed is still there"


def test_a_page_of_a_campaign_with_a_comparison_shows_both_areas_with_words_and_table(
    campaigns: Campaigns, open_page: OpenPage
) -> None:
    number = campaigns.running(comparison_place_id=campaigns.hexley)
    campaigns.weekly(number, BEFORE, AFTER)
    campaigns.weekly(number, (10, 11, 9, 10, 12, 8), (10, 9, 11, 10, 8, 12), comparison=True)
    app = open_page("campaigns", as_person=campaigns.reader, campaign=str(number))
    assert not app.exception
    said = text_of(app)
    assert "Break-ins to sheds: lower than before against the comparison." in said
    assert "So in Copperbeck it was 30% lower than with the change of Hexley Moor" in said
    assert "Limit: It takes for granted that both areas would have changed alike" in said
    assert len(app.dataframe[0].value) == 24
    with campaigns.context.database.read() as session:
        found = assess(session, number, campaigns.context.clock.now())
    assert [line for heading in found.headings for line in heading.lines if line not in said] == []
    assert not [one for one in app.button if one.label.startswith(("Save", "Keep", "Close", "Launch"))], (
        "a reader reads"
    )


def test_words_of_staff_are_shown_as_nothing_but_text(campaigns: Campaigns, open_page: OpenPage) -> None:
    number = campaigns.running(title=HOSTILE[:70], aim=HOSTILE)
    write_assessment(campaigns.context, campaigns.author, number, AssessmentInput(HOSTILE, learning=HOSTILE))
    app = open_page("campaigns", as_person=campaigns.reader, campaign=str(number))
    assert HOSTILE in text_of(app)
    shown = "".join(block.value for kind in ("markdown", "caption", "warning", "info") for block in app.get(kind))
    assert HOSTILE not in shown
    assert "<script>" not in "".join(block.proto.body for block in app.get("html"))
    put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, name=HOSTILE))
    app = open_page("campaigns", as_person=campaigns.author, campaign=str(number))
    labels = [block.proto.label for block in app.get("file_uploader")]
    assert len(labels) == 2
    assert not any(HOSTILE in label for label in labels), "a label is Markdown"


def test_a_name_that_posts_carry_can_be_taken_up(force: Force, campaigns: Campaigns, open_page: OpenPage) -> None:
    from scheduler.planning import PostInput, plan_post

    plan_post(
        force.context, PostInput("campaign", "Lock your shed.", ("town-desk",), campaign="old sheds"), force.author
    )
    app = open_page("campaigns", as_person=force.author)
    assert "old sheds" in text_of(app)
    app = open_page("campaigns", as_person=force.author, plan="old sheds")
    assert app.text_input(key="c_new_name").value == "old sheds"


def test_taking_the_numbers_away_is_on_record(campaigns: Campaigns, open_page: OpenPage) -> None:
    """R24."""
    from insights.views import campaign_measures_part as part
    from social.views.parts import Page

    number = campaigns.running()
    campaigns.weekly(number, (), (12,))
    with campaigns.context.database.read() as session:
        found = assess(session, number, campaigns.context.clock.now())
    page = Page(campaigns.context, campaigns.reader, (), campaigns.context.clock.now())
    file = part.take_along(page, found, found.results[0]).decode("utf-8-sig")
    assert file.splitlines()[1] == "2026-03-02,Copperbeck,12.0,force crime records"
    with campaigns.context.database.read() as session:
        row = session.exec(select(AuditRecord).where(AuditRecord.action == "export")).one()
    assert (row.actor, row.subject_id) == (campaigns.reader.email, f"campaign-{number}")


def test_a_closed_campaign_stays_as_it_was(campaigns: Campaigns, open_page: OpenPage) -> None:
    number = campaigns.running()
    close_campaign(campaigns.context, campaigns.author, number, AssessmentInput("Thefts fell."))
    said = text_of(open_page("campaigns", as_person=campaigns.author, campaign=str(number)))
    assert "Thefts fell." in said
    assert "Assess and close" not in said


def test_a_post_is_put_into_a_campaign_by_choosing_it_or_by_another_name(
    force: Force, campaigns: Campaigns, open_page: OpenPage
) -> None:
    running, planned = campaigns.running(), campaigns.plan(name="next_one")
    over = campaigns.running(name="over")
    close_campaign(campaigns.context, campaigns.author, over, AssessmentInput("Done."))
    app = open_page("write", as_person=force.author)
    names = [campaigns.one(number).title for number in (running, planned)]
    assert app.selectbox(key="w_campaign_chosen").options == ["None", *names, "Another name"]
    app.selectbox(key="w_campaign_chosen").select("lock_it_lights_out").run()
    assert not [one for one in app.text_input if one.key == "w_campaign"]
    app.selectbox(key="w_type").select("campaign")
    app.text_area(key="w_text").input("Lock your shed tonight.")
    app.button(key="w_save").click().run()
    with force.context.database.read() as session:
        post = session.exec(select(Post)).one()
    assert post.campaign == "lock_it_lights_out"
    again = open_page("write", as_person=force.author, id=str(post.id))
    assert again.selectbox(key="w_campaign_chosen").value == "lock_it_lights_out"
    again.selectbox(key="w_campaign_chosen").select(ANOTHER).run()
    again.text_input(key="w_campaign").input("something else")
    again.button(key="w_save").click().run()
    with force.context.database.read() as session:
        assert session.exec(select(Post.campaign)).one() == "something else"
    third = open_page("write", as_person=force.author, id=str(post.id))
    assert third.selectbox(key="w_campaign_chosen").value == ANOTHER
    assert third.text_input(key="w_campaign").value == "something else"
