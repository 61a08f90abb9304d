"""What came of a campaign, under the six headings, and the form with which it is closed."""

from collections.abc import Callable

import streamlit as st

from insights.assessment_values import Assessment
from insights.cause_words import cause_warning
from social.campaign_writing import LONGEST_WORDS, AssessmentInput, close_campaign, write_assessment
from social.campaigns import Campaign
from social.errors import InputError
from social.views.parts import Page, done, heading, outside


def assessment(found: Assessment) -> None:
    """The same lines as `beatline campaigns assess` and the report have."""
    st.header("What came of it", anchor=False)
    for one in found.headings:
        heading(one.name)
        for line in one.lines:
            outside(line)
    said = [(name, words) for name, words in found.sara if words and name != "Assessment"]  # that one stands above
    if said or found.other_causes:
        heading("In the words of staff")
    for name, words in said:
        outside(f"{name}: {words}")
    if found.other_causes:
        outside(f"What else may have changed it: {found.other_causes}")
    for warning in found.warnings:
        st.warning(warning)


def closing(page: Page, campaign: Campaign, found: Assessment) -> None:
    """Written as it goes on, and at its end; words of cause are marked as soon as they are typed (M14)."""
    st.header("Assess and close", anchor=False)
    st.text("What changed, by the numbers above? A campaign cannot close without an assessment, and once it is closed, "
            "nothing in it changes.")  # fmt: skip
    fields = {
        "assessment": "Assessment: what changed, and what that says",
        "other_causes": "What else may have changed it",
        "impact": "Impact: what it is part of",
        "learning": "Learning and innovation: what next time is done differently",
    }
    words: dict[str, str] = {}
    seen = f"c_w_seen_{campaign.id}"
    if f"c_w_assessment_{campaign.id}" not in st.session_state:
        st.session_state[seen] = _said(campaign)
    # What the person began with, not what is kept by now: another default would empty the fields of what was typed.
    begun: dict[str, str] = st.session_state[seen]
    for name, label in fields.items():
        key = f"c_w_{name}_{campaign.id}"
        words[name] = st.text_area(label, begun[name], key=key, height=100, max_chars=LONGEST_WORDS) or ""
        warned = cause_warning(words[name], compared=found.compared) if name != "other_causes" else None
        if warned:
            st.warning(warned)
    given, number = AssessmentInput(**words), campaign.id or 0
    with st.container(horizontal=True):
        saved = st.button("Save it so far", key="c_w_save")
        closed = st.button("Close the campaign with this assessment", type="primary", key="c_w_close")

    def write(act: Callable[..., None]) -> None:
        if st.session_state.get(seen) != _said(campaign):
            raise InputError(
                "The assessment has been changed by somebody else since you began. Copy your words, load the page again and "
                "add them to what it says now."
            )
        act(page.context, page.person, number, given)
        st.session_state[seen] = _said(given)

    if saved:
        done(lambda: write(write_assessment), "The assessment is saved.")
    if closed:
        done(lambda: write(close_campaign), "The campaign is closed.")


def _said(one: Campaign | AssessmentInput) -> dict[str, str]:
    """What it says under each of the four headings, as it is kept."""
    return {name: getattr(one, name).strip() for name in AssessmentInput.__dataclass_fields__}
