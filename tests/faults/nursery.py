"""Makes worker processes for the campaign: imports everything once, then forks, so that a worker that dies after a
tenth of a second does not cost a second of imports. Each child runs the very command `beatline worker`.

Speaks JSON, one line a request and one a reply, and ends its children with itself:

    {"start": {"point": "intent.exit", "visit": 3, "sign": 9}}   -> {"pid": 4711}    (or {"start": null}: no order)
    {"signal": 9, "pid": 4711}                                    -> {"sent": true}   false: it is gone already
    {"look": true}                                                -> {"alive": [..], "stopped": [..], "died": 12}"""

import json
import os
import signal
import sys
from typing import Any

import app
from scheduler import decisions, jobs, queue
from tests.faults import crash_points

MARGIN = 1.0
FIRST_WAIT_PART = 20


class Nursery:
    """Only processes that were started here and not yet waited for are ever signalled, so no id is mistaken."""

    def __init__(self) -> None:
        self._alive: set[int] = set()
        self._stopped: set[int] = set()
        self._died = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self._wait()
        if "start" in request:
            return {"pid": self._start(request["start"])}
        if "signal" in request:
            return {"sent": self._signal(int(request["pid"]), int(request["signal"]))}
        return {"alive": sorted(self._alive), "stopped": sorted(self._stopped), "died": self._died}

    def close(self) -> None:
        self._wait()
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _start(self, order: dict[str, Any] | None) -> int:
        pid = os.fork()
        if pid == 0:
            work(order)
        self._alive.add(pid)
        return pid

    def _signal(self, pid: int, sign: int) -> bool:
        if pid not in self._alive:
            return False
        os.kill(pid, sign)
        if sign == signal.SIGKILL:
            os.waitpid(pid, 0)
            self._gone(pid)
        return True

    def _wait(self) -> None:
        for pid in sorted(self._alive):
            done, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            if not done:
                continue
            if os.WIFSTOPPED(status):
                self._stopped.add(pid)
            elif os.WIFCONTINUED(status):
                self._stopped.discard(pid)
            else:
                self._gone(pid)

    def _gone(self, pid: int) -> None:
        self._alive.discard(pid)
        self._stopped.discard(pid)
        self._died += 1


def work(order: dict[str, Any] | None) -> None:
    """In the child: be a worker until the order or somebody outside ends it.  Never returns."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    if order is not None:
        crash_points.arm(order["point"], order["visit"], order["sign"])
    try:
        app.cli()
    finally:
        os._exit(1)


def main() -> None:
    # Minutes of waiting become seconds; what the waits are for stays as it is.
    queue.SEND_MARGIN = MARGIN
    decisions.FIRST_WAIT /= FIRST_WAIT_PART
    decisions.LONGEST_WAIT /= FIRST_WAIT_PART
    # Replies and figures are not what is tried here.
    app.periodic_jobs = lambda: jobs.JOBS
    sys.argv = ["beatline", "worker"]
    nursery = Nursery()
    try:
        for line in sys.stdin:
            print(json.dumps(nursery.answer(json.loads(line))), flush=True)
    finally:
        nursery.close()


if __name__ == "__main__":
    main()
