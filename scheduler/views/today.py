"""Today: what needs this person now, in the order of what they are there for; what goes out next; one finding.

Nobody's role is asked for: the order follows from what the person may do, so that a new role needs no line here."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from insights.views.findings_part import finding_card
from scheduler.views import today_posts as posts
from scheduler.views.cards import account_notices, worker_notice, write_button
from scheduler.views.hold_notice import waiting_notice
from scheduler.views.takedown_cards import takedowns_on_today
from scheduler.views.today_health import condition_line, looked_after
from social.staff import Action
from social.views.alarm_part import unseen_alarms
from social.views.duty_today_part import answers, emergencies, leads, nobody_on_duty
from social.views.parts import Page, begin, say_what_was_done, told
from social.views.rooms import Room
from social.views.sign_in import still_there
from social.views.task_rows import SHOWN, STYLE

Part = Callable[[Page], bool]
"""Draws its card, if it has anything to say.  Returns whether something needs the person."""


def takedowns(page: Page) -> bool:
    return takedowns_on_today(page, SHOWN)


ORDERS: Sequence[tuple[Action | None, Sequence[Part]]] = (
    (Action.MANAGE_ACCOUNTS, (unseen_alarms, looked_after, takedowns)),
    (
        Action.APPROVE_LOCAL,
        (takedowns, posts.approvals, posts.stuck, posts.back, unseen_alarms, answers, leads, posts.reviews),
    ),
    (Action.PLAN, (takedowns, posts.back, posts.stuck, unseen_alarms, answers, leads)),
    (None, (unseen_alarms, answers, leads)),
)
"""What comes first for whom: the first line whose action the person may do. Emergencies stand above all of it (R19)."""


def parts_for(page: Page) -> Sequence[Part]:
    """The cards of this person, the most pressing first; each asks for itself what the person may see."""
    return next(parts for action, parts in ORDERS if action is None or page.may(action))


@st.fragment
def finding(page: Page) -> None:
    """A press in it draws it anew, and nothing else of the page."""
    if not still_there(page, Action.READ_FIGURES):
        st.rerun(scope="app")
    with told():
        finding_card(replace(page, now=page.context.clock.now()))


def needs_you(page: Page, *, urgent: bool) -> None:
    something = urgent
    for part in parts_for(page):
        with told():
            something |= part(page)
    if not something:
        with told():
            st.success(f"Nothing needs you. {posts.next_post(page)}")


page = begin("Today")
st.html(STYLE)
say_what_was_done()
urgent = False
with told():
    urgent = emergencies(page)
with told():
    worker_notice(page)
    nobody_on_duty(page)
    account_notices(page)
    waiting_notice(page)
if page.may(Action.PLAN):
    write_button("today_write")
left, right = st.columns([3, 2], gap="large")
with left:
    st.header("Needs you", anchor=False)
    cards = Room(360)
with right:
    coming = Room(200)
    week = Room(140) if page.may(Action.READ_FIGURES) else None
    machine = Room(160)
with cards.fill():
    needs_you(page, urgent=urgent)
with coming.fill(), told():
    posts.goes_out(page)
if week is not None:
    with week.fill():
        finding(page)
with machine.fill():
    condition_line(page)
