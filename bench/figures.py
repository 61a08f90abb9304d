"""What the figures cost where five million replies and two million counts are kept, on SQLite and on PostgreSQL: every
question that a page asks, the same questions without facts, 10,000 more replies with facts and without, and a rebuild.

`python -m bench.figures 10` takes a tenth of everything; 'sqlite' or 'postgresql' after it, that one alone."""

import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from bench.engine import postgresql
from bench.figures_asked import Asked, plain_questions, questions
from bench.figures_fill import NOW, Size, fill
from bench.filling import home
from bench.lines import Line
from insights.folds import fold_weeks
from insights.keeping import rebuild_facts
from insights.packs import pack_weeks
from social.clock import SettableClock
from social.context import Context
from social.copying import facts_as_copied
from social.interactions import Interaction, Reading
from social.upsert import put_rows

GOAL, ROUNDS = 100.0, 21
"""Milliseconds for 95% of the times that a question is asked; how often it is."""
ARRIVING, PAGE = 10_000, 1_000
FULL = Size()


def measure(size: Size = FULL, only: str = "") -> Iterator[Line]:
    """Every line, as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="beatline-bench-") as scratch:
        if only != "postgresql":
            yield from _measured(home(Path(scratch) / "sqlite"), "SQLite", size)
        if only != "sqlite":
            with postgresql() as server:
                yield from _measured(home(Path(scratch) / "postgresql", url=server.new_database()), "PostgreSQL", size)


def _measured(context: Context, name: str, size: Size) -> Iterator[Line]:
    context.clock = SettableClock(NOW)
    try:
        begun = time.perf_counter()
        places = fill(context.database, size)
        yield Line(f"{size.replies:,} replies, {size.snapshots:,} counts, {name}: to put there", _since(begun), "s")
        begun = time.perf_counter()
        rebuild_facts(context)
        yield Line(f"  facts of {size.posts:,} posts rebuilt from nothing", _since(begun), "s")
        begun = time.perf_counter()
        weeks, _ = pack_weeks(context), fold_weeks(context)
        yield Line(f"  {weeks} weeks packed and added up", _since(begun), "s")
        _analyse(context)
        gc.collect()
        gc.freeze()  # as the app does at its start: else every tenth question waits for a look at all that was ever loaded
        yield from _asked(context, questions(places), plain_questions())
        yield from _arriving(context, size)
    finally:
        context.database.close()


def _since(begun: float) -> float:
    return time.perf_counter() - begun


def _analyse(context: Context) -> None:
    with context.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _asked(context: Context, asked: dict[str, Asked], plain: dict[str, str]) -> Iterator[Line]:
    for name, ask in asked.items():
        taken = [_timed(context, ask, turn) for turn in range(ROUNDS)]
        steps = quantiles(taken[1:], n=20)
        without = _timed(context, _query(plain[name]), 0) if name in plain else None
        yield Line(f"  {name}, p50", steps[9], "ms", None, "without facts" if name in plain else "", without)
        yield Line(f"  {name}, p95", steps[18], "ms", GOAL)


def _query(words: str) -> Asked:
    return lambda session, _: session.connection().execute(text(words)).all()


def _timed(context: Context, ask: Asked, turn: int) -> float:
    with context.database.read() as session:
        begun = time.perf_counter()
        ask(session, turn)
        return _since(begun) * 1000


def _arriving(context: Context, size: Size) -> Iterator[Line]:
    """10,000 replies and their readings, page by page under twenty young posts: with facts kept, and without."""
    kept, without = (_stored(context, size, facts=facts) for facts in (True, False))
    yield Line(f"  {ARRIVING:,} replies stored and read, facts kept", kept, "s", None, "without facts", without)
    yield Line("  keeping facts, of each reply", (kept - without) / ARRIVING * 1e6, "us")


def _stored(context: Context, size: Size, *, facts: bool) -> float:
    """Seconds; nothing of it stays."""

    class Undone(Exception):
        pass

    taken = 0.0
    try:
        with context.database.write() as session:
            if facts:
                taken = _store(session, size)
            else:
                with facts_as_copied(session.connection()):
                    taken = _store(session, size)
            raise Undone
    except Undone:
        return taken


def _store(session: Session, size: Size) -> float:
    first = size.replies + 1
    begun = time.perf_counter()
    for start, end in pairwise(range(first, first + ARRIVING + PAGE, PAGE)):
        post = size.posts - start // PAGE % 20
        replies: list[dict[str, Any]] = [
            {"id": number, "account_id": 1, "publication_id": post, "platform_id": f"new{number}", "kind": "reply",
             "text": "What time?", "ours": False, "created_at": NOW, "fetched_at": NOW, "purpose": "engagement",
             "retention": "raw_reply", "hidden": False, "unread": False, "urgency": 3}
            for number in range(start, end)
        ]  # fmt: skip
        readings: list[dict[str, Any]] = [
            {"id": number, "interaction_id": number, "version": "bench", "stance": "neutral", "kind": "question",
             "kind_p": 0.9, "lang": "en", "lang_p": 0.9, "read_at": NOW + timedelta(minutes=1)}
            for number in range(start, end)
        ]  # fmt: skip
        put_rows(session, Interaction, replies, _as_it_is)
        put_rows(session, Reading, readings, _as_it_is)
    return _since(begun)


def _as_it_is(statement: Any) -> Any:
    return statement


if __name__ == "__main__":
    part = next((int(word) for word in sys.argv[1:] if word.isdecimal()), 1)
    chosen = next((word for word in sys.argv[1:] if not word.isdecimal()), "")
    met = True
    for line in measure(FULL.part(part), chosen):
        met &= line.met
        print(line, flush=True)
    sys.exit(0 if met else 1)
