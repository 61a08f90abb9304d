"""Room for what takes longer than the rest of a page, so that a page stands at once, its slow parts follow one by one, and
nothing below them jumps.

At the first look a grey shape of the part's size fills the room. At every later run what was there stays until the new is
ready, which Streamlit draws paler meanwhile: a shape would take away what somebody is reading."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_FIRST_LOOK = "_first_look"


def first_look(is_first: bool) -> None:
    """Note whether the person has this page before them for the first time since they came to it."""
    st.session_state[_FIRST_LOOK] = is_first


class Room:
    """Where a part will stand; made in the order in which parts stand on the page, filled as each is ready."""

    def __init__(self, height: int) -> None:
        """height: pixels, about what the part will take."""
        self._waits = bool(st.session_state.get(_FIRST_LOOK, True))
        self._place = st.empty() if self._waits else st.container()
        if self._waits:
            self._place.skeleton(height)

    def fill(self) -> DeltaGenerator:
        """The room, for a `with`: what was there before is gone once anything is drawn in it."""
        return self._place.container() if self._waits else self._place
