"""What Today says of duty: emergencies that nobody has seen, nobody set as contact, and answers that are overdue."""

import streamlit as st

from social.duty import has_contact
from social.duty_findings import NOBODY, SET_ONE
from social.duty_seen import OpenEmergency, open_emergencies
from social.overdue import count_clocks
from social.staff import Action
from social.views.parts import Page, outside
from social.views.replying import REPLIES_PAGE
from social.views.words import say_count, say_long

FEW = 5
_WHY = {
    "welfare": "somebody may be at risk",
    "threat": "a threat of violence",
    "person": "a colleague says so",
    "unreadable": "could not be read by machine: read it yourself",
}


def unseen_emergencies(page: Page) -> None:
    """Above all else: what nobody has said they have seen, whatever its age (R19). Nothing for who reads no replies."""
    if not page.may(Action.READ_REPLIES):
        return
    with page.read() as session:
        unseen = open_emergencies(session, page.areas)
    if not unseen:
        return
    count = say_count(len(unseen), "emergency has", "emergencies have")
    st.error(f"{count} not been seen by anybody. Look now, and call the control room if anybody may need help.")
    for one in sorted(unseen, key=lambda one: one.written_at, reverse=True)[:FEW]:  # what may still be going on first
        _card(page, one)
    if len(unseen) > FEW:
        st.page_link(REPLIES_PAGE, label=f"See {len(unseen) - FEW:,} more among the replies", icon=":material/forum:",
                     query_params={"written": "any"})  # fmt: skip


def _card(page: Page, one: OpenEmergency) -> None:
    with st.container(border=True):
        why = f", {_WHY[one.why]}" if one.why in _WHY else ""
        told = f"told {say_count(one.told, 'time')}" if one.told else "not told yet"
        outside(f"On {one.account}{why}. Written {say_long(page.now - one.written_at)} ago, "
                f"the duty contact was {told}.")  # fmt: skip
        if one.interaction_id is None:
            st.text(f"The reply is kept no longer. Say what came of it: beatline duty seen {one.call_id}")
            return
        st.page_link(
            REPLIES_PAGE, label=f"Open emergency {one.call_id} and say what came of it", icon=":material/emergency:",
            query_params={"reply": str(one.interaction_id)},
        )  # fmt: skip


def nobody_on_duty(page: Page) -> None:
    """That an emergency would reach nobody in particular (R16): for who can change it and for who answers."""
    if not page.accounts or not (page.may(Action.KEEP_DUTY) or page.may(Action.ANSWER)):
        return
    with page.read() as session:
        if has_contact(session):
            return
    st.warning(f"{NOBODY} {SET_ONE.replace('`', '')}")


def overdue_answers(page: Page) -> None:
    """How many answers are overdue or due within a day (R18)."""
    if not page.may(Action.READ_REPLIES):
        return
    with page.read() as session:
        clocks = count_clocks(session, page.now, page.areas)
    if clocks.overdue:
        st.warning(f"{say_count(clocks.overdue, 'question or complaint', 'questions and complaints')} "
                   "had no answer within 72 hours.")  # fmt: skip
        st.page_link(REPLIES_PAGE, label="See what is overdue", icon=":material/schedule:",
                     query_params={"show": "overdue"})  # fmt: skip
    if clocks.due_soon:
        st.text(f"{say_count(clocks.due_soon, 'answer is', 'answers are')} due within 24 hours.")
