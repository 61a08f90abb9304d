"""The accessibility statement, with what the regulations of 2018 ask for: what is not right yet, how that was found out,
whom to tell and what to do about an answer that does not help.

It speaks of Beatline as it is delivered; a force that runs it says what it found itself."""

import streamlit as st

from social.staff import Action, who_may
from social.views.parts import Page, begin, outside, told

REVIEWED = "22 November 2026"

MEETS = (
    "Every task can be done with a keyboard alone, moving a post in the calendar included. Nothing needs a drag.",
    "What has the focus is outlined in yellow and black. After an error it moves to what is wrong; after something is saved, "
    "undone or deleted it stays, or goes to the words that say so.",
    "What is done and what goes wrong is spoken, and in Write a post how many characters are left, after a pause.",
    "Colour never says anything alone: states, levels and changes are also said in words or signs.",
    "Every chart has a headline, a text that says the same, and a table.",
    "Pages fit a phone of 360 pixels without scrolling sideways, and come in light and dark.",
    "A picture cannot go out without a description.",
)

NOT_YET = (
    ("Large tables of figures are drawn as one picture",
     "A screen reader gets their cells from a copy that only holds the rows in view (1.3.1). The same figures can be "
     "downloaded as a file, where the table is one of figures."),
    ("How long an answer or a template may be, while you type",
     "How much is left is worked out anew when you leave the field, not at each key, and is not spoken (4.1.3). In Write a "
     "post it is."),
    ("Bars in the smallest charts",
     "They are said as a whole, not one by one (1.1.1). The table beneath says each."),
    ("Words of residents in other languages",
     "They are not marked with their language, so a screen reader may speak them as English (3.1.2)."),
)  # fmt: skip
"""What is known not to conform, and what to do instead; with the success criterion of WCAG 2.2."""

TESTED = (
    "Each page by axe-core against WCAG 2.0 to 2.2, levels A and AA, in Chromium, at 1280 and 360 pixels, in light and dark, "
    "in the tests that run when Beatline is changed. It finds nothing.",
    "Planning, moving and approving posts, answering, leads, emergencies, requests, templates, settings and reports by "
    "keyboard alone, in the same tests.",
    "By eye, at 1280 and 360 pixels, in light and dark.",
)
NOT_TESTED = (
    "It has not been tried by people who use assistive technology, nor with a screen reader, voice control or screen "
    "magnifier, nor in Firefox or Safari. So there may be more wrong with it than is listed here. A force should have "
    "that done before it relies on Beatline, and put what is found here."
)


def points(words: tuple[str, ...]) -> None:
    st.markdown("\n".join(f"- {one}" for one in words))


def whom_to_tell(page: Page) -> None:
    st.header("Tell us what is in your way", anchor=False)
    with page.read() as session:
        people = who_may(session, Action.MANAGE_PEOPLE)
    st.text("Say what you wanted to do and what stopped you, and what you use. You can also ask for anything here in "
            "another form, such as a file or on paper. In your force, tell:")  # fmt: skip
    outside("\n".join(f"{one.name}, {one.email}" for one in people) or "whoever set Beatline up")
    st.text("They should answer within 10 working days.")


page = begin("Accessibility statement")
with told():
    st.text("This is about the pages of Beatline that staff use after signing in. Whoever runs it wants as many people as "
            "possible to be able to work with it, and owes that to them under the Public Sector Bodies (Websites and "
            "Mobile Applications) (No. 2) Accessibility Regulations 2018.")  # fmt: skip
    st.header("Where it stands", anchor=False)
    st.text("Beatline conforms in part with the Web Content Accessibility Guidelines 2.2, level AA. What is known not to "
            "conform is listed below.")  # fmt: skip
    points(MEETS)
    st.header("What does not conform yet", anchor=False)
    st.markdown("\n".join(f"- **{what}.** {why}" for what, why in NOT_YET))
    st.text("None of this is left as it is because mending it would be too great a burden.")
    st.header("How it was tested", anchor=False)
    points(TESTED)
    st.text(NOT_TESTED)
    whom_to_tell(page)
    st.header("If the answer does not help", anchor=False)
    st.text("The Equality and Human Rights Commission enforces the regulations in England, Scotland and Wales. Contact the "
            "Equality Advisory and Support Service: www.equalityadvisoryservice.com.")  # fmt: skip
    st.text(f"This statement was written and last reviewed on {REVIEWED}.")
