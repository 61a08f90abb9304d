"""When an account's messages cannot be carried at all: nothing is lost, tries grow rarer, and whoever answers for the
account is told once, at once where it does not pass by itself."""

from datetime import datetime, timedelta
from random import SystemRandom

from sqlmodel import Field, Session, SQLModel

from social.alarms import clear_alarm, owner_of, raise_alarm
from social.alerts.carriers import CarrierDown
from social.database import UTCDateTime

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
TELL_AFTER = timedelta(minutes=10)
"""Trouble that lasts so long is told to a person, also where it may pass by itself."""
_CHANCE = SystemRandom()


class CarrierTrouble(SQLModel, table=True):
    """An account whose messages do not get away; no row while they do.

    not_before: no try before.  failures: in a row.  needs_person: it does not pass by itself.  detail: a sentence of
    ours."""

    __tablename__ = "carrier_trouble"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    since: datetime = Field(sa_type=UTCDateTime)
    not_before: datetime = Field(sa_type=UTCDateTime)
    failures: int = 1
    needs_person: bool = False
    detail: str


def note_trouble(session: Session, account_id: int, down: CarrierDown, now: datetime) -> None:
    """Nothing goes by this account before a while has passed; a person is told where that is of use."""
    trouble = session.get(CarrierTrouble, account_id)
    if trouble is None:
        trouble = CarrierTrouble(account_id=account_id, since=now, not_before=now, failures=0, detail="")
    trouble.failures += 1
    trouble.detail, trouble.needs_person = down.detail, down.needs_person
    pause = later(now, trouble.failures, FIRST_WAIT, LONGEST_WAIT)
    trouble.not_before = max(pause, down.not_before) if down.not_before is not None else pause
    session.add(trouble)
    if down.needs_person or now - trouble.since >= TELL_AFTER:
        text = f"Alerts wait and none is lost: {down.detail} They go by themselves once that is put right."
        raise_alarm(session, now, _key(account_id), f"account:{account_id}", owner_of(session, account_id), text)


def note_working(session: Session, account_id: int, now: datetime) -> None:
    """Something got away again."""
    trouble = session.get(CarrierTrouble, account_id)
    if trouble is not None:
        session.delete(trouble)
        clear_alarm(session, now, _key(account_id))


def later(now: datetime, times: int, first: timedelta, longest: timedelta) -> datetime:
    """When to try again after so many failures in a row, >= 1: twice as long each time, and never all at once."""
    wait = min(first * (1 << min(times - 1, 20)), longest)
    return now + wait * _CHANCE.uniform(0.8, 1.2)


def _key(account_id: int) -> str:
    # Not under `account:`, where `scheduler.alarming` ends whatever it does not find itself.
    return f"alerts:{account_id}:waiting"
