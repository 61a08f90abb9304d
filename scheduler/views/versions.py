"""A post's versions on its page: who wrote each, when, and what changed from the one before, word by word.

No Streamlit in what is drawn from words: they are escaped, and what was added or taken out is said by the elements
`ins` and `del` and by signs, never by colour alone."""

import itertools
from html import escape

import streamlit as st

from scheduler.versions import Change, VersionView, changed_parts, versions_of
from social.views.parts import Page, outside
from social.views.words import say_moment

STYLE = """<style>.bl-diff{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 .5rem}
.bl-diff ins{text-decoration:underline;text-decoration-thickness:2px}.bl-diff del{opacity:.8}
.bl-diff .s{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}</style>"""
_SAID = {"added": ("ins", "+", "added"), "removed": ("del", "-", "taken out")}


def versions(page: Page, post_id: int) -> None:
    """Nothing while there is only one version."""
    with page.read() as session:
        known = versions_of(session, post_id)
    if len(known) < 2:
        return
    with st.expander(f"Versions: {len(known)}", icon=":material/history:"):
        for older, newer in reversed(list(itertools.pairwise(known))):
            outside(f"Version {newer.version}, {say_moment(newer.at)}, by {newer.editor}")
            one_change(older, newer)
        outside(f"Version {known[0].version}, {say_moment(known[0].at)}, by {known[0].editor}: the first")


def one_change(older: VersionView, newer: VersionView) -> None:
    if older.erased or newer.erased:
        st.text("Its words were erased with the appeal that it belonged to.")
        return
    parts = changed_parts(older, newer)
    if not parts:
        st.text("Nothing that is shown here changed.")
        return
    st.html(
        STYLE
        + "".join(f'<p class="bl-diff"><b>{escape(name)}:</b> {marked(words)}</p>' for name, words in parts.items())
    )


def marked(words: list[tuple[Change, str]]) -> str:
    """The words with what was added and taken out marked, escaped."""
    return "".join(escape(text) if what == "same" else _marked(what, text) for what, text in words)


def _marked(what: Change, text: str) -> str:
    element, sign, said = _SAID[what]
    return f'<{element}><span class="s">[{said}: </span><span aria-hidden="true">{sign}</span>{escape(text)}<span class="s">]</span></{element}>'
