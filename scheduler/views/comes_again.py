"""The part of a post's page where it is made to come again every week or month."""

from collections.abc import Callable
from datetime import date, time

import streamlit as st

from scheduler.queries import PostView
from scheduler.recurrence_rules import DAYS, LAST, Rule
from scheduler.recurrences import RecurrenceView, add_recurrence, list_recurrences, stop_recurrence
from social.clock import as_local
from social.errors import BeatlineError
from social.staff import Action
from social.views.parts import Page, later, outside, problems

LAST_DAY = "The last day of the month"
HOURS = ("It does not matter", "The first (summer time)", "The second (winter time)")
"""Which of two autumn hours is meant; fold is the place in it, less one."""


def comes_again(page: Page, view: PostView) -> None:
    """What comes of this post again, and for whoever may plan posts the means to change that."""
    with page.read() as session:
        known = list_recurrences(session, view.post.id)
    may_plan = page.may(Action.PLAN, view.post.place_id)
    for one in known:
        _one(page, one, may_plan)
    if may_plan:
        with st.expander("Let it come again"):
            _form(page, view)


def _one(page: Page, one: RecurrenceView, may_plan: bool) -> None:
    with st.container(border=True):
        st.text(f"Comes again: {one.words}" if one.running else f"Came again: {one.words}. Stopped.")
        outside(f"Planned so far: {one.planned}. Set up by {one.by}.")
        for missed in one.missed[:5]:
            outside(missed)
        if one.running and may_plan and st.button("Stop it", key=f"stop_again_{one.id}"):
            _done(lambda: stop_recurrence(page.context, one.id, page.person),
                  "It does not come again. What is planned already stays; discard it where it should not go out.")  # fmt: skip


def _form(page: Page, view: PostView) -> None:
    st.text("Each time is a post of its own, planned two weeks ahead, and needs the approval of its kind.")
    choices = [f"Every {day}" for day in DAYS] + [f"Day {n} of every month" for n in range(1, 29)] + [LAST_DAY]
    due = as_local(view.post.due_at or page.now)
    with st.form("again"):
        chosen = st.selectbox("When does it come again?", choices, index=due.weekday(), key="again_on")
        at = st.text_input("At what time? As 09:30, UK time", value=f"{due:%H:%M}", key="again_at")
        until = st.date_input("Until when? Empty for no end", value=None, key="again_until", format="DD/MM/YYYY")
        which = st.selectbox(
            "Where the clock shows the hour twice in autumn, which is meant?", HOURS, key="again_which"
        )
        if st.form_submit_button("Let it come again", icon=":material/event_repeat:"):
            place = choices.index(chosen)
            last = until if isinstance(until, date) else None
            _done(lambda: _add(page, view, place, at, HOURS.index(which), last), "It comes again from its next day on.")


def _add(page: Page, view: PostView, place: int, at: str, which: int, last: date | None) -> None:
    try:
        when = time.fromisoformat(at.strip()) if len(at.strip()) == 5 else None
    except ValueError:
        when = None
    if when is None:
        raise BeatlineError(f"'{at}' is no time of day. Give one such as 09:30.")
    weekday = place if place < len(DAYS) else None
    month_day = None if weekday is not None else (place - len(DAYS) + 1) % 29 or LAST
    rule = Rule(when, as_local(page.now).date(), weekday, month_day, which - 1 if which else None, last)
    add_recurrence(page.context, view.post.id or 0, rule, page.person)


def _done(work: Callable[[], None], message: str) -> None:
    try:
        work()
    except BeatlineError as error:
        problems(error)
    else:
        later(message)
        st.rerun()
