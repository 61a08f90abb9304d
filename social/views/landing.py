"""Where somebody begins: a local team's reader of figures begins with their own area, everybody else with Today."""

import streamlit as st

from social.staff import Action, home_of
from social.views.parts import Page

_BEGUN = "_begun_as"


def begins_with_own_area(page: Page) -> bool:
    """Whether this person only reads figures, acts for one area, and has just come in; true once in a session.

    To be asked on every page: whoever came in by a link to another page has begun there."""
    if st.session_state.get(_BEGUN) == page.person.id:
        return False
    st.session_state[_BEGUN] = page.person.id
    if page.areas is None or not page.may(Action.READ_FIGURES) or page.may(Action.READ_REPLIES):
        return False
    with page.read() as session:
        return home_of(session, page.person) is not None
