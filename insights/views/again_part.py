"""A part of What works: what did best is said again in two presses, with the words and the picture that it had."""

from collections.abc import Sequence

import streamlit as st

from insights.again import worth_repeating
from insights.figures import FigureRow
from insights.views.works_filters import View
from social.staff import Action
from social.views.parts import Page, heading, outside
from social.views.words import shorten

WRITE_PAGE = "scheduler/views/write.py"
LONGEST = 110


def again_part(page: Page, view: View, kinds: Sequence[FigureRow]) -> None:
    """Nothing for who writes no posts, or where nothing did better.  kinds: figures by kind of post."""
    if not page.may(Action.PLAN):
        return
    with page.read() as session:
        found = worth_repeating(session, kinds, view.since, view.network, view.place_id)
    if found is None:
        return
    heading("Use one again")
    outside(f"The newest posts of the kind with the highest {found.what}: {found.kind.lower()}.")
    for number, words in found.posts:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                outside(shorten(words, LONGEST))
            st.page_link(WRITE_PAGE, label=f"Use post {number} again", icon=":material/repeat:",
                         query_params={"again": str(number)})  # fmt: skip
