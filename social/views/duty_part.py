"""Where a person says that they have seen an emergency: the one thing that ends the messages about it (R19)."""

import streamlit as st

from social.clock import as_local
from social.duty_seen import call_about, last_said_by, moment_today, say_not_emergency, say_passed
from social.duty_tables import EMERGENCY, PASSED, DutyCall
from social.inbox import ReplyView
from social.staff import Action, Person
from social.views.parts import Page, done, outside
from social.views.words import say_count, say_moment


def seen_part(page: Page, reply: ReplyView) -> None:
    """What came of the reply's emergency, and the two ways to say so. Nothing for a reply that never was one."""
    with page.read() as session:
        call = call_about(session, reply.id)
        if call is None or call.kind != EMERGENCY:
            return
        seen_by = session.get(Person, call.seen_by_id) if call.seen_by_id is not None else None
        said_by = last_said_by(session, call.id or 0) if call.seen_at is not None else None
    if call.seen_at is None:
        st.error(f"Nobody has said yet that they have seen this emergency. {_told(call)} "
                 "If anybody may need help, call the control room now.")  # fmt: skip
    else:
        first = f"First seen by {seen_by.name if seen_by else 'somebody'}, {say_moment(call.seen_at)}."
        later = f" {said_by.name} said so." if said_by and seen_by and said_by.id != seen_by.id else ""
        outside(f"{_outcome(call)}{later} {first}")
    if page.may(Action.ANSWER, call.place_id):
        read = words_read(call.id or 0, reply.text)
        if call.seen_at is None:
            _forms(page, call, read)
        else:
            with st.expander("Say something else of this emergency"):
                _forms(page, call, read)


def words_read(call_id: int, words: str | None) -> str | None:
    """The words that were drawn when a button was pressed that is drawn now: a press is of those, not of what came since
    (R19).  words: those that are drawn now.  None where none were drawn before."""
    key = f"_words_read_{call_id}"
    read, st.session_state[key] = st.session_state.get(key), words
    return read


def _told(call: DutyCall) -> str:
    if not call.tellings:
        return "No message has gone to the duty contact yet."
    return f"The duty contact was told {say_count(call.tellings, 'time')}, and is told again every five minutes."


def _outcome(call: DutyCall) -> str:
    if call.outcome != PASSED:
        return "Not an emergency."
    reference = f", reference {call.reference}" if call.reference else ""
    return f"Passed to the control room, {say_moment(call.passed_at)}{reference}."


def _forms(page: Page, call: DutyCall, read: str | None) -> None:
    """read: the words that stood there when the person pressed."""
    number = call.id or 0
    with st.form(f"passed_{number}", border=False):
        at = st.time_input(
            "When I passed it to the control room", as_local(page.now).time().replace(second=0, microsecond=0), step=60,
            key=f"passed_at_{number}",
        )  # fmt: skip
        reference = st.text_input(
            "The control room's reference, if there is one", max_chars=40, key=f"passed_reference_{number}"
        )
        if st.form_submit_button("I have seen this and passed it to the control room", type="primary"):
            passed_at = moment_today(at, page.now) if at is not None else None
            done(lambda: say_passed(page.context, number, page.person, at=passed_at, reference=reference),
                 "Noted. No more messages go out about this emergency.")  # fmt: skip
    with st.form(f"none_{number}", border=False):
        reason = st.text_input("Why it is no emergency", max_chars=200, key=f"none_reason_{number}")
        if st.form_submit_button("Not an emergency"):
            done(lambda: say_not_emergency(page.context, number, page.person, reason, words=read),
                 "Noted, with your reason. No more messages go out about it.")  # fmt: skip
