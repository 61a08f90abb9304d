"""One reply in its thread: the post above it, what was said before and after, and everything that can be done about it."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from social.clock import as_local
from social.inbox import ReplyView, conversation
from social.interactions import EMERGENCY, LEAD
from social.staff import Action
from social.views.answer_part import answer_part
from social.views.desk_part import assign_part, done_part, notes_part, presence, saved_answers
from social.views.duty_part import seen_part
from social.views.hide_part import hide_part
from social.views.lead_part import lead_part
from social.views.parts import Page, outside
from social.views.reading_part import reading_part
from social.views.replies_address import sees_leads, to_reply, to_thread
from social.views.replying import (
    EMERGENCY_ADVICE,
    LEAD_ADVICE,
    badges,
    clock_in_words,
    reading_in_words,
    reply_card,
)
from social.views.words import NETWORKS, is_web_address, say_day, say_soon, word


def reply_detail(page: Page, reply: ReplyView) -> None:
    """The open reply, for whoever may read it; what changes anything is drawn for whoever may answer it."""
    may_answer = page.may(Action.ANSWER, reply.place_id)
    st.header(f"Reply {reply.id}", anchor=False)
    if may_answer and not reply.ours:
        presence(page, reply)
    if reply.is_open and reply.urgency == EMERGENCY:
        st.error(f"This reads like an emergency. {EMERGENCY_ADVICE} It stays open until somebody closes it here.")
    elif reply.is_open and reply.urgency == LEAD:
        st.warning(f"This may help an enquiry. {LEAD_ADVICE}")
    post_above(reply)
    with page.read() as session:
        said = conversation(session, reply, leads=sees_leads(page))
    in_thread(page, reply, said)
    if reply.ours:
        return
    seen_part(page, reply)
    if may_answer and reply.urgency != EMERGENCY:  # an emergency gets no answer from a shelf (R19)
        saved_answers(page, reply)
    answer_part(page, reply)
    if may_answer:
        done_part(page, reply)
        assign_part(page, reply)
    notes_part(page, reply, may_answer=may_answer)
    lead_part(page, reply)
    reading_part(page, reply)
    hide_part(page, reply)


def post_above(reply: ReplyView) -> None:
    """The post that it stands under."""
    with st.container(border=True):
        st.badge(f"Our post on {word(NETWORKS, reply.channel)}", color="blue")
        outside(reply.publication_text)
        outside(f"{reply.account}" + (f", about {reply.place}" if reply.place else ""))
        with st.container(horizontal=True):
            if reply.post_id is not None:
                st.page_link(
                    "scheduler/views/post.py",
                    label=f"Open post {reply.post_id}",
                    icon=":material/article:",
                    query_params={"id": str(reply.post_id)},
                )
            else:
                st.caption("This post was there before the account was connected.")
            if is_web_address(reply.url):
                st.link_button("See it on the network", reply.url or "", icon=":material/open_in_new:")


def in_thread(page: Page, reply: ReplyView, said: Sequence[ReplyView]) -> None:
    """What hangs together with the reply, day after day, the reply itself in its place."""
    days = [(day, list(some)) for day, some in groupby(said, lambda one: as_local(one.created_at).date())]
    for day, some in days:
        if len(days) > 1:
            st.caption(say_day(day))
        for one in some:
            if one.id == reply.id:
                this_reply(page, reply)
            else:
                reply_card(one, page.now, under=False, opens=to_reply)
    if st.button("See everything under this post", key="see_thread", icon=":material/forum:"):
        to_thread(reply.publication_id)
        st.rerun(scope="app")  # the list gives way to it


def this_reply(page: Page, reply: ReplyView) -> None:
    with st.container(border=True, key="this_reply"):
        with st.container(horizontal=True, vertical_alignment="center"):
            badges(reply)
            st.text(f"{word(NETWORKS, reply.channel)}, {say_soon(reply.created_at, page.now)}")
        outside(reply.text or "(Its words are not kept any more.)")
        if not reply.ours:
            st.caption(reading_in_words(reply))
            clock = clock_in_words(reply, page.now)
            if clock:
                st.text(f"{clock}: residents are answered within 72 hours.")
            if reply.done_at is not None:
                outside(f"Closed by {reply.done_by or 'somebody'}, {say_soon(reply.done_at, page.now)}.")
            if reply.assignee:
                outside(f"With {reply.assignee}.")
