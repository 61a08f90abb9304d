"""The part of Requests for members of the alert service: found by their whole address, handed over, erased (R29)."""

import streamlit as st

from social.alerts.member_requests import HeldMember, erase_member, export_member, find_member, member_text
from social.errors import BeatlineError
from social.subject_requests import as_json
from social.views.parts import Page, done, problems
from social.views.words import say_count, say_moment

_FOUND, _ADDRESS, _FILES = "_member_found", "_member_address", "_member_files"
_STATES = {
    "confirmed": "a member", "unconfirmed": "signed up, and has not confirmed", "left": "has left",
    "unreachable": "a member who cannot be reached",
}  # fmt: skip


def members(page: Page) -> None:
    with st.form("member_request"):
        given = st.text_input("Their whole e-mail address, as they give it to you", key="m_given", autocomplete="off",
                              help="There is no list to look through, and no search by part of an address.")  # fmt: skip
        asked = st.form_submit_button("Find", type="primary", key="m_find")
    if asked:
        for name in (_FOUND, _ADDRESS, _FILES):
            st.session_state.pop(name, None)
        try:
            st.session_state[_FOUND] = find_member(page.context, page.person, given)
        except BeatlineError as error:
            problems(error)
            return
        st.session_state[_ADDRESS] = given
    if _FOUND not in st.session_state:
        return
    found: HeldMember | None = st.session_state[_FOUND]
    if found is None:
        st.info("The alert service holds nothing of the owner of that address.")
        return
    one_member(page, found, st.session_state[_ADDRESS])


def one_member(page: Page, found: HeldMember, address: str) -> None:
    since = f", signed up {say_moment(found.since)}" if found.since is not None else ""
    st.text(f"The owner of that address is {_STATES.get(found.state, found.state)}{since}. "
            f"{say_count(found.messages, 'message', 'messages')} kept.")  # fmt: skip
    if st.button("Make the files of what is held", key="m_make"):
        try:
            held = export_member(page.context, page.person, address)
        except BeatlineError as error:
            problems(error)
        else:
            st.session_state[_FILES] = (as_json(held), member_text(held))
    if _FILES in st.session_state:
        in_json, in_text = st.session_state[_FILES]
        st.download_button("Download as text", in_text, "held-member.txt", "text/plain", key="m_text")
        st.download_button("Download as JSON", in_json, "held-member.json", "application/json", key="m_json")
    if found.number is None:
        st.text("A keyed hash of the address alone is kept, so that no old list signs them up again.")
        return
    with st.expander("Erase"):
        st.text("Address, number, name and choices go for good, and nothing says any more what they were sent. A keyed hash "
                "of the address stays, so that no old list signs them up again.")  # fmt: skip
        request = st.text_input(
            "Reference of the request", key="m_request", help="Letters and digits, such as SAR-2026-014."
        )
        if st.button("Erase for good", key="m_erase"):
            done(lambda: _erase(page, address, request), "It is erased. They are told nothing more.")


def _erase(page: Page, address: str, request: str) -> None:
    erase_member(page.context, page.person, address, request=request)
    for name in (_FOUND, _ADDRESS, _FILES):
        st.session_state.pop(name, None)
