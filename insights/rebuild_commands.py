"""`beatline insights rebuild`."""

import json
import sys
import time
from collections.abc import Callable
from typing import Annotated

import typer

from social.context import Context


def add_insights_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `rebuild` to `beatline insights`."""

    @group.command()
    def rebuild(
        as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    ) -> None:
        """Work all kept figures out from nothing. Nobody has to stop meanwhile; run again, it goes on where it stood."""
        _rebuild(open_(), as_json)


def _rebuild(context: Context, as_json: bool) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from insights.folds import fold_weeks
    from insights.keeping import rebuild_facts
    from insights.packs import pack_weeks

    begun = time.monotonic()
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("Working figures out", total=None)
        posts = rebuild_facts(context, lambda done, total: bar.update(task, completed=done, total=total))
        fold_weeks(context)
        weeks = pack_weeks(context)
    seconds = time.monotonic() - begun
    if as_json:
        typer.echo(json.dumps({"publications": posts, "weeks_packed": weeks, "seconds": round(seconds, 1)}))
    else:
        typer.echo(f"Worked out the figures of {posts:,} publications in {seconds:.0f} seconds.")
