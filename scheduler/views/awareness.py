"""Awareness days: what is coming and worth preparing, which dates wait for a person, and a form to type one in."""

from datetime import date, timedelta

import streamlit as st

from scheduler.awareness import Awareness, Occurrence, days_between, read_calendar
from scheduler.awareness_dates import Unsettled, confirm_date, ideas, say_lead, unsettled
from scheduler.views.occasions import say_days, say_sure
from social.clock import as_local
from social.errors import BeatlineError
from social.staff import Action
from social.views.inert import inert
from social.views.parts import Page, begin, heading, later, outside, problems, say_what_was_done, told
from social.views.words import say_count, say_day

AHEAD = 92
"""Days that the list looks ahead."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def prepare(calendar: list[Awareness], today: date) -> None:
    st.header("Prepare now", anchor=False)
    found = ideas(calendar, today)
    if not found:
        st.text("Nothing asks to be prepared in the weeks ahead.")
    for idea in found:
        with st.container(border=True):
            heading(f"{say_lead(idea.days)}: {idea.occurrence.name}")
            outside(f"{say_days(idea.occurrence)}{say_sure(idea.occurrence)}. {idea.advice}")
            details(idea.occurrence)


def details(one: Occurrence) -> None:
    if one.hashtag:
        outside(one.hashtag)
    if one.note:
        outside(f"Mind: {one.note}")


def waiting(page: Page, calendar: list[Awareness], today: date) -> None:
    st.header("Dates that wait for a person", anchor=False)
    found = unsettled(calendar, today)
    if not found:
        st.text("Every date of this year and the next is known or confirmed.")
        return
    st.text(f"{say_count(len(found), 'date')} to type in or confirm.")
    if page.may(Action.KEEP_CALENDAR):
        form(page, found, today)
    for one in found:
        outside(f"{one.year}: {one.name}. {say_known(one)}")


def say_known(one: Unsettled) -> str:
    if one.proposed is not None:
        return f"The pattern gives {say_day(one.proposed)}, to be confirmed."
    if one.months:
        return f"No date is known yet; usually in {' or '.join(MONTHS[month - 1] for month in one.months)}."
    return "No date is known yet."


def form(page: Page, found: list[Unsettled], today: date) -> None:
    """Type in or confirm one date. The choice is remembered by number: names come from a file."""
    with st.container(border=True):
        chosen = st.selectbox(
            "Which one?", range(len(found)), key="a_which", format_func=lambda n: f"{found[n].name}, {found[n].year}"
        )
        one = found[chosen]
        start = st.date_input(
            "First day", value=one.proposed or today, key=f"a_start_{one.key}_{one.year}", format="DD/MM/YYYY"
        )
        known = st.checkbox("I have this date from its organisers", key=f"a_sure_{one.key}_{one.year}")
        if st.button(
            "Put it into the calendar", key="a_confirm", icon=":material/event_available:", disabled=not known
        ):
            try:
                done = confirm_date(page.context, one.key, start, page.person)
            except BeatlineError as error:
                problems(error)
            else:
                later(f"{inert(done.name)} is in the calendar: {say_days(done)}.")
                st.rerun()


def ahead(calendar: list[Awareness], today: date) -> None:
    st.header("The next three months", anchor=False)
    for one in days_between(calendar, today, today + timedelta(AHEAD)):
        tone = "Solemn: no light posts. " if one.tone == "solemn" else ""
        outside(f"{say_days(one)}: {one.name}{say_sure(one)}. {tone}".strip())


def show(page: Page) -> None:
    say_what_was_done()
    with page.read() as session:
        calendar = read_calendar(session)
    if not calendar:
        st.info("The calendar is empty. Ask whoever looks after Beatline to bring days in from a file.")
        return
    today = as_local(page.now).date()
    left, right = st.columns([3, 2], gap="large")
    with left:
        prepare(calendar, today)
        ahead(calendar, today)
    with right:
        waiting(page, calendar, today)


page = begin("Awareness days")
with told():
    show(page)
