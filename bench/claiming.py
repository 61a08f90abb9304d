"""What it costs to take entries when very many are finished: nothing that grows."""

import statistics
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bench.filling import fill, home
from scheduler import queue
from social.context import Context

ACCOUNTS, TIMES = 64, 15

_NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {})"


def claim_costs(finished: Mapping[Path, int]) -> list[float]:
    """Seconds to take one entry of each of 64 accounts, median, on SQLite, in homes with so many finished ones each;
    they take turns."""
    homes = [_filled(folder, count) for folder, count in finished.items()]
    took: list[list[float]] = [[] for _ in homes]
    for _ in range(TIMES):
        for number, context in enumerate(homes):
            took[number].append(_claimed(context))
    for context in homes:
        context.database.close()
    return [statistics.median(times) for times in took]


def _filled(folder: Path, finished: int) -> Context:
    context = home(folder, claim_batch=ACCOUNTS)
    fill(context, ACCOUNTS, ACCOUNTS * TIMES, context.clock.now() - timedelta(seconds=5), base_url="", channel="memory")
    _finish(context, finished)
    return context


def _claimed(context: Context) -> float:
    begun = time.perf_counter()
    claims = queue.claim(context, "bench")
    took = time.perf_counter() - begun
    assert len(claims) == ACCOUNTS
    with context.database.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE entry SET state = 'published', worker = NULL WHERE state = 'publishing'"
        )
    return took


def _finish(context: Context, count: int) -> None:
    """So many more posts, long published, by the database itself."""
    with context.database.write() as session:
        say = session.connection().exec_driver_sql
        for table in ("post", "entry"):
            columns = [row[1] for row in say(f"PRAGMA table_info({table})").all()]
            values = {name: name for name in columns}
            offset = say("SELECT max(id) FROM post").scalar() if table == "post" else None
            first = say(f"SELECT max(id) FROM {table}").scalar()
            values["id"] = f"{first} + n"
            if table == "post":
                start = offset
            else:
                values |= {"post_id": f"{start} + n", "state": "'published'", "account_id": f"1 + n % {ACCOUNTS}"}
            say(
                f"{_NUMBERS.format(count)} INSERT INTO {table} ({', '.join(columns)}) "
                f"SELECT {', '.join(values[name] for name in columns)} FROM number, (SELECT * FROM {table} LIMIT 1)"
            )
        say("ANALYZE")
