"""The part of What works about a belief: that light posts widen who sees the next appeal."""

import streamlit as st

from insights.block_regression import FEWEST_BLOCKS
from insights.light_serious import BLOCK_WEEKS, light_serious
from insights.views.comparisons_part import how_worked_out, under
from insights.views.works_filters import View
from social.views.parts import Page, heading, outside

LEAST_DAYS = FEWEST_BLOCKS * BLOCK_WEEKS * 7
"""A shorter period can never tell."""


def light_part(page: Page, view: View) -> None:
    """The answer for the network, period and area that the page shows; kinds are what it is about."""
    st.header("Does light help serious?", anchor=False)
    with page.read() as session:
        found = light_serious(session, since=view.since, channel=view.network, place_id=view.place_id)
    heading(found.headline)
    if view.days < LEAST_DAYS:
        st.info(f"This takes {LEAST_DAYS // 7} weeks or more: choose a longer period above.")
    for sentence in found.sentences:
        outside(sentence)
    st.caption(
        f"{view.where}. Weeks and appeals with more light posts than is usual for their account, held against comparable "
        "ones of the same account. Appeals before light posts are a check: nothing can come from a post that was still to come."
    )
    heading("What cannot be concluded")
    for sentence in found.cannot:
        outside(sentence)
    how_worked_out()
    under(page, (found.followers, found.reach, found.before), "light and serious", key="light")
