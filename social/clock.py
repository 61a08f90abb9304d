"""Time is passed in: everything that needs the moment asks a `Clock`, so that tests and the demo set it.

Instants are aware UTC. Europe/London is for people: turn an instant into local time only to show it, and a
local time into an instant only through `scheduler.slots`, which knows both clock changes."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is moved; for tests and for the demo's past week."""

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = as_utc(moment)

    def advance(self, step: timedelta) -> None:
        self._now += step


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC.  Raises ValueError for a naive datetime: nobody can say which instant it means."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone names no instant")
    return moment.astimezone(UTC)


def as_local(moment: datetime) -> datetime:
    """The same instant as a wall clock in the force's area shows it."""
    return as_utc(moment).astimezone(LONDON)


def steady_seconds() -> float:
    """Seconds of a clock that nobody sets and that counts the machine's sleep where the system has one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
