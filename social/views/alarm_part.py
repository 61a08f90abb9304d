"""The part of a page that shows what needs a person, and where they say that they know."""

import streamlit as st

from social.account_care import see_alarm
from social.alarms import Alarm, alarms_for
from social.staff import Action
from social.views.parts import Page, later, outside, told
from social.views.plain import for_people
from social.views.words import say_count, say_moment


def alarms(page: Page, few: int, *, unseen_only: bool = False) -> None:
    """Open alarms for this person; whoever looks after accounts sees everybody's.  few: most cards.

    unseen_only: leave out what somebody knows of already, and draw nothing when nothing is left."""
    with page.read() as session:
        found = list(alarms_for(session, page.person, everybody=page.may(Action.MANAGE_ACCOUNTS)))
    found = [alarm for alarm in found if alarm.seen_at is None] if unseen_only else found
    if unseen_only and not found:
        return
    st.header("Alarms", anchor=False)
    if not found:
        st.text("Nothing is wrong that you have to know of.")
    for alarm in sorted(found, key=lambda alarm: alarm.seen_at is not None)[:few]:
        _card(page, alarm)
    if len(found) > few:
        st.text(f"and {say_count(len(found) - few, 'more', 'more')}, which come up as these are seen to.")


def _card(page: Page, alarm: Alarm) -> None:
    with st.container(border=True):
        st.badge("Seen" if alarm.seen_at else "Not seen yet", color="gray" if alarm.seen_at else "red")
        outside(for_people(alarm.text))
        st.text(f"Since {say_moment(alarm.raised_at)}.")
        if alarm.seen_at is None and st.button(
            "I have seen it", key=f"seen_{alarm.id}", help="No more reminders come."
        ):
            with told():
                see_alarm(page.context, alarm.id or 0, page.person)
                later("Noted. No more reminders come about it; it stays here until it is put right.")
                st.rerun()
