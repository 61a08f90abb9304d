"""What a person does about one reply beside sending an answer: give it to somebody, close it, note something, and see
who else is at it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from social.answer_records import Answer, answers_to
from social.desk import add_note, assign, here, mark_done, notes_of, others_here, reopen
from social.errors import BeatlineError
from social.inbox import ReplyView
from social.interactions import EMERGENCY
from social.saved_answers import answers_for
from social.staff import Action, Person, who_may
from social.views.inert import inert
from social.views.parts import Page, done, outside
from social.views.sign_in import still_there
from social.views.words import say_soon

LOOK_EVERY = timedelta(seconds=15)
AT_HAND = 8
"""Saved answers that are shown side by side; more are a list to choose from."""
AWAY_AFTER = timedelta(minutes=5)
"""Whoever has done nothing on the page for so long is not there, though the page is still open."""


def answer_key(reply_id: int) -> str:
    """The box that an answer to this reply is written in."""
    return f"answer_text_{reply_id}"


def presence(page: Page, reply: ReplyView) -> None:
    """Say that the person is at this reply, and who else is; looked at again while the page is open."""
    st.session_state["_at_reply"] = page.context.clock.now()
    _look_around(page, reply)


@st.fragment(run_every=LOOK_EVERY)
def _look_around(page: Page, reply: ReplyView) -> None:
    if not still_there(page, Action.READ_REPLIES, used=False):
        return  # the next click says why; a page drawn anew would take away what is being typed
    now = page.context.clock.now()
    writing = bool(str(st.session_state.get(answer_key(reply.id), "")).strip())
    try:
        if now - st.session_state.get("_at_reply", now) < AWAY_AFTER:
            here(page.context, page.person, reply.id, writing=writing)
        with page.read() as session:
            others = others_here(session, page.person, reply.id, now)
            since = answered_since(answers_to(session, reply.id), page.person, page.now)
            names = [session.get_one(Person, person_id).name for person_id in sorted(since)]
    except BeatlineError:
        return  # shut out, or the reply is gone: the next click says so
    with st.container(key="also_here"):
        for other in others:
            st.badge("Somebody else is here", color="orange")
            outside(f"{other.person} has this open now" + (" and is writing an answer." if other.writing else "."))
        for name in names:
            st.badge("Answered since you opened it", color="orange")
            outside(f"{name} has sent an answer.")
        if names and st.button("Show the answer", key=f"show_answered_{reply.id}"):
            st.rerun()


def answered_since(answers: Sequence[Answer], person: Person, drawn: datetime) -> set[int]:
    """The other persons who pressed send after the page was drawn: else two answers to one resident cross unseen."""
    return {one.person_id for one in answers if one.pressed_at > drawn and one.person_id != person.id}


def done_part(page: Page, reply: ReplyView) -> None:
    """Close it without an answer, or take that back."""
    if reply.done_at is not None:
        if st.button("Open it again", key=f"reopen_{reply.id}"):
            done(lambda: reopen(page.context, page.person, reply.id), "The reply is open again.")
        return
    if not reply.is_open:
        return
    label = "Close this emergency" if reply.urgency == EMERGENCY else "Mark as done"
    if st.button(label, key=f"done_{reply.id}", icon=":material/check:", shortcut="Alt+M"):
        done(lambda: mark_done(page.context, page.person, reply.id), f"Reply {reply.id} is done.")


def assign_part(page: Page, reply: ReplyView) -> None:
    """Whose it is."""
    pressed, to = give_form(page, f"{reply.id}", reply.place_id, reply.assignee_id, reply.assignee)
    if pressed:
        done(lambda: assign(page.context, page.person, reply.id, to, was=reply.assignee_id), say_given(to))


def give_form(
    page: Page, key: str, place_id: int | None, holder: int | None, name: str | None
) -> tuple[bool, int | None]:
    """Whose it is, to be changed.  key: of what is given.  holder, name: whose it is now.  Returns whether it was pressed,
    and who was chosen."""
    with page.read() as session:
        people = {one.id or 0: one.name for one in who_may(session, Action.ANSWER, place_id)}
    if holder is not None:
        people.setdefault(holder, name or "somebody who left")
    me = page.person.id or 0
    with st.form(f"assign_{key}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        order = sorted(people, key=lambda number: (number != me, people[number]))
        to = st.selectbox(
            "Who looks after it",
            [None, *order],
            index=0 if holder is None else 1 + order.index(holder),
            format_func=lambda number: people[number] if number else "Nobody",
            key=f"assignee_{key}_{holder}",
        )
        return st.form_submit_button("Give it to them"), to


def say_given(to: int | None) -> str:
    return "Nobody looks after it now." if to is None else "It is theirs now."


def notes_part(page: Page, reply: ReplyView, *, may_answer: bool) -> None:
    """What staff said of it to each other."""
    with page.read() as session:
        notes = notes_of(session, page.context.vault, reply.id)
    for note in notes:
        outside(f"Note by {note.person}, {say_soon(note.at, page.now)}: {note.text}")
    if not may_answer:
        return
    with (
        st.expander("Add a note", icon=":material/sticky_note_2:"),
        st.form(f"note_{reply.id}", clear_on_submit=True, border=False),
    ):
        text = st.text_area(
            "Note for colleagues", max_chars=2_000, help="Residents never see it. It goes when the reply goes."
        )
        pressed = st.form_submit_button("Keep the note")
    if pressed:
        done(lambda: add_note(page.context, page.person, reply.id, text or ""), "The note is kept.")


def saved_answers(page: Page, reply: ReplyView) -> None:
    """Put a saved answer into the box with one press, behind what was typed already. Nothing is sent by it (R23)."""
    with page.read() as session:
        found = {one.id: one for one in answers_for(session, reply.place_id)}
    if not found:
        st.page_link("social/views/saved_answers.py", label="Save answers for use again", icon=":material/bookmark:")
        return
    key = f"saved_{reply.id}"

    def put() -> None:
        chosen, box = found.get(st.session_state[key] or 0), answer_key(reply.id)
        if chosen is not None:
            typed = str(st.session_state.get(box) or "").strip()
            st.session_state[box] = f"{typed}\n\n{chosen.text}" if typed else chosen.text
        st.session_state[key] = None

    if len(found) <= AT_HAND:
        st.pills("Put a saved answer in the box", list(found), key=key, on_change=put,
                 format_func=lambda number: inert(found[number].title))  # fmt: skip
    else:
        st.selectbox("Put a saved answer in the box", list(found), index=None, key=key, placeholder="Choose one",
                     format_func=lambda number: found[number].title, on_change=put)  # fmt: skip
