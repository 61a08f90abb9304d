"""What came of appeals in leads, on the page Appeals (M07). Numbers alone: words are on the page Leads."""

from collections.abc import Sequence

import streamlit as st

from social.lead_counts import LeadCount, lead_counts
from social.staff import Action
from social.views.lead_part import LEADS_PAGE
from social.views.parts import Page
from social.views.words import say_count


def lead_counts_part(page: Page, references: Sequence[str]) -> None:
    """Leads, handed off, used and hours to the first lead of these appeals, and how many wait."""
    st.header("Leads", anchor=False)
    with page.read() as session:
        counts = lead_counts(session, list(references))
    if not any(one.leads for one in counts):
        st.text("No reply to these appeals was made a lead yet.")
        return
    st.dataframe(
        {
            "Reference": [one.reference or "" for one in counts],
            "Leads": [one.leads for one in counts],
            "Handed off": [one.handed_off for one in counts],
            "Used": [one.used for one in counts],
            "Waiting": [one.waiting for one in counts],
            "Hours to the first lead": [hours_in_words(one) for one in counts],
        },
        hide_index=True,
    )
    waiting = sum(one.waiting for one in counts)
    if waiting and page.may(Action.HAND_OFF):
        st.page_link(LEADS_PAGE, label=f"Hand off {say_count(waiting, 'lead')}", icon=":material/search_insights:")


def hours_in_words(one: LeadCount) -> str:
    return f"{one.hours_to_first:.1f}" if one.hours_to_first is not None else "no lead yet"


def waiting_leads(page: Page, reference: str) -> int:
    """How many leads of the appeal nobody has handed off yet; its end erases them (R10)."""
    with page.read() as session:
        return lead_counts(session, [reference])[0].waiting
