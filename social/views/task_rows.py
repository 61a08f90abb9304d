"""How a thing to do looks on Today: one line of what it is, its words in short, and the way there. Short, so that a page
answers 'what needs me now?' on a phone too; all of a kind stand behind one link."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

import streamlit as st

from social.views.parts import heading, outside
from social.views.words import shorten

Colour = Literal["red", "orange", "green", "blue", "gray"]
SHOWN = 3
"""Things of one kind at once."""
LONGEST = 110

STYLE = """<style>
[class*=st-key-today_] hr{margin:0.25rem 0}
[class*=st-key-today_] [data-testid=stBadge]{white-space:nowrap}
[class*=st-key-row_]{border-top:1px solid rgba(128,132,149,.35);padding-top:.6rem}
</style>"""


@contextmanager
def group(key: str, title: str, say: str = "", *, level: int = 3) -> Iterator[None]:
    """A card for things of one kind.  key: of the card, unique on the page.  say: how many and what to do, a sentence.

    level: of the heading, 3 under one of the page's own."""
    with st.container(border=True, key=f"today_{key}", gap="small"):
        heading(title, level)
        if say:
            outside(say)
        yield


def row(
    key: str, badge: str, colour: Colour, head: str, words: str, *, to: str, label: str, icon: str,
    query: Mapping[str, str], more: str = "", whole: bool = False, beside: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """One thing.  badge: what it is, in words; '' where the card's heading says it.  head: where and when.

    words: an outsider's or a post's, cut to a line or two unless whole.  more: what stands in the way or what to do.
    label: names the thing by its number, for those who hear it read out.  beside: draws what else can be done with it."""
    with st.container(key=f"row_{key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if badge:
                st.badge(badge, color=colour)
            outside(head)
        if words:
            outside(words if whole else shorten(words, LONGEST))
        if more:
            outside(more)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(to, label=label, icon=icon, query_params=dict(query))
            if beside is not None:
                beside()


def and_more(count: int, shown: int, what: str, to: str, icon: str, query: Mapping[str, str]) -> None:
    """The link to all of a kind, where not all are shown.  what: such as 'replies'."""
    if count > shown:
        st.page_link(
            to, label=f"and {count - shown:,} more: see all {count:,} {what}", icon=icon, query_params=dict(query)
        )
