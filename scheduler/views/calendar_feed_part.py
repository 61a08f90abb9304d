"""The plan in one's own calendar program: addresses are made, shown once, and ended."""

from functools import partial

import streamlit as st

from scheduler.calendar_feed import end_feed, feeds_of, make_feed
from social.clock import as_local
from social.errors import BeatlineError
from social.places import place_choices
from social.views.parts import Page, done, outside, problems
from social.views.words import say_day

_MADE = "calendar_feed_made"
WHOLE = "The whole force"


def calendar_feed_part(page: Page) -> None:
    """An expander with this person's addresses and the means to make one."""
    with st.expander("The plan in your own calendar", icon=":material/calendar_add_on:", key="calendar_feed"):
        st.text(
            "Calendar programs and phones can show the plan by themselves: kind, time, place and state of each post, "
            "never its words. Whoever has the address sees that, so keep it to yourself."
        )
        with page.read() as session:
            own = feeds_of(session, page.person)
            places = place_choices(session)
        _made()
        for feed in own:
            with st.container(horizontal=True, vertical_alignment="center", key=f"feed_{feed.number}"):
                outside(f"{feed.place or WHOLE}, made {say_day(as_local(feed.made_at).date())}")
                if st.button(f"End address {feed.number}"):
                    st.session_state.pop(_MADE, None)
                    done(partial(end_feed, page.context, page.person, feed.number), "That address answers no more.")
        _form(page, places)


def _made() -> None:
    if address := st.session_state.get(_MADE):
        st.success("The address is ready. Copy it now: it is not shown again.")
        st.code(address, language=None, wrap_lines=True)


def _form(page: Page, places: dict[int, str]) -> None:
    shown = {number: name for number, name in places.items() if page.areas is None or number in page.areas}
    choices: list[int | None] = [*([None] if page.areas is None else []), *shown]
    if not choices:
        return
    with st.form("calendar_feed_form", border=False):
        chosen = st.selectbox(
            "Area to show", choices, format_func=lambda number: WHOLE if number is None else shown[number]
        )
        if st.form_submit_button("Make an address"):
            try:
                secret = make_feed(page.context, page.person, chosen)
            except BeatlineError as error:
                problems(error)
                return
            st.session_state[_MADE] = f"{page.context.settings.address or st.context.url}/feeds/{secret}/plan.ics"
            st.rerun()
