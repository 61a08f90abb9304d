"""The record as a person began to change it: somebody else may change it before the button is pressed.

A form whose keys hold the record's version is another form once that version is over: Streamlit then knows neither the
button that was pressed nor what was typed, and nothing would be saved without a word. So a form stays the one that was
begun until it is saved; saving it over a newer version is refused with the words that the writing code has for that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from zlib import crc32

import streamlit as st

Record = TypeVar("Record")


@dataclass(frozen=True)
class Begun(Generic[Record]):
    """record: as it was when the form was drawn first; None for a new one.  key: what the keys of the fields end in."""

    record: Record | None
    key: str
    _slot: str

    def saved(self, act: Callable[[], object]) -> Callable[[], None]:
        """The act, after which the form begins anew."""

        def acted() -> None:
            act()
            st.session_state.pop(self._slot, None)
            st.session_state[_times(self._slot)] = st.session_state.get(_times(self._slot), 0) + 1

        return acted


def begun(field: str, which: str, now: Record | None, *, version: str | None = "version") -> Begun[Record]:
    """What the form is filled with.

    field: what the key of one of its fields begins with, 'field_key' in full.  which: the record among others, in the
    key.  now: the record as it is by now.  version: its attribute that is another one after each change; None for a
    record without one: whatever it says is then its version."""
    slot = f"begun_{field}_{which}"
    first = slot not in st.session_state
    kept: Record | None = st.session_state.get(slot)
    times = st.session_state.get(_times(slot), 0)
    if first or f"{field}_{_key(which, kept, version, times)}" not in st.session_state:
        kept = now  # the form is not on the page yet
        st.session_state[slot] = kept
    return Begun(kept, _key(which, kept, version, times), slot)


def _key(which: str, record: object, version: str | None, times: int) -> str:
    """times: how often the form was saved, so that one for something new is empty again afterwards."""
    said = 0 if record is None else crc32(repr(record).encode()) if version is None else getattr(record, version)
    return f"{which}_{said}" + (f"_{times}" if times else "")


def _times(slot: str) -> str:
    return f"{slot}_times"
