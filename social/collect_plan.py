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


SWEEP_EVERY = timedelta(minutes=3)
"""How often a whole account is listened to at once, where its network tells of many posts in few requests."""
SWEEP_AGAIN = timedelta(minutes=1)
"""After one that failed."""
SWEPT_BACK = timedelta(days=90)
"""Posts of up to this age are told of in a sweep: residents answer long after our own looks have ended. What is older is
told of in turns (`social.rotating`)."""
SWEEP_SEARCHES = 8
"""So many requests a sweep has: one for what answers any post without naming us, the rest for the threads that are most
likely to go on; all others are listened to in turns."""
THREADS_BACK = timedelta(minutes=15)
"""A sweep of threads begins so long before the last one: what a network files late, or a sweep missed, comes again."""
FOUND_WITHIN = timedelta(minutes=4)
"""A reply that a sweep finds is found so soon: the wait, and what the rounds of a worker take."""


def split(a_turn: int, first: int, second: int) -> tuple[int, int]:
    """How many requests of a turn each of two kinds of posts gets: three quarters for the first, and what one does not
    need for the other; but never none.  first, second: what a whole round of each takes, >= 0."""
    least = max(a_turn - max(a_turn * 3 // 4, 1), 1)
    for_second = min(second, max(least, a_turn - first))
    return min(first, max(a_turn - for_second, 1)), for_second


def round_takes(requests: int, a_turn: int) -> timedelta:
    """How long a round of so many requests takes, with so many in each turn; 0 for none."""
    return -(-requests // max(a_turn, 1)) * SWEEP_EVERY


def is_sweep_due(swept_at: datetime | None, now: datetime) -> bool:
    """Whether the whole account is to be listened to, whatever the age of its posts: an emergency may be written under
    an old one as well (R19).  swept_at: the last time, None where nothing was ever published; one that lies ahead, after
    a clock was put back, is not believed."""
    return swept_at is not None and not timedelta() <= now - swept_at < SWEEP_EVERY


def is_final(published_at: datetime, last_at: datetime | None) -> bool:
    """Whether its figures are those of 28 days already.  last_at: the last look that went well, or None."""
    return last_at is not None and last_at >= published_at + FINISHED_AFTER


def longest_wait(age: timedelta) -> timedelta | None:
    """How long a reply under a post of that age may wait for a look at the post itself; None: there is no more look."""
    return next((step for limit, step in _STEPS if age < limit), None)


def next_try(now: datetime, failures: int) -> datetime:
    """When to look again at a publication whose last looks failed.  failures: in a row, >= 1; the wait doubles."""
    wait = timedelta(minutes=1) * (1 << min(failures - 1, 10))
    return now + min(wait, _LONGEST_BACK_OFF)
