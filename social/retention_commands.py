"""The command that forgets what is over its time."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from social.context import Context

if TYPE_CHECKING:
    from social.purging import Purger, PurgeReport

OpenContext = Callable[[], Context]
Besides = Callable[[], "Sequence[Purger]"]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def add_commands(cli: typer.Typer, open_: OpenContext, besides: Besides = tuple) -> None:
    """Add `purge`.  besides: what other slices forget, imported when the command runs."""

    @cli.command()
    def purge(
        only: Annotated[
            list[str] | None, typer.Option("--class", help="Only this class of records; may be given again.")
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is due and change nothing.")] = False,
        by: Annotated[
            str | None, typer.Option(help="E-mail address of whoever asks; must be allowed to erase.")
        ] = None,
        as_json: _JSON = False,
    ) -> None:
        """Forget what is over its time, class by class. The worker does so every hour by itself."""
        from social.operators import acting
        from social.purging import purge as forget
        from social.web.terminal import progress_bar

        context = open_()
        person = acting(context, by) if by is not None else None
        with progress_bar() as tell:
            report = forget(context, dry_run=dry_run, classes=only or None, by=person, besides=besides(),
                            progress=partial(tell, "Forgetting"))  # fmt: skip
        if as_json:
            typer.echo(json.dumps(_document(context, report)))
        else:
            _say(context, report)


def _document(context: Context, report: "PurgeReport") -> dict[str, Any]:
    from social.retention import CLASSES

    return {
        "dry_run": report.dry_run,
        "classes": {
            key: {"records": records, "days": CLASSES[key].days(context.settings)}
            for key, records in report.counts.items()
        },
        "kept": [{"class": one.retention, one.subject[0]: one.subject[1], "why": one.why} for one in report.kept],
        "wiped": report.wiped,
    }


def _say(context: Context, report: "PurgeReport") -> None:
    from social.retention import CLASSES

    verb = "would be forgotten" if report.dry_run else "forgotten"
    for key, records in report.counts.items():
        one = CLASSES[key]
        typer.echo(
            f"{key:22} {records:>9,} {verb}  ({one.label}: {one.days(context.settings)} days from {one.counts_from})"
        )
    for kept in report.kept:
        typer.echo(f"Not forgotten: {kept.subject[0]} {kept.subject[1]}, {kept.why}.", err=True)
    if not report.wiped:
        typer.echo("The database's file could not be wiped just now; the worker does it with its next purge.", err=True)
