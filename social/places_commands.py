"""The commands about a force's own map: bring it in, look at it."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from social import area_commands, police_data_commands, priority_commands
from social.context import Context
from social.operators import KEEPER, acting

if TYPE_CHECKING:
    from social.places_import import TeamsReport


def add_import(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `import teams`, `import populations` and `import boundaries`."""
    area_commands.add_imports(group, open_)

    @group.command("teams")
    def teams(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8) with division, section and team.")],
        force: Annotated[str | None, typer.Option(help="Whose teams; not needed where there is one force.")] = None,
        population: Annotated[
            Path | None, typer.Option(help="CSV file (UTF-8) with name, population, year and source.")
        ] = None,
        move: Annotated[bool, typer.Option("--move", help="Move areas that lie elsewhere by now.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")] = False,
        by: Annotated[str, typer.Option(help="E-mail address of whoever looks after the map.")] = KEEPER,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Take the force's teams into its map: all rows or none; a second time adds nothing."""
        from social.places_import import import_teams

        context = open_()
        report = import_teams(
            context, file, acting(context, by), force=force, population=population, move=move, dry_run=dry_run
        )
        if as_json:
            typer.echo(json.dumps({**asdict(report), "dry_run": dry_run}, ensure_ascii=False))
        else:
            _tell(report, dry_run)


def places_group(cli: typer.Typer) -> typer.Typer:
    """The group `beatline places`, to which each part of Beatline adds what it knows of areas; made at the first call."""
    for known in cli.registered_groups:
        if known.name == "places" and known.typer_instance is not None:
            return known.typer_instance
    group = typer.Typer(no_args_is_help=True, help="The force's areas and what is known of them.")
    cli.add_typer(group, name="places")
    return group


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places list`, `boundaries`, `police-data`, `refresh` and `priority`."""
    group = places_group(cli)
    area_commands.add_commands(group, open_)
    police_data_commands.add_commands(group, open_)
    priority_commands.add_commands(group, open_)

    @group.command("list")
    def list_(
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Show the areas, each below what it lies in, with residents and whether a boundary is known."""
        from social.places_list import listed_places

        with open_().database.read() as session:
            found = listed_places(session)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
            return
        if not found:
            typer.echo("No area yet. Run `beatline import teams FILE --force NAME`.")
        for one in found:
            typer.echo("  " * one.depth + one.said)


def _tell(report: "TeamsReport", dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    typer.echo(
        f"{report.rows} rows read for {report.force}; {would}added: {report.divisions} divisions, "
        f"{report.sections} sections, {report.teams} teams. Populations that {'would change' if dry_run else 'changed'}: "
        f"{report.populations}."
    )
    if report.middles:
        typer.echo(f"Middles of areas that {'would change' if dry_run else 'changed'}: {report.middles}.")
    for name in report.taken_over:
        typer.echo(f"'{name}' was known from posts; it {'would become' if dry_run else 'is'} the team, with its posts.")
    for one in report.moved:
        typer.echo(f"The {one.kind} '{one.name}' {would}moved from '{one.before}' to '{one.after}'.")
    for name in report.shared:
        typer.echo(f"More than one area is called '{name}': choose it in a list, its name alone does not tell.")
