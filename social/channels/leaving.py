"""Until when a request may leave, and whether it still may.

Whoever publishes holds a post for a limited time and may be stopped at any moment: by a sleeping laptop, a full
memory, a slow picture. What wakes up after its time must not send, since somebody else has taken over. So the last
look at the clock is the channel's, where the request leaves, and not the caller's. So is the last look at what may have
been ordered meanwhile, such as a hold (R31): it is made again before any request that leaves later than `LOOK_AGAIN`
after the one before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from social.clock import steady_seconds

LOOK_AGAIN = 0.5
"""Seconds for which a look holds good: an order is obeyed within one second of its commit."""


@dataclass
class _Leave:
    by: float
    stopped: Callable[[], bool]
    looked_at: float


_leave: ContextVar[_Leave | None] = ContextVar("leave", default=None)


@contextmanager
def must_leave_by(moment: float, stopped: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Within it no request leaves after the moment, by `steady_seconds`, nor once `stopped` says so.

    stopped: was asked just before; it is asked again only after a while."""
    token = _leave.set(_Leave(moment, stopped, steady_seconds()))
    try:
        yield
    finally:
        _leave.reset(token)


def too_late_to_leave() -> bool:
    """Whether a request would leave too late now."""
    leave, now = _leave.get(), steady_seconds()
    if leave is None:
        return False
    if now - leave.looked_at > LOOK_AGAIN:
        leave.looked_at = now
        if leave.stopped():
            leave.by = float("-inf")
    return now > leave.by
