"""Posts through the worker's own code, or through a bare tweepy loop, in a process of its own; says how long it took.

    python -m bench.posting '{"how": "engine", "home": ..., "url": ..., "in_flight": 64}'
    python -m bench.posting '{"how": "bare", "address": "http://127.0.0.1:9911", "posts": 500}'

It says `ready`. For each `go` it posts all that is due and answers with one JSON object: {"posts", "seconds", "cpu",
"late": [seconds for each post], "ready_ms"}; for each `back` it puts the same posts back into the queue as they were,
and says `ready`. It ends with its input."""

import gc
import itertools
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.filling import CREDENTIALS, TEXT, home
from social.context import Context

NOTHING = itertools.count(1)


def engine(order: dict[str, Any]) -> None:
    """Everything that is due, by the code that the worker runs; made ready before, as the worker does ahead of time."""
    from scheduler.making_ready import make_ready

    context = home(Path(order["home"]), url=order["url"], in_flight=order["in_flight"],
                   claim_batch=order.get("batch", order["in_flight"]), publish_every=1)  # fmt: skip
    if order.get("nothing"):
        _ask_nobody()
    if order.get("warm"):
        _send_some(context)
    gc.collect()
    gc.freeze()  # as the worker's process does at its start
    begun = time.perf_counter()
    make_ready(context, 600)
    ready = 1000 * (time.perf_counter() - begun)
    for told in _told():
        if told == "back":
            _put_back(context)
        else:
            since = context.clock.now()
            _answer(_sent(context) | {"late": _late(context, since) if order.get("late") else [], "ready_ms": ready})
    context.database.close()


def _sent(context: Context) -> dict[str, Any]:
    """Send until nothing is left to send."""
    from sqlmodel import col, func, select

    from scheduler.entries import Entry
    from scheduler.worker import publish_due

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
    return {"posts": moved, "seconds": last - begun, "cpu": time.process_time() - cpu}


def _late(context: Context, since: datetime) -> list[float]:
    """How late each post went out that was due since then."""
    from sqlmodel import col, select

    from scheduler.entries import Entry

    with context.database.read() as session:
        went = select(Entry.published_at, Entry.due_at).where(Entry.state == "published", col(Entry.due_at) > since)
        return [(at - due) / timedelta(seconds=1) for at, due in session.exec(went) if at and due]


def _put_back(context: Context) -> None:
    """The same posts once more, and no trace of the last time: the database is written anew."""
    from sqlalchemy import delete, update

    from scheduler.entries import Attempt, Entry, EntryHistory
    from social.publications import CollectingState, Publication
    from social.upsert import table_of

    before = {"state": "queued", "fence": 0, "attempts": 0, "worker": None, "lease_until": None, "post_version": None,
              "platform_id": None, "url": None, "published_at": None}  # fmt: skip
    with context.database.write() as session:
        for model in (CollectingState, Publication, Attempt, EntryHistory):
            session.connection().execute(delete(table_of(model)))
        session.connection().execute(update(table_of(Entry)).values(**before))
    context.database.forget_erased()


FIRST = 8
"""Posts that go out on either side before the clock starts: statements are built and connections opened at the first."""


def _send_some(context: Context) -> None:
    """The first posts go out now, of as many accounts: together, as all others go."""
    from sqlalchemy import func, select, update

    from scheduler.entries import Entry
    from scheduler.worker import publish_due
    from social.upsert import table_of

    entry, now = table_of(Entry), context.clock.now()
    with context.database.write() as session:
        run = session.connection().execute
        others = entry.c.id >= select(func.min(entry.c.id)).scalar_subquery() + FIRST
        run(update(entry).where(others).values(not_before=now + timedelta(days=1)))
        run(update(entry).where(~others, entry.c.due_at > now).values(due_at=now))
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


def bare(order: dict[str, Any]) -> None:
    """tweepy and nothing else, one post after another.  due: each waits for its own, in seconds after the first."""
    import requests
    import tweepy

    class Local(requests.Session):
        def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
            address = order["address"] + str(url).removeprefix("https://api.twitter.com")
            return super().request(method, address, *args, **kwargs)

    client = tweepy.Client(**CREDENTIALS, return_type=dict)
    client.session = Local()
    client.session.trust_env = False
    for number in range(FIRST):
        client.create_tweet(text=f"Good morning, number {number}.")
    for _ in _told():
        begun, cpu, late = time.perf_counter(), time.process_time(), []
        moment = time.time() + 1.0 if "due" in order else 0.0
        for number in range(order["posts"]):
            due = moment + order["due"][number] if "due" in order else moment
            if due > time.time():
                time.sleep(due - time.time())
            client.create_tweet(text=TEXT.format(number))
            late.append(time.time() - due)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        _answer({"posts": len(late), "seconds": seconds, "cpu": cpu, "late": late, "ready_ms": 0})


def _told() -> Iterator[str]:
    """Say that all is ready, and hand out what is asked for, one after another."""
    print("ready", flush=True)
    for line in sys.stdin:
        yield line.strip()
        if line.strip() == "back":
            print("ready", flush=True)


def _answer(result: dict[str, Any]) -> None:
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    {"engine": engine, "bare": bare}[given["how"]](given)
