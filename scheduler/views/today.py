"""Today: what needs this person now, what goes out next, what residents need, and one thing worth knowing."""

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from insights.views.findings_part import finding_card
from scheduler.content_types import label_of
from scheduler.picture_reviews import ReviewDue, reviews_due
from scheduler.queries import list_entries, posts_between, posts_numbered
from scheduler.views.cards import (
    APPROVALS_PAGE,
    STUCK,
    account_notices,
    entry_card,
    open_link,
    post_card,
    worker_notice,
    write_button,
)
from scheduler.views.hold_notice import waiting_notice
from scheduler.views.lookups import sent_back
from scheduler.views.takedown_cards import takedowns_on_today
from scheduler.waiting import waiting_for
from social.clock import as_local
from social.desk_counts import count_desk
from social.inbox import ReplyView, list_replies
from social.inbox_query import State, Wanted
from social.staff import Action
from social.views.alarm_part import alarms
from social.views.duty_today_part import nobody_on_duty, overdue_answers, unseen_emergencies
from social.views.parts import Page, begin, outside, say_what_was_done, told
from social.views.replying import EMERGENCY_ADVICE, LEAD_ADVICE, REPLIES_PAGE, reply_card
from social.views.words import say_count, say_soon

FEW = 8  # most cards in one list; the rest is said as a number
SOONEST = 3  # of those that wait for approval; the page Approvals has them all


def needs_you(page: Page) -> None:
    """What is stuck, then what waits for a decision."""
    with page.read() as session:
        # Whoever can do nothing about it is not bothered with it, nor with another team's.
        stuck = [e for e in list_entries(session, states=STUCK) if page.may(Action.PLAN, e.place_id)]
        waiting = waiting_for(session, page.person).mine if page.may(Action.APPROVE_LOCAL) else ()
        soonest = posts_numbered(session, [post.post_id for post in waiting[:SOONEST]])
        back = sent_back(session, page.person.id or 0)
        reviews = reviews_due(session, as_local(page.now).date()) if page.may(Action.WITHDRAW) else []
    st.header("Needs you", anchor=False)
    for review in reviews[:FEW]:
        review_card(review)
    if not stuck and not waiting and not back and not reviews:
        st.success(f"Nothing needs you. {next_post(page)}")
    if stuck:
        posts = say_count(len({entry.post_id for entry in stuck}), "post has", "posts have")
        st.text(f"{posts} not gone out as planned:")
        for entry in stuck[:FEW]:
            entry_card(entry, page.now)
    for post_id, text, reason in back[:FEW]:
        with st.container(border=True):
            st.badge("Sent back", color="orange")
            outside(text)
            outside(f"What should change: {reason}")
            open_link(post_id)
    if waiting:
        st.page_link(APPROVALS_PAGE, label=f"{say_count(len(waiting), 'post waits', 'posts wait')} for approval",
                     icon=":material/task_alt:")  # fmt: skip
        for post in soonest:
            post_card(post, page.now)
    more = sum(max(0, len(cards) - FEW) for cards in (stuck, back, reviews))
    if more:
        st.text(f"and {say_count(more, 'more', 'more')}: see the Calendar.")


def review_card(due: ReviewDue) -> None:
    """A picture of a person whose day of review comes or has passed (R07)."""
    with st.container(border=True):
        st.badge("Review overdue" if due.passed else "Review soon", color="red" if due.passed else "orange")
        about = f", about {due.place}" if due.place else ""
        outside(f"{label_of(due.content_type)}{about}: its picture is to be reviewed by {due.review_by:%d %B %Y}.")
        st.text("Must it still be online? Open it: it stays with a reason, or comes down.")
        open_link(due.post_id)


def next_post(page: Page) -> str:
    with page.read() as session:
        coming = list_entries(session, states=("queued",), start=page.now)
    first = min((entry.due_at for entry in coming if entry.due_at), default=None)
    return f"Next post: {say_soon(first, page.now)}." if first else "No post is planned."


def urgent_replies(page: Page) -> list[ReplyView]:
    """Emergencies and leads that are open, emergencies first (R19)."""
    if not page.may(Action.READ_REPLIES):
        return []
    with page.read() as session:
        return list_replies(session, replace(open_to(page), kinds=("emergency", "lead")), limit=200)


def open_to(page: Page) -> Wanted:
    """The open replies that are the person's to see."""
    return Wanted(State.OPEN, areas=page.areas, leads=page.may(Action.HAND_OFF))


def to_answer(page: Page) -> None:
    """How many replies are open and how many of them are the person's, each number with the list behind it."""
    with page.read() as session:
        counts = count_desk(session, open_to(page), page.now, page.person.id)
    for number, show, words in (
        (counts.open, "open", "reply is open|replies are open"),
        (counts.mine, "mine", "reply is given to you|replies are given to you"),
    ):
        if number:
            st.page_link(REPLIES_PAGE, label=say_count(number, *words.split("|")), icon=":material/forum:",
                         query_params={"show": show, "written": "any"})  # fmt: skip


def residents(page: Page, urgent: list[ReplyView]) -> None:
    st.header("Residents who need help or may help", anchor=False)
    if not urgent:
        st.text("No emergency and no lead is open.")
        return
    emergencies = sum(reply.kind == "emergency" for reply in urgent)
    if emergencies:
        st.error(f"{say_count(emergencies, 'reply reads', 'replies read')} like an emergency. {EMERGENCY_ADVICE}")
    if len(urgent) > emergencies:
        st.text(f"{say_count(len(urgent) - emergencies, 'reply', 'replies')} may help an enquiry. {LEAD_ADVICE}")
    for reply in urgent[:FEW]:
        reply_card(reply, page.now)
    if len(urgent) > FEW:
        st.page_link(REPLIES_PAGE, label=f"See all {len(urgent)}", icon=":material/forum:",
                     query_params={"kinds": "emergency,lead", "written": "any"})  # fmt: skip


def goes_out(page: Page) -> None:
    with page.read() as session:
        coming = posts_between(session, page.now, page.now + timedelta(hours=24))
    coming = [post for post in coming if post.status in ("queued", "approved", "publishing")]
    st.header("Goes out in the next 24 hours", anchor=False)
    if not coming:
        st.text("Nothing is planned for the next 24 hours.")
    for post in coming[:FEW]:
        post_card(post, page.now)
    if len(coming) > FEW:
        st.text(f"and {len(coming) - FEW} more: see the Calendar.")


page = begin("Today")
say_what_was_done()
with told():
    unseen_emergencies(page)
with told():
    worker_notice(page)
    nobody_on_duty(page)
    account_notices(page)
    waiting_notice(page)
    alarms(page, FEW, unseen_only=True)
if page.may(Action.PLAN):
    write_button("today_write")
left, right = st.columns([3, 2], gap="large")
with left, told():
    urgent = urgent_replies(page)
    emergency = any(reply.kind == "emergency" for reply in urgent)
    if emergency:  # nothing stands above an emergency (R19)
        residents(page, urgent)
    takedowns_on_today(page, FEW)
    needs_you(page)
    overdue_answers(page)
    if page.may(Action.READ_REPLIES):
        if not emergency:
            residents(page, urgent)
        to_answer(page)
with right:
    with told():
        goes_out(page)
    if page.may(Action.READ_FIGURES):
        with told():
            finding_card(page)
