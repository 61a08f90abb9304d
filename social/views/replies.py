"""Replies: what residents wrote, the most urgent first, each with how it was read and the thread it stands in.

There is deliberately no way to look at, search or group by an author (R25)."""

import streamlit as st

from social.inbox import ReplyView, count_replies, list_replies, thread
from social.places import PlaceKind, list_places
from social.staff import Action
from social.views.parts import Page, begin, number_in_address, outside, told
from social.views.replying import REPLIES_PAGE, reply_card
from social.views.words import KINDS, NETWORKS, STANCES, say_count, word

PER_PAGE = 25


def filters(page: Page) -> tuple[list[str] | None, list[str] | None, int | None]:
    """Kinds, stances and area to list; None for all."""
    with page.read() as session:
        places = {p.id: p.name for p in list_places(session, PlaceKind.NEIGHBOURHOOD) if p.id is not None}
    one, two, three = st.columns(3)
    kinds = one.multiselect("Kind", list(KINDS), format_func=lambda k: KINDS[k], placeholder="Every kind", key="r_kind")
    stances = two.multiselect(
        "Stance", list(STANCES), format_func=lambda s: STANCES[s], placeholder="Every stance", key="r_stance"
    )
    place = three.selectbox(
        "Area", [None, *places], format_func=lambda number: places.get(number, "Every area"), key="r_area"
    )
    return kinds or None, stances or None, place


def listing(page: Page) -> None:
    kinds, stances, place = filters(page)
    with page.read() as session:
        total = count_replies(session, kinds=kinds, stances=stances, place_id=place)
        pages = max(1, -(-total // PER_PAGE))
        number = st.number_input("Page", 1, pages, 1, key="r_page") if pages > 1 else 1
        replies = list_replies(
            session, kinds=kinds, stances=stances, place_id=place, limit=PER_PAGE, offset=(int(number) - 1) * PER_PAGE
        )
    if not total:
        narrowed = kinds or stances or place
        st.info(
            "No reply fits these filters." if narrowed else "No replies yet. They appear here after a post goes out."
        )
        return
    st.text(f"{say_count(total, 'reply', 'replies')}. Emergencies come first, then leads, then the newest.")
    if any(reply.kind == "emergency" for reply in replies):
        st.error("A reply here reads like an emergency. Pass it to the control room now. "
                 "The only answer to give is to call 999.")  # fmt: skip
    for reply in replies:
        reply_card(reply, page.now)


def whole_thread(page: Page, publication_id: int) -> None:
    """Everything under one post in the order it was written, with the post above."""
    st.page_link(REPLIES_PAGE, label="Back to all replies", icon=":material/arrow_back:")
    with page.read() as session:
        replies = thread(session, publication_id)
    if not replies:
        st.info("There is nothing under this post, or the post is not known here.")
        return
    st.header("Thread", anchor=False)
    post_above(replies[0])
    for reply in replies:
        reply_card(reply, page.now, under=False, link=False)


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
