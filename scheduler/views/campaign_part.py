"""Which campaign a post belongs to: one that runs or is planned, or another name that may be planned afterwards."""

from typing import Final

import streamlit as st

from social.campaigns import CampaignState, list_campaigns
from social.views.parts import Page

KEEP: Final = "session"
NONE, ANOTHER = "", "\0another"
"""What can be chosen beside the campaigns; the second is no name that somebody could type."""


def campaign_field(page: Page) -> str:
    """The name that the post will carry, '' for none."""
    with page.read() as session:
        known = {one.name: one.title for one in list_campaigns(session, CampaignState.RUNNING, CampaignState.PLANNED)}
    carried = str(st.session_state.get("w_campaign") or NONE)
    chosen = st.session_state.get("w_campaign_chosen")
    if chosen is None or chosen not in (NONE, ANOTHER, *known):  # a post that is opened again, or a campaign now closed
        st.session_state["w_campaign_chosen"] = carried if carried in (NONE, *known) else ANOTHER
    picked = st.selectbox(
        "Campaign", [NONE, *known, ANOTHER], key="w_campaign_chosen", persist_state=KEEP,
        format_func=lambda name: {NONE: "None", ANOTHER: "Another name"}.get(name, known.get(name, name)),
    )  # fmt: skip
    if picked != ANOTHER:
        return picked or NONE
    return st.text_input("Name of the campaign", key="w_campaign", persist_state=KEEP,
                         help="It can be planned afterwards, on the page Campaigns.")  # fmt: skip
