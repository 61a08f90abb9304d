"""Sends answers that people pressed send for, each once, and settles those of which nobody knows whether they arrived.

The order is the promise: record the request, let go of the database, send, record the outcome. A worker that dies in
between leaves an answer in `sending`; when its lease is over it is unknown, the network is asked, and nothing is sent
again without a person. One account has at most one answer out at a time, so that its order stays."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_

from social import answer_outcomes as outcomes
from social.accounts import Account, AccountState
from social.answer_looking import look_due
from social.answer_outcomes import Outcome, Turn
from social.answer_records import (
    Answer,
    AnswerState,
    Move,
    any_under_way,
    busy_accounts,
    move,
    set_where_unchanged,
    under_way,
)
from social.answer_rules import AnswerRules
from social.attachments import ERASED
from social.channels.base import Draft
from social.channels.leaving import must_leave_by
from social.channels.prices import price_of_post
from social.clock import steady_seconds
from social.context import Context
from social.errors import BeatlineError
from social.interactions import Interaction
from social.leases import last_moment, lease_seconds, worker_name
from social.room import NotNow, require_room

log = logging.getLogger("beatline.answers")

LATE_AFTER = timedelta(hours=1)
"""An answer that could not leave for so long after its press is shown to a person first (R23, R42)."""
AT_ONCE = 4
"""Accounts that are sent something at the same time."""
_LOOKED_THROUGH = 100


def send_due(context: Context, rules: AnswerRules) -> int:
    """The job: send what is due and look for what may be there.  Returns how many answers moved on."""
    with context.database.read() as session:
        if not any_under_way(session):
            return 0
    worker = worker_name()
    moved = outcomes.reap(context, worker)
    while True:
        turns, decided = _begin(context, rules, worker)
        moved += decided
        if not turns:
            break
        for turn, outcome in _sent(context, rules, turns):
            moved += outcomes.record_outcome(context, turn, outcome)
    return moved + look_due(context, worker)


@dataclass
class _Round:
    """One transaction in which requests are recorded."""

    context: Context
    rules: AnswerRules
    worker: str
    taken_at: float
    now: datetime


def _begin(context: Context, rules: AnswerRules, worker: str) -> tuple[list[Turn], int]:
    """Record that requests are about to leave, of each account the answer that was pressed first: the point of no
    return, committed before they do.  Returns them, and how many answers went elsewhere instead."""
    with context.database.write() as session:
        # Both clocks are read behind the wait for the database, as everything that may forbid it is asked there.
        this = _Round(context, rules, worker, steady_seconds(), context.clock.now())
        due = under_way(
            session,
            Answer.state == AnswerState.WRITTEN.value,
            or_(col(Answer.not_before).is_(None), col(Answer.not_before) <= this.now),
            col(Answer.account_id).not_in(busy_accounts()),
            order=(col(Answer.pressed_at), col(Answer.id)),
            limit=_LOOKED_THROUGH,
        )
        turns: list[Turn] = []
        moved = 0
        for answer in due:
            if len(turns) == AT_ONCE:
                break
            if any(turn.account.id == answer.account_id for turn in turns):
                continue
            account = session.get_one(Account, answer.account_id, populate_existing=True)
            stopped = _stopped(session, this, answer, account)
            if stopped is not None:
                outcomes.to_person(session, answer, worker, this.now, stopped, may_repeat=True)
                moved += 1
            elif _may_leave(session, this, answer, account):
                turns.append(Turn(answer.id or 0, account, answer.parent_platform_id, answer.text, answer.fence, worker,
                                  this.taken_at))  # fmt: skip
        return turns, moved


def _stopped(session: Session, this: _Round, answer: Answer, account: Account) -> str | None:
    """Why a person has to look at it before anything leaves, as a sentence; None when nothing is in the way."""
    stopped = this.rules.stopped(session, answer.place_id, answer.pressed_at, this.now)
    if stopped is not None:
        return f"{stopped} Send it again when that is over, if it is still right."
    if account.state == AccountState.PAUSED.value:
        return f"{account.name} was paused before the answer left. Send it again when the account works again."
    reply = session.get_one(Interaction, answer.interaction_id, populate_existing=True)
    if reply.gone_at is not None:
        return "The reply went from the network before the answer left. Give the answer up."
    if reply.retention == ERASED:
        return "The words of the reply were erased before the answer left. Give the answer up."
    if this.now - answer.pressed_at > LATE_AFTER:
        why = f" {answer.reason}" if answer.reason else ""
        return f"The answer could not leave within an hour.{why} Send it again if it is still right."
    return None


def _may_leave(session: Session, this: _Round, answer: Answer, account: Account) -> bool:
    """Set the money aside and record the request; False when a limit or the budget says not now."""
    assert account.id is not None
    now, price = this.now, price_of_post(account, Draft(answer.text), this.context.settings)
    try:
        if account.not_before is not None and account.not_before > now:
            raise NotNow("The network asked us to wait.", account.not_before)
        require_room(session, account.id, price, now)
    except NotNow as closed:
        set_where_unchanged(session, answer, {"not_before": closed.until, "reason": closed.reason})
        return False
    move(
        session, answer, Move.BEGIN, actor=this.worker, now=now, worker=this.worker, fence=answer.fence + 1,
        lease_until=now + timedelta(seconds=lease_seconds(this.context.settings)), tries=answer.tries + 1, begun_at=now,
        cost=price.money if price is not None else 0, may_repeat=False, not_before=None,
    )  # fmt: skip
    return True


def _sent(context: Context, rules: AnswerRules, turns: Sequence[Turn]) -> Iterator[tuple[Turn, Outcome]]:
    """Ask the networks, each account by itself, and hand over what they say as it comes."""
    if len(turns) == 1:
        yield turns[0], _send(context, rules, turns[0])
        return
    with ThreadPoolExecutor(len(turns), thread_name_prefix="answers") as pool:
        asked = {pool.submit(_send, context, rules, turn): turn for turn in turns}
        for future in as_completed(asked):
            yield asked[future], future.result()


def _send(context: Context, rules: AnswerRules, turn: Turn) -> Outcome:
    """Ask the network, with the last look at clock and kill switch where the request leaves (R31)."""
    try:
        channel = context.channel(turn.account)
    except BeatlineError as error:
        return outcomes.NotLeft(str(error))
    try:
        with must_leave_by(
            last_moment(turn.taken_at, context.settings), lambda: _ordered_to_stop(context, rules, turn)
        ):
            return channel.reply(turn.parent, turn.text, key=f"beatline-answer-{turn.answer_id}")
    except Exception as error:
        return outcomes.judged(channel, turn, error, context)


def _ordered_to_stop(context: Context, rules: AnswerRules, turn: Turn) -> bool:
    with context.database.read() as session:
        answer = session.get_one(Answer, turn.answer_id)
        return rules.stopped(session, answer.place_id, answer.pressed_at, context.clock.now()) is not None
