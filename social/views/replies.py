"""Replies: what residents wrote, the most urgent first, each with how it was read and the thread it stands in.

There is deliberately no way to look at, search or group by an author (R25)."""

from datetime import datetime, timedelta

import streamlit as st

from social.exports import record_view
from social.inbox import ReplyView, count_replies, list_replies, thread
from social.inbox_query import Wanted
from social.places import place_choices
from social.staff import Action
from social.views.parts import Page, begin, number_in_address, outside, told
from social.views.replying import EMERGENCY_ADVICE, LEAD_ADVICE, REPLIES_PAGE, reply_card
from social.views.words import KINDS, NETWORKS, STANCES, say_count, word

PER_PAGE = 25
PERIODS = {"In the last 7 days": 7, "In the last 28 days": 28, "At any time": 0}
"""What to list, in days back; 0 for all.  The past that an account brings in would otherwise bury what is new."""


def filters(page: Page) -> tuple[list[str] | None, list[str] | None, int | None, datetime | None]:
    """Kinds, stances, area and oldest time to list; None for all.  The address may name kinds: `kinds=question,lead`."""
    with page.read() as session:
        places = {number: name for number, name in place_choices(session).items() if page.acts_for(number)}
    asked = [kind for kind in st.query_params.get("kinds", "").split(",") if kind in KINDS]
    if asked and ("r_kind" not in st.session_state or st.session_state.get("r_asked") != asked):
        st.session_state["r_asked"] = st.session_state["r_kind"] = asked
    one, two, three, four = st.columns([5, 4, 3, 3])  # room for two kinds side by side
    kinds = one.multiselect("Kind", list(KINDS), format_func=lambda k: KINDS[k], placeholder="Every kind", key="r_kind")
    stances = two.multiselect(
        "Stance", list(STANCES), format_func=lambda s: STANCES[s], placeholder="Every stance", key="r_stance"
    )
    place = three.selectbox(
        "Area",
        [None, *places],
        format_func=lambda number: places.get(number, "Every area" if page.areas is None else "Every area of yours"),
        key="r_area",
    )
    days = PERIODS[four.selectbox("Written", list(PERIODS), key="r_period")]
    return kinds or None, stances or None, place, page.now - timedelta(days=days) if days else None


def older_emergencies(page: Page, since: datetime | None) -> None:
    """An emergency never goes out of sight unanswered (R19): those before the chosen time are counted."""
    if since is None:
        return
    with page.read() as session:
        found = list_replies(session, Wanted(kinds=("emergency",), areas=page.areas), limit=500)
    older = sum(reply.created_at < since and reply.answered_at is None for reply in found)
    if older:
        said = say_count(older, "older reply reads", "older replies read")
        st.warning(
            f"{said} like an emergency and had no answer. Choose the kind Emergency, written at any time, to see what was missed."
        )


def listing(page: Page) -> None:
    kinds, stances, place, since = filters(page)
    with page.read() as session:
        wanted = Wanted(kinds=kinds, stances=stances, place_id=place, since=since, areas=page.areas)
        total = count_replies(session, wanted)
        pages = max(1, -(-total // PER_PAGE))
        if st.session_state.get("r_page", 1) > pages:  # fewer are left than when the page was chosen
            st.session_state["r_page"] = pages
        number = st.number_input(f"Page, of {pages}", 1, pages, 1, key="r_page") if pages > 1 else 1
        replies = list_replies(session, wanted, limit=PER_PAGE, offset=(int(number) - 1) * PER_PAGE)
    older_emergencies(page, since)
    if not total:
        narrowed = kinds or stances or place
        st.info(
            "No reply fits these filters."
            if narrowed
            else "No replies in this time. They come in after a post goes out."
        )
        return
    st.text(f"{say_count(total, 'reply', 'replies')}. Emergencies come first, then leads, then the newest.")
    waiting = [reply for reply in replies if reply.answered_at is None]
    if any(reply.kind == "emergency" for reply in waiting):
        st.error(f"A reply here reads like an emergency. {EMERGENCY_ADVICE}")
    if any(reply.kind == "lead" for reply in waiting):
        st.text(f"Replies that may help an enquiry are marked. {LEAD_ADVICE}")
    for reply in replies:
        reply_card(reply, page.now)
    record_view(page.context, page.person, ("replies", "list"))


def whole_thread(page: Page, publication_id: int) -> None:
    """Everything under one post in the order it was written, with the post above."""
    st.page_link(REPLIES_PAGE, label="Back to all replies", icon=":material/arrow_back:")
    with page.read() as session:
        replies = thread(session, publication_id, areas=page.areas)
    if not replies:
        st.info("There is nothing under this post, or it is not known here, or it is about an area that is not yours.")
        return
    st.header("Thread", anchor=False)
    post_above(replies[0])
    for reply in replies:
        reply_card(reply, page.now, under=False, link=False)
    record_view(page.context, page.person, ("thread", publication_id))


def post_above(reply: ReplyView) -> None:
    with st.container(border=True):
        st.badge(f"Our post on {word(NETWORKS, reply.channel)}", color="blue")
        outside(reply.publication_text)
        outside(f"{reply.account}" + (f", about {reply.place}" if reply.place else ""))
        if reply.post_id is not None:
            st.page_link(
                "scheduler/views/post.py",
                label=f"Open post {reply.post_id}",
                icon=":material/article:",
                query_params={"id": str(reply.post_id)},
            )
        else:
            st.caption("This post was there before the account was connected.")
        if reply.url and reply.url.startswith(("https://", "http://127.0.0.1")):
            st.link_button("See it on the network", reply.url, icon=":material/open_in_new:")


page = begin("Replies", needs=Action.READ_REPLIES)
wanted = number_in_address("thread")
with told():
    if wanted is not None:
        whole_thread(page, wanted)
    else:
        listing(page)
