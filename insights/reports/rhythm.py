"""When a report that comes again is due: whole weeks, months or quarters of local days, told on the morning after. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from social.clock import LONDON

MAILED_AT = time(7)
"""On the local morning after the period's last day; that hour is there on every day of the year."""


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


RHYTHM_NAMES: dict[Rhythm, str] = {
    Rhythm.WEEKLY: "Every week",
    Rhythm.MONTHLY: "Every month",
    Rhythm.QUARTERLY: "Every quarter",
}
_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}


@dataclass(frozen=True)
class Period:
    """since, until: local days, both included.  due_at: when it is mailed."""

    since: date
    until: date
    due_at: datetime


def period_from(rhythm: Rhythm, first: date) -> Period:
    """The period that begins on this day."""
    after = first + timedelta(weeks=1) if rhythm is Rhythm.WEEKLY else _months_on(first, _MONTHS[rhythm])
    return Period(first, after - timedelta(days=1), datetime.combine(after, MAILED_AT, LONDON).astimezone(UTC))


def period_of(rhythm: Rhythm, today: date) -> Period:
    """The period that holds this day: weeks begin on Mondays, quarters in January, April, July and October."""
    if rhythm is Rhythm.WEEKLY:
        return period_from(rhythm, today - timedelta(days=today.weekday()))
    back = (today.month - 1) % _MONTHS[rhythm]
    return period_from(rhythm, date(today.year, today.month - back, 1))


def period_after(rhythm: Rhythm, period: Period) -> Period:
    return period_from(rhythm, period.until + timedelta(days=1))


def _months_on(first: date, months: int) -> date:
    """The same day of the month; first is always the 1st."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, first.day)
