"""Requests: what is held of a resident who asks, found by what they wrote or by the address that alerts come to; handed
over, or erased (R29)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from social.errors import BeatlineError
from social.staff import Action
from social.subject_access import Found, find_by_words
from social.subject_requests import as_json, as_text, erase_copy, erase_held, export_copy, export_held
from social.views.member_request_part import members
from social.views.parts import Page, begin, done, heading, outside, problems, say_what_was_done
from social.views.words import say_moment

FOUND = "_requests_found"
FILES = "_requests_files"


def search(page: Page) -> None:
    with st.form("request"):
        given = st.text_area("What they wrote, or the link of their reply", key="q_given",
                             help="As they give it to you. Nobody is found by a name.")  # fmt: skip
        post = st.text_input("Link of our post it stands under, if they know it", key="q_post")
        asked = st.form_submit_button("Find", type="primary", key="q_find")
    if asked:
        st.session_state.pop(FILES, None)
        try:
            st.session_state[FOUND] = find_by_words(page.context, page.person, given, post=post.strip() or None)
        except BeatlineError as error:
            st.session_state.pop(FOUND, None)
            problems(error)


def results(page: Page, found: Sequence[Found]) -> None:
    if not found:
        st.info("Nothing is held that reads like it. It may be over its time and forgotten, never have been read in, or be "
                "written otherwise: ask for the link.")  # fmt: skip
        return
    st.subheader(f"{len(found)} that may be the one", anchor=False)
    names = {(one.is_copy, one.reply_id): one for one in found}
    chosen = st.radio("Which one is it?", list(names), index=None, key="q_chosen",
                      format_func=lambda chosen: _name(names[chosen]))  # fmt: skip
    if chosen is not None:
        one_reply(page, names[chosen])


def _name(one: Found) -> str:
    alike = "the same" if one.likeness == 1 else f"{one.likeness:.0%} alike"
    kind = "Copy of a hidden reply" if one.is_copy else "Reply"
    return f"{kind} {one.reply_id}, {alike}, written {say_moment(one.written_at)}"


def one_reply(page: Page, one: Found) -> None:
    heading(f"{'Copy of a hidden reply' if one.is_copy else 'Reply'} {one.reply_id}")
    outside(one.text)
    if one.is_copy:
        st.text("The reply itself is gone; this copy is kept because it was hidden by a house rule.")
        hand_over(page, one, None)
        erase(page, one, None)
        return
    others = one.by_same_hand - 1
    st.text(f"Under the post '{one.post}' on {one.account}. "
            + (f"The same person wrote {others} more under it." if others else "The same person wrote nothing else under it."))  # fmt: skip
    decided = None
    if one.for_enquiry:
        st.warning("This is kept for an enquiry. Your disclosure desk decides what may be told and erased.")
        decided = st.text_input("Reference of its decision", key=f"q_decided_{one.reply_id}").strip() or None
    hand_over(page, one, decided)
    erase(page, one, decided)


def hand_over(page: Page, one: Found, decided: str | None) -> None:
    if st.button("Make the files of what is held", key="q_make"):
        try:
            held = _held(page, one, decided)
        except BeatlineError as error:
            problems(error)
        else:
            st.session_state[FILES] = ((one.is_copy, one.reply_id), as_json(held), as_text(held), held["withheld"])
    made_of, in_json, in_text, withheld = st.session_state.get(FILES, (None, "", "", 0))
    number = one.reply_id
    if made_of == (one.is_copy, number):
        st.download_button("Download as text", in_text, f"held-{number}.txt", "text/plain", key="q_text")
        st.download_button("Download as JSON", in_json, f"held-{number}.json", "application/json", key="q_json")
        if withheld:
            st.text(f"Left out, because they are kept for an enquiry: {withheld}.")


def _held(page: Page, one: Found, decided: str | None) -> dict[str, Any]:
    if one.is_copy:
        return export_copy(page.context, page.person, one.reply_id)
    return export_held(page.context, page.person, one.reply_id, decided=decided)


def erase(page: Page, one: Found, decided: str | None) -> None:
    with st.expander("Erase"):
        st.text("Words, readings, notes and our answers go for good; numbers stay. What the network still shows is the "
                "network's: tell the person how to delete it there.")  # fmt: skip
        request = st.text_input("Reference of the request", key=f"q_request_{one.reply_id}",
                                help="Letters and digits, such as SAR-2026-014.")  # fmt: skip
        whole = one.by_same_hand > 1 and st.checkbox(
            f"All {one.by_same_hand} that the same person wrote under this post", key=f"q_whole_{one.reply_id}"
        )
        if st.button("Erase for good", key="q_erase"):
            done(lambda: _erase(page, one, request, bool(whole), decided), "It is erased, and does not come back.")


def _erase(page: Page, one: Found, request: str, whole: bool, decided: str | None) -> None:
    if one.is_copy:
        erase_copy(page.context, page.person, one.reply_id, request=request)
    else:
        erase_held(page.context, page.person, one.reply_id, request=request, whole_thread=whole, decided=decided)
    for name in (FOUND, FILES):
        st.session_state.pop(name, None)


page = begin("Requests", needs=Action.ERASE)
say_what_was_done()
st.write("A person may ask what is kept of them, or to have it erased. Make sure first that they are who they say, and that "
         "the words or the address are theirs. Every step here is on record, without either.")  # fmt: skip
WROTE, MEMBER = "Something they wrote", "Alerts that they get"
about = st.segmented_control("What do they ask about?", [WROTE, MEMBER], default=WROTE, key="q_about", required=True)
if about == MEMBER:
    members(page)
else:
    search(page)
    if FOUND in st.session_state:
        results(page, st.session_state[FOUND])
