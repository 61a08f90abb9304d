"""What the worker gets through, beside a bare tweepy loop and beside the peers' engines, all in one run.

    python -m bench.engine [NAME ...]     only the parts of these names: posts, latency, durable, lateness, idle, claim

Ratios are what counts: on a busy machine both sides of one swing together."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import peers
from bench.filling import fill, home
from bench.lines import Line
from bench.processes import BEATLINE, ROOT, environment, free_port, running
from tests.postgresql import Server

ACCOUNTS, ROUNDS = 256, 3
LATENCY, IN_FLIGHT = 0.2, 64
POSSIBLE = IN_FLIGHT / LATENCY
DURABLE = 256
"""Accounts, requests in flight and entries to a claim where nobody is asked."""


@contextmanager
def server(seconds: float = 0.0) -> Iterator[str]:
    """The address of a server that takes posts after so many seconds."""
    port = free_port()
    with running([sys.executable, "-m", "bench.server", str(port), str(seconds)]):
        peers.wait_for(port)
        yield f"http://127.0.0.1:{port}"


def post(*orders: dict[str, Any]) -> list[dict[str, Any]]:
    """Start a process for each order, let all begin at once, and hand back what they say."""
    children = [
        subprocess.Popen([sys.executable, "-m", "bench.posting", json.dumps(order)], cwd=ROOT, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for order in orders
    ]  # fmt: skip
    try:
        for child in children:
            assert child.stdout is not None
            if child.stdout.readline() != "ready\n":
                raise RuntimeError("a process that posts broke off")
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        return [json.loads(child.communicate(timeout=180)[0]) for child in children]
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
                child.wait()


def engine_order(folder: Path, url: str, in_flight: int, **more: Any) -> dict[str, Any]:
    return {"how": "engine", "home": str(folder), "url": url, "in_flight": in_flight, **more}


def prepared(folder: Path, url: str, posts: int, base_url: str, *, accounts: int = ACCOUNTS, channel: str = "x",
             due: Any = None) -> None:  # fmt: skip
    context = home(folder, url=url)
    fill(
        context, accounts, posts, due or context.clock.now() - timedelta(seconds=5), base_url=base_url, channel=channel
    )
    context.database.close()


def rate(results: Sequence[dict[str, Any]]) -> float:
    return float(sum(one["posts"] for one in results) / max(one["seconds"] for one in results))


def posts(folder: Path) -> Iterator[Line]:
    """Through HTTP, as fast as it goes: each round of ours between two of the bare loop's, for a machine that others use
    is not the same from one minute to the next."""
    ours, bare, ready, parts, cpu = [], [], [], [], []
    count = 1000
    with server() as address:
        for number in range(ROUNDS):
            where = folder / f"posts-{number}"
            prepared(where, "", count, address)
            loop = {"how": "bare", "address": address, "posts": count // 2}
            (before,), (one,), (after,) = (
                post(loop), post(engine_order(where, "", 8, batch=ACCOUNTS, warm=True)), post(loop)
            )  # fmt: skip
            ours.append(rate([one]))
            bare.append((rate([before]) + rate([after])) / 2)
            parts.append(ours[-1] / bare[-1])
            ready.append(one["ready_ms"] / count)
            cpu.append((one["cpu"] / one["posts"], (before["cpu"] + after["cpu"]) / count))
    alone = statistics.median(bare)
    yield Line(
        "posts through the engine, SQLite, durable", statistics.median(ours), "/s", None, "bare tweepy loop", alone
    )
    yield Line("  as part of the bare loop, median of rounds", statistics.median(parts), "x", 0.85)
    mine, theirs = min(cpu)
    yield Line("  processor time of a post", 1000 * mine, "ms", None, "bare tweepy loop", 1000 * theirs)
    yield Line("  making a post ready, before its time", min(ready), "ms")


def latency(folder: Path) -> Iterator[Line]:
    """A server that answers after 200 ms, 64 requests in flight; then two workers on PostgreSQL."""
    count = 30 * IN_FLIGHT
    with server(LATENCY) as address:
        where = folder / "latency"
        prepared(where, "", count, address)
        one = rate(post(engine_order(where, "", IN_FLIGHT)))
        yield Line("posts at 200 ms with 64 in flight, SQLite", one, "/s", 0.9 * POSSIBLE, "possible", POSSIBLE)
        with postgresql() as database:
            where, url = folder / "latency-pg", database.new_database()
            prepared(where, url, count, address)
            alone = rate(post(engine_order(where, url, IN_FLIGHT)))
            where, url = folder / "latency-pg-2", database.new_database()
            prepared(where, url, 2 * count, address, accounts=2 * ACCOUNTS)
            orders = [engine_order(where, url, IN_FLIGHT) for _ in range(2)]
            both = rate(post(*orders))
        yield Line("  two workers, PostgreSQL", both, "/s", None, "one worker", alone)
        yield Line("  two workers as part of 0.9 of 320 a second", both / (0.9 * POSSIBLE), "x", 1.8)


def durable(folder: Path) -> Iterator[Line]:
    """Nobody is asked: what the queue itself costs, every outcome on the disk."""
    count = 3000  # fewer than a worker keeps ready (`ready.MOST`)
    where = folder / "durable"
    prepared(where, "", count, "", accounts=DURABLE, channel="memory")
    ours = {"sqlite": rate(post(engine_order(where, "", DURABLE, nothing=True, warm=True)))}
    known: dict[str, float] = {}
    with postgresql() as database:
        where, url = folder / "durable-pg", database.new_database()
        prepared(where, url, count, "", accounts=DURABLE, channel="memory")
        ours["postgresql"] = rate(post(engine_order(where, url, DURABLE, nothing=True, warm=True)))
        yield from _peers(folder, database, known)
    yield Line("durable entries without HTTP, SQLite", ours["sqlite"], "/s")
    yield Line("durable entries without HTTP, PostgreSQL", ours["postgresql"], "/s")
    if "apscheduler" in known:
        yield Line("  SQLite, times APScheduler", ours["sqlite"] / known["apscheduler"], "x", 15)
    if "procrastinate" in known:
        yield Line("  PostgreSQL, times procrastinate", ours["postgresql"] / known["procrastinate"], "x", 20)


def _peers(folder: Path, database: Server, known: dict[str, float]) -> Iterator[Line]:
    with _redis_or_none(folder) as redis:
        for name, needs in peers.NEEDS.items():
            try:
                if needs == "redis" and redis is None:
                    raise peers.NotInstalled("redis-server is not installed")
                address = {"": "", "redis": redis or "", "postgresql": ""}[needs]
                if needs == "postgresql":
                    address = database.new_database(migrated=False)
                known[name] = peers.jobs_a_second(name, folder / name, address)
            except peers.NotInstalled as missing:
                yield Line(f"  {name}: not measured, {missing}", float("nan"), "")
            else:
                yield Line(f"  {name}, jobs that do nothing", known[name], "/s")


@contextmanager
def _redis_or_none(folder: Path) -> Iterator[str | None]:
    try:
        with peers.redis(folder) as address:
            yield address
    except peers.NotInstalled:
        yield None


def lateness(folder: Path) -> Iterator[Line]:
    """1,000 posts due within one second, in a process that waits for them."""
    count = 1000
    with server() as address:
        ahead = 30.0  # long enough to make them ready
        moments = [time.time() + ahead + number / count for number in range(count)]
        where = folder / "late"
        prepared(where, "", count, address, due=[datetime.fromtimestamp(at, UTC) for at in moments])
        (ours,) = post(engine_order(where, "", 8, batch=ACCOUNTS, late=True))
        moments = [time.time() + 2 + number / count for number in range(count)]
        (bare,) = post({"how": "bare", "address": address, "posts": count, "due": moments})
    for name, part in (("p50", 50), ("p99", 99)):
        mine, theirs = (statistics.quantiles(one["late"], n=100)[part - 1] for one in (ours, bare))
        yield Line(f"lateness of 1,000 posts due in one second, {name}", mine, "s", None, "HTTP alone", theirs)
        yield Line("  as part of what HTTP alone takes", mine / theirs, "x late", 1.3)


def idle(folder: Path) -> Iterator[Line]:
    """`beatline worker` with every one of its jobs and nothing to do."""
    where, seconds = folder / "idle", 20.0
    prepared(where, "", 0, "", accounts=30, channel="memory")
    env = environment(where) | {"BEATLINE_KEY": "k" * 40}
    with running([*BEATLINE, "worker"], env) as worker:
        time.sleep(10)
        before = _cpu(worker.pid)
        time.sleep(seconds)
        used = _cpu(worker.pid) - before
    yield Line("an idle worker's processor time", 100 * used / seconds, "%", 1.0)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def claim(folder: Path) -> Iterator[Line]:
    """Taking 64 entries of 64 accounts, with few and with a million finished ones beside them."""
    from bench.claiming import claim_cost

    few, many = claim_cost(folder / "few", 1_000), claim_cost(folder / "many", 1_000_000)
    yield Line("taking 64 entries, 1,000,000 finished", many * 1000, "ms", None, "1,000 finished", few * 1000)
    yield Line("  as part of what it takes with 1,000", many / few, "x late", 1.5)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server that writes down what it says it wrote down."""
    database = Server(Path(tempfile.gettempdir()), durable=True)
    database.start()
    try:
        yield database
    finally:
        database.remove()


PARTS: dict[str, Callable[[Path], Iterator[Line]]] = {
    "posts": posts, "latency": latency, "durable": durable, "lateness": lateness, "idle": idle, "claim": claim,
}  # fmt: skip


def measure(names: Sequence[str] = ()) -> Iterator[Line]:
    """Every line of these parts, as soon as it is known; of all where none is named."""
    for number, (name, part) in enumerate(PARTS.items(), 1):
        if not names or name in names:
            print(f"  ({number} of {len(PARTS)}: {name})", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="beatline-bench-") as scratch:
                yield from part(Path(scratch))


if __name__ == "__main__":
    for shown in measure(sys.argv[1:]):
        print(shown, flush=True)
