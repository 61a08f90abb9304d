"""What there is to begin with while nothing is written: drafts that were left, templates, posts of the area to use again."""

import streamlit as st

from scheduler.queries import recent_posts
from scheduler.templates import list_templates
from scheduler.views.cards import WRITE_PAGE
from scheduler.working_drafts import DraftView, drafts_of
from social.views.parts import Page, outside
from social.views.words import say_soon, shorten

MOST_POSTS = 3
LOOKED_AT = 30  # posts, newest first, among which the area's are found


def begin_with(page: Page) -> None:
    """Three short lists, each leading to this page with the fields filled."""
    with page.read() as session:
        drafts = drafts_of(session, page.person)
        templates = list_templates(session, areas=page.areas)
        posts = [
            post for post in recent_posts(session, LOOKED_AT)
            if post.text.strip() and (page.areas is None or page.acts_for(post.place_id))
        ][:MOST_POSTS]  # fmt: skip
    for draft in drafts[:1]:
        _draft(page, draft)
    with st.expander("Begin with a template or an earlier post"):
        for draft in drafts[1:]:
            _draft(page, draft)
        columns = st.columns(2)
        for number, one in enumerate(templates):
            with columns[number % 2].container(border=True):
                outside(f"{one.name}\n{one.kind}" + (f", {one.place}" if one.place else ""))
                st.page_link(WRITE_PAGE, label="Use this template", icon=":material/description:",
                             query_params={"template": one.key})  # fmt: skip
        for post in posts:
            with st.container(border=True):
                outside(shorten(post.text, 120))
                st.page_link(WRITE_PAGE, label="Use again", icon=":material/repeat:",
                             query_params={"again": str(post.post_id)})  # fmt: skip


def _draft(page: Page, draft: DraftView) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"draft_{draft.id}"):
        with st.container(width="stretch"):
            outside(f"Not finished, {say_soon(draft.saved_at, page.now)}: {shorten(draft.words, 90) or 'no words yet'}")
        st.page_link(WRITE_PAGE, label="Go on with it", icon=":material/edit:",
                     query_params={"draft": str(draft.id)})  # fmt: skip
