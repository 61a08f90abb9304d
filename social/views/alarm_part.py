"""The part of a page that shows what needs a person, and where they say that they know."""

import streamlit as st

from social.account_care import see_alarm
from social.alarms import Alarm, alarms_for
from social.staff import Action
from social.views.parts import Page, later, outside, told
from social.views.plain import for_people
from social.views.task_rows import SHOWN, group
from social.views.words import say_count, say_moment


def _open(page: Page) -> list[Alarm]:
    with page.read() as session:
        return list(alarms_for(session, page.person, everybody=page.may(Action.MANAGE_ACCOUNTS)))


def unseen_alarms(page: Page) -> bool:
    """For Today: open alarms for this person that nobody knows of yet.  Returns whether there are any."""
    found = [alarm for alarm in _open(page) if alarm.seen_at is None]
    if not found:
        return False
    with group("alarms", "Alarms"):
        for alarm in found[:SHOWN]:
            with st.container(key=f"row_alarm_{alarm.id}", gap="xsmall"):
                outside(for_people(alarm.text))
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                    st.text(f"Since {say_moment(alarm.raised_at)}.")
                    _seen_button(page, alarm)
        if len(found) > SHOWN:
            st.text(f"and {say_count(len(found) - SHOWN, 'more', 'more')}, which come up as these are seen to.")
    return True


def alarms(page: Page, few: int) -> None:
    """Open alarms for this person; whoever looks after accounts sees everybody's.  few: most cards."""
    found = _open(page)
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
        if alarm.seen_at is None:
            _seen_button(page, alarm)


def _seen_button(page: Page, alarm: Alarm) -> None:
    if st.button("I have seen it", key=f"seen_{alarm.id}", help="No more reminders come."):
        with told():
            see_alarm(page.context, alarm.id or 0, page.person)
            later("Noted. No more reminders come about it; it stays here until it is put right.")
            st.rerun()
