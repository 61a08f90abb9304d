"""The commands that bring in what is known of areas from files: residents and boundaries; and hand boundaries out."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social.context import Context
from social.errors import InputError
from social.operators import KEEPER, acting

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever looks after the map.")]
_DRY = Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")]


def add_imports(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `import populations` and `import boundaries`."""

    @group.command("populations")
    def populations(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8) with name, population and year.")],
        source: Annotated[
            str, typer.Option(help="Who counted or estimated them, where no column 'source' says so.")
        ] = "",
        force: Annotated[str | None, typer.Option(help="Whose areas; not needed where there is one force.")] = None,
        dry_run: _DRY = False,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Set the residents of areas, with year and source: all rows or none."""
        from social.populations import import_populations

        context = open_()
        rows, changed = import_populations(
            context, file, acting(context, by), source=source, force=force, dry_run=dry_run
        )
        if as_json:
            typer.echo(json.dumps({"rows": rows, "changed": changed, "dry_run": dry_run}))
        else:
            typer.echo(f"{rows} rows read. Populations that {'would change' if dry_run else 'changed'}: {changed}.")

    @group.command("boundaries")
    def boundaries(
        file: Annotated[Path, typer.Argument(help="GeoJSON file in degrees (WGS 84), one feature an area.")],
        source: Annotated[str, typer.Option(help="Who drew them, such as 'force GIS, 2026'.")],
        name: Annotated[str, typer.Option(help="The property of a feature that holds the area's name.")] = "name",
        dry_run: _DRY = False,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Take boundaries of areas from a GeoJSON file: all features or none."""
        from social.boundaries_import import import_boundaries

        context = open_()
        report = import_boundaries(context, file, acting(context, by), source=source, name=name, dry_run=dry_run)
        if as_json:
            typer.echo(json.dumps({**asdict(report), "dry_run": dry_run}))
            return
        would = "would be " if dry_run else ""
        typer.echo(f"{report.features} features read; {would}added: {report.added}, {would}changed: {report.changed}, "
                   f"as they were: {report.unchanged}.")  # fmt: skip


def add_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places boundaries`."""

    @group.command("boundaries")
    def boundaries_out(
        out: Annotated[Path, typer.Option(help="The GeoJSON file to write; it must not be there yet.")],
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Write every boundary into a GeoJSON file, with the credit that open data asks for."""
        from social.boundaries_import import take_boundaries

        context = open_()
        found, number = take_boundaries(context, acting(context, by))
        try:
            with out.open("x", encoding="utf-8") as file:
                json.dump(found, file, ensure_ascii=False)
        except OSError as error:
            raise InputError(f"{out} cannot be written: {error.strerror}. Give the name of a new file.") from error
        done = {"file": str(out), "boundaries": number}
        typer.echo(json.dumps(done) if as_json else f"{number} boundaries are in {out}.")
