"""What is heard of messages after they left, and what it means for the message and for the resident.

    it arrived                     the message is DELIVERED, and failures in a row are forgotten
    there is no such address       the message is BOUNCED, and nothing goes there until the resident confirms it anew (R30)
    it takes nothing just now      a new try after a wait; after `MOST_TRIES` the message is given up
    it never left the provider     a new try soon

An address that was given up on in `GIVEN_UP_IN_A_ROW` messages one after the other, over `OVER` at the least, counts as
one that there is not. A resident whom nothing reaches any more is UNREACHABLE. Receipts come twice, late and in any
order: each is taken for what it says of the try that it names, and only while that try is the last one."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from social.alerts.carriers import Bounce
from social.alerts.mailings import URGENT, Message, MessageState, Way
from social.alerts.quiet import awake_from
from social.alerts.residents import Resident, ResidentState, is_reached

MOST_TRIES = 4
"""How often a message leaves at the most, the first time included."""
SOFT_WAITS = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
SOON = timedelta(minutes=5)
STALE = timedelta(days=3)
"""A message that is older is not tried again: what it says has had its day."""
GIVEN_UP_IN_A_ROW = 3
OVER = timedelta(days=3)


class Outcome(StrEnum):
    """What a receipt says.  ARRIVED: it is there.  HARD: there is no such address or number.  SOFT: it takes nothing just
    now.  NOT_SENT: the provider never sent it.  ENDED: nothing more will be heard of it."""

    ARRIVED = "arrived"
    HARD = "hard"
    SOFT = "soft"
    NOT_SENT = "not_sent"
    ENDED = "ended"


OUTCOMES = {
    "delivered": Outcome.ARRIVED,
    "permanent-failure": Outcome.HARD,
    "temporary-failure": Outcome.SOFT,
    "technical-failure": Outcome.NOT_SENT,
    "sent": Outcome.ENDED,
}
"""Notify's words for how a notification ended; others say that it is still on its way."""
_LEFT = (MessageState.SENT.value, MessageState.UNKNOWN.value)


def note_receipt(session: Session, message: Message, outcome: Outcome, now: datetime) -> bool:
    """Settle the message and its resident by what was heard.  message: as this write transaction sees it.

    Returns whether anything changed: a receipt that was heard before, or of a try that is over, changes nothing."""
    if message.state == MessageState.WAITING.value and message.provider_id and outcome is Outcome.ARRIVED:
        message.tries = max(message.tries, 1)  # it takes longer than its receipt said, and need not go again
    elif message.receipt_at is not None or not _has_left(message, outcome):
        return False
    resident = session.get(Resident, message.resident_id) if message.resident_id is not None else None
    if outcome is Outcome.ARRIVED:
        _settle(session, message, MessageState.DELIVERED, None, now)
        if resident is not None and resident.soft_bounces:
            resident.soft_bounces = 0
            session.add(resident)
    elif outcome is Outcome.HARD:
        _settle(session, message, MessageState.BOUNCED, "no such address or number", now)
        if resident is not None:
            stop_way(session, resident, Way(message.way), now)
    elif outcome is Outcome.ENDED:
        _settle(session, message, MessageState.SENT, None, now)
    elif not _tried_again(session, message, resident, outcome, now):
        words = "took nothing, several times" if outcome is Outcome.SOFT else "the provider did not send it"
        _settle(session, message, MessageState.FAILED, words, now)
        if outcome is Outcome.SOFT and resident is not None:
            session.flush()
            note_given_up(session, resident, Way(message.way), now)
    return True


def _has_left(message: Message, outcome: Outcome) -> bool:
    """Whether this can be the receipt of the try that was the last to leave.

    One may be quicker than the sender's own record. Then it is the better witness, and the raised fence keeps the sender
    from writing over it; only what might be said of an earlier try is left to be heard again."""
    if message.state in _LEFT:
        return True
    return (
        message.state == MessageState.SENDING.value
        and message.sending_at is not None
        and (message.tries <= 1 or outcome in (Outcome.ARRIVED, Outcome.HARD))
    )


def note_refusal(session: Session, message: Message, bounce: Bounce, now: datetime) -> None:
    """What a refusal at the door says of the resident; the message's own state is the caller's to write, before."""
    resident = session.get(Resident, message.resident_id) if message.resident_id is not None else None
    if resident is None:
        return
    if bounce is Bounce.HARD:
        stop_way(session, resident, Way(message.way), now)
    elif message.state == MessageState.FAILED.value:
        message.receipt_at = now
        session.add(message)
        session.flush()
        note_given_up(session, resident, Way(message.way), now)


def stop_way(session: Session, resident: Resident, way: Way, now: datetime) -> None:
    """Nothing goes to this address or number any more, until the resident confirms it anew."""
    if way is Way.EMAIL:
        resident.email_stopped_at = resident.email_stopped_at or now
    else:
        resident.text_stopped_at = resident.text_stopped_at or now
    if not is_reached(resident) and resident.state == ResidentState.CONFIRMED.value:
        resident.state = ResidentState.UNREACHABLE.value
    session.add(resident)


def note_given_up(session: Session, resident: Resident, way: Way, now: datetime) -> None:
    """A message to the resident was given up, and says so in the session: count how many in a row, and stop the way
    where it is enough."""
    arrived = select(func.max(Message.id)).where(
        Message.resident_id == resident.id,
        Message.way == way.value,
        or_(
            col(Message.state) == MessageState.DELIVERED.value,
            # Mail servers tell only of what did not arrive: what was sent days ago and never came back is there.
            and_(col(Message.state) == MessageState.SENT.value, col(Message.sending_at) < now - OVER),
        ),
    )
    last = session.exec(arrived).one() or 0
    given_up = select(func.count(), func.min(Message.made_at)).where(
        Message.resident_id == resident.id,
        Message.way == way.value,
        col(Message.id) > last,
        Message.state == MessageState.FAILED.value,
        col(Message.receipt_at).is_not(None),
    )
    count, first = session.exec(given_up).one()
    resident.soft_bounces = count
    session.add(resident)
    if count >= GIVEN_UP_IN_A_ROW and now - first >= OVER:
        stop_way(session, resident, way, now)


def _tried_again(
    session: Session, message: Message, resident: Resident | None, outcome: Outcome, now: datetime
) -> bool:  # fmt: skip
    """Whether the message waits for another try now. Its number at the provider stays until it has another, so that a
    look by its reference does not take the try that failed for the one that is to come."""
    tries = max(message.tries, 1)
    if tries >= MOST_TRIES or now - message.made_at > STALE or (resident is not None and resident.left_at is not None):
        return False
    due_at = now + (SOFT_WAITS[min(tries, len(SOFT_WAITS)) - 1] if outcome is Outcome.SOFT else SOON)
    if message.rank != URGENT and resident is not None:
        due_at = awake_from(due_at, resident.quiet_from, resident.quiet_to)
    message.state, message.due_at, message.receipt_at, message.settled_at = (
        MessageState.WAITING.value,
        due_at,
        None,
        None,
    )
    message.worker = message.lease_until = None
    message.detail = "tried again: it took nothing" if outcome is Outcome.SOFT else "tried again: it was not sent"
    message.fence += 1
    session.add(message)
    return True


def _settle(session: Session, message: Message, state: MessageState, detail: str | None, now: datetime) -> None:
    message.state, message.detail, message.receipt_at, message.settled_at = state.value, detail, now, now
    message.worker = message.lease_until = None
    message.fence += 1
    session.add(message)
