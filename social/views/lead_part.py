"""One reply as a lead, in the reply's detail: make it one, or go to the one it has become (R21, R22)."""

import streamlit as st

from social.inbox import ReplyView
from social.kinds import Flag, Kind
from social.lead_notes import span_in_words
from social.leads import STATE_WORDS, Lead, LeadState, lead_of, open_lead
from social.staff import Action
from social.views.parts import Page, done, outside

LEADS_PAGE = "social/views/leads.py"
NAMES_SOMEBODY = (
    "It names a person or gives personal details. Posts that identify a victim, witness or suspect are against the "
    "house rules: hide it in public, and keep it as a lead if it may help an enquiry."
)


def lead_part(page: Page, reply: ReplyView) -> None:
    """The lead that the reply is, or the button that makes it one. Nothing for our own words, or for who may not."""
    if reply.ours or not page.may(Action.HAND_OFF, reply.place_id):
        return
    with page.read() as session:
        lead = lead_of(session, reply.id)
    if lead is not None:
        _is_one(lead)
        return
    named = {Flag.NAMES_PERSON, Flag.PERSONAL_DATA} & set(reply.flags)
    if named:
        st.warning(NAMES_SOMEBODY)
    if not reply.text:
        return
    if st.button(
        "Make it a lead",
        key=f"lead_open_{reply.id}",
        icon=":material/search_insights:",
        type="primary" if reply.kind == Kind.LEAD else "secondary",
        help="It is linked to its appeal, and place and time are picked out of its words. Then it can be handed to a desk.",
    ):
        done(lambda: open_lead(page.context, page.person, reply.id), "It is a lead now. Hand it off on the page Leads.")


def _is_one(lead: Lead) -> None:
    said = f"Lead {lead.id}: {STATE_WORDS[LeadState(lead.state)].lower()}."
    st.info(said)
    where = [words for words in (lead.place_words, span_in_words(lead.seen_from, lead.seen_to)) if words]
    if where:
        outside("Picked out of its words: " + "; ".join(where) if lead.confirmed_at is None else "; ".join(where))
    st.page_link(
        LEADS_PAGE, label=f"Open lead {lead.id}", icon=":material/search_insights:", query_params={"lead": str(lead.id)}
    )
