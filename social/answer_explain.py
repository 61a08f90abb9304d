"""Where an answer stands and why, what happened to it, and what is to be done, in sentences. Reads; changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.accounts import Account
from social.answer_records import (
    LIVE,
    OPEN,
    STATE_NAMES,
    Answer,
    AnswerState,
    answer_numbered,
    steps_of,
)
from social.clock import as_local
from social.errors import InputError
from social.staff import Person

_NEXT: Mapping[AnswerState, str] = {
    AnswerState.WRITTEN: "The worker sends it as soon as the account is free and nothing forbids it.",
    AnswerState.SENDING: "A request may be under way. If its worker has died, the network is asked when the lease is over.",
    AnswerState.UNKNOWN: "The network is asked whether it is there. Nothing is sent again before.",
    AnswerState.REFUSED: "It is not sent again. Write another answer on the page Replies.",
}


def explain(session: Session, answer_id: int) -> list[str]:
    """The answer's story.  Raises InputError when there is no such answer."""
    answer = answer_numbered(session, answer_id)
    account, state = session.get_one(Account, answer.account_id), AnswerState(answer.state)
    who = session.get_one(Person, answer.person_id)
    lines = [
        f"Answer {answer.id} to reply {answer.interaction_id} on {account.name} is {STATE_NAMES[state]}. "
        f"{who.name} pressed send {_moment(answer.pressed_at)}."
    ]
    if answer.reason and state not in LIVE:
        lines.append(answer.reason)
    if state in LIVE:
        lines.append(
            f"It has been there since {_moment(answer.sent_at or answer.updated_at)}: {answer.url or answer.platform_id}"
        )
    lines += [_what_next(answer, state)] if state in OPEN or state is AnswerState.REFUSED else []
    lines.append(f"Requests recorded: {answer.tries}.")
    lines += [_step(step.at, step.actor, step.to_state, step.reason) for step in steps_of(session, answer_id)]
    return lines


def _what_next(answer: Answer, state: AnswerState) -> str:
    if state is AnswerState.WAITING:
        again = "sends it again or gives it up" if answer.may_repeat else "looks at the thread and gives it up"
        return f"Somebody {again}, on the page Replies."
    until = f" Not before {_moment(answer.not_before)}." if answer.not_before else ""
    return _NEXT[state] + until


def _step(at: datetime, actor: str, state: str, reason: str | None) -> str:
    return f"{_moment(at)}  {state}, by {actor}" + (f": {reason}" if reason else "")


def listed(session: Session, *, state: str | None, limit: int) -> list[dict[str, Any]]:
    """Answers, the newest first, without their words.  state: only those; None for all.

    Raises InputError for a state that there is not."""
    if state is not None and state not in set(AnswerState):
        raise InputError(f"There is no state '{state}'. States: {', '.join(AnswerState)}.")
    query = select(Answer, Account.name).join(Account, col(Account.id) == col(Answer.account_id))
    if state is not None:
        query = query.where(Answer.state == state)
    found = session.exec(query.order_by(col(Answer.id).desc()).limit(limit))
    return [_shown(answer, name) for answer, name in found]


def told(session: Session, answer_id: int) -> dict[str, Any]:
    """One answer for a program: where it stands, its steps, and the sentences of `explain`."""
    answer = answer_numbered(session, answer_id)
    steps = [
        {"at": step.at.isoformat(), "actor": step.actor, "from": step.from_state, "to": step.to_state,
         "reason": step.reason, "fence": step.fence}
        for step in steps_of(session, answer_id)
    ]  # fmt: skip
    name = session.get_one(Account, answer.account_id).name
    return {**_shown(answer, name), "steps": steps, "explained": explain(session, answer_id)}


def _shown(answer: Answer, account: str) -> dict[str, Any]:
    return {
        "id": answer.id,
        "reply": answer.interaction_id,
        "account": account,
        "state": answer.state,
        "pressed_at": answer.pressed_at.isoformat(),
        "sent_at": answer.sent_at.isoformat() if answer.sent_at else None,
        "not_before": answer.not_before.isoformat() if answer.not_before else None,
        "tries": answer.tries,
        "may_repeat": answer.may_repeat,
        "reason": answer.reason,
        "platform_id": answer.platform_id,
        "url": answer.url,
    }


def _moment(at: datetime) -> str:
    local = as_local(at)
    return f"{local.day} {local:%b %Y, %H:%M:%S}"
