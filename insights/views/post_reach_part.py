"""A part of a post's own page: how far it went on one network, and what its replies say, each with how sure that is."""

import streamlit as st

from insights.chosen import Chosen
from insights.reach import reach_of
from insights.reach_tables import COUNTED_BY
from insights.reach_tables import table as reach_table
from insights.sentiment import sentiment_of
from insights.sentiment_tables import LIMITS, basis, headline, say_estimate
from insights.shares import CLASSES
from social.views.parts import Page, outside
from social.views.words import NOT_REPORTED, STANCES

_OF_GROUPS = ("Network", "Posts", "Counted otherwise before", "Times shown", COUNTED_BY)
"""Columns of the table of many posts that say nothing of one, or stand above it already."""


def post_reach_part(page: Page, publication_id: int) -> None:
    """One publication: the same figures as of a group that holds it alone."""
    chosen = Chosen(publication_id=publication_id)
    with page.read() as session:
        whole, replies = reach_of(session, page.now, chosen), sentiment_of(session, chosen)
    if not whole.posts:
        return
    with st.expander("How far it went, and what replies say"):
        [line] = reach_table(whole)
        rows = [{"Figure": name, "This post": str(value)} for name, value in line.items() if name not in _OF_GROUPS]
        rows += [
            {"Figure": f"{STANCES[name]} replies, estimated", "This post": say_estimate(replies.shares.get(name))}
            for name in CLASSES
        ]
        st.dataframe(rows, hide_index=True, alt="How far the post went and what its replies say, one row a figure")
        if line[COUNTED_BY] != NOT_REPORTED:
            outside(f"The highest is counted by {line[COUNTED_BY]}.")
        st.caption(f"{headline(replies)} {basis(replies)} {LIMITS}")
