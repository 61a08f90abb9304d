"""Letters that no alert claims: a person reads each and says which alert it is about, or answers it here."""

import streamlit as st

from scheduler.answering import RULES
from social.alerts.letterbox_people import (
    LONGEST,
    AlertChoice,
    WaitingLetter,
    answer_letter,
    put_under_alert,
    recent_alerts,
    set_aside,
    waiting_letters,
)
from social.staff import Action
from social.views.parts import Page, begin, done, outside, say_what_was_done, told
from social.views.words import say_moment, say_soon, shorten

UNREADABLE = (
    "Beatline could not read this letter. Read it in the letterbox itself, then set it aside here. It may be urgent."
)


def card(page: Page, alerts: dict[int, AlertChoice], letter: WaitingLetter) -> None:
    """One letter with what can be decided about it."""
    with st.container(border=True):
        st.header(f"Letter {letter.id}, arrived {say_moment(letter.arrived_at)}", anchor=False)
        if letter.readable:
            outside(letter.text)
        else:
            st.warning(UNREADABLE)
        if not page.may(Action.ANSWER):
            return
        if letter.readable and alerts:
            chosen = st.selectbox(
                "The alert that it is about", list(alerts), index=None, key=f"alert_{letter.id}",
                placeholder="Choose an alert",
                format_func=lambda number: f"{shorten(alerts[number].subject, 80)} ({say_soon(alerts[number].sent_at, page.now)})",
            )  # fmt: skip
            if st.button(f"Put letter {letter.id} under that alert", key=f"put_{letter.id}", disabled=chosen is None):
                assert chosen is not None
                done(
                    lambda: put_under_alert(page.context, page.person, letter.id, chosen),
                    "It joins the replies to that alert within a minute.",
                )
        if letter.readable:
            answer(page, letter)
        if st.button(f"Set letter {letter.id} aside", key=f"aside_{letter.id}"):
            done(
                lambda: set_aside(page.context, page.person, letter.id),
                "It is set aside. Its words are forgotten here; the letterbox keeps it.",
            )


def answer(page: Page, letter: WaitingLetter) -> None:
    """About no alert: answered from here, by mail, with the letter above the answer."""
    with st.form(f"answer_{letter.id}", border=False):
        text = st.text_area(
            "Answer", key=f"words_{letter.id}", max_chars=LONGEST,
            help="It goes by e-mail to whoever wrote, by text to who sent a text. What they answer comes back here.",
        )  # fmt: skip
        if st.form_submit_button(f"Send the answer to letter {letter.id}", icon=":material/send:"):
            done(
                lambda: answer_letter(page.context, page.person, letter.id, text, RULES),
                "The answer is on its way. The letter's words are forgotten here; the letterbox keeps it.",
            )


def show(page: Page) -> None:
    st.text(
        "Answers to alerts join Replies by themselves. What is here names no alert. Read it soon: nobody else does, and "
        "there may be an emergency among it. Who wrote is not shown. What is about an alert is answered from Replies once it "
        "stands there, anything else from here."
    )
    with page.read() as session:
        letters = waiting_letters(page.context, session, page.person)
        alerts = {one.mailing_id: one for one in recent_alerts(session)}
    if not letters:
        st.success("No letter waits.")
    for letter in letters:
        card(page, alerts, letter)


page = begin("Letters", needs=Action.READ_REPLIES)
say_what_was_done()
with told():
    show(page)
