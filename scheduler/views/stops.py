"""What Beatline stops, and why: every finding, every hold and every kind of post, from the rules themselves."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from scheduler.content_types import CONTENT_TYPES
from scheduler.stops_page import (
    BESIDES,
    BESIDES_HEADINGS,
    CODE_HEADINGS,
    HOLD_HEADINGS,
    KIND_HEADINGS,
    LEVELS,
    code_rows,
    hold_rows,
    kind_rows,
)
from social.views.parts import begin

STYLE = """<style>
.beatline-rules { overflow-x: auto; }
.beatline-rules table { border-collapse: collapse; font-size: 0.95rem; }
.beatline-rules th, .beatline-rules td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0;
  border-bottom: 1px solid #8a8f98; }
@media (max-width: 768px) {
  .beatline-rules thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .beatline-rules tr { display: block; padding: 0.75rem 0; border-bottom: 1px solid #8a8f98; }
  .beatline-rules td { display: block; border: 0; padding: 0.1rem 0; overflow-wrap: anywhere; }
  .beatline-rules td:empty { display: none; }
  .beatline-rules td::before { content: attr(data-head) ": "; font-weight: 600; }
}
</style>"""
"""On a phone each row stands as a card, every cell with its heading before it: nobody reads a table sideways."""
NAMES = {"block": "Stops the post", "needs_approval": "Needs corporate communications", "advise": "Advice"}


def rows_with(words: str, rows: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The rows that hold every one of the words, whatever the case."""
    wanted = words.lower().split()
    return [row for row in rows if all(word in " ".join(row).lower() for word in wanted)]


def show(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], words: str) -> None:
    st.header(title, anchor=False)
    found = rows_with(words, rows)
    if not found:
        st.text("Nothing here has these words.")
        return
    head = "".join(f'<th role="columnheader" scope="col">{escape(one.capitalize())}</th>' for one in headings)
    body = "".join(_row(headings, row) for row in found)
    # The roles are said in full: laid out as cards, browsers no longer tell them.
    table = (f'<table role="table" aria-label="{escape(title)}"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
             f'<tbody role="rowgroup">{body}</tbody></table>')  # fmt: skip
    st.html(f'{STYLE}<div class="beatline-rules" role="region" aria-label="{escape(title)}" tabindex="0">{table}</div>')


def _row(headings: Sequence[str], row: Sequence[str]) -> str:
    cells = (
        f'<td role="cell" data-head="{escape(head.capitalize())}">{escape(cell)}</td>'
        for head, cell in zip(headings, row, strict=True)
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


begin("What Beatline stops")
st.text("Every post is checked when it is planned, when it is approved and again at the moment it is to go out.")
for level, meaning in LEVELS:
    st.text(f"{NAMES[level]}: {meaning}")
words = st.text_input("Find", key="s_find", placeholder="A word, a code or a rule, such as picture or R38")
show("What the checks find", CODE_HEADINGS, code_rows(), words)
show("What stops a post besides", BESIDES_HEADINGS, BESIDES, words)
show("Holds", HOLD_HEADINGS, hold_rows(), words)
show("Kinds of post", KIND_HEADINGS, kind_rows(CONTENT_TYPES.values()), words)
