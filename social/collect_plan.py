"""When a publication is read next: pure, from its age and from when something was last heard under it.

Young posts are read often, since an emergency may stand under them (R19); old ones seldom, since every look counts
against the network's limits. After 28 days a publication is finished."""

from datetime import datetime, timedelta

FINISHED_AFTER = timedelta(days=28)

_STEPS: tuple[tuple[timedelta, timedelta], ...] = (
    (timedelta(minutes=10), timedelta(seconds=15)),
    (timedelta(hours=2), timedelta(minutes=1)),
    (timedelta(hours=12), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=3), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=4)),
    (timedelta(days=14), timedelta(hours=12)),
    (FINISHED_AFTER, timedelta(days=1)),
)
"""Up to this age: so long between two looks."""

_LIVELY = timedelta(hours=1)
"""Something heard within this time: the talk may go on, whatever the post's age."""
_LIVELY_WAIT = timedelta(minutes=10)
_LONGEST_BACK_OFF = timedelta(hours=6)


def next_read(published_at: datetime, now: datetime, last_heard: datetime | None) -> datetime | None:
    """When to look again after a look at `now`; None when the publication is finished.

    last_heard: when the newest interaction was written, or None.  The last look falls on the 28th day, so that the
    final figures are those of 28 days whatever the waits before."""
    end = published_at + FINISHED_AFTER
    if now >= end:
        return None
    age = now - published_at
    wait = next(step for limit, step in _STEPS if age < limit)
    if last_heard is not None and now - last_heard < _LIVELY:
        wait = min(wait, _LIVELY_WAIT)
    return min(now + wait, end)


def next_try(now: datetime, failures: int) -> datetime:
    """When to look again at a publication whose last looks failed.  failures: in a row, >= 1; the wait doubles."""
    wait = timedelta(minutes=1) * (1 << min(failures - 1, 10))
    return now + min(wait, _LONGEST_BACK_OFF)
