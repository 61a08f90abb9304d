"""The commands that take residents in from a file and write them into one."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from social.context import Context
from social.errors import InputError
from social.given_file import new_private_file
from social.operators import OPERATOR, acting

if TYPE_CHECKING:
    from social.alerts.residents_import import ImportedResidents

OpenContext = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever looks after residents.")]


def add_import(group: typer.Typer, open_: OpenContext) -> None:
    """Add `import subscribers`."""

    @group.command("subscribers")
    def subscribers(
        file: Annotated[
            Path, typer.Argument(help="CSV file (UTF-8) with a resident a row; docs/alerts.md has the columns.")
        ],
        skip_bad: Annotated[
            bool, typer.Option("--skip-bad", help="Leave bad rows out instead of keeping nothing.")
        ] = False,
        ask: Annotated[
            bool, typer.Option("--ask", help="Send those without a consent on record the message that asks them.")
        ] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")] = False,
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Take residents of another alert system in; nobody who left comes back, and a second time adds nobody."""
        from social.alerts.residents_import import import_residents
        from social.csv_file import content_of
        from social.web.terminal import progress_bar

        context = open_()
        with progress_bar() as tell:
            report = import_residents(
                context, content_of(file), file.name, acting(context, by), skip_bad=skip_bad, ask=ask, dry_run=dry_run,
                progress=partial(tell, "Taking residents in"),
            )  # fmt: skip
        if as_json:
            typer.echo(json.dumps({**asdict(report), "dry_run": dry_run}, ensure_ascii=False))
        else:
            _tell(report, dry_run)


def _tell(report: "ImportedResidents", dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    typer.echo(f"{report.rows:,} rows read. {would}added: {report.confirmed:,} members, {report.unconfirmed:,} without a "
               f"consent on record, who count once they confirm. Members already: {report.known:,}. "
               f"Had left and stay so: {report.left:,}. Bad rows left out: {len({one.row for one in report.bad}):,}."
               .replace(". w", ". W").replace(". a", ". A"))  # fmt: skip
    for problem in report.bad:
        typer.echo(str(problem), err=True)


def add_commands(cli: typer.Typer, open_: OpenContext) -> None:
    """Add `alerts export` and `alerts status`."""
    group = typer.Typer(help="The alert service: its residents, and how far sending is.", no_args_is_help=True)
    cli.add_typer(group, name="alerts")

    @group.command()
    def export(
        out: Annotated[Path, typer.Option(help="File to write, which must not be there yet.")],
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Write every member with address and choices into a CSV file that only you can read."""
        from social.alerts.residents_export import export_residents
        from social.web.terminal import progress_bar

        context = open_()
        if out.exists() or not out.parent.is_dir():
            raise InputError(f"{out} cannot be written: give the name of a new file in a folder that is there.")
        with progress_bar() as tell:
            text, count = export_residents(context, acting(context, by), partial(tell, "Writing residents"))
        new_private_file(out, text)
        if as_json:
            typer.echo(json.dumps({"file": str(out), "residents": count}))
        else:
            typer.echo(
                f"{count:,} members in {out}. It holds their addresses: keep it safe, and delete it when it has served."
            )

    @group.command()
    def status(
        mailing: Annotated[
            int | None, typer.Argument(help="Number of one alert; none shows the last fortnight's.")
        ] = None,
        as_json: _JSON = False,
    ) -> None:
        """Show how far each alert is: how many were sent, wait, came back, and of which nobody knows."""
        from social.alerts.sending_status import mailing_statuses

        context = open_()
        with context.database.read() as session:
            found = mailing_statuses(session, context.clock.now(), mailing)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], default=str))
            return
        for one in found:
            counts = ", ".join(f"{count:,} {state}" for state, count in sorted(one.states.items())) or "nobody to tell"
            typer.echo(f"Alert {one.mailing_id}{' (taken back)' if one.stopped else ''}: {counts}.")
            if one.unknown:
                typer.echo(f"  Nobody knows of messages {', '.join(map(str, one.unknown))}. They are not sent again.")
        if not found:
            typer.echo(
                "No alert went out in the last fortnight." if mailing is None else f"There is no alert {mailing}."
            )
