"""Makes worker processes for the campaign: imports everything once, then forks, so that a worker that dies after a
tenth of a second does not cost a second of imports. Each child runs the very command `beatline worker`.

Speaks JSON, one line a request and one a reply, and ends its children with itself:

    {"start": {"strike": {"point": "intent.exit", "visit": 3, "sign": 9}, "host": {..}, "name": ".."}}   -> {"pid": 4711}
    {"start": {"person": {..}}}: somebody at a desk, and no worker (`person.py`)                       -> {"pid": 4712}
    {"signal": 9, "pid": 4711}             -> {"sent": true}      false: it is gone already
    {"clock": 3600.0, "pid": 4711}         -> {"set": true}       its wall clock is an hour ahead
    {"longest_file": 1, "read_only": true} -> {"set": true}       no file may grow (null: it may); SQLite takes no writes
    {"warm": true}                         -> {"sent": 24}        the nursery itself was a worker for one round
    {"look": true}                         -> {"alive": [..], "stopped": [..], "died": 12}     without the people"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.orm import configure_mappers

import app
import social.context
from scheduler import decisions, jobs, looking
from scheduler.worker import publish_due
from social import leases
from social.channels.registry import make_channel
from social.context import open_context
from social.database import Database
from social.settings import load_settings
from tests.faults import crash_points, person
from tests.faults.workers import MARGIN
from tests.faults.workings import READ_ONLY, Board, be_called, move_in, obey_read_only, wear_clock

FIRST_WAIT_PART = 20
LOOK_BACK = timedelta(seconds=5)
"""The network's clock is ours, and it takes as many posts in a minute as others in a month."""


class Nursery:
    """Only processes that were started here and not yet waited for are ever signalled, so no id is mistaken."""

    def __init__(self) -> None:
        self._board = Board()
        self._cells: dict[int, int] = {}
        self._alive: set[int] = set()
        self._people: set[int] = set()
        self._stopped: set[int] = set()
        self._died = self._started = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self._wait()
        if "warm" in request:
            return {"sent": self._warm()}
        if "start" in request:
            return {"pid": self._start(request["start"])}
        if "signal" in request:
            return {"sent": self._signal(int(request["pid"]), int(request["signal"]))}
        if "clock" in request:
            self._board.set(self._cells.get(request["pid"], Board.CELLS - 1), request["clock"])
            return {"set": True}
        if "read_only" in request:
            self._board.set(READ_ONLY, float(request["read_only"]))
            self._limit_files(request["longest_file"])
            return {"set": True}
        workers = self._alive - self._people
        return {"alive": sorted(workers), "stopped": sorted(self._stopped & workers), "died": self._died}

    def close(self) -> None:
        self._wait()
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _warm(self) -> int:
        """Send what is due, once, so that the children need not put every statement into words again that SQLAlchemy
        keeps with the database's engine: most of what a short life costs."""
        context = open_context(load_settings(), make_channel)
        once = context.database
        sent = publish_due(context)
        once.close()
        known = {str(once.url): once}

        def opened(url: str) -> Database:
            database = known.get(str(make_url(url).set(drivername=once.url.drivername)))
            return database if database is not None else Database(url)

        setattr(social.context, "Database", opened)  # noqa: B010
        gc.freeze()
        return sent

    def _start(self, order: dict[str, Any]) -> int:
        self._started += 1
        cell = 1 + self._started % (Board.CELLS - 2)
        self._board.set(cell, 0.0)
        pid = os.fork()
        if pid == 0:
            self._live(order, cell)
        self._alive.add(pid)
        self._cells[pid] = cell
        if "person" in order:
            self._people.add(pid)
        return pid

    def _live(self, order: dict[str, Any], cell: int) -> None:
        """In the child.  Never returns."""
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)
        try:
            obey_read_only(self._board)
            if "person" in order:
                person.work(**order["person"])
            wear_clock(self._board, cell)
            if order.get("host"):
                move_in(order["host"])
            if order.get("name"):
                be_called(order["name"])
            if order.get("strike"):
                crash_points.arm(**order["strike"])
            app.cli()
        finally:
            os._exit(1)

    def _signal(self, pid: int, sign: int) -> bool:
        if pid not in self._alive:
            return False
        os.kill(pid, sign)
        if sign == signal.SIGKILL:
            os.waitpid(pid, 0)
            self._gone(pid)
        return True

    def _limit_files(self, longest: int | None) -> None:
        for pid in self._alive - self._people:
            with suppress(ProcessLookupError):
                _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if longest is None else longest, most))

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
        self._died += pid not in self._people
        self._people.discard(pid)


def main() -> None:
    # Minutes of waiting become seconds; what the waits are for stays as it is.
    leases.SEND_MARGIN = MARGIN
    decisions.FIRST_WAIT /= FIRST_WAIT_PART
    decisions.LONGEST_WAIT /= FIRST_WAIT_PART
    looking.LOOK_BACK = LOOK_BACK
    # Replies and figures are not what is tried here.
    app.periodic_jobs = lambda: jobs.JOBS
    sys.argv = ["beatline", "worker"]
    # What every worker would pay for again after it was forked.
    app.build_cli()
    configure_mappers()
    for module in ("social.channels.x", "social.channels.facebook", "scheduler.worker", "alembic.config"):
        importlib.import_module(module)
    gc.freeze()
    nursery = Nursery()
    try:
        for line in sys.stdin:
            print(json.dumps(nursery.answer(json.loads(line))), flush=True)
    finally:
        nursery.close()


if __name__ == "__main__":
    main()
