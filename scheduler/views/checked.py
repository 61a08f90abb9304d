"""What the checks say about a post, in words, for the pages where it is written and approved."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

import streamlit as st

from scheduler.checks import Finding, Level
from scheduler.fixes import Fix
from social.views.parts import FIELDS, outside

LEVEL_WORDS: dict[Level, str] = {
    "block": "Stops the post",
    "needs_approval": "Needs corporate communications",
    "advise": "Advice",
}
_COLOURS: dict[Level, str] = {"block": "red", "needs_approval": "orange", "advise": "blue"}
KEYS: Final[Mapping[str, str]] = {
    "accounts": "w_accounts", "scheduled_local": "w_when", "text": "w_text", "alt_text": "w_alt", "media": "w_picture",
    "media_files": "w_picture", "captions": "w_picture", "link": "w_link", "content_type": "w_type", "case_stage": "w_case",
    "lang": "w_lang", "campaign": "w_campaign_chosen", "image_person": "w_image_shows_person",
    "image_licence": "w_image_source", "alert_subject": "w_alert_subject", "alert_topic": "w_alert_topic",
    "alert_areas": "w_alert_areas", "place": "w_place", "appeal_ref": "w_appeal",
}  # fmt: skip
"""The field of Write a post that a finding or a problem is about, by its column."""


def field_key(column: str | None) -> str | None:
    """The key of the field, None for what is about no field."""
    if column is not None and column.startswith("text_"):
        return f"w_{column}"
    return KEYS.get(column or "")


def show_findings(findings: Sequence[Finding], *, all_well: str) -> None:
    """Each finding with its level and what to do.  all_well: what to say when there is none."""
    st.header("What the checks say", anchor=False)
    list_findings(findings, all_well=all_well)


def list_findings(findings: Sequence[Finding], *, all_well: str) -> None:
    """The same beneath a heading of the caller's."""
    if not findings:
        st.text(all_well)
    for finding in findings:
        with st.container(border=True):
            _say(finding)


def findings_with_fixes(
    findings: Sequence[Finding], *, all_well: str, fix_of: Callable[[Finding], Fix | None],
    use: Callable[[Fix], None], shorten: Callable[[Finding], None],
) -> None:  # fmt: skip
    """Each finding with what puts it right beside it: better words to take over, or the way to the field.

    fix_of: the fix of a finding, None where somebody has to think.  use: takes one over.  shorten: begins a version of
    its own for the network that takes less."""
    if not findings:
        st.text(all_well)
    for number, finding in enumerate(findings):
        with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
            fix = fix_of(finding)
            with st.container(width="stretch", gap="small"):
                _say(finding)
                if fix is not None and fix.words not in finding.message:
                    outside(_proposal(fix))
            _way_out(number, finding, fix, use, shorten)


def _way_out(
    number: int, finding: Finding, fix: Fix | None, use: Callable[[Fix], None], shorten: Callable[[Finding], None]
) -> None:
    """The button or the link beside a finding."""
    key = f"w_use_{number}_{finding.code}"
    if fix is not None:
        label = "Use this" if fix.words else "Take it out"
        st.button(label, key=key, on_click=use, args=(fix,), icon=":material/check:")
    elif finding.code == "TOO_LONG" and finding.column == "text":
        st.button("Write own words", key=key, on_click=shorten, args=(finding,), icon=":material/call_split:")
    elif (field := field_key(finding.column)) is not None:
        go_to(field, FIELDS.get(finding.column) or "Text")


def go_to(key: str, label: str) -> None:
    """A link that leads to a field of this page; `composer/counts.js` follows it."""
    st.html(
        f'<a href="#{escape(key)}" style="display:inline-block;min-height:24px">Go to: {escape(label)}</a>',
        width="content",
    )


def _say(finding: Finding) -> None:
    st.badge(LEVEL_WORDS[finding.level], color=_COLOURS[finding.level])  # type: ignore[arg-type]  # a colour's name
    field = FIELDS.get(finding.column)
    outside(f"{field}: {finding.message}" if field and finding.column != "text" else finding.message)


def _proposal(fix: Fix) -> str:
    if fix.span is None:
        return f"Add: {fix.words}"
    return f"'{fix.was}' becomes '{fix.words}'" if fix.words else f"Without '{fix.was}'"
