"""The part of Write a post that keeps what is being written, at every pause, and says so.

What one window kept is not overwritten by another: whoever writes in two is asked which words to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from scheduler.media import StoredPicture
from scheduler.views.draft_values import draft_values, fields_from, has_words
from scheduler.working_drafts import DraftView, KeptElsewhere, draft_with, keep_draft
from social.errors import BeatlineError
from social.views.parts import Page, outside
from social.views.plain import for_people
from social.views.words import say_time


@dataclass(frozen=True)
class Held:
    """What this window knows of its draft.  values: as they were kept."""

    id: int
    version: int
    saved_at: datetime
    values: Mapping[str, Any]


def keep_up(page: Page, post_id: int | None, picture: StoredPicture | None = None) -> None:
    """Keep the fields where they changed since, and say when that was.  post_id: of the post that is changed."""
    other: DraftView | None = st.session_state.get("w_draft_other")
    if other is not None:
        _ask_which(page, other)
        return
    held: Held | None = st.session_state.get("w_draft")
    values = draft_values(st.session_state)
    begun = st.session_state.setdefault("w_draft_begun", values)  # a post that is only looked at makes no draft
    if held is None and (values == begun or not has_words(values)):
        st.caption("What you write is kept as you go.")
        return
    if held is None or held.values != values:
        try:
            held = _keep(page, held, values, post_id, picture)
        except KeptElsewhere as error:
            st.session_state["w_draft_other"] = error.now
            _ask_which(page, error.now)
            return
        except BeatlineError as error:
            st.session_state.pop("w_draft", None)  # it is gone, or somebody else's by now: the next pause begins anew
            outside(f"The draft is not kept: {for_people(str(error))}")
            return
    st.caption(f"Draft saved at {say_time(held.saved_at)}")


def _keep(
    page: Page, held: Held | None, values: dict[str, Any], post_id: int | None, picture: StoredPicture | None
) -> Held:
    kept = keep_draft(
        page.context, page.person, values, draft_id=held.id if held else None, version=held.version if held else 0,
        post_id=post_id, picture=picture,
    )  # fmt: skip
    now_held = Held(kept.id, kept.version, kept.saved_at, values)
    st.session_state["w_draft"] = now_held
    if st.query_params.get("draft") != str(kept.id):
        st.query_params["draft"] = str(kept.id)  # so that a reload comes back to it
    return now_held


def open_draft(page: Page, draft_id: int) -> DraftView:
    """Fill the fields with a draft.  Raises InputError when it is not this person's, or gone."""
    with page.read() as session:
        draft = draft_with(session, page.person, draft_id)
    take_draft(draft)
    return draft


def take_draft(draft: DraftView) -> None:
    """Fill the fields with this draft; from here on this window keeps it up."""
    for key in [key for key in st.session_state if str(key).startswith("w_")]:
        del st.session_state[key]
    fields = fields_from(draft.values)
    st.session_state.update(fields)
    st.session_state["w_draft"] = Held(draft.id, draft.version, draft.saved_at, dict(draft.values))


def _ask_which(page: Page, other: DraftView) -> None:
    st.warning(
        f"This draft was changed in another window at {say_time(other.saved_at)}. Nothing is overwritten, and what you write "
        "here is not kept until you choose."
    )
    with st.container(horizontal=True):
        st.button("Keep the words of this window", key="w_other_mine", on_click=_keep_mine, args=(page,))
        st.button("Take the words of the other window", key="w_other_theirs", on_click=_take_theirs, args=(page,))


def _keep_mine(page: Page) -> None:
    """The other window's words give way; it will be asked as well."""
    other: DraftView | None = st.session_state.pop("w_draft_other", None)
    if other is not None:
        newest = _newest(page, other)
        st.session_state["w_draft"] = Held(newest.id, newest.version, newest.saved_at, {})


def _take_theirs(page: Page) -> None:
    other: DraftView | None = st.session_state.pop("w_draft_other", None)
    if other is not None:
        take_draft(_newest(page, other))


def _newest(page: Page, other: DraftView) -> DraftView:
    try:
        with page.read() as session:
            return draft_with(session, page.person, other.id)
    except BeatlineError:
        return other
