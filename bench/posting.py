"""Posts through the worker's own code, or through a bare tweepy loop, in a process of its own; says how long it took.

    python -m bench.posting '{"how": "engine", "home": ..., "url": ..., "in_flight": 64, "starts_at": 1790000000.0}'
    python -m bench.posting '{"how": "bare", "address": "http://127.0.0.1:9911", "posts": 500, "starts_at": ...}'

Prints one JSON object: {"posts", "seconds", "cpu", "late": [seconds for each post], "ready_ms"}."""

import gc
import itertools
import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.filling import CREDENTIALS, TEXT, home
from social.context import Context

NOTHING = itertools.count(1)


def engine(order: dict[str, Any]) -> dict[str, Any]:
    """Everything that is due, by the code that the worker runs; made ready before, as the worker does ahead of time."""
    from sqlmodel import col, func, select

    from scheduler.entries import Entry
    from scheduler.making_ready import make_ready
    from scheduler.worker import publish_due

    context = home(Path(order["home"]), url=order["url"], in_flight=order["in_flight"],
                   claim_batch=order.get("batch", order["in_flight"]), publish_every=1)  # fmt: skip
    if order.get("nothing"):
        _ask_nobody()
    if order.get("warm"):
        _send_one(context)
    gc.collect()
    gc.freeze()  # as the worker's process does at its start
    begun = time.perf_counter()
    make_ready(context, 600)
    ready = time.perf_counter() - begun
    _wait()
    begun, cpu = time.perf_counter(), time.process_time()
    deadline, moved, last = begun + 120, 0, begun
    while time.perf_counter() < deadline:
        step = publish_due(context)
        moved += step
        if step:
            last = time.perf_counter()
            continue
        with context.database.read() as session:
            left = select(func.count()).where(col(Entry.state).in_(("queued", "publishing", "unconfirmed")))
            if session.exec(left).one() == 0:
                break
        time.sleep(0.05)
    cpu = time.process_time() - cpu
    late: list[float] = []
    if order.get("late"):
        with context.database.read() as session:
            went = select(Entry.published_at, Entry.due_at).where(Entry.state == "published")
            late = [(at - due) / timedelta(seconds=1) for at, due in session.exec(went) if at and due]
    context.database.close()
    return {"posts": moved, "seconds": last - begun, "cpu": cpu, "late": late, "ready_ms": ready * 1000}


def _send_one(context: Context) -> None:
    """One post goes out before the clock starts, as the bare loop's first does: statements are built and connections
    opened at the first."""
    from sqlalchemy import func, select, update

    from scheduler.entries import Entry
    from scheduler.worker import publish_due
    from social.upsert import table_of

    entry = table_of(Entry)
    later = {"not_before": context.clock.now() + timedelta(days=1)}
    with context.database.write() as session:
        first = select(func.min(entry.c.id)).scalar_subquery()
        session.connection().execute(update(entry).where(entry.c.id != first).values(**later))
    publish_due(context)
    with context.database.write() as session:
        session.connection().execute(update(entry).values(not_before=None))


def _ask_nobody() -> None:
    """Every network says yes at once: what is left is the queue's own work."""
    from social.channels.base import Draft, Published
    from social.channels.memory import MemoryChannel

    def publish(self: MemoryChannel, draft: Draft, *, key: str) -> Published:  # noqa: ARG001 - the channel's signature
        return Published(str(next(NOTHING)), None, self._clock.now())

    MemoryChannel.publish = publish  # type: ignore[method-assign]  # this process is for nothing else


def bare(order: dict[str, Any]) -> dict[str, Any]:
    """tweepy and nothing else, one post after another; with due times, each waits for its own."""
    import requests
    import tweepy

    class Local(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
            address = order["address"] + str(url).removeprefix("https://api.twitter.com")
            return super().request(method, address, *args, **kwargs)

    client = tweepy.Client(**CREDENTIALS, return_type=dict)
    client.session = Local()
    client.session.trust_env = False
    client.create_tweet(text="Good morning.")
    _wait()
    begun, cpu, late = time.perf_counter(), time.process_time(), []
    for number, due in enumerate(order.get("due") or [0.0] * order["posts"]):
        if due > time.time():
            time.sleep(due - time.time())
        client.create_tweet(text=TEXT.format(number))
        late.append(time.time() - due)
    seconds = time.perf_counter() - begun
    return {"posts": len(late), "seconds": seconds, "cpu": time.process_time() - cpu, "late": late, "ready_ms": 0}


def _wait() -> None:
    """Say that all is ready, and start when told to."""
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps({"engine": engine, "bare": bare}[given["how"]](given)), flush=True)
