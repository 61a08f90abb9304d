"""Settles answers of which nobody knows whether they arrived: ask the network, and never send again unasked."""

import logging
from datetime import timedelta

from sqlmodel import Session, col, or_

from social.accounts import Account
from social.answer_outcomes import (
    LOOK_BACK,
    Turn,
    belongs_to_another,
    first_written,
    make_live,
    mine,
    tell_person,
    to_person,
)
from social.answer_records import Answer, AnswerState, Move, Overtaken, set_where_unchanged, under_way
from social.channels.base import Published
from social.clock import steady_seconds
from social.context import Context
from social.errors import BeatlineError, ChannelError, Refused, bare
from social.leases import lease_seconds

log = logging.getLogger("beatline.answers")

TOLD_AFTER = timedelta(minutes=15)
"""From then on whoever pressed send is told that nobody knows yet."""
GIVE_UP_AFTER = timedelta(hours=6)
"""From then on a person decides: no look could be made, or none could prove anything."""
LONGEST_BETWEEN_LOOKS = timedelta(hours=1)
AT_ONCE = 8


def look_due(context: Context, worker: str) -> int:
    """Look for the answers whose time to look has come.  Returns how many were settled."""
    return sum(_look(context, turn) for turn in _claim(context, worker))


def _claim(context: Context, worker: str) -> list[Turn]:
    """Take them in hand, one looker at a time by lease and fence."""
    with context.database.write() as session:
        taken_at, now = steady_seconds(), context.clock.now()
        found = under_way(
            session,
            Answer.state == AnswerState.UNKNOWN.value,
            or_(col(Answer.not_before).is_(None), col(Answer.not_before) <= now),
            or_(col(Answer.lease_until).is_(None), col(Answer.lease_until) <= now),
            order=(col(Answer.not_before), col(Answer.id)),
            limit=AT_ONCE,
        )
        lease = now + timedelta(seconds=lease_seconds(context.settings))
        turns = []
        for answer in found:
            claim = {"fence": answer.fence + 1, "worker": worker, "lease_until": lease}
            set_where_unchanged(session, answer, claim)
            account = session.get_one(Account, answer.account_id)
            turns.append(
                Turn(answer.id or 0, account, answer.parent_platform_id, answer.text, answer.fence, worker, taken_at)
            )
        return turns


def _look(context: Context, turn: Turn) -> int:
    with context.database.read() as session:
        since = first_written(session, turn.answer_id) - LOOK_BACK
    try:
        channel = context.channel(turn.account)
        found = channel.find_reply(turn.parent, turn.text, since=since)
    except Refused as refused:
        if refused.reason == "gone":
            return _settle(context, turn, None, "What it answers is not on the network any more.", proved=False)
        return _later(context, turn, f"Looking for it failed: {refused.detail}")
    except BeatlineError as error:
        why = error.detail if isinstance(error, ChannelError) else str(error)
        return _later(context, turn, f"Looking for it failed: {why}")
    except Exception as error:  # a fault of ours must not keep the answer from reaching a person in the end
        log.error("looking for answer %s broke off", turn.answer_id, exc_info=bare(error))
        return _later(context, turn, f"Looking for it broke off ({type(error).__name__}).")
    if found is None and not channel.can.proves_absence:
        return _later(context, turn, "The network was asked and did not show it, which proves nothing yet.")
    return _settle(
        context, turn, found, "The network was asked and does not have it, so it did not go out.", proved=True
    )


def _settle(context: Context, turn: Turn, found: Published | None, seen: str, *, proved: bool) -> int:
    """It is there, or a person decides.  proved: it is certain that it is not there."""
    try:
        with context.database.write() as session:
            now, answer = context.clock.now(), mine(session, turn, AnswerState.UNKNOWN)
            if answer is None:
                return 0
            if found is not None and not belongs_to_another(session, answer, found):
                make_live(session, context.vault, answer, Move.FIND, turn.worker, now, found, "The network has it.")
                return 1
            said = seen if found is None else "The network has the same words, but as another answer of ours."
            may_repeat = proved and found is None
            todo = "Send it again if it is still right." if may_repeat else _LOOK_YOURSELF
            to_person(session, answer, turn.worker, now, f"{said} {todo}", may_repeat=may_repeat)
            return 1
    except Overtaken:
        return 0


_LOOK_YOURSELF = "Look at the thread on the network. If the answer is there, nothing is left to do; if not, give it up and write anew."


def _later(context: Context, turn: Turn, seen: str) -> int:
    """Look again after about as long as it has been unknown already, so that looks grow rarer."""
    try:
        with context.database.write() as session:
            now, answer = context.clock.now(), mine(session, turn, AnswerState.UNKNOWN)
            if answer is None:
                return 0
            age = now - (answer.begun_at or answer.pressed_at)
            if age >= GIVE_UP_AFTER:
                said = f"{seen} It could not be settled whether the answer went out. {_LOOK_YOURSELF}"
                to_person(session, answer, turn.worker, now, said, may_repeat=False)
                return 1
            _put_off(session, context, answer, seen, age)
            if age >= TOLD_AFTER:
                tell_person(session, answer, now, "may have gone out or not, and nobody knows yet")
            return 0
    except Overtaken:
        return 0


def _put_off(session: Session, context: Context, answer: Answer, seen: str, age: timedelta) -> None:
    pause = min(max(age, timedelta(seconds=context.settings.settle)), LONGEST_BETWEEN_LOOKS)
    values = {"not_before": context.clock.now() + pause, "lease_until": None, "worker": None, "reason": seen}
    set_where_unchanged(session, answer, values)
