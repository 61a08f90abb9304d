"""The part of the page Surveys where a survey is written: its words and days, its questions, and how residents will see it.

One column and plain fields, so that it can be done on a phone."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import streamlit as st

from social.alerts.survey_writing import (
    LONGEST_INTRO,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    QUESTIONS_CHANGED,
    QuestionInput,
    SurveyInput,
    change_survey,
    create_survey,
    move_question,
    put_question,
    remove_question,
    survey_input,
)
from social.alerts.surveys import Question, QuestionKind, Survey
from social.alerts.wishes import LANGUAGES
from social.clock import as_local
from social.errors import BeatlineError
from social.places import place_choices
from social.staff import Action
from social.views.begun import Begun, begun
from social.views.parts import Page, done, heading, later, outside, problems

SURVEYS_PAGE = "social/views/surveys.py"
KINDS = {
    QuestionKind.SINGLE: "One answer",
    QuestionKind.MULTIPLE: "Several answers",
    QuestionKind.RANK: "A ranking",
    QuestionKind.SCALE: "A scale",
    QuestionKind.TEXT: "In their own words",
}
WHOLE_FORCE = "The whole force"
USUAL_LENGTH = timedelta(days=28)


def new_survey(page: Page) -> None:
    """The form for a new draft."""
    with st.expander("Write a new survey", icon=":material/add:"), st.form("new_survey", border=False):
        given = _fields(page, "new", None)
        pressed = st.form_submit_button("Save the draft", type="primary")
    if pressed:
        try:
            number = create_survey(page.context, page.person, given)
        except BeatlineError as error:
            problems(error)
        else:
            later("The draft is saved. Add its questions below.")
            st.switch_page(SURVEYS_PAGE, query_params={"id": str(number)})


def build(page: Page, survey: Survey, questions: Sequence[Question]) -> None:
    """Everything of a draft that can be changed."""
    number = survey.id or 0
    st.header("What it says", anchor=False)
    form = begun("s_title", str(number), survey_input(survey), version=None)
    with st.form(f"survey_{form.key}", border=False):
        given = _fields(page, form.key, form.record)
        pressed = st.form_submit_button("Save the change")
    if pressed:
        save = partial(change_survey, page.context, page.person, number, given, seen=form.record)
        done(form.saved(save), "The change is saved.")
    st.header("Questions", anchor=False)
    _say_if_gone(questions)
    if not questions:
        st.text("No question yet. A good survey has few: what matters most, and one or two more.")
    for question in questions:
        _question(page, number, question, len(questions))
    with st.expander("Add a question", icon=":material/add:", expanded=len(questions) < 3):
        _new_question(page, number)


def preview(survey: Survey, questions: Sequence[Question]) -> None:
    """The public page in words."""
    st.header("How residents will see it", anchor=False)
    with st.container(border=True):
        heading(survey.title)
        if survey.intro:
            outside(survey.intro)
        st.caption("Below it, in the survey's language: that this is no place to report crime, 999 and 101; that answers "
                   "are kept without a name; until when it is open; and a list of neighbourhoods.")  # fmt: skip
        for question in questions:
            show_question(question)


def show_question(question: Question) -> None:
    """A question in words, with what can be chosen."""
    left_out = "" if question.required else " (can be left out)"
    outside(f"{question.number}. {question.text}{left_out}")
    if question.kind is QuestionKind.TEXT:
        st.caption("Answered in their own words.")
        return
    outside("\n".join(f"   -  {words}" for words in question.choices.values()))
    told = {
        QuestionKind.SINGLE: "One answer.",
        QuestionKind.MULTIPLE: f"Up to {question.most} answers." if question.most else "Any number of answers.",
        QuestionKind.RANK: "All are put in order.",
        QuestionKind.SCALE: "One number.",
    }
    st.caption(told[question.kind] + (" Asks what matters most: it feeds the plan." if question.concerns else ""))


def _fields(page: Page, key: str, survey: SurveyInput | None) -> SurveyInput:
    title = st.text_input("Title", survey.title if survey else "", max_chars=LONGEST_TITLE, key=f"s_title_{key}")
    intro = st.text_area(
        "What it is about, in a few sentences", survey.intro if survey else "", max_chars=LONGEST_INTRO,
        key=f"s_intro_{key}", help="Residents read it in the invitation and above the questions.",
    )  # fmt: skip
    with page.read() as session:
        places = dict([(None, WHOLE_FORCE), *place_choices(session).items()])
    offered = [one for one in places if page.may(Action.RUN_SURVEYS, one)]
    place = survey.place_id if survey else None
    place_id = st.selectbox(
        "For residents of", offered, index=offered.index(place) if place in offered else 0,
        format_func=lambda one: places[one], key=f"s_place_{key}",
    )  # fmt: skip
    langs = list(LANGUAGES)
    lang = st.selectbox("Language", langs, index=langs.index(survey.lang) if survey else 0,
                        format_func=lambda one: LANGUAGES[one], key=f"s_lang_{key}")  # fmt: skip
    opens = st.date_input("First day (empty: the day on which it is opened)", survey.opens_on if survey else None,
                          key=f"s_opens_{key}", format="DD/MM/YYYY")  # fmt: skip
    # Whoever opens it could not give it a day without becoming one of its authors, so a new draft has one from the start.
    last = survey.closes_on if survey else (as_local(page.now) + USUAL_LENGTH).date()
    closes = st.date_input("Last day", last, key=f"s_closes_{key}", format="DD/MM/YYYY")
    link = st.checkbox(
        "Whoever has the open link may answer too, for posters and posts", survey.open_link if survey else False,
        key=f"s_link_{key}", help="Members have a link of their own, and count once. The open link names nobody.",
    )  # fmt: skip
    return SurveyInput(title or "", intro or "", lang, place_id, opens, closes, link)


def _say_if_gone(questions: Sequence[Question]) -> None:
    """Where a button of a question was pressed that somebody else had removed: it is not drawn any more, so that nothing
    else would tell of the press."""
    there = {str(one.id) for one in questions}
    for key in list(st.session_state):
        begin, _, row = str(key).rpartition("_")
        if begin in ("s_up", "s_down", "s_remove") and row not in there and st.session_state[key]:
            st.warning(QUESTIONS_CHANGED)


def _question(page: Page, survey_id: int, question: Question, last: int) -> None:
    at, row = question.number, question.id
    # Keys are of the question: somebody else may have moved it before the press.
    with st.container(border=True):
        show_question(question)
        with st.container(horizontal=True):
            if at > 1 and st.button(f"Move question {at} up", key=f"s_up_{row}"):
                done(lambda: move_question(page.context, page.person, survey_id, at, at - 1, seen=row), "It moved up.")
            if at < last and st.button(f"Move question {at} down", key=f"s_down_{row}"):
                done(
                    lambda: move_question(page.context, page.person, survey_id, at, at + 1, seen=row), "It moved down."
                )
            if st.button(f"Remove question {at}", key=f"s_remove_{row}"):
                done(
                    lambda: remove_question(page.context, page.person, survey_id, at, seen=row), "The question is gone."
                )


def _new_question(page: Page, survey_id: int) -> None:
    form: Begun[Question] = begun("s_text", str(survey_id), None)
    key = form.key
    kind = st.selectbox("How is it answered?", list(KINDS), format_func=lambda one: KINDS[one], key="s_kind")
    text = st.text_input("Question", max_chars=LONGEST_QUESTION, key=f"s_text_{key}")
    options: tuple[str, ...] = ()
    steps, most, concerns = 5, None, False
    if kind is QuestionKind.SCALE:
        steps = int(st.number_input("Highest number", 3, 10, 5, key=f"s_steps_{key}"))
        ends = (st.text_input("What 1 means", key=f"s_low_{key}"), st.text_input("What the highest number means", key=f"s_high_{key}"))  # fmt: skip
        options = tuple(one for one in ends if one)
    elif kind is not QuestionKind.TEXT:
        lines = st.text_area("Answers to choose from, one on each line", key=f"s_options_{key}")
        options = tuple(lines.splitlines())
        concerns = st.checkbox("It asks what matters most: its results feed the plan", key=f"s_concerns_{key}")
    if kind is QuestionKind.MULTIPLE:
        given = st.number_input("At the most, how many answers? (0 for any number)", 0, 15, 0, key=f"s_most_{key}")
        most = int(given) or None
    required = st.checkbox("It has to be answered", key=f"s_required_{key}")
    if st.button("Add the question", type="primary", key="s_add"):
        asked = QuestionInput(kind, text, options, steps, most, required, concerns)
        done(form.saved(lambda: put_question(page.context, page.person, survey_id, asked)), "The question is added.")
