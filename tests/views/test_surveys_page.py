"""The page Surveys, from an empty list to results, and what it brings to whoever plans a post."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from insights.reading.survey_texts import read_survey_texts
from social.accounts import Account
from social.alerts.survey_running import close_survey
from social.alerts.survey_writing import (
    SurveyInput,
    change_survey,
    create_survey,
    put_question,
    questions_of,
    remove_question,
)
from social.alerts.surveys import Survey, SurveyState, open_token
from social.audit import AuditRecord
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError
from social.staff import Role, find_or_add_person
from tests.alerts.helpers import a_resident
from tests.alerts.surveys import CONCERNS, EVERY_KIND, WORDS, Surveys
from tests.views.helpers import HOSTILE, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def surveys(force: Force) -> Surveys:
    return Surveys(force.context)


def test_an_empty_page_says_what_a_survey_is_for(force: Force, open_page: OpenPage) -> None:
    assert "Nobody has been asked anything yet." in text_of(open_page("surveys"))


def test_an_author_writes_a_survey_and_somebody_else_opens_it(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    app = open_page("surveys", as_person=surveys.author)
    app.text_input(key="s_title_new").input("What matters in Hexley Moor?")
    app.selectbox(key="s_place_new").select(surveys.hexley)
    assert app.date_input(key="s_closes_new").value == date(2026, 6, 29), "nobody can open a survey without a last day"
    next(button for button in app.button if button.label == "Save the draft").click().run()
    with context.database.read() as session:
        survey = session.exec(select(Survey)).one()
    app = open_page("surveys", as_person=surveys.author, id=str(survey.id))
    app.text_input(key=f"s_text_{survey.id}_0").input("What matters most?")
    app.text_area(key=f"s_options_{survey.id}_0").input("Speeding\nNoise")
    app.checkbox(key=f"s_concerns_{survey.id}_0").check()
    app.button(key="s_add").click().run()
    said = text_of(app)
    assert "The question is added." in said
    assert "1. What matters most? (can be left out)" in said
    assert "Nobody opens a survey that they wrote or changed" in said
    other = open_page("surveys", as_person=surveys.supervisor, id=str(survey.id))
    other.button(key="s_open").click().run()
    assert "The survey is open." in text_of(other)
    assert "Too few to tell" in text_of(other)
    assert surveys.survey(survey.id or 0).state == SurveyState.OPEN


def test_a_survey_that_somebody_else_changed_meanwhile_is_told_and_what_was_typed_stays(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    number = create_survey(context, surveys.author, SurveyInput("What matters?", place_id=surveys.hexley))
    app = open_page("surveys", as_person=surveys.author, id=str(number))
    app.text_input(key=f"s_text_{number}_0").input("What matters most?").run()
    [title] = [box for box in app.text_input if str(box.key).startswith(f"s_title_{number}_")]
    title.input("What matters to you?")
    change_survey(context, surveys.author, number, SurveyInput("What worries you?", place_id=surveys.hexley))
    next(button for button in app.button if button.label == "Save the change").click().run()
    assert "changed by somebody else" in text_of(app)
    assert surveys.survey(number).title == "What worries you?"
    assert app.text_input(key=title.key).value == "What matters to you?"
    assert app.text_input(key=f"s_text_{number}_0").value == "What matters most?", "so does the question half written"


def test_removing_a_question_that_somebody_else_removed_is_told_and_takes_no_other(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    number = create_survey(context, surveys.author, SurveyInput("What matters?", place_id=surveys.hexley))
    for question in EVERY_KIND[:3]:
        put_question(context, surveys.author, number, question)
    with context.database.read() as session:
        first, second, third = questions_of(session, number)
    app = open_page("surveys", as_person=surveys.author, id=str(number))
    remove_question(context, surveys.author, number, 2, seen=second.id)
    app.button(key=f"s_remove_{second.id}").click().run()
    assert "Somebody else changed the questions meanwhile" in text_of(app)
    with pytest.raises(InputError, match="Somebody else changed"):
        remove_question(context, surveys.author, number, 2, seen=second.id)
    with context.database.read() as session:
        assert [one.id for one in questions_of(session, number)] == [first.id, third.id]


def test_results_stand_with_n_intervals_and_words_that_say_what_they_are_not(
    surveys: Surveys, open_page: OpenPage
) -> None:
    number = surveys.open(*EVERY_KIND)
    for n in range(14):
        assert surveys.answer(number, 0 if n < 8 else 1, (0,), (0, 1, 2), 3, HOSTILE, area=surveys.hexley)
    close_survey(surveys.context, surveys.supervisor, number)
    app = open_page("surveys", as_person=surveys.supervisor, id=str(number))
    assert not app.exception
    said = text_of(app)
    assert "not of all residents" in said
    assert "Everybody who answered, 14 answered." in said
    assert app.dataframe[0].value["95% interval"].tolist()[0] == "33% to 79%"
    assert "fewer than 5, or hidden" in app.dataframe[0].value["Count"].tolist()
    assert HOSTILE in said
    assert HOSTILE not in "".join(block.value for kind in ("markdown", "caption") for block in app.get(kind))
    app.selectbox(key="s_area").select("Hexley Moor").run()
    assert "Hexley Moor, 14 answered." in text_of(app)


def test_words_are_for_whoever_reads_replies_and_each_look_is_on_record(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    """R24."""
    number = surveys.open(WORDS)
    for _ in range(5):
        assert surveys.answer(number, "Mend the lamp in Mill Lane.", area=surveys.hexley)
    close_survey(context, surveys.supervisor, number)
    with context.database.write() as session:
        reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
    assert "Mend the lamp" not in text_of(open_page("surveys", as_person=reader, id=str(number)))
    assert "Mend the lamp" in text_of(open_page("surveys", as_person=surveys.author, id=str(number)))
    with context.database.read() as session:
        looked = session.exec(select(AuditRecord).where(AuditRecord.action == "view replies")).all()
    assert [(row.actor, row.subject_kind, row.subject_id) for row in looked] == [
        (surveys.author.email, "survey", str(number))
    ]


def test_what_may_be_an_emergency_stands_on_top_until_somebody_says_what_they_did(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    number = surveys.open(WORDS)
    words = "Please help, a man is breaking into the house next door right now and she is screaming"
    assert surveys.answer(number, words, area=surveys.hexley)
    read_survey_texts(context)
    app = open_page("surveys", as_person=surveys.supervisor)
    assert "1 answer may be an emergency" in text_of(app)
    assert words in text_of(app)
    next(button for button in app.button if button.label == "Seen, passed to the control room").click().run()
    assert "may be an emergency" not in text_of(app)


def test_what_residents_said_matters_most_stands_where_a_post_is_written_where_figures_are_and_in_the_areas_profile(
    context: Context, force: Force, surveys: Surveys, open_page: OpenPage, clock: SettableClock
) -> None:
    force.past("patrol_update", 6, reach=100, reactions=4)
    number = surveys.open(CONCERNS, place_id=surveys.beck)
    surveys.answers(number, surveys.beck, [0] * 9 + [1] * 6)
    clock.advance(timedelta(days=1))
    close_survey(context, surveys.supervisor, number)
    line = "Residents here said in June 2026 what matters most: Speeding (60%, between 36% and 80%)"
    app = open_page("write", as_person=surveys.author)
    assert line not in text_of(app)
    app.selectbox(key="w_place").select("Copperbeck").run()
    assert line in text_of(app)
    assert line in text_of(open_page("works", i_area="Copperbeck"))
    assert line in text_of(open_page("areas", area=str(surveys.beck)))


def test_members_are_invited_by_a_live_count_and_closing_asks_twice(
    context: Context, surveys: Surveys, open_page: OpenPage
) -> None:
    context.settings = replace(context.settings, public_address="https://alerts.woldershire.example")
    sealed = context.vault.seal({"from_address": "alerts@woldershire.example"})
    with context.database.write() as session:
        session.add(Account(name="alerts", channel="alert", credentials_sealed=sealed, added_at=context.clock.now()))
    for area in (surveys.hexley, surveys.hexley, surveys.beck):
        a_resident(context, places=[area])
    number = surveys.open(CONCERNS, place_id=surveys.force_id)
    app = open_page("surveys", as_person=surveys.author, id=str(number))
    assert "0 members invited so far. 3 members more would be invited now" in text_of(app)
    app.multiselect(key="s_areas").select(surveys.hexley).run()
    assert "2 members more would be invited now" in text_of(app)
    app.button(key="s_invite").click().run()
    assert "2 members invited so far." in text_of(app)
    app.button(key="s_switch").click().run()
    assert f"https://alerts.woldershire.example/alerts/surveys/{open_token(surveys.context.vault, number)}" in text_of(
        app
    )
    assert app.button(key="s_close").disabled
    app.checkbox(key="s_sure").check().run()
    app.button(key="s_close").click().run()
    assert surveys.survey(number).state == SurveyState.CLOSED
