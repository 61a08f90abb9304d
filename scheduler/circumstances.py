"""What stood in an entry's way and who was told: the parts of its story that other tables keep."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from scheduler.entries import Attempt, Entry, Look
from scheduler.hold_rules import hold_against, stopped_by
from scheduler.lifecycle import SETTLED, State
from scheduler.thread_parts import is_begun, last_out
from social.account_events import events_between
from social.accounts import Account
from social.alarms import Alarm, AlarmMail, AlarmMailItem, alarms_about
from social.budgets import MILLI, Bought, Price, would_stop
from social.clock import as_local
from social.limits import Purpose, holders_of, waits
from social.staff import Person

MOST_EVENTS = 50


def in_the_way(session: Session, entry: Entry, account: Account, now: datetime, gap: float) -> Iterator[str]:
    """What keeps a queued entry from going out at this moment, beside its own times."""
    closed = waits(session, Purpose.PUBLISH, now)
    for holder in holders_of(account):
        if holder in closed:
            whose = (
                "the network's limit for the app"
                if holder.startswith("app:")
                else "the network's limit for the account"
            )
            yield f"It waits: {whose} is used up until {moment(closed[holder])}."
    assert account.id is not None
    stop = would_stop(session, account.id, Price(Bought.POST, MILLI), now)
    if stop is not None:
        yield f"It waits: {stop.reason}"
    last = last_out(session, account.id) if gap and not is_begun(entry) else None
    if last is not None and now < (free := last + timedelta(seconds=gap)):
        yield f"It waits: {account.name} had a post {moment(last)}, and the next goes out from {moment(free)} on."
    hold = hold_against(session, entry.post_id, entry.due_at, now)
    if hold is not None:
        yield f"It waits: {stopped_by(session, hold)}"


def looks(session: Session, entry: Entry) -> list[str]:
    """Every look at the network for it, oldest first."""
    query = select(Look).where(Look.entry_id == entry.id).order_by(col(Look.id))
    return [f"The network was looked at {moment(look.at)}: {look.seen}" for look in session.exec(query) if look.seen]


def happened_to_account(session: Session, entry: Entry, now: datetime) -> list[str]:
    """Waits, budgets and renewed tokens of its account while it was on its way."""
    first = session.exec(
        select(Attempt.started_at).where(Attempt.entry_id == entry.id).order_by(col(Attempt.id))
    ).first()
    since = min(filter(None, (entry.due_at, first)), default=None)
    if since is None:
        return []
    until = entry.updated_at if State(entry.state) in SETTLED else now
    events = events_between(session, entry.account_id, since, max(until, since))
    return [f"{moment(event.at)}: {event.text}" for event in events[:MOST_EVENTS]]


def told(session: Session, entry: Entry) -> Iterator[str]:
    """Who was told of it and when, and who has seen it."""
    for alarm in alarms_about(session, f"entry:{entry.id}"):
        yield f"An alarm was raised {moment(alarm.raised_at)}: {alarm.text}"
        yield from _mails(session, alarm)
        if alarm.seen_at is not None and alarm.seen_by_id is not None:
            yield f"{session.get_one(Person, alarm.seen_by_id).name} has seen it {moment(alarm.seen_at)}."
        if alarm.cleared_at is not None:
            yield f"That was over {moment(alarm.cleared_at)}."


_MAILED = {
    None: "is on its way",
    "sent": "was taken by the mail server",
    "refused": "was not taken by the mail server",
    "unknown": "may have arrived",
}


def _mails(session: Session, alarm: Alarm) -> Iterator[str]:
    query = select(AlarmMail, Person).join(AlarmMailItem, col(AlarmMailItem.mail_id) == col(AlarmMail.id)).join(
        Person, col(Person.id) == col(AlarmMail.person_id)
    ).where(AlarmMailItem.alarm_id == alarm.id).order_by(col(AlarmMail.id))  # fmt: skip
    for mail, person in session.exec(query):
        yield f"The mail to {person.name} of {moment(mail.made_at)} {_MAILED[mail.outcome]}."


def moment(at: datetime) -> str:
    """A moment as people in the force's area write it: '6 May 2026, 12:30'."""
    local = as_local(at)
    return f"{local.day} {local:%b %Y, %H:%M}"
