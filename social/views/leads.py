"""Leads: replies that may help an enquiry, by appeal; each is checked, handed to a desk with a receipt, then forgotten.

Listed by appeal and by nothing else: who wrote a lead is not known, and there is no way to ask (R25). Looking and taking
along are on record (R24)."""

import streamlit as st

from social.exports import record_view
from social.handing_off import see_lead
from social.lead_views import LeadView, count_leads, list_leads, references_with_leads
from social.leads import STATE_WORDS, LeadState
from social.staff import Action
from social.views.lead_detail import lead_detail
from social.views.parts import Page, begin, heading, number_in_address, outside, say_what_was_done, told
from social.views.words import NETWORKS, say_count, say_soon, shorten, word

PER_PAGE = 25
SHOWS: dict[str, tuple[LeadState, ...]] = {
    "waiting": (LeadState.NEW,),
    "handed-off": (LeadState.HANDED_OFF,),
    "over": (LeadState.USED, LeadState.NOT_USED),
    "all": tuple(LeadState),
}
SHOW_WORDS = {"waiting": "Waiting", "handed-off": "Handed off", "over": "Used or not used", "all": "All"}


def listing(page: Page) -> None:
    show, reference = filters(page)
    states = [state.value for state in SHOWS[show]]
    with page.read() as session:
        total = count_leads(session, states=states, reference=reference, areas=page.areas)
        pages = max(1, -(-total // PER_PAGE))
        number = min(number_in_address("leads-page") or 1, pages) or 1
        leads = list_leads(
            session, page.context.vault, states=states, reference=reference, areas=page.areas, limit=PER_PAGE,
            offset=(number - 1) * PER_PAGE,
        )  # fmt: skip
    if not total:
        st.info(
            "No lead waits to be handed off. A reply becomes one on the page Replies."
            if show == "waiting" and reference is None
            else "No lead fits these filters."
        )
        return
    st.header(SHOW_WORDS[show], anchor=False)
    st.text(f"{say_count(total, 'lead')}, by appeal.")
    for lead in leads:
        lead_card(page, lead)
    if pages > 1:
        turn_page(number, pages)
    record_view(page.context, page.person, ("leads", "list"))


def filters(page: Page) -> tuple[str, str | None]:
    """What to show, and of which appeal; both are in the address, so that a link shows the same."""
    with page.read() as session:
        references = references_with_leads(session, page.areas)
    show = st.query_params.get("show", "waiting")
    asked = st.query_params.get("appeal")
    st.session_state["leads_show"] = show if show in SHOWS else "waiting"
    st.session_state["leads_appeal"] = asked if asked in references else None
    one, two = st.columns([3, 2])
    one.segmented_control("Show", list(SHOWS), format_func=SHOW_WORDS.__getitem__, key="leads_show", required=True,
                          on_change=lambda: _ask("show", "leads_show"))  # fmt: skip
    two.selectbox("Appeal", [None, *references], format_func=lambda name: name or "Every appeal", key="leads_appeal",
                  on_change=lambda: _ask("appeal", "leads_appeal"))  # fmt: skip
    return st.session_state["leads_show"], st.session_state["leads_appeal"]


def _ask(name: str, key: str) -> None:
    """Put what was chosen into the address."""
    chosen = st.session_state.get(key)
    st.query_params.pop("leads-page", None)
    if chosen is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def turn_page(number: int, pages: int) -> None:
    with st.container(horizontal=True):
        st.text(f"Page {number} of {pages}.")
        for label, to in (("Earlier", number - 1), ("Further", number + 1)):
            if 1 <= to <= pages:
                st.button(label, key=f"leads_page_{label}", on_click=lambda to=to: go("leads-page", to))


def go(name: str, value: int | None) -> None:
    """Put a number into the address, or take it out; what else is there stays."""
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = str(value)


def lead_card(page: Page, lead: LeadView) -> None:
    with st.container(border=True):
        heading(f"{lead.reference or 'No appeal'}: lead {lead.id}")
        st.text(f"{STATE_WORDS[LeadState(lead.state)]}. Written {say_soon(lead.written_at, page.now)} on "
                f"{word(NETWORKS, lead.channel)}.")  # fmt: skip
        outside(shorten(lead.text, 240))
        if lead.place_words:
            outside(f"Where: {lead.place_words}")
        if lead.attachments:
            st.text(f"{say_count(len(lead.attachments), 'attachment')} came with it.")
        st.button(f"Open lead {lead.id}", key=f"lead_card_{lead.id}", icon=":material/search_insights:",
                  on_click=lambda: go("lead", lead.id))  # fmt: skip


def one_lead(page: Page, number: int) -> None:
    st.button("Back to all leads", key="leads_back", icon=":material/arrow_back:", on_click=lambda: go("lead", None))
    lead = see_lead(page.context, page.person, number)
    lead_detail(page, lead)
    record_view(page.context, page.person, ("lead", number))


page = begin("Leads", needs=Action.HAND_OFF)
say_what_was_done()
wanted = number_in_address("lead")
with told():
    if wanted is not None:
        one_lead(page, wanted)
    else:
        listing(page)
