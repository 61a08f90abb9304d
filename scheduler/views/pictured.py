"""What is asked about a picture where a post is written (R07, R14), and how it is shown where the post is read.

One question first; what follows is asked only when a person is shown, so that the page stays short on a phone."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from scheduler.picture_answers import IMAGE_SOURCES, OTHERS_MASKED, PictureAnswers
from social.views.parts import outside

KEEP: Final = "session"
SHOWS: Mapping[bool, str] = {True: "Yes", False: "No"}


def ask_about_picture() -> PictureAnswers:
    """The fields beneath a picture, and what was answered."""
    shows = st.radio(
        "Does it show somebody who can be recognised?", [True, False], index=None, format_func=lambda a: SHOWS[a],
        key="w_image_shows_person", horizontal=True, persist_state=KEEP,
    )  # fmt: skip
    source = st.selectbox(
        "Where does it come from?", ["", *IMAGE_SOURCES], key="w_image_source", persist_state=KEEP,
        format_func=lambda key: IMAGE_SOURCES.get(key, "Not said").capitalize(),
    )  # fmt: skip
    owner, licence = "", ""
    if source in ("family", "partner", "stock"):
        owner = _words("Whose picture is it?", "owner")
        licence = _words("On what terms may it be used?", "licence")
    if not shows:
        return PictureAnswers(shows_person=shows, source=source, owner=owner, licence=licence)
    st.caption(
        "A person in a picture: either somebody at an event or of the force who agreed, or somebody in an enquiry. For an "
        "enquiry the four answers below are needed."
    )
    consent = _words("Who agreed to be shown, and when? Leave it empty for an enquiry.", "consent")
    approver = _words("Who in the enquiry (SIO or OIC) approved it?", "enquiry_approver")
    reason = _words("Why is it lawful, necessary and proportionate to show the person?", "lawful_reason")
    masked = st.selectbox(
        "Are other people in it masked?", ["", *OTHERS_MASKED], key="w_image_others_masked", persist_state=KEEP,
        format_func=lambda key: OTHERS_MASKED.get(key, "Not said").capitalize(),
    )  # fmt: skip
    st.session_state.setdefault("w_image_review_by", None)
    review = st.date_input("Day on which somebody looks whether it must stay online", key="w_image_review_by",
                           format="DD/MM/YYYY", persist_state=KEEP)  # fmt: skip
    return PictureAnswers(
        shows_person=True,
        source=source,
        owner=owner,
        licence=licence,
        consent=consent,
        lawful_reason=reason,
        enquiry_approver=approver,
        others_masked=masked,
        review_by=review,
    )


def _words(label: str, name: str) -> str:
    return st.text_input(label, key=f"w_image_{name}", persist_state=KEEP).strip()


def show_answers(answers: PictureAnswers) -> None:
    """What was answered about a picture, for whoever reads or approves the post; nothing where nobody was asked."""
    lines = []
    if answers.shows_person is not None:
        lines.append(f"Shows somebody who can be recognised: {SHOWS[answers.shows_person].lower()}")
    if answers.source:
        lines.append(f"Comes from: {IMAGE_SOURCES.get(answers.source, answers.source)}")
    lines += [
        f"{label}: {value}"
        for label, value in (
            ("Owner", answers.owner),
            ("Terms", answers.licence),
            ("Agreed to be shown", answers.consent),
            ("Approved in the enquiry by", answers.enquiry_approver),
            ("Reason", answers.lawful_reason),
            ("Other people", OTHERS_MASKED.get(answers.others_masked, answers.others_masked)),
        )
        if value
    ]
    if answers.review_by is not None:
        lines.append(f"To be reviewed by: {answers.review_by:%d %B %Y}")
    if lines:
        outside("\n".join(lines))
