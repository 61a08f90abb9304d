"""What a page of Replies costs where a million replies are kept, ten thousand of them open.

The tables are filled by the database itself; what is measured are the very functions that the page calls."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlmodel import Session

from bench.lines import Line
from social.copying import facts_as_copied
from social.database import Database
from social.desk_counts import count_desk
from social.inbox import MOST_COUNTED, conversation, count_replies, list_replies, reply_view
from social.inbox_query import State, Wanted

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
REPLIES, OPEN, POSTS, PER_PAGE = 1_000_000, 10_000, 4_000, 25
GOAL = 50.0
"""Milliseconds for what one page asks of the database."""

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last})"


def fill(database: Database, *, replies: int = REPLIES, open_: int = OPEN, posts: int = POSTS) -> None:
    """A force with that many replies over 90 days, of which so many, spread over all of them, are open.

    One in 200 open ones is an emergency, one in 20 a lead, one in 5 a question or complaint."""
    every = max(1, replies // open_)
    start = (NOW - timedelta(days=90)).timestamp()
    step = 90 * 86_400 / replies
    with database.write() as session, ExitStack() as stack:
        run = session.connection().exec_driver_sql
        stack.enter_context(facts_as_copied(session.connection()))  # no figure is asked for here
        run("INSERT INTO account (id, name, channel, credentials_sealed, added_at, state) "
            "VALUES (1, 'bench', 'memory', x'', '2026-01-01 00:00:00', 'active')")  # fmt: skip
        run(
            "INSERT INTO place (id, name, kind) VALUES (1, 'Hexley Moor', 'neighbourhood'), (2, 'Copperbeck', 'neighbourhood')"
        )
        run(f"{_NUMBERS.format(last=posts)} INSERT INTO publication (id, account_id, platform_id, text, published_at, "
            "content_type, content_type_guessed, place_id, has_picture, imported) "
            "SELECT i, 1, 'p' || i, 'A post about the market', '2026-05-01 00:00:00', '', 0, 1 + i % 2, 0, 0 FROM n")  # fmt: skip
        kind = (f"CASE WHEN i / {every} % 200 = 0 THEN 0 WHEN i / {every} % 20 = 1 THEN 1 "
                f"WHEN i / {every} % 5 = 2 THEN 2 ELSE 3 END")  # fmt: skip
        run(f"{_NUMBERS.format(last=replies)} INSERT INTO interaction (id, account_id, publication_id, platform_id, "
            "parent_platform_id, kind, text, ours, created_at, fetched_at, purpose, retention, hidden, unread, urgency, "
            f"done_at) SELECT i, 1, 1 + i % {posts}, 'r' || i, 'p' || (1 + i % {posts}), 'reply', "
            "'What time does the market open on Tuesday?', 0, "
            f"strftime('%Y-%m-%d %H:%M:%f', {start} + i * {step}, 'unixepoch') || '000', '2026-05-31 00:00:00', "
            f"'engagement', 'raw_reply', 0, 0, {kind}, "
            f"CASE WHEN i % {every} = 0 THEN NULL ELSE '2026-05-31 00:00:00' END FROM n")  # fmt: skip
        run(f"{_NUMBERS.format(last=replies)} INSERT INTO reading (interaction_id, version, stance, p_negative, "
            "p_neutral, p_positive, kind, kind_p, lang, lang_p, read_at) SELECT i, 'bench', "
            "CASE i % 3 WHEN 0 THEN 'negative' WHEN 1 THEN 'neutral' ELSE 'positive' END, 0.2, 0.6, 0.2, "
            f"CASE ({kind}) WHEN 0 THEN 'emergency' WHEN 1 THEN 'lead' WHEN 2 THEN 'question' "
            "ELSE CASE i % 7 WHEN 0 THEN 'abuse' WHEN 1 THEN 'other' WHEN 2 THEN 'thanks' ELSE 'banter' END END, "
            "0.9, 'en', 0.9, '2026-05-31 00:00:00' FROM n")  # fmt: skip


def looks() -> dict[str, Callable[[Session], object]]:
    """What people do on the page, by what it is called."""
    open_, areas = Wanted(State.OPEN), frozenset({2})
    month = NOW - timedelta(days=28)

    def page(wanted: Wanted, number: int = 1) -> Callable[[Session], object]:
        def look(session: Session) -> object:
            count_replies(session, wanted)
            return list_replies(session, wanted, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)

        return look

    def opened(session: Session) -> object:
        reply = reply_view(session, REPLIES // 2 // 100 * 100)
        return conversation(session, reply) if reply is not None else None

    return {
        "the first page": page(open_),
        "the fortieth page": page(open_, MOST_COUNTED // PER_PAGE),
        "one area's people": page(Wanted(State.OPEN, areas=areas)),
        "questions that are overdue": page(Wanted(State.OPEN, kinds=("question",), overdue_at=NOW)),
        "critical abuse": page(Wanted(State.OPEN, kinds=("abuse",), stances=("negative",))),
        "a flag that none has": page(Wanted(State.OPEN, flags=("welfare",))),
        "closed in the last 28 days": page(Wanted(State.CLOSED, since=month)),
        "the numbers above the list": lambda session: count_desk(session, open_, NOW, 1),
        "the numbers above a filtered list": lambda session: count_desk(
            session, Wanted(State.OPEN, kinds=("abuse",), stances=("negative",)), NOW, 1
        ),
        "one reply in its thread": opened,
    }


def costs(database: Database, rounds: int = 5) -> dict[str, float]:
    """Milliseconds for each look: the middle of a few rounds, each with a session of its own."""
    found = {}
    for name, look in looks().items():
        taken = []
        for _ in range(rounds):
            with database.read() as session:
                started = time.perf_counter()
                look(session)
                taken.append((time.perf_counter() - started) * 1000)
        found[name] = median(taken)
    return found


def measure() -> Iterator[Line]:
    """One line for each look at a million replies, on SQLite."""
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(f"sqlite:///{Path(scratch) / 'beatline.sqlite'}")
        try:
            database.migrate()
            fill(database)
            for name, taken in costs(database).items():
                yield Line(f"replies, {name}", taken, "ms", GOAL)
        finally:
            database.close()


if __name__ == "__main__":
    for line in measure():
        print(line, flush=True)
