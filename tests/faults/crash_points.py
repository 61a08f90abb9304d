"""Where a worker can be made to die, or to stand still: put around the engine's own functions from outside, so that
the product itself knows nothing of it.

A point is FUNCTION.MOMENT. The function is one step of the protocol; the moment is before it (`enter`), inside its
transaction with everything written and nothing committed (`commit`), or behind it (`exit`). Steps that found nothing
to do do not count, so that the third visit of `claim.exit` is the third batch that was taken."""

import signal
import threading
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler import looking, outcomes, queue, sending, settling, threads
from social.channels.transport import Door

STEPS: dict[str, tuple[tuple[Any, str], ...]] = {
    "claim": ((queue, "claim"),),
    "intent": ((queue, "begin_attempts"),),
    "hand over": ((sending.Senders, "give"),),
    "post": ((Door, "send"),),
    "wire": ((HTTPAdapter, "send"),),
    "gather": ((sending.Round, "_fetch"),),
    "outcome": ((outcomes, "sent"), (outcomes, "unknown"), (settling, "sent_together")),
    "part": ((threads, "part_out"),),
    "reap": ((queue, "reap"),),
    "look claim": ((queue, "claim_looks"),),
    "look": ((Door, "send"),),
    "look result": ((looking, "_found"), (looking, "_to_person"), (looking, "_later")),
}
"""Step -> the functions that are it.  hand over: a request of a group that was recorded goes to the thread that sends
it.  post: a request may leave, with the last look at the clock still to come; wire: that look is behind it.  gather:
answers are there and not yet recorded.  part: a part of a thread is written down."""
REQUESTS = ("post", "wire", "look")
_NO_TRANSACTION = (*REQUESTS, "hand over", "gather")
_NOTHING_YET = ("claim.enter", "reap.enter", "look claim.enter", "gather.enter")
"""Before a look at the queue, or while an answer is waited for, nothing is at stake."""
POINTS = tuple(
    point
    for step in STEPS
    for moment in (("enter", "exit") if step in _NO_TRANSACTION else ("enter", "commit", "exit"))
    if (point := f"{step}.{moment}") not in _NOTHING_YET
)
_EVERY_POST = ("claim", "intent", "hand over", "post", "wire", "gather", "outcome")
FREQUENT = tuple(point for point in POINTS if point.split(".")[0] in _EVERY_POST)
"""Points that every post passes; the others are passed only after something went wrong."""


def arm(point: str, visit: int, sign: int) -> None:
    """Send this process the signal (SIGKILL or SIGSTOP) at the given visit, counted from 1, of the point."""
    step, moment = point.split(".")
    strike = _Strike(visit, sign)
    if moment == "commit":
        event.listen(Session, "before_commit", lambda _session: strike.when(strike.inside and strike.wrote))
        for owner, name in ((queue, "_set"), (queue, "claim_group"), (settling, "confirm_group")):
            _around(owner, name, strike, lambda *_: False, marks=True)
    for owner, name in STEPS[step]:
        _around(owner, name, strike, _counts(step, moment))


class _Strike:
    """Counts visits.  inside, wrote: this thread is in the step, and has changed an entry there."""

    def __init__(self, visit: int, sign: int) -> None:
        self._left, self._sign, self._local = visit, sign, threading.local()

    @property
    def inside(self) -> bool:
        return bool(getattr(self._local, "depth", 0))

    @property
    def wrote(self) -> bool:
        return bool(getattr(self._local, "wrote", False))

    def enter(self) -> None:
        self._local.depth = getattr(self._local, "depth", 0) + 1

    def leave(self) -> None:
        self._local.depth -= 1
        self._local.wrote = False

    def mark(self) -> None:
        self._local.wrote = True

    def when(self, counts: bool) -> None:
        if not counts:
            return
        self._left -= 1
        if self._left == 0:
            # To this thread, which then goes no step further; to the process, it might still send a request.
            signal.pthread_kill(threading.get_ident(), self._sign)


def _counts(step: str, moment: str) -> Callable[[str, tuple[Any, ...], Any], bool]:
    """Whether this call, before (result is None) or after it, is the visit of a moment."""

    def counts(when: str, arguments: tuple[Any, ...], result: Any) -> bool:
        if when != moment:
            return False
        if step in REQUESTS:
            return (arguments[1].method == "GET") == (step == "look")
        if step == "hand over":
            return arguments[1].func.__name__ == "_send"
        if step == "part":
            return True
        if step == "gather":
            return bool(arguments[0]._arrived)
        return when == "enter" or bool(result)

    return counts


def _marking(owner: Any, name: str, strike: _Strike) -> None:
    inner = getattr(owner, name)

    def around(*arguments: Any, **more: Any) -> Any:
        result = inner(*arguments, **more)
        if result is None or result:
            strike.mark()
        return result

    setattr(owner, name, around)


def _around(owner: Any, name: str, strike: _Strike, counts: Callable[[str, tuple[Any, ...], Any], bool]) -> None:
    inner = getattr(owner, name)

    def around(*arguments: Any, **more: Any) -> Any:
        strike.enter()
        try:
            strike.when(counts("enter", arguments, None))
            result = inner(*arguments, **more)
            strike.when(counts("exit", arguments, result))
            return result
        finally:
            strike.leave()

    setattr(owner, name, around)
