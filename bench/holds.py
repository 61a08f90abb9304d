"""How soon a hold is in force at a worker that is busy: what left after the commit, and how long placing it took (R31).

python -m bench.holds"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlmodel import func, select

from bench.filling import fill, home
from bench.lines import Line
from bench.processes import BEATLINE, environment, free_port, running
from scheduler.entries import OPEN, Attempt, Entry
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold
from social.context import Context
from social.staff import Role, find_or_add_person

POSTS, ACCOUNTS, UNDER_WAY = 3000, 64, 300
"""Posts due, and how many have gone out when the hold is placed."""


def measure() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as scratch:
        folder, port = Path(scratch) / "home", free_port()
        with running([sys.executable, "-m", "bench.server", str(port), "0.05"]):
            context = home(folder)
            try:
                fill(context, ACCOUNTS, POSTS, context.clock.now() - timedelta(seconds=5),
                     base_url=f"http://127.0.0.1:{port}")  # fmt: skip
                yield from _placed(context, folder)
            finally:
                context.database.close()


def _placed(context: Context, folder: Path) -> Iterator[Line]:
    with context.database.write() as session:
        chief = find_or_add_person(session, "chief@woldershire.example", Role.SUPERVISOR)
    with running([*BEATLINE, "worker"], environment(folder) | {"BEATLINE_KEY": "k" * 40}):
        _wait_until(lambda: _count(context) >= UNDER_WAY)
        commits: list[datetime] = []
        event.listen(context.database.engine, "commit", lambda _: commits.append(datetime.now(UTC)))
        begun = time.perf_counter()
        place_hold(context, Order(HoldKind.STOP_ALL, "All publishing is stopped."), chief)
        took = time.perf_counter() - begun
        _wait_until(lambda: _open(context) == 0)
    with context.database.read() as session:
        last = session.exec(select(func.max(Attempt.started_at))).one()
    sent = _count(context)
    assert last is not None
    assert UNDER_WAY <= sent < POSTS, "the worker was not under load when the hold came"
    late = max((last - commits[0]).total_seconds(), 0.0)
    yield Line("a hold beside a busy worker: last request after it", late, "s", 1.0)
    yield Line(f"  placing it, with {POSTS - sent:,} posts held at once", took, "s")


def _wait_until(so: Callable[[], bool]) -> None:
    until = time.perf_counter() + 120
    while not so():
        if time.perf_counter() > until:
            raise RuntimeError("the worker did not get as far as it should")
        time.sleep(0.02)


def _count(context: Context) -> int:
    with context.database.read() as session:
        return session.exec(select(func.count()).select_from(Attempt).where(Attempt.outcome == "sent")).one()


def _open(context: Context) -> int:
    with context.database.read() as session:
        return session.exec(select(func.count()).select_from(Entry).where(OPEN)).one()


if __name__ == "__main__":
    for line in measure():
        print(line)
