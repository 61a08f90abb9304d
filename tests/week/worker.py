"""A worker that collects whenever it is told the time, in a process of its own, and is killed where it was told to be.

Imports everything once, then forks, so that a worker that dies does not cost a second of imports. Speaks JSON, one line
a request and one a reply; it ends with its standard input:

    {"now": "2026-06-01T09:00:00+00:00"}               -> {"replies": 12, "gone": 1, "left_unread": 0, "problems": []}
    {"now": "..", "strike": 131}                       -> {"died": 9}        or as above when it comes to that later

strike: the process is sent SIGKILL at so many moments from now on, counted before and after each statement, request and
commit. A moment that this round does not reach is reached in a later one."""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, event

import social.duty  # noqa: F401  tables that others point to
from social.channels.registry import make_channel
from social.channels.transport import Door
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context, open_context
from social.rotating import rotate
from social.settings import load_settings


class Strike:
    """Counts the moments at which this process may die."""

    def __init__(self) -> None:
        self._left: int | None = None

    def set(self, moments: int) -> None:
        self._left = moments

    def pass_one(self, *_: Any, **__: Any) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, engine: Engine) -> None:
        for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, moment, self.pass_one)
        Door.send = _between(Door.send, self.pass_one)  # type: ignore[method-assign]  # from outside: the product knows nothing of it


def _between(send: Callable[..., Any], moment: Callable[[], None]) -> Callable[..., Any]:
    def sent(self: Door, *args: Any, **kwargs: Any) -> Any:
        moment()
        answer = send(self, *args, **kwargs)
        moment()
        return answer

    return sent


def live(environment: dict[str, str]) -> None:
    """One life: until the input ends, or until it is struck."""
    clock, strike = SettableClock(datetime.fromisoformat("2026-01-01T00:00:00+00:00")), Strike()
    context = open_context(load_settings(environment), make_channel, clock)
    strike.watch(context.database.engine)
    # Unbuffered: what a dead worker had read ahead, its successor would never see.
    for line in iter(partial(_line, sys.stdin.fileno()), b""):
        order = json.loads(line)
        clock.set(datetime.fromisoformat(order["now"]))
        if "strike" in order:
            strike.set(order["strike"])
        _say(_round(context))
    context.database.close()


def _round(context: Context) -> dict[str, Any]:
    report, turns = collect(context), rotate(context)
    return {
        "replies": report.replies, "gone": report.gone, "left_unread": report.left_unread,
        "problems": [*report.problems, *turns.problems],
    }  # fmt: skip


def _line(descriptor: int) -> bytes:
    found = b""
    while (sign := os.read(descriptor, 1)) and sign != b"\n":
        found += sign
    return found


def _say(reply: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def main() -> None:
    environment = json.loads(sys.argv[1])
    while True:
        child = os.fork()
        if child == 0:
            live(environment)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.WEXITSTATUS(status))
        _say({"died": os.WTERMSIG(status)})


if __name__ == "__main__":
    main()
