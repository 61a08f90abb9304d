"""The command that brings in the register of community pages."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social.context import Context
from social.operators import OPERATOR, acting
from social.places_commands import places_group


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places pages`."""

    @places_group(cli).command("pages")
    def pages(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8) with area, name, channel and address.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")] = False,
        by: Annotated[str, typer.Option(help="E-mail address of whoever looks after profiles.")] = OPERATOR,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Take community pages into the register: all rows or none; a second time adds nothing twice."""
        from social.community_pages_import import import_pages

        context = open_()
        report = import_pages(context, file, acting(context, by), dry_run=dry_run)
        if as_json:
            typer.echo(json.dumps({**asdict(report), "dry_run": dry_run}))
            return
        would = "would be " if dry_run else ""
        typer.echo(f"{report.rows} rows read; pages {would}added: {report.added}, {would}changed: {report.changed}, "
                   f"as they were: {report.same}.")  # fmt: skip
