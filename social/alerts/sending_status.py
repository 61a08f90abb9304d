"""How far the sending of alerts is, for `beatline alerts status` and `beatline doctor`: counts and numbers, no names."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from social.accounts import Account
from social.alerts.mailings import Mailing, Message, MessageState
from social.alerts.sending_trouble import CarrierTrouble
from social.context import Context
from social.doctor import Finding, Level

RECENT = timedelta(days=14)
LATE = timedelta(minutes=15)
"""What is due for so long waits for something that a person should know of."""


@dataclass(frozen=True)
class MailingStatus:
    """One alert.  states: state -> messages.  unknown: numbers of messages of which nobody knows whether they arrived."""

    mailing_id: int
    made_at: datetime
    stopped: bool
    states: dict[str, int]
    unknown: tuple[int, ...]


def mailing_statuses(session: Session, now: datetime, mailing_id: int | None = None) -> list[MailingStatus]:
    """The alerts of the last fortnight, newest first, or this one."""
    wanted = Mailing.made_at > now - RECENT if mailing_id is None else Mailing.id == mailing_id
    mailings = list(session.exec(select(Mailing).where(wanted).order_by(col(Mailing.id).desc())))
    numbers = [mailing.id for mailing in mailings]
    counted = select(Message.mailing_id, Message.state, func.count()).where(col(Message.mailing_id).in_(numbers))
    states: dict[int, dict[str, int]] = defaultdict(dict)
    for number, state, count in session.exec(counted.group_by(col(Message.mailing_id), col(Message.state))):
        states[number or 0][state] = count
    lost = select(Message.mailing_id, Message.id).where(
        col(Message.mailing_id).in_(numbers), Message.state == MessageState.UNKNOWN.value
    )
    unknown: dict[int, list[int]] = defaultdict(list)
    for number, message in session.exec(lost.order_by(col(Message.id))):
        unknown[number or 0].append(message or 0)
    return [
        MailingStatus(m.id, m.made_at, m.stopped_at is not None, states[m.id], tuple(unknown[m.id]))
        for m in mailings
        if m.id is not None
    ]


def findings(context: Context) -> Iterator[Finding]:
    """What stands in the way of alerts."""
    with context.database.read() as session:
        accounts = list(session.exec(select(Account).where(Account.channel == "alert")))
        troubles = {one.account_id: one for one in session.exec(select(CarrierTrouble))}
        late = select(func.count()).where(
            col(Message.state) == MessageState.WAITING.value, col(Message.due_at) < context.clock.now() - LATE
        )
        waiting = session.exec(late).one() if accounts else 0
    if accounts and not context.settings.public_address:
        advice = "Set public_address to where residents reach `beatline web`."
        yield Finding(Level.WRONG, "No alert is sent: residents could not leave by a link.", advice)
    for account in accounts:
        if account.id in troubles:
            trouble = troubles[account.id]
            what = f"Alerts of '{account.name}' wait since {trouble.since:%d %b %H:%M} UTC: {trouble.detail}"
            yield Finding(Level.WRONG, what, "They go by themselves once that is put right; none is lost.")
    if waiting:
        advice = "Look whether the worker runs and the account is paused: `beatline alerts status`."
        yield Finding(Level.WRONG, f"{waiting:,} messages to residents are late by more than 15 minutes.", advice)
    elif accounts and not troubles:
        yield Finding(Level.OK, "No message to residents is late.")
