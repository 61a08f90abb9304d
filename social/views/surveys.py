"""Surveys: what residents are asked, who may answer, and what came of it."""

from dataclasses import replace

import streamlit as st

from social.alerts.links import public_base
from social.alerts.survey_alarms import OpenText, open_texts, say_seen
from social.alerts.survey_counts import answered_so_far, invited
from social.alerts.survey_inviting import count_invitations, invite, is_within, usual_audience
from social.alerts.survey_running import close_survey, open_survey, require_may_open, switch_open_link, takes_answers
from social.alerts.survey_writing import copy_survey, questions_of
from social.alerts.surveys import Survey, SurveyState, list_surveys, open_token
from social.alerts.wishes import LANGUAGES
from social.errors import BeatlineError, NotAllowed
from social.exports import record_view
from social.places import Place, place_choices
from social.staff import Action
from social.views.parts import (
    Page,
    begin,
    done,
    heading,
    later,
    number_in_address,
    outside,
    problems,
    say_what_was_done,
    told,
)
from social.views.survey_builder import SURVEYS_PAGE, WHOLE_FORCE, build, new_survey, preview, show_question
from social.views.survey_results_part import show_results, summary
from social.views.words import say_count, say_day, say_moment
from social.web.survey_pages import OPEN_PATH

COLOURS = {SurveyState.DRAFT: "gray", SurveyState.OPEN: "green", SurveyState.CLOSED: "blue"}
WORDS = {SurveyState.DRAFT: "Draft", SurveyState.OPEN: "Open", SurveyState.CLOSED: "Closed"}


def emergencies(page: Page) -> None:
    """What residents wrote that may be an emergency stands above everything else until somebody says what they did (R19)."""
    if not page.may(Action.ANSWER):
        return
    with page.read() as session:
        found = [one for one in open_texts(session, page.context.vault) if page.acts_for(one.place_id)]
    if not found:
        return
    st.header(f"{say_count(len(found), 'answer')} may be an emergency", anchor=False)
    for one in found:
        record_view(page.context, page.person, ("survey", one.survey_id))
        _emergency(page, one)


def _emergency(page: Page, one: OpenText) -> None:
    with st.container(border=True):
        outside(f"Written in survey {one.survey_id}, {one.place}, read {say_moment(one.raised_at)}:")
        outside(one.words or "The words are kept no longer.")
        st.text("Nobody knows who wrote it. If anybody may need help, call the control room.")
        reason = st.text_input("If it is no emergency: why?", key=f"s_why_{one.alarm_id}")
        with st.container(horizontal=True):
            passed = st.button("Seen, passed to the control room", key=f"s_passed_{one.alarm_id}", type="primary")
            none = st.button("Not an emergency", key=f"s_none_{one.alarm_id}")
    if passed or none:
        done(
            lambda: say_seen(page.context, page.person, one.alarm_id, reason, passed=passed),
            "Noted. Messages about it end.",
        )


def list_all(page: Page) -> None:
    if page.may(Action.RUN_SURVEYS):
        new_survey(page)
    with page.read() as session:
        found = [(one, _place(session.get(Place, one.place_id) if one.place_id else None),
                  answered_so_far(session, one.id or 0)) for one in list_surveys(session)]  # fmt: skip
    if not found:
        st.info("Nobody has been asked anything yet. A survey of two or three questions tells what matters most to residents, "
                "neighbourhood by neighbourhood, and stands where posts are planned.")  # fmt: skip
    for survey, place, answered in found:
        with st.container(border=True):
            st.badge(WORDS[SurveyState(survey.state)], color=COLOURS[SurveyState(survey.state)])  # type: ignore[arg-type]  # of its colours
            heading(survey.title)
            outside(f"{place}. {summary(survey)} {say_count(answered, 'form')} came in.")
            st.page_link(SURVEYS_PAGE, label=f"Look at survey {survey.id}", icon=":material/ballot:",
                         query_params={"id": str(survey.id)})  # fmt: skip


def _place(place: Place | None) -> str:
    return place.name if place is not None else WHOLE_FORCE


def one_survey(page: Page, number: int) -> None:
    st.page_link(SURVEYS_PAGE, label="All surveys", icon=":material/arrow_back:", query_params={})
    with page.read() as session:
        survey = session.get(Survey, number)
        questions = questions_of(session, number)
        place = _place(session.get(Place, survey.place_id) if survey and survey.place_id else None)
    if survey is None:
        st.info("There is no such survey. Look at the list.")
        return
    may = page.may(Action.RUN_SURVEYS, survey.place_id)
    heading(survey.title)
    outside(f"Survey {number}. {place}. {summary(survey)}")
    if survey.state == SurveyState.DRAFT:
        if may:
            build(page, survey, questions)
        preview(survey, questions)
        if may:
            opening(page, survey)
        return
    if may:
        running(page, survey)
    show_results(page, survey)
    with st.expander("What was asked"):
        if survey.intro:
            outside(survey.intro)
        for question in questions:
            show_question(question)
    if may and st.button("Make a copy to change and ask anew", key="s_copy", icon=":material/content_copy:"):
        copied(page, number)


def opening(page: Page, survey: Survey) -> None:
    """For the second person: read above, and open."""
    st.header("Open it", anchor=False)
    if survey.closes_on is None:
        st.warning("It has no last day yet. Whoever writes it gives it one, or nobody can open it.")
    try:
        with page.read() as session:
            require_may_open(session, survey, page.person)
    except NotAllowed as error:
        outside(str(error))
        return
    until = f" until {say_day(survey.closes_on)}" if survey.closes_on else ""
    st.text(f"You have read it above. It then takes answers{until}, and its words cannot be changed any more. "
            "Whoever changes it first is one of its authors, and somebody else has to open it.")  # fmt: skip
    if st.button("I have read it: open the survey", type="primary", key="s_open"):
        done(lambda: open_survey(page.context, page.person, survey.id or 0, expected_version=survey.version),
             "The survey is open. Invite members below.")  # fmt: skip


def running(page: Page, survey: Survey) -> None:
    """Inviting members, the open link, closing."""
    number = survey.id or 0
    if survey.state != SurveyState.OPEN:
        return
    st.header("Who may answer", anchor=False)
    invitations(page, survey)
    if survey.open_link:
        st.text("The open link, for posts and posters; each machine can send a few answers an hour:")
        outside(_open_address(page, survey))
    said = "Switch the open link off" if survey.open_link else "Switch the open link on"
    with st.container(horizontal=True):
        if st.button(said, key="s_switch"):
            done(lambda: switch_open_link(page.context, page.person, number, not survey.open_link),
                 "The open link is off." if survey.open_link else "The open link is on: it stands below.")  # fmt: skip
        sure = st.checkbox("Nobody shall answer any more", key="s_sure")
        if st.button("Close it for good", key="s_close", disabled=not sure):
            done(lambda: close_survey(page.context, page.person, number), "It takes no more answers.")


def _open_address(page: Page, survey: Survey) -> str:
    try:
        return (
            f"{public_base(page.context)}{OPEN_PATH.replace('{token}', open_token(page.context.vault, survey.id or 0))}"
        )
    except BeatlineError as error:
        return str(error)


def invitations(page: Page, survey: Survey) -> None:
    """How many would be told now, live, and the button."""
    number = survey.id or 0
    if not any(account.channel == "alert" for account in page.accounts):
        st.text("There is no account of the alert service to invite members with; the open link works without one.")
        return
    if not takes_answers(survey, page.now):
        st.text("Members can be invited from its first day on.")
        return
    with page.read() as session:
        everybody = usual_audience(session, survey)
        within = {one: name for one, name in place_choices(session).items() if is_within(session, survey, one)}
    with st.expander("Invite only some of the members"):
        areas = st.multiselect("Of these areas", list(within), format_func=lambda one: within[one], key="s_areas")
        langs = st.multiselect("Who chose this language", list(LANGUAGES), format_func=lambda one: LANGUAGES[one], key="s_langs")  # fmt: skip
    audience = replace(everybody, place_ids=tuple(areas) or everybody.place_ids, languages=tuple(langs))
    with page.read() as session:
        told_so_far = invited(session, number)
        count = count_invitations(session, page.context.settings, survey, audience, page.now)
    st.text(f"{say_count(told_so_far, 'member')} invited so far. {say_count(count.now, 'member')} more would be invited now, each by mail "
            f"with a link of their own; {count.left_out:,} are left out, as they were told enough this week or asked in another "
            "survey within four weeks.")  # fmt: skip
    if st.button(f"Invite {say_count(count.now, 'member')}", key="s_invite", type="primary", disabled=not count.now):
        done(lambda: invite(page.context, page.person, number, audience), "The invitations are on their way.")


def copied(page: Page, number: int) -> None:
    try:
        copy = copy_survey(page.context, page.person, number)
    except BeatlineError as error:
        problems(error)
        return
    later("This is the copy. Change it as you like.")
    st.switch_page(SURVEYS_PAGE, query_params={"id": str(copy)})


page = begin("Surveys", needs=Action.READ_FIGURES)
say_what_was_done()
with told():
    emergencies(page)
    chosen = number_in_address("id")
    if chosen is None:
        list_all(page)
    else:
        one_survey(page, chosen)
