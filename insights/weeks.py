"""Weeks as people here count them: from Monday, 00:00, in London."""

from datetime import UTC, date, datetime, time, timedelta

from social.clock import LONDON, as_local

WEEK = timedelta(weeks=1)
RESTS_AFTER = timedelta(weeks=5)
"""Posts are looked at for 28 days: a week that began so long ago seldom changes."""


def week_of(moment: datetime) -> date:
    """Monday of the local week that holds the instant."""
    local = as_local(moment).date()
    return local - timedelta(days=local.weekday())


def start_of(week: date) -> datetime:
    """The instant at which the week begins."""
    return datetime.combine(week, time(), LONDON).astimezone(UTC)


def whole_weeks(since: datetime | None, until: datetime | None) -> tuple[date | None, date | None]:
    """The first week that begins in [since, until), and the first after it that does not end in it; None: no bound.

    The second may lie before the first: then no whole week lies between."""
    first = last = None
    if since is not None:
        first = week_of(since)
        first = first if start_of(first) == since else first + WEEK
    if until is not None:
        last = week_of(until)
    return first, last
