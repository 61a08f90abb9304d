"""A week of a force with 200 posts and 50,000 replies, lived by a clock that is moved, with every trouble there is: does
Beatline end with exactly the network's replies, each once, and within its budget?

    python -m bench.week [small] [sqlite] [postgresql]

small: the size of the test suite.  Without a database it is lived on both; with one, the week alone is."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import storing
from bench.lines import Line
from tests.postgresql import Server
from tests.week.week import FULL, SMALL, Outcome, Size, Week, troubles_of

NOTHING = float("nan")
_MEMORY, _ENOUGH = Path("/dev/shm"), 500_000_000


DATABASES = ("sqlite", "postgresql")


def measure(size: Size = FULL) -> Iterator[Line]:
    """What a second stores, then the week on both databases; every line as soon as it is known."""
    yield from storing.measure()
    for database in DATABASES:
        yield from lived(size, database)


def lived(size: Size, database: str) -> Iterator[Line]:
    """One week, in memory where there is a disk in it: tens of thousands of waits for the real disk tell nothing of what
    is tried here.  database: one of DATABASES."""
    if database == "sqlite":
        yield from _lived(size, "SQLite", None)
        return
    server = Server()
    server.start()
    try:
        yield from _lived(size, "PostgreSQL", server.new_database())
    finally:
        server.remove()


def _lived(size: Size, name: str, url: str | None) -> Iterator[Line]:
    """url: None for a file of SQLite's."""
    memory = _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH else None
    with tempfile.TemporaryDirectory(prefix="beatline-week-", dir=memory) as scratch:
        folder = Path(scratch)
        (folder / "home").mkdir(mode=0o700)
        week = Week(folder, url or f"sqlite:///{folder / 'home/beatline.sqlite'}", size)
        begun = time.perf_counter()
        outcome = week.run()
        seconds = time.perf_counter() - begun
    yield Line(f"a week of {size.posts} posts on {name}: {troubles_of(week.unrest)}", NOTHING, "")
    yield Line("  promises that were not kept", len(outcome.wrong), "wrong", 1)
    for sentence in outcome.wrong:
        yield Line(f"    {sentence}", NOTHING, "")
    yield from _counts(outcome, size)
    yield Line("  seconds for the week, the network's own work included", seconds, "s")


def _counts(outcome: Outcome, size: Size) -> Iterator[Line]:
    yield Line("  replies that residents wrote", outcome.said, "")
    yield Line("  there at the end, each stored once, in its last words", outcome.there, "")
    yield Line("    of these changed by their authors", outcome.changed, "")
    yield Line("  taken back, and marked as gone here", outcome.marked_gone, "")
    yield Line("  times the worker was killed (SIGKILL)", outcome.deaths, "")
    for name, count in sorted(outcome.reconnected.items()):
        yield Line(f"  times a person connected {name} again", count, "")
    yield Line("  times X's token was renewed", outcome.renewed, "")
    for (network, purpose), count in sorted(outcome.asked.items()):
        yield Line(f"  requests to {network}: {purpose}", count, "")
    yield Line("  requests beyond X's limits", outcome.too_many, "")
    yield Line("  pence spent on X, as counted", outcome.spent, "", None, "the budget", size.x_pence)
    yield Line("  pence that X would bill", outcome.sold, "")


def asked_for(words: list[str]) -> Iterator[Line]:
    """The lines that the words of the command line ask for.  Raises SystemExit for a word that is none of them."""
    if unknown := set(words) - {"small", *DATABASES}:
        sys.exit(f"{', '.join(sorted(unknown))} is not known. {__doc__}")
    size = SMALL if "small" in words else FULL
    chosen = [database for database in DATABASES if database in words]
    return (line for database in chosen for line in lived(size, database)) if chosen else measure(size)


if __name__ == "__main__":
    kept = True
    for line in asked_for(sys.argv[1:]):
        kept &= line.met
        print(line, flush=True)
    sys.exit(0 if kept else 1)
