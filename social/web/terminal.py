"""What long work shows on a terminal: a progress bar while it runs, a table at its end, an address once it answers."""

import http.client
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Tell = Callable[[str, int, int], None]
"""Called with the step's name, how much of it is done, and how much there is."""


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """A bar on stderr, one line for each step; nothing at all where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield tell


def print_report(report: Mapping[str, Any]) -> None:
    """The demo's report for people: counts, then one row for each content type. What was not reported is said so."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    counts = Table(show_header=False, box=None)
    for name in ("published", "refused", "replies_collected", "readings", "duplicates", "seconds"):
        counts.add_row(name.replace("_", " ").capitalize(), str(report.get(name, "")))
    console.print(counts)
    table = Table("Content type", "Posts", "Reach, median", "Engagement rate", "Critical", "Neutral", "Supportive")
    for kind, row in report.get("by_content_type", {}).items():
        moods = row["sentiment"]
        shares = [_percent(share) for share in (row["engagement_rate"], *(moods[m] for m in _MOODS))]
        table.add_row(kind or "not sorted", str(row["posts"]), _count(row["reach"]), *shares)
    console.print(table)


_MOODS = ("negative", "neutral", "positive")


def _percent(share: float | None) -> str:
    return "not reported" if share is None else f"{share:.1%}"


def _count(number: float | None) -> str:
    return "not reported" if number is None else f"{number:,.0f}"


def when_up(host: str, port: int, message: str, stop: threading.Event, *, patience: float = 60.0) -> threading.Thread:
    """Say the message on stderr as soon as the app answers at that address; say nothing when it never does."""

    def watch() -> None:
        waited = 0.0
        while waited < patience and not stop.wait(0.2):
            waited += 0.2
            if answers(host, port):
                print(message, file=sys.stderr, flush=True)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def answers(host: str, port: int) -> bool:
    """Whether the app's own health address answers there."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
