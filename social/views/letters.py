"""Letters that no alert claims, by themselves: they stand in Replies as well, in their place among what residents wrote."""

import streamlit as st

from social.alerts.letterbox_people import recent_alerts, waiting_letters
from social.staff import Action
from social.views.letter_part import letter_card, more_letters
from social.views.parts import Page, begin, say_what_was_done, told


def show(page: Page) -> None:
    st.text(
        "Answers to alerts join Replies by themselves. What is here names no alert; it stands in Replies too. Read it soon: "
        "there may be an emergency among it. Who wrote is not shown. What is about an alert is answered from Replies once it "
        "stands under it, anything else from here or from there."
    )
    with page.read() as session:
        letters = waiting_letters(page.context, session, page.person)
        alerts = {one.mailing_id: one for one in recent_alerts(session)}
    if not letters:
        st.success("No letter waits.")
    more_letters(page, letters)
    for letter in letters:
        letter_card(page, alerts, letter)


page = begin("Letters", needs=Action.READ_REPLIES)
say_what_was_done()
with told():
    show(page)
