"""Saved answers: words for what many residents ask, kept for use again.

They are only ever put into the box of an answer, which a person reads, changes and sends (R23)."""

from collections.abc import Mapping

import streamlit as st

from social.places import place_choices
from social.saved_answers import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    STARTERS,
    SavedAnswerInput,
    SavedAnswerView,
    change_answer,
    list_saved_answers,
    offer_starters,
    retire_answer,
    save_answer,
)
from social.staff import Action
from social.views.begun import begun
from social.views.parts import Page, begin, done, outside, say_what_was_done, told
from social.views.replying import REPLIES_PAGE
from social.views.words import say_count

WHOLE_FORCE = "The whole force"


def area_choices(page: Page) -> dict[int | None, str]:
    """The areas that the person may save answers for, by number; None is the whole force."""
    with page.read() as session:
        places = [(None, WHOLE_FORCE), *place_choices(session).items()]
    return {number: name for number, name in places if page.acts_for(number)}


def fields(places: Mapping[int | None, str], key: str, one: SavedAnswerView | None = None) -> SavedAnswerInput:
    """The boxes of one answer.  one: what is changed, None for a new one."""
    title = st.text_input("Title", one.title if one else "", max_chars=LONGEST_TITLE, key=f"title_{key}")
    text = st.text_area("Words of the answer", one.text if one else "", max_chars=LONGEST_TEXT, key=f"text_{key}")
    numbers = list(places)
    start = numbers.index(one.place_id) if one and one.place_id in numbers else 0
    place = st.selectbox(
        "For", numbers, index=start, format_func=lambda number: places[number], key=f"place_{key}",
        help="Whoever answers under a post about this area, or about one inside it, may choose the answer.",
    )  # fmt: skip
    return SavedAnswerInput(title or "", text or "", place)


def add(page: Page, places: Mapping[int | None, str]) -> None:
    with st.expander("Save a new answer", icon=":material/add:"), st.form("new_answer", border=False):
        given = fields(places, "new")
        pressed = st.form_submit_button("Save the answer", type="primary")
    if pressed:
        done(lambda: save_answer(page.context, page.person, given), "The answer is saved.")


def starters(page: Page, titles: set[str]) -> None:
    """Offer what a force may start with, while some of it is not there."""
    missing = [title for title, _ in STARTERS if title not in titles]
    if missing and page.acts_for(None):
        answers = say_count(len(missing), "answer", "answers")
        if st.button(f"Take {answers} to start with", key="starters"):
            done(
                lambda: offer_starters(page.context, page.person), f"{answers} to start with. Change them as you like."
            )


def card(page: Page, places: Mapping[int | None, str], one: SavedAnswerView) -> None:
    """One answer, and for whoever may change it the form."""
    with st.container(border=True):
        outside(one.title)
        outside(one.text)
        outside(f"For {one.place or WHOLE_FORCE.lower()}. Kept by {one.owner}.")
        if one.place_id not in places:
            return
        if not one.active:
            if st.button(f"Put answer {one.id} back into use", key=f"back_{one.id}"):
                done(
                    lambda: retire_answer(page.context, page.person, one.id, version=one.version, back=True),
                    "It is in use again.",
                )
            return
        with st.expander(f"Change answer {one.id}", icon=":material/edit:"), st.form(f"change_{one.id}", border=False):
            form = begun("title", str(one.id), one)
            given = fields(places, form.key, form.record)
            with st.container(horizontal=True):
                change, retire = st.form_submit_button("Save the change"), st.form_submit_button("Take out of use")
    seen = (form.record or one).version
    if change:
        done(
            form.saved(lambda: change_answer(page.context, page.person, one.id, given, version=seen)),
            "The change is saved.",
        )
    if retire:
        done(form.saved(lambda: retire_answer(page.context, page.person, one.id, version=seen)), "It is out of use.")


def show(page: Page) -> None:
    places = area_choices(page)
    with page.read() as session:
        every = [*list_saved_answers(session), *list_saved_answers(session, retired=True)]
    starters(page, {one.title for one in every})
    add(page, places)
    one, two = st.columns([4, 2], vertical_alignment="bottom")
    search = one.text_input("Search", key="q", bind="query-params", placeholder="Words of the title or the answer")
    retired = two.checkbox("Out of use", key="retired", bind="query-params")
    with page.read() as session:
        found = list_saved_answers(session, areas=page.areas, search=search or "", retired=bool(retired))
    if not found:
        st.info(
            "No saved answer holds these words."
            if search
            else "Nothing is out of use."
            if retired
            else "No answer is saved yet."
        )
    for answer in found:
        card(page, places, answer)


page = begin("Saved answers", needs=Action.ANSWER)
say_what_was_done()
st.page_link(REPLIES_PAGE, label="To the replies", icon=":material/forum:")
with told():
    show(page)
