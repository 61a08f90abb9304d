"""How a reply looks wherever it is shown. Residents' words are text and nothing but text."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import streamlit as st

from social.inbox import ReplyView
from social.interactions import EMERGENCY
from social.views.parts import outside
from social.views.words import FLAGS, KINDS, NETWORKS, STANCES, say_long, say_share, say_soon, shorten, word

REPLIES_PAGE = "social/views/replies.py"

EMERGENCY_ADVICE = "Pass each to the control room now. The only answer to give is to call 999."
LEAD_ADVICE = (
    "Pass each to whoever leads the enquiry today, and answer with the way to report it: 101, the website or Crimestoppers. "
    "Do not discuss the case in public."
)

_Colour = Literal["red", "orange", "blue", "green", "gray"]
_COLOURS: dict[str, _Colour] = {"emergency": "red", "lead": "orange", "complaint": "orange", "question": "blue"}


def kind_badge(kind: str | None) -> None:
    """What an analyser or a person says it is."""
    st.badge(word(KINDS, kind) if kind else "Not read yet", color=_COLOURS.get(kind or "", "gray"))


def badges(reply: ReplyView) -> None:
    """What it is, what to look at, and what became of it, in words."""
    if reply.ours:
        st.badge("Our answer", color="green")
        return
    kind_badge(reply.kind)
    if reply.urgency == EMERGENCY and reply.kind != "emergency" and reply.is_open:
        st.badge("Was read as an emergency", color="red")
    for flag in reply.flags:
        st.badge(FLAGS.get(flag, flag), color="orange")
    if reply.hidden:
        st.badge("Hidden", color="gray")
    if reply.gone_at is not None:
        st.badge("Deleted by its writer", color="gray")


def reply_card(
    reply: ReplyView,
    now: datetime,
    *,
    under: bool = True,
    link: bool = True,
    opens: Callable[[int], None] | None = None,
) -> None:
    """One reply: its kind first, its words, how it was read and how sure that is.

    under: also say under which post it stands.  link: offer to open it.  opens: what does so on the page Replies itself,
    instead of a link there."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            badges(reply)
            st.text(f"{word(NETWORKS, reply.channel)}, {say_soon(reply.created_at, now)}")
        outside(reply.text or "(Its words are not kept any more.)")
        if not reply.ours:
            st.caption(reading_in_words(reply))
        if under:
            outside(f"Under: {shorten(reply.publication_text)}" + (f" ({reply.place})" if reply.place else ""))
        if reply.ours or not link:
            return
        if opens is not None:
            st.button(f"Open reply {reply.id}", key=f"card_opens_{reply.id}", icon=":material/forum:",
                      on_click=opens, args=(reply.id,))  # fmt: skip
        else:
            st.page_link(
                REPLIES_PAGE,
                label=f"Open reply {reply.id}",
                icon=":material/forum:",
                query_params={"reply": str(reply.id)},
            )


def reading_in_words(reply: ReplyView) -> str:
    """'Supportive, 81% sure. Thanks, 64% sure. Answered.': what the analyser said and how sure it was.

    A reply in a language that cannot be scored is 'cannot be told', never neutral (R34)."""
    if reply.stance is None and reply.kind is None:
        return "Not read yet."
    sure = {"negative": reply.p_negative, "neutral": reply.p_neutral, "positive": reply.p_positive}.get(
        reply.stance or ""
    )
    stance = f"{word(STANCES, reply.stance)}{f', {say_share(sure)} sure' if sure is not None else ''}."
    if reply.stance == "unknown":
        stance = f"Stance cannot be told (language: {language_name(reply.lang)})."
    kind = (
        ""
        if reply.kind is None
        else f" {word(KINDS, reply.kind)}{f', {say_share(reply.kind_p)} sure' if reply.kind_p is not None else ''}."
    )
    return f"{stance}{kind}{'' if reply.ours else ' ' + state_in_words(reply)}"


def state_in_words(reply: ReplyView) -> str:
    """'Answered.', 'Closed by Nia Abbot.', 'Not answered.': without the name of whoever closed it."""
    if reply.answered_at is not None:
        return "Answered." if reply.done_at is not None or not reply.is_open else "Answered, and still open."
    return "Closed without an answer." if reply.done_at is not None else "Not answered."


def clock_in_words(reply: ReplyView, now: datetime) -> str | None:
    """'Overdue by 3 hours', 'Answer within 2 days' (R18); None where no clock runs."""
    return say_clock(reply.due_at, now) if reply.due_at is not None else None


def say_clock(due_at: datetime, now: datetime) -> str:
    """'Overdue by 3 hours', 'Answer within 2 days'."""
    left = due_at - now
    return f"Overdue by {say_long(-left)}" if left.total_seconds() < 0 else f"Answer within {say_long(left)}"


LANGUAGES = {
    "en": "English", "cy": "Welsh", "pl": "Polish", "ro": "Romanian", "lt": "Lithuanian", "pt": "Portuguese",
    "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "bg": "Bulgarian", "uk": "Ukrainian",
    "ru": "Russian", "ar": "Arabic", "ur": "Urdu", "pa": "Punjabi", "bn": "Bengali", "so": "Somali", "tr": "Turkish",
    "und": "not recognised",
}  # fmt: skip


def language_name(code: str | None) -> str:
    if not code:
        return "not recognised"
    return LANGUAGES.get(code) or (code if code.isalpha() and len(code) <= 3 else "not recognised")
