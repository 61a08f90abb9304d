"""What the checks say about a post, in words, for the pages where it is written and approved."""

from collections.abc import Sequence

import streamlit as st

from scheduler.checks import Finding, Level
from scheduler.inputs import said
from social.views.parts import FIELDS, outside

LEVEL_WORDS: dict[Level, str] = {
    "block": "Stops the post",
    "needs_approval": "Needs corporate communications",
    "advise": "Advice",
}
_COLOURS: dict[Level, str] = {"block": "red", "needs_approval": "orange", "advise": "blue"}


def show_findings(findings: Sequence[Finding], *, all_well: str) -> None:
    """Each finding with its level, its rule and what to do.  all_well: what to say when there is none."""
    st.header("What the checks say", anchor=False)
    list_findings(findings, all_well=all_well)


def list_findings(findings: Sequence[Finding], *, all_well: str) -> None:
    """The same beneath a heading of the caller's."""
    if not findings:
        st.text(all_well)
    for finding in findings:
        with st.container(border=True):
            st.badge(LEVEL_WORDS[finding.level], color=_COLOURS[finding.level])  # type: ignore[arg-type]  # a colour's name
            field = FIELDS.get(finding.column)
            outside(f"{field}: {said(finding)}" if field and finding.column != "text" else said(finding))
