"""What the worker gets through, beside a bare tweepy loop and beside the peers' engines, all in one run.

    python -m bench.engine [NAME ...]     only the parts of these names: posts, latency, durable, lateness, idle, claim

Ratios are what counts: on a busy machine both sides of one swing together."""

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench import peers
from bench.filling import fill, home
from bench.lines import Line
from bench.posters import Poster, back, go, in_turns, posters, rate
from bench.processes import BEATLINE, environment, free_port, running
from tests.postgresql import Server

ACCOUNTS, POSTS, ROUNDS = 256, 1000, 3
LATENCY, IN_FLIGHT, TIMES = 0.2, 64, 30
POSSIBLE = IN_FLIGHT / LATENCY
DURABLE = 256
"""Accounts, requests in flight and entries to a claim where nobody is asked."""
ENTRIES = 2304
"""Fewer than a worker keeps ready (`kept_rows.MOST`)."""
AHEAD = (20, 60, 180, 540)
"""Seconds before posts are due, long enough to make a thousand ready: more where the machine is too busy for that."""


STARTED = 0.03
"""Part of a processor that a worker which is still starting takes more than."""


@contextmanager
def server(seconds: float = 0.0) -> Iterator[str]:
    """The address of a server that takes posts after so many seconds."""
    port = free_port()
    with running([sys.executable, "-m", "bench.server", str(port), str(seconds)]):
        peers.wait_for(port)
        yield f"http://127.0.0.1:{port}"


def engine_order(folder: Path, url: str, in_flight: int, **more: Any) -> dict[str, Any]:
    return {"how": "engine", "home": str(folder), "url": url, "in_flight": in_flight, **more}


def prepared(folder: Path, url: str, posts: int, base_url: str, *, accounts: int = ACCOUNTS, channel: str = "x",
             due: Any = None) -> None:  # fmt: skip
    context = home(folder, url=url)
    fill(
        context, accounts, posts, due or context.clock.now() - timedelta(seconds=5), base_url=base_url, channel=channel
    )
    context.database.close()


def again(one: Poster, *with_it: Poster) -> list[dict[str, Any]]:
    """A round of the same posts, put back before it."""
    back(one)
    return go(one, *with_it)


def posts(folder: Path) -> Iterator[Line]:
    """Through HTTP, as fast as it goes: each round of ours between two of the bare loop's."""
    cpu = [list[float](), list[float]()]

    def told(which: int, results: list[dict[str, Any]]) -> float:
        cpu[which].append(results[0]["cpu"] / results[0]["posts"])
        return rate(results)

    with server() as address:
        prepared(folder / "posts", "", POSTS, address)
        loop = {"how": "bare", "address": address, "posts": POSTS // 2}
        with posters(loop, engine_order(folder / "posts", "", 8, batch=ACCOUNTS, warm=True)) as (bare, engine):
            ready = go(engine)[0]["ready_ms"] / POSTS
            found = in_turns(lambda: told(0, again(engine)), lambda: told(1, go(bare)), ROUNDS)
    yield Line("posts through the engine, SQLite, durable", found.ours, "/s", None, "bare tweepy loop", found.theirs)
    yield Line("  as part of the bare loop, median of rounds", found.ratio, "x", 0.85)
    mine, theirs = map(statistics.median, cpu)
    yield Line("  processor time of a post", 1000 * mine, "ms", None, "bare tweepy loop", 1000 * theirs)
    yield Line("  making a post ready, before its time", ready, "ms")


def latency(folder: Path) -> Iterator[Line]:
    """A server that answers after 200 ms, 64 requests in flight; then two workers on PostgreSQL, in turns with one."""
    count, where = TIMES * IN_FLIGHT, {name: folder / name for name in ("latency", "one", "two")}
    with server(LATENCY) as address, postgresql() as database:
        urls = {"one": database.new_database(), "two": database.new_database()}
        prepared(where["latency"], "", count, address)
        prepared(where["one"], urls["one"], count, address)
        prepared(where["two"], urls["two"], 2 * count, address, accounts=2 * ACCOUNTS)
        with posters(engine_order(where["latency"], "", IN_FLIGHT, warm=True)) as (one,):
            rates = [rate(go(one)), *(rate(again(one)) for _ in range(ROUNDS - 1))]
        yield Line("posts at 200 ms with 64 in flight, SQLite", statistics.median(rates), "/s", 0.9 * POSSIBLE,
                   "possible", POSSIBLE)  # fmt: skip
        orders = [engine_order(where[name], urls[name], IN_FLIGHT) for name in ("one", "two", "two")]
        with posters(*orders) as (one, first, second):
            alone, both = [rate(go(one))], [rate(go(first, second))]
            for _ in range(ROUNDS - 1):
                alone.append(rate(again(one)))
                both.append(rate(again(first, second)))
    two = statistics.median(both)
    yield Line("  two workers, PostgreSQL", two, "/s", None, "one worker", statistics.median(alone))
    yield Line("  two workers as part of 0.9 of 320 a second", two / (0.9 * POSSIBLE), "x", 1.8)


def durable(folder: Path) -> Iterator[Line]:
    """Nobody is asked: what the queue itself costs, every outcome on the disk, in turns with the peer on the same
    database."""
    with postgresql() as database:
        yield from _durable(folder / "sqlite", "", "SQLite", "apscheduler", 15, lambda: "")
        url, fresh = database.new_database(), partial(database.new_database, migrated=False)
        yield from _durable(folder / "postgresql", url, "PostgreSQL", "procrastinate", 20, fresh)
    yield from _peers(folder)


def _durable(folder: Path, url: str, name: str, peer: str, goal: float, address: Callable[[], str]) -> Iterator[Line]:
    prepared(folder, url, ENTRIES, "", accounts=DURABLE, channel="memory")
    with posters(engine_order(folder, url, DURABLE, nothing=True, warm=True)) as (engine,):
        go(engine)
        numbers = itertools.count(1)
        try:
            found = in_turns(
                lambda: rate(again(engine)),
                lambda: peers.jobs_a_second(peer, folder / f"{peer}-{next(numbers)}", address()),
                ROUNDS,
            )
        except peers.NotInstalled as missing:
            yield Line(f"durable entries without HTTP, {name}", rate(again(engine)), "/s")
            yield Line(f"  {peer}: not measured, {missing}", float("nan"), "")
            return
    yield Line(f"durable entries without HTTP, {name}", found.ours, "/s", None, peer, found.theirs)
    yield Line(f"  {name}, times {peer}, median of rounds", found.ratio, "x", goal)


def _peers(folder: Path) -> Iterator[Line]:
    """Those that nothing is promised of beside, in the same run."""
    with _redis_or_none(folder) as redis:
        for name in ("huey", "dramatiq", "celery"):
            try:
                if peers.NEEDS[name] == "redis" and redis is None:
                    raise peers.NotInstalled("redis-server is not installed")
                yield Line(
                    f"  {name}, jobs that do nothing", peers.jobs_a_second(name, folder / name, redis or ""), "/s"
                )
            except peers.NotInstalled as missing:
                yield Line(f"  {name}: not measured, {missing}", float("nan"), "")


@contextmanager
def _redis_or_none(folder: Path) -> Iterator[str | None]:
    try:
        with peers.redis(folder) as address:
            yield address
    except peers.NotInstalled:
        yield None


def lateness(folder: Path) -> Iterator[Line]:
    """1,000 posts due in one second, in a process that waits for them: all at its beginning, as people plan posts, and
    then one every thousandth of it, which is more than the bare loop itself gets through on a busy machine."""
    for words, spread, goal in (("at once", 0.0, 1.3), ("one by one", 1.0, None)):
        ours, bare = _late(folder / words.replace(" ", "-"), POSTS, spread)
        for name, part in (("p50", 50), ("p99", 99)):
            mine, theirs = (statistics.quantiles(one, n=100)[part - 1] for one in (ours, bare))
            yield Line(
                f"lateness of 1,000 posts due in one second, {words}, {name}", mine, "s", None, "HTTP alone", theirs
            )
            yield Line("  as part of what HTTP alone takes", mine / theirs, "x late", goal)


def _late(folder: Path, count: int, spread: float) -> tuple[list[float], list[float]]:
    """How late each post was, ours and the bare loop's."""
    with server() as address:
        ours = next(filter(None, (_late_once(folder / f"{ahead}", count, spread, address, ahead) for ahead in AHEAD)))
        due = [spread * number / count for number in range(count)]
        with posters({"how": "bare", "address": address, "posts": count, "due": due}) as (loop,):
            (bare,) = go(loop)
    return ours, bare["late"]


def _late_once(folder: Path, count: int, spread: float, address: str, ahead: int) -> list[float]:
    """How late each was; none where the machine was too busy to make them ready in so many seconds."""
    start = time.time() + ahead
    moments = [start + spread * number / count for number in range(count)]
    prepared(folder, "", count, address, due=[datetime.fromtimestamp(at, UTC) for at in moments])
    with posters(engine_order(folder, "", 8, batch=ACCOUNTS, late=True, warm=True)) as (engine,):
        return list(go(engine)[0]["late"]) if time.time() < start else []


def idle(folder: Path) -> Iterator[Line]:
    """`beatline worker` with every one of its jobs and nothing to do."""
    where = folder / "idle"
    prepared(where, "", 0, "", accounts=30, channel="memory")
    env = environment(where) | {"BEATLINE_KEY": "k" * 40}
    with running([*BEATLINE, "worker"], env) as worker:
        for _ in range(24):  # until it has started, which takes its time on a busy machine
            if _used(worker.pid, 5.0) < STARTED:
                break
        used = _used(worker.pid, 30.0)
    yield Line("an idle worker's processor time", 100 * used, "%", 1.0)


def _used(pid: int, seconds: float) -> float:
    """The part of a processor that it takes in the next so many seconds."""
    before, begun = _cpu(pid), time.monotonic()
    time.sleep(seconds)
    return (_cpu(pid) - before) / (time.monotonic() - begun)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def claim(folder: Path) -> Iterator[Line]:
    """Taking 64 entries of 64 accounts, with few and with a million finished ones beside them."""
    from bench.claiming import claim_costs

    few, many = claim_costs({folder / "few": 1_000, folder / "many": 1_000_000})
    yield Line("taking 64 entries, 1,000,000 finished", many * 1000, "ms", None, "1,000 finished", few * 1000)
    yield Line("  as part of what it takes with 1,000", many / few, "x late", 1.5)


@contextmanager
def postgresql(*settings: str) -> Iterator[Server]:
    """A server that writes down what it says it wrote down.  settings: its own, 'name=value', that win over ours."""
    database = Server(Path(tempfile.gettempdir()), durable=True, settings=settings)
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
