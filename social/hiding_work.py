"""Carries out orders to hide a reply and to show it again.

Doing it twice is as good as once, so what is not known is looked up where the network tells, and done again where it
does not. Every order ends as done, or with a person."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from social.accounts import Account
from social.alarms import clear_alarm, raise_alarm
from social.audit import record
from social.channels.base import Channel
from social.context import Context
from social.errors import BeatlineError, ChannelError, NeedsPerson, Refused, TryLater, bare
from social.hiding_records import Hiding, HidingState, any_open_hiding, open_hidings
from social.interactions import Interaction
from social.leases import lease_seconds, worker_name

log = logging.getLogger("beatline.hiding")

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
PERSON_AFTER = 6
"""Tries that failed, about five minutes, before a person is told; it goes on being tried."""
GIVE_UP_AFTER = timedelta(hours=6)
AT_ONCE = 20
ACTOR = "hiding"


@dataclass(frozen=True)
class Turn:
    """One order in one worker's hands.  look: nobody knows what came of the try before."""

    hiding_id: int
    account: Account
    platform_id: str
    hides: bool
    look: bool
    fence: int
    worker: str


@dataclass(frozen=True)
class Tried:
    """What a try came to.  done: it is as it was ordered.  unknown: it may be.  hopeless: trying again will not help.
    why: a sentence.  not_before: the network asked to wait until then."""

    done: bool = False
    unknown: bool = False
    hopeless: bool = False
    why: str | None = None
    not_before: datetime | None = None


def hide_due(context: Context) -> int:
    """The job: carry out what was ordered.  Returns how many orders came to an end."""
    with context.database.read() as session:
        if not any_open_hiding(session):
            return 0
    return sum(_settle(context, turn, _try(context, turn)) for turn in _claim(context, worker_name()))


def _claim(context: Context, worker: str) -> list[Turn]:
    """Take orders in hand, written down before anything is asked. One that a dead worker had may be done."""
    with context.database.write() as session:
        now = context.clock.now()
        lease = now + timedelta(seconds=lease_seconds(context.settings))
        turns = []
        for order in open_hidings(session, now, AT_ONCE):
            look = order.state != HidingState.ASKED
            order.state, order.worker, order.lease_until = HidingState.SENDING.value, worker, lease
            order.fence, order.tries, order.not_before = order.fence + 1, order.tries + 1, None
            session.add(order)
            account = session.get_one(Account, order.account_id)
            turns.append(Turn(order.id or 0, account, order.platform_id, order.hides, look, order.fence, worker))
        return turns


def _try(context: Context, turn: Turn) -> Tried:
    try:
        channel = context.channel(turn.account)
        if turn.look and channel.can.tells_hidden and channel.is_hidden(turn.platform_id) is turn.hides:
            return Tried(done=True)
        _do(channel, turn)
        return Tried(done=True)
    except TryLater as later:
        return Tried(unknown=turn.look, why=later.detail, not_before=later.not_before)
    except NeedsPerson as needed:
        return Tried(hopeless=True, why=f"{needed.detail} {needed.action}")
    except Refused as refused:
        return Tried(hopeless=True, why=refused.detail)
    except ChannelError as error:
        return Tried(unknown=True, why=error.detail)
    except BeatlineError as error:
        return Tried(unknown=turn.look, why=str(error))
    except Exception as error:  # a fault of ours must not keep the order from reaching a person in the end
        log.error("order %s to hide broke off", turn.hiding_id, exc_info=bare(error))
        return Tried(unknown=True, why=f"It broke off ({type(error).__name__}).")


def _do(channel: Channel, turn: Turn) -> None:
    if turn.hides:
        channel.hide(turn.platform_id)
    else:
        channel.show(turn.platform_id)


def _settle(context: Context, turn: Turn, tried: Tried) -> int:
    """Write down what came of it, while this worker's claim holds.  Returns whether the order came to an end."""
    with context.database.write() as session:
        now = context.clock.now()
        query = select(Hiding).where(Hiding.id == turn.hiding_id, Hiding.fence == turn.fence)
        order = session.exec(query).first()
        if order is None or order.state != HidingState.SENDING:
            return 0
        order.worker, order.lease_until, order.reason = None, None, tried.why
        session.add(order)
        if tried.done:
            _done(session, order, now)
            return 1
        if tried.hopeless or now - order.asked_at > GIVE_UP_AFTER:
            order.state = HidingState.FAILED.value
            _tell(session, order, now)
            return 1
        order.state = HidingState.UNKNOWN.value if tried.unknown else HidingState.ASKED.value
        order.not_before = _next_try(context, order, tried, now)
        if order.tries >= PERSON_AFTER:
            _tell(session, order, now)
        return 0


def _next_try(context: Context, order: Hiding, tried: Tried, now: datetime) -> datetime:
    wait = min(FIRST_WAIT * (1 << min(order.tries - 1, 10)), LONGEST_WAIT)
    if tried.unknown:  # the network must have settled before it is looked at
        wait = max(wait, timedelta(seconds=context.settings.settle))
    return max(tried.not_before or now, now + wait)


def _done(session: Session, order: Hiding, now: datetime) -> None:
    order.state, order.done_at = HidingState.DONE.value, now
    if order.interaction_id is not None:
        here = update(Interaction).where(col(Interaction.id) == order.interaction_id)
        session.exec(here.values(hidden=order.hides).execution_options(synchronize_session=False))
    clear_alarm(session, now, _key(order))
    record(session, now, actor=ACTOR, action="reply is hidden" if order.hides else "reply is shown",
           subject=("reply", order.interaction_id or order.platform_id), place_id=order.place_id,
           after={"hiding": order.id, "tries": order.tries})  # fmt: skip


def _tell(session: Session, order: Hiding, now: datetime) -> None:
    """Whoever ordered it is told; no word of the reply is in it."""
    account = session.get_one(Account, order.account_id)
    what = "hidden" if order.hides else "shown again"
    text = (
        f"Reply {order.interaction_id} on {account.name} could not be {what}. The page Replies says why; hide or show it "
        "in the network's own app if it cannot wait."
    )
    raise_alarm(session, now, _key(order), f"reply:{order.interaction_id}", order.asked_by_id, text)


def _key(order: Hiding) -> str:
    return f"hiding:{order.id}"
