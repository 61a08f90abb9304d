"""Until when a request may leave.

Whoever publishes holds a post for a limited time and may be stopped at any moment: by a sleeping laptop, a full
memory, a slow picture. What wakes up after its time must not send, since somebody else has taken over. So the last
look at the clock is the channel's, where the request leaves, and not the caller's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from social.clock import steady_seconds

_leave_by: ContextVar[float | None] = ContextVar("leave_by", default=None)


@contextmanager
def must_leave_by(moment: float) -> Iterator[None]:
    """Within it no request leaves after the moment, by `steady_seconds`."""
    token = _leave_by.set(moment)
    try:
        yield
    finally:
        _leave_by.reset(token)


def too_late_to_leave() -> bool:
    """Whether a request would leave too late now."""
    moment = _leave_by.get()
    return moment is not None and steady_seconds() > moment
