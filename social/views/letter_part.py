"""A letter that no alert claims, wherever it is shown: in the list of Replies in its place, opened beside it, and on the
page Letters.  What can be decided about it is the same everywhere, and so is the answer's form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

import streamlit as st

from scheduler.answering import RULES
from social.alerts.letterbox_people import (
    LONGEST,
    AlertChoice,
    WaitingLetter,
    answer_letter,
    assign_letter,
    put_under_alert,
    recent_alerts,
    set_aside,
)
from social.alerts.letterbox_storing import MOST_SHOWN, count_to_decide
from social.inbox import ReplyView
from social.interactions import EMERGENCY, LEAD, REST
from social.staff import Action
from social.views.desk_part import give_form, say_given
from social.views.parts import Page, done, outside
from social.views.replying import EMERGENCY_ADVICE, kind_badge, say_clock
from social.views.words import say_moment, say_soon, shorten

UNREADABLE = (
    "Beatline could not read this letter. Read it in the letterbox itself, then set it aside here. It may be urgent."
)


def beside_replies(replies: Sequence[ReplyView], letters: Sequence[WaitingLetter]) -> list[ReplyView | WaitingLetter]:
    """One list in the order of replies: emergencies, leads, then what is due first, then the rest, the newest first."""
    waiting = sorted(letters, key=lambda one: (one.urgency, one.due_at.timestamp() if one.due_at else -one.arrived_at.timestamp()))  # fmt: skip
    found: list[ReplyView | WaitingLetter] = []
    for reply in replies:
        sooner = list(takewhile(lambda one: _is_before(one, reply), waiting))  # noqa: B023 - used within the turn
        waiting = waiting[len(sooner) :]
        found += [*sooner, reply]
    return found + waiting


def _is_before(letter: WaitingLetter, reply: ReplyView) -> bool:
    theirs = reply.urgency if reply.is_open else REST
    if letter.urgency != theirs:
        return letter.urgency < theirs
    if letter.due_at is None:
        return letter.urgency in (EMERGENCY, LEAD) or letter.arrived_at > reply.created_at
    return reply.due_at is None or letter.due_at < reply.due_at


def more_letters(page: Page, letters: Sequence[WaitingLetter]) -> None:
    """That more letters wait than are shown at a time."""
    if len(letters) < MOST_SHOWN:
        return
    with page.read() as session:
        waiting = count_to_decide(session)
    if waiting > len(letters):
        st.warning(
            f"{waiting:,} letters that name no alert wait, and {len(letters)} of them are here: any emergency, then the "
            "oldest. The next come up as these are put under an alert, answered or set aside."
        )


def letter_row(letter: WaitingLetter, now: datetime, *, is_open: bool, opens: Callable[[], None]) -> None:
    """One letter in the list of replies."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _badges(letter, now)
        outside(shorten(letter.text, 160) if letter.readable else UNREADABLE)
        st.caption(f"Letter, {say_soon(letter.arrived_at, now)}. Names no alert. Not answered.")
        if letter.assignee:
            outside(f"With {letter.assignee}")
        st.button(
            f"Letter {letter.id} is open" if is_open else f"Open letter {letter.id}",
            key=f"open_letter_{letter.id}", icon=":material/arrow_forward:" if is_open else None, on_click=opens,
        )  # fmt: skip


def letter_detail(page: Page, letter: WaitingLetter) -> None:
    """The letter that is open beside the list."""
    st.header(f"Letter {letter.id}", anchor=False)
    if letter.emergency:
        st.error(f"This reads like an emergency. {EMERGENCY_ADVICE} It stays until somebody decides about it here.")
    with page.read() as session:
        alerts = {one.mailing_id: one for one in recent_alerts(session)}
    with st.container(border=True, key="this_letter"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _badges(letter, page.now)
            st.text(f"Letter, {say_soon(letter.arrived_at, page.now)}")
        _words(letter)
        st.caption("It names no alert. Who wrote is not shown.")
    decisions(page, alerts, letter)


def letter_card(page: Page, alerts: Mapping[int, AlertChoice], letter: WaitingLetter) -> None:
    """One letter on the page Letters, with what can be decided about it."""
    with st.container(border=True):
        st.header(f"Letter {letter.id}, arrived {say_moment(letter.arrived_at)}", anchor=False)
        _words(letter)
        decisions(page, alerts, letter)


def decisions(page: Page, alerts: Mapping[int, AlertChoice], letter: WaitingLetter) -> None:
    """Which alert it is about, an answer, or that it is done."""
    if letter.assignee:
        outside(f"With {letter.assignee}.")
    if not page.may(Action.ANSWER):
        return
    pressed, to = give_form(page, f"letter_{letter.id}", None, letter.assignee_id, letter.assignee)
    if pressed:
        done(lambda: assign_letter(page.context, page.person, letter.id, to, was=letter.assignee_id), say_given(to))
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
        _answer(page, letter)
    if st.button(f"Set letter {letter.id} aside", key=f"aside_{letter.id}"):
        done(
            lambda: set_aside(page.context, page.person, letter.id),
            "It is set aside. Its words are forgotten here; the letterbox keeps it.",
        )


def _words(letter: WaitingLetter) -> None:
    if letter.readable:
        outside(letter.text)
    else:
        st.warning(UNREADABLE)


def _badges(letter: WaitingLetter, now: datetime) -> None:
    st.badge("Letter")
    if letter.emergency:
        st.badge("Emergency", color="red")
    elif letter.kind:
        kind_badge(letter.kind)
    if letter.due_at is not None:
        clock = say_clock(letter.due_at, now)
        st.badge(clock, color="red" if clock.startswith("Overdue") else "blue")


def _answer(page: Page, letter: WaitingLetter) -> None:
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
