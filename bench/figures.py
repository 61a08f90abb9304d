"""What the figures cost where five million replies and two million counts are kept, on SQLite and on PostgreSQL: every
question that a page asks, the same questions without facts, 10,000 more replies with facts and without, and a rebuild.

`python -m bench.figures 10` takes a tenth of everything; 'sqlite' or 'postgresql' after it, that one alone. Both databases
are filled at the same time, then measured one after the other. How far it is goes to standard error."""

import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

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
"""Milliseconds for 95% of the times that a question is asked; how often it is, the first time by itself."""
ROUNDS_WITHOUT, PATIENCE = 3, 1_000.0
"""How often a question is asked without facts: until so many milliseconds are gone, once at the least."""
WITHOUT_IN_ALL = 300_000.0
"""Milliseconds for all of these on one database; what is left then is not asked without facts, and said so."""
ARRIVING, PAGE = 10_000, 1_000
FULL = Size()


def measure(size: Size = FULL, only: str = "") -> Iterator[Line]:
    """Every line, as soon as it is known."""
    say = Saying()
    with tempfile.TemporaryDirectory(prefix="beatline-bench-") as scratch, ExitStack() as servers:
        contexts = {}
        if only != "postgresql":
            contexts["SQLite"] = home(Path(scratch) / "sqlite")
        if only != "sqlite":
            server = servers.enter_context(postgresql("max_wal_size=1GB"))  # as PostgreSQL has it unless it is told
            contexts["PostgreSQL"] = home(Path(scratch) / "postgresql", url=server.new_database())
        say(f"{' and '.join(contexts)}: putting {size.replies:,} replies there")
        with ThreadPoolExecutor() as both:
            filling = {name: both.submit(_filled, context, size) for name, context in contexts.items()}
            filled = {name: one.result() for name, one in filling.items()}
        for name, (_, seconds) in filled.items():
            yield Line(f"{size.replies:,} replies, {size.snapshots:,} counts, {name}: to put there", seconds, "s")
        for name, context in contexts.items():
            try:
                yield from _measured(context, name, size, filled[name][0], say)
            finally:
                context.database.close()


class Saying:
    """Says on standard error what is being done, and how many seconds after the start."""

    def __init__(self) -> None:
        self._begun = self._said = time.perf_counter()

    def __call__(self, what: str) -> None:
        self._said = time.perf_counter()
        print(f"[{_since(self._begun):6.0f} s] {what}", file=sys.stderr, flush=True)

    def now_and_then(self, what: str) -> None:
        """The same, unless something was said within the last 15 seconds."""
        if _since(self._said) > 15:
            self(what)


def _filled(context: Context, size: Size) -> tuple[list[int], float]:
    """The neighbourhoods, and how many seconds it took."""
    context.clock = SettableClock(NOW)
    begun = time.perf_counter()
    return fill(context.database, size), _since(begun)


def _measured(context: Context, name: str, size: Size, places: list[int], say: Saying) -> Iterator[Line]:
    say(f"{name}: a rebuild of facts from nothing")
    begun = time.perf_counter()
    rebuild_facts(context, lambda done, of: say.now_and_then(f"{name}: {done:,} of {of:,} publications rebuilt"))
    yield Line(f"{name}: facts of {size.posts:,} posts rebuilt from nothing", _since(begun), "s")
    begun = time.perf_counter()
    weeks, _ = pack_weeks(context), fold_weeks(context)
    yield Line(f"  {weeks} weeks packed and added up", _since(begun), "s")
    _at_rest(context)
    gc.collect()
    gc.freeze()  # as the app does at its start: else every tenth question waits for a look at all that was ever loaded
    say(f"{name}: questions")
    yield from _asked(context, questions(places), plain_questions(places), say)
    say(f"{name}: {ARRIVING:,} replies arrive")
    yield from _arriving(context, size)


def _since(begun: float) -> float:
    return time.perf_counter() - begun


def _at_rest(context: Context) -> None:
    """What PostgreSQL does by itself some minutes after so much came at once, had it been let."""
    statements = ["ANALYZE"] if context.database.is_sqlite else ["VACUUM ANALYZE", "CHECKPOINT"]
    with context.database.engine.connect() as connection:
        at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in statements:
            at_once.exec_driver_sql(statement)


def _asked(context: Context, asked: dict[str, Asked], plain: dict[str, Asked], say: Saying) -> Iterator[Line]:
    first, spent = [], 0.0
    for name, ask in asked.items():
        taken, worked = zip(*(_timed(context, ask, turn) for turn in range(ROUNDS)), strict=True)
        first.append(taken[0])
        steps = quantiles(taken[1:], n=20)
        without = _without(context, plain[name]) if name in plain and spent < WITHOUT_IN_ALL else []
        spent += sum(without)
        if name in plain and not without:
            say(f"no time left to ask without facts: {name}")
        beside = f"without facts, asked {len(without)}x" if without else ""
        yield Line(f"  {name}, p50", steps[9], "ms", None, beside, median(without) if without else None)
        yield Line(f"  {name}, p95", steps[18], "ms", GOAL, "the longest of these", max(without, default=None))
        yield Line("    processor time of the asking process, p50", median(worked[1:]), "ms")
        say.now_and_then(f"asked: {name}")
    yield Line("  the slowest of them, asked for the first time", max(first), "ms")


def _without(context: Context, ask: Asked) -> list[float]:
    """As often as there is time for, once at the least."""
    taken: list[float] = []
    while not taken or (len(taken) < ROUNDS_WITHOUT and sum(taken) < PATIENCE):
        taken.append(_timed(context, ask, len(taken))[0])
    return taken


def _timed(context: Context, ask: Asked, turn: int) -> tuple[float, float]:
    """Milliseconds, and how many of them this process worked."""
    with context.database.read() as session:
        begun, worked = time.perf_counter(), time.process_time()
        ask(session, turn)
        return _since(begun) * 1000, (time.process_time() - worked) * 1000


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
