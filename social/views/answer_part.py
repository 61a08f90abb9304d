"""Answering one reply: what was answered so far and where it stands, then the form whose one press sends (R23).

For an emergency only the words 'call 999' are offered; others need a second confirmation (R19)."""

from datetime import timedelta
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from scheduler.answering import RULES
from social.accounts import Account
from social.answer_records import LIVE, OPEN, STATE_NAMES, Answer, AnswerState, answers_to
from social.answer_refusals import answers_seen
from social.answer_rules import EMERGENCY_ANSWER, says_only_999
from social.answers import concerns_about, drop_answer, send_again, send_answer
from social.budgets import MILLI
from social.channels.base import Draft
from social.channels.prices import price_of_post
from social.errors import BeatlineError
from social.inbox import ReplyView
from social.interactions import EMERGENCY, Interaction
from social.staff import Action, Person
from social.views.parts import Page, done, later, outside, problems
from social.views.sign_in import still_there
from social.views.words import NETWORKS, is_web_address, say_soon, word

LOOK_AGAIN = timedelta(seconds=2)
_GOING = frozenset({AnswerState.WRITTEN, AnswerState.SENDING, AnswerState.UNKNOWN})
CONFIRM = "This looks like an emergency. These words must go out all the same, and the control room knows of it."


def answer_part(page: Page, reply: ReplyView) -> None:
    """What was answered to the reply and, for who may, the form that answers it. Nothing for words of our own."""
    if reply.ours:
        return
    with page.read() as session:
        going = any(AnswerState(one.state) in _GOING for one in answers_to(session, reply.id))
    # While something is on its way its state is drawn anew by itself, and nothing else of the page.
    if going:
        st.fragment(_follow, run_every=LOOK_AGAIN)(page, reply)
    else:
        _story(page, reply)
    if page.may(Action.ANSWER, reply.place_id):
        _form(page, reply)


def _follow(page: Page, reply: ReplyView) -> None:
    if not still_there(page, Action.READ_REPLIES, used=False) or not _story(page, reply):
        st.rerun()


def _story(page: Page, reply: ReplyView) -> bool:
    """Every answer that was written here, oldest first.  Returns whether one is on its way."""
    with page.read() as session:
        answers = answers_to(session, reply.id)
        people = {one.person_id: _name(session, one.person_id) for one in answers}
    for answer in answers:
        with st.container(border=True, key=f"answer_{answer.id}"):
            outside(_standing(page, answer, people[answer.person_id]))
            outside(answer.text)
            if answer.reason and AnswerState(answer.state) not in LIVE:
                outside(answer.reason)
            if is_web_address(answer.url):
                st.link_button(
                    f"See answer {answer.id} on the network", answer.url or "", icon=":material/open_in_new:"
                )
            if page.may(Action.ANSWER, reply.place_id):
                _decide(page, reply, answer)
    return any(AnswerState(one.state) in _GOING for one in answers)


def _standing(page: Page, answer: Answer, who: str) -> str:
    """'Sent today, 10:31am, by Nia Abbot.'"""
    state = AnswerState(answer.state)
    if state in LIVE:
        return f"Sent {say_soon(answer.sent_at or answer.updated_at, page.now)}, by {who}."
    since = say_soon(answer.pressed_at, page.now)
    return f"This answer is {STATE_NAMES[state]}. {who} pressed send {since}."


def _decide(page: Page, reply: ReplyView, answer: Answer) -> None:
    """What a person may do about an answer that waits for one."""
    if answer.state != AnswerState.WAITING:
        return
    other_words = True
    if answer.may_repeat and reply.urgency == EMERGENCY and not says_only_999(answer.text):
        other_words = st.checkbox(CONFIRM, key=f"answer_confirm_again_{answer.id}")
    number = answer.id or 0
    with st.container(horizontal=True):
        if answer.may_repeat and st.button("Send it again", key=f"answer_again_{number}", icon=":material/send:"):
            done(
                lambda: send_again(page.context, page.person, number, rules=RULES, other_words=other_words),
                "The answer is on its way.",
            )
        if st.button("Give it up", key=f"answer_drop_{number}", icon=":material/delete:"):
            done(
                lambda: drop_answer(page.context, page.person, number),
                "The answer was given up. You can write another.",
            )


def _form(page: Page, reply: ReplyView) -> None:
    with page.read() as session:
        waits = any(AnswerState(one.state) in OPEN for one in answers_to(session, reply.id))
        account = session.get_one(Account, reply.account_id)
        seen = answers_seen(session, session.get_one(Interaction, reply.id))
    if reply.gone_at is not None:
        st.caption("The reply is not on the network any more, so it cannot be answered there.")
        return
    if waits:
        return
    st.subheader("Answer", anchor=False)
    problem = st.session_state.pop(f"answer_problem_{reply.id}", None)
    if isinstance(problem, BeatlineError):
        problems(problem)
    if reply.lang == "cy":
        st.info("This reply is in Welsh. Answer in Welsh.")  # R33
    if reply.urgency != EMERGENCY:
        _write(page, reply, account, seen, confirm=False)
        return
    _press_999(page, reply, account, seen)
    with st.expander("Something else has to be said"):
        st.text("The only answer to an emergency is to call 999. If this is none, say so at 'This was read wrong'.")
        _write(page, reply, account, seen, confirm=True)


def _press_999(page: Page, reply: ReplyView, account: Account, seen: int) -> None:
    st.button(
        f"Send '{EMERGENCY_ANSWER}'", key=f"answer_999_{reply.id}", type="primary", icon=":material/sos:",
        help=f"Answers the reply as {_escaped(account.name)}. Pass the emergency to the control room as well.",
        on_click=_press, args=(page, reply, seen, EMERGENCY_ANSWER, False),
    )  # fmt: skip


def _write(page: Page, reply: ReplyView, account: Account, seen: int, *, confirm: bool) -> None:
    """The words, how long they are, what is to be said of them, how they will look, and the press."""
    if account.channel == "alert":
        st.text("It goes by e-mail to whoever wrote (by text, if they sent a text), and to nobody else.")
    text = st.text_area("Your answer", key=f"answer_text_{reply.id}", height=120, persist_state="session")
    if text.strip():
        _about(page, reply, account, text)
    other_words = st.checkbox(CONFIRM, key=f"answer_confirm_{reply.id}") if confirm else False
    st.button(
        f"Send as {_escaped(account.name)}", key=f"answer_send_{reply.id}", icon=":material/send:",
        type="secondary" if confirm else "primary", on_click=_press, args=(page, reply, seen, None, other_words),
    )  # fmt: skip


def _about(page: Page, reply: ReplyView, account: Account, text: str) -> None:
    channel = page.context.channel(account)
    network = word(NETWORKS, account.channel)
    price = price_of_post(account, Draft(text.strip()), page.context.settings)
    cost = f" Sending it costs {price.money / MILLI:.1f}p." if price is not None else ""
    st.caption(
        f"{channel.count(Draft(text.strip())):,} of {channel.limits.text:,} characters, as {network} counts.{cost}"
    )
    for concern in concerns_about(page.context, reply.id, text, RULES):
        with st.container(border=True):
            st.badge(
                "Has to be changed" if concern.stops else "Look at this", color="red" if concern.stops else "orange"
            )
            outside(concern.message)
    with st.container(border=True):
        st.caption(f"What residents will see, under the reply on {network}:")
        outside(account.name if account.handle is None else f"{account.name} (@{account.handle})")
        outside(text.strip())


def _press(page: Page, reply: ReplyView, seen: int, words: str | None, other_words: bool) -> None:
    """Somebody pressed send. The form has a key of its own, so that a double press makes one answer.

    seen: answers of ours that were there when the form was drawn, and stand above it.  words: None takes those of the form."""
    form = f"answer_key_{reply.id}"
    key = st.session_state.setdefault(form, uuid4().hex)
    text = words if words is not None else st.session_state.get(f"answer_text_{reply.id}", "")
    try:
        send_answer(page.context, page.person, reply.id, text, key=key, rules=RULES, seen=seen, other_words=other_words)
    except BeatlineError as error:
        st.session_state[f"answer_problem_{reply.id}"] = error
        return
    del st.session_state[form]
    st.session_state[f"answer_text_{reply.id}"] = ""
    later("Your answer is on its way.")  # spoken, and where the focus goes: the form is gone


def _name(session: Session, person_id: int) -> str:
    return session.get_one(Person, person_id).name


def _escaped(name: str) -> str:
    """For a button's label, which is Markdown: people name accounts."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>~:$" else sign for sign in name)
