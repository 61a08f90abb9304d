"""What becomes of a message by what its carrier said. Each write is guarded by the claim's fence: what somebody else has
taken up meanwhile is left alone.

A message that left and was never answered is looked for where its carrier can look, and is sent again only when it is
certain that it was not taken. Where nobody can say it is not sent again and a person is told (PLATFORMS.md 3), unless it
is urgent and goes by mail: then once more, with the same Message-ID, so that mail programs show it once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, func, select

from social.alarms import Alarm, clear_alarm, open_alarms, owner_of, raise_alarm
from social.alerts import sending_rows as rows
from social.alerts.carriers import Bounce, Delivery
from social.alerts.mailings import URGENT, Message, MessageKind, MessageState
from social.alerts.quiet import awake_from
from social.alerts.receipts import note_refusal
from social.alerts.residents import Resident
from social.alerts.sending_trouble import later
from social.smtp import Result

FIRST_WAIT, LONGEST_WAIT, LONGEST_URGENT_WAIT = timedelta(minutes=5), timedelta(hours=4), timedelta(minutes=15)
GIVE_UP_AFTER, LEAST_PUT_OFF = timedelta(days=2), 6
"""A message is given up when it is so old and was put off so often."""
MOST_URGENT_TRIES = 2
_AT_ANY_HOUR = (MessageKind.CONFIRM.value, MessageKind.ANSWER.value)
_ALARM = "messages:"


@dataclass(frozen=True)
class Outcome:
    """What is known of a message that a claim held.  fence: the claim's."""

    delivery: Delivery
    fence: int

    @property
    def held(self) -> rows.Held:
        return self.delivery.message_id, self.fence


def record(session: Session, outcomes: Iterable[Outcome], now: datetime, settle: timedelta) -> int:
    """Write down what came of these.  settle: how long after an unknown outcome the carrier is asked.

    Returns how many came to an end."""
    sent = [(*one.held, one.delivery.detail, one.delivery.provider_id)
            for one in outcomes if one.delivery.result is Result.SENT]  # fmt: skip
    done = len(rows.mark_sent(session, sent, now)) if sent else 0
    for one in outcomes:
        if one.delivery.result is Result.SENT:
            continue
        message = _mine(session, one)
        if message is not None:
            done += _record_one(session, message, one.delivery, now, settle)
    return done


def record_looks(
    session: Session, outcomes: Iterable[Outcome], now: datetime, settle: timedelta, *, shows_once: bool
) -> int:
    """Write down what looking for unanswered messages told.  settle: how long until those are looked for again of which
    it may yet be known.  shows_once: the carrier's.

    Returns how many came to an end or may be sent again."""
    done = 0
    for one in outcomes:
        message, delivery = _mine(session, one), one.delivery
        if message is None:
            continue
        done += 1
        if delivery.result is Result.SENT:
            rows.mark_sent(session, [(*one.held, delivery.detail, delivery.provider_id)], now)
        elif delivery.result is Result.NOT_SENT or (
            shows_once and message.rank == URGENT and message.tries < MOST_URGENT_TRIES
        ):
            _wait_again(message, now)
        elif delivery.ask_again:
            message.worker, message.lease_until = None, now + settle
            done -= 1
        else:
            _settle(message, MessageState.UNKNOWN, delivery.detail, now)
            session.add(message)
            session.flush()
            _tell_of_unknown(session, message, now)
    return done


def clear_seen(session: Session, now: datetime) -> int:
    """What somebody has seen of messages of which nothing is known needs nobody any more.  Returns how many alarms."""
    return sum(clear_alarm(session, now, alarm.key) for alarm in seen_alarms(session))


def seen_alarms(session: Session) -> list[Alarm]:
    return [alarm for alarm in open_alarms(session, prefix=_ALARM) if alarm.seen_at is not None]


def _mine(session: Session, one: Outcome) -> Message | None:
    number, fence = one.held
    held = select(Message).where(Message.id == number, Message.fence == fence)
    return session.exec(held.where(Message.state == MessageState.SENDING.value).with_for_update()).first()


def _record_one(session: Session, message: Message, delivery: Delivery, now: datetime, settle: timedelta) -> int:
    session.add(message)
    message.detail = delivery.detail
    if delivery.result is Result.UNKNOWN:
        message.worker, message.lease_until = None, now + settle
        return 0
    if message.sending_at is not None:
        message.tries -= 1  # the server said that it did not take it
    if delivery.again_at_once:
        _wait_again(message, message.due_at)
        return 0
    if delivery.result is Result.REFUSED:
        bounced = delivery.bounce is Bounce.HARD
        _settle(message, MessageState.BOUNCED if bounced else MessageState.FAILED, delivery.detail, now)
    elif message.deferred >= LEAST_PUT_OFF and now - message.made_at >= GIVE_UP_AFTER:
        _settle(message, MessageState.FAILED, delivery.detail, now)
    else:
        _put_off(session, message, now)
        return 1
    if delivery.bounce is not None and message.resident_id is not None:
        note_refusal(session, message, delivery.bounce, now)
    return 1


def _put_off(session: Session, message: Message, now: datetime) -> None:
    message.deferred += 1
    urgent = message.rank == URGENT
    due = later(now, message.deferred, FIRST_WAIT, LONGEST_URGENT_WAIT if urgent else LONGEST_WAIT)
    resident = session.get(Resident, message.resident_id) if message.resident_id is not None else None
    if resident is not None and not urgent and message.kind not in _AT_ANY_HOUR:
        due = awake_from(due, resident.quiet_from, resident.quiet_to)
    _wait_again(message, due)


def _wait_again(message: Message, due: datetime) -> None:
    message.state, message.due_at, message.sending_at = MessageState.WAITING.value, due, None
    message.worker, message.lease_until = None, None


def _settle(message: Message, state: MessageState, detail: str, now: datetime) -> None:
    message.state, message.detail, message.settled_at = state.value, detail, now
    message.worker, message.lease_until = None, None


def _tell_of_unknown(session: Session, message: Message, now: datetime) -> None:
    """Whoever answers for the account is told once for each alert, with the present count."""
    same = (
        col(Message.mailing_id) == message.mailing_id
        if message.mailing_id is not None
        else and_(col(Message.account_id) == message.account_id, col(Message.mailing_id).is_(None))
    )
    unknown = select(func.count()).where(same, Message.state == MessageState.UNKNOWN.value)
    count = session.exec(unknown).one()
    what = f"of alert {message.mailing_id}" if message.mailing_id is not None else "that belong to no alert"
    text = (
        f"Of {count} {'message' if count == 1 else 'messages'} {what} nobody knows whether they arrived; they are not "
        "sent again. `beatline alerts status` has their numbers. Press 'I have seen it' when you have decided."
    )
    key = f"{_ALARM}{message.account_id}:{message.mailing_id or 0}"
    alarm = raise_alarm(session, now, key, f"account:{message.account_id}", owner_of(session, message.account_id), text)
    alarm.text = text
    session.add(alarm)
