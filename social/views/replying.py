"""How a reply looks wherever it is shown. Residents' words are text and nothing but text."""

from datetime import datetime
from typing import Literal

import streamlit as st

from social.inbox import ReplyView
from social.views.parts import outside
from social.views.words import KINDS, NETWORKS, STANCES, say_share, say_soon, shorten, word

REPLIES_PAGE = "social/views/replies.py"

EMERGENCY_ADVICE = "Pass each to the control room now. The only answer to give is to call 999."
LEAD_ADVICE = (
    "Pass each to whoever leads the enquiry today, and answer with the way to report it: 101, the website or Crimestoppers. "
    "Do not discuss the case in public."
)

_COLOURS: dict[str, Literal["red", "orange", "blue", "gray"]] = {
    "emergency": "red", "lead": "orange", "complaint": "orange", "question": "blue"
}  # fmt: skip


def reply_card(reply: ReplyView, now: datetime, *, under: bool = True, link: bool = True) -> None:
    """One reply: its kind first, its words, how it was read and how sure that is.

    under: also say under which post it stands.  link: offer the whole thread."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            if reply.ours:
                st.badge("Our answer", color="green")
            else:
                st.badge(
                    word(KINDS, reply.kind) if reply.kind else "Not read yet",
                    color=_COLOURS.get(reply.kind or "", "gray"),
                )
            st.text(f"{word(NETWORKS, reply.channel)}, {say_soon(reply.created_at, now)}")
        outside(reply.text)
        if not reply.ours:
            st.caption(reading_in_words(reply))
        if under:
            outside(f"Under: {shorten(reply.publication_text)}" + (f" ({reply.place})" if reply.place else ""))
        if link:
            st.page_link(
                REPLIES_PAGE,
                label=f"See the thread of reply {reply.id}",
                icon=":material/forum:",
                query_params={"thread": str(reply.publication_id)},
            )


def reading_in_words(reply: ReplyView) -> str:
    """'Supportive, 81% sure. Thanks, 64% sure. Answered.': what the analyser said and how sure it was.

    A reply in a language that cannot be scored is 'cannot be told', never neutral (R34)."""
    if reply.stance is None:
        return "Not read yet."
    sure = {"negative": reply.p_negative, "neutral": reply.p_neutral, "positive": reply.p_positive}.get(reply.stance)
    stance = f"{word(STANCES, reply.stance)}{f', {say_share(sure)} sure' if sure is not None else ''}."
    if reply.stance == "unknown":
        stance = f"Stance cannot be told (language: {language_name(reply.lang)})."
    kind = (
        ""
        if reply.kind is None
        else f" {word(KINDS, reply.kind)}{f', {say_share(reply.kind_p)} sure' if reply.kind_p is not None else ''}."
    )
    answered = "" if reply.ours else " Answered." if reply.answered_at else " Not answered."
    return f"{stance}{kind}{answered}"


_LANGUAGES = {
    "en": "English", "cy": "Welsh", "pl": "Polish", "ro": "Romanian", "lt": "Lithuanian", "pt": "Portuguese",
    "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "bg": "Bulgarian", "uk": "Ukrainian",
    "ru": "Russian", "ar": "Arabic", "ur": "Urdu", "pa": "Punjabi", "bn": "Bengali", "so": "Somali", "tr": "Turkish",
}  # fmt: skip


def language_name(code: str | None) -> str:
    if not code or code == "und":
        return "not recognised"
    return _LANGUAGES.get(code) or (code if code.isalpha() and len(code) <= 3 else "not recognised")
