"""`beatline insights coverage` and `insights mix`, and `beatline places target`: the same figures as the page Areas."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from social.context import Context
from social.errors import InputError
from social.operators import KEEPER, OPERATOR, acting
from social.places_commands import places_group

Open = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_AREA = Annotated[str, typer.Option(help="Of one area and what lies in it; its name.")]
_OUT = Annotated[Path | None, typer.Option("--csv", help="Write the table to this new file as well.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever decides it.")]
_WEEKS = 12


def add_insights_commands(group: typer.Typer, open_: Open) -> None:
    """Add `insights coverage` and `insights mix`."""

    @group.command("coverage")
    def coverage_(area: _AREA = "", out: _OUT = None, as_json: _JSON = False) -> None:
        """Show areas with no post in 14 days, priorities older than 90 days, and whether officers can be contacted."""
        from insights.coverage import coverage, old_priorities
        from insights.coverage_tables import COVERAGE_COLUMNS, coverage_row, coverage_sentences
        from social.open_data_credit import credit_for

        context = open_()
        with context.database.read() as session:
            place_id = _place(session, area)
            found = coverage(session, context.clock.now(), place_id)
            old = old_priorities(session, context.clock.now(), place_id)
            credit = credit_for(session, [one.place_id for one in found.areas])
        rows = [coverage_row(one) for one in found.areas]
        if out is not None:
            _write(context, out, rows, COVERAGE_COLUMNS, "coverage", credit)
        if as_json:
            counts = {name: getattr(found, name) for name in ("silent", "with_old_priorities", "without_priorities",
                      "named_officer", "no_named_officer", "officer_unknown")}  # fmt: skip
            said = {**asdict(found), **counts, "old_priorities": [asdict(one) for one in old], "credit": credit}
            typer.echo(json.dumps(said, ensure_ascii=False, default=str))
            return
        _print(rows, COVERAGE_COLUMNS, coverage_sentences(found))
        for one in old:
            typer.echo(f"Old: {one.area}, since {one.issued_on} ({one.days} days): {one.issue}")
        if credit:
            typer.echo(credit)

    @group.command("mix")
    def mix_(
        area: _AREA = "",
        weeks: Annotated[int, typer.Option(help="How many weeks back.", min=1, max=520)] = _WEEKS,
        out: _OUT = None,
        as_json: _JSON = False,
    ) -> None:
        """Show what is posted about, as shares of posts, against what the force means to post."""
        from insights.content_mix import content_mix
        from insights.coverage_tables import MIX_COLUMNS, mix_headline, mix_row

        context = open_()
        now = context.clock.now()
        with context.database.read() as session:
            found = content_mix(session, _place(session, area), now - timedelta(weeks=weeks), now)
        rows = [mix_row(row) for row in found.rows]
        if out is not None:
            _write(context, out, rows, MIX_COLUMNS, "content-mix", None)
        if as_json:
            typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        else:
            _print(rows, MIX_COLUMNS, [mix_headline(found)])


def add_places_commands(cli: typer.Typer, open_: Open) -> None:
    """Add `places target set` and `places target clear`."""
    group = typer.Typer(no_args_is_help=True, help="What share of posts is to be of which kind.")
    places_group(cli).add_typer(group, name="target")

    @group.command("set")
    def set_(
        area: Annotated[str, typer.Argument(metavar="AREA", help="Whose posts; its name.")],
        kind: Annotated[str, typer.Argument(metavar="KIND", help="A kind of post, or 'light' for all light ones.")],
        least: Annotated[float, typer.Option(help="Least share, in per cent of posts.", min=0, max=100)] = 0,
        most: Annotated[float, typer.Option(help="Largest share, in per cent of posts.", min=0, max=100)] = 100,
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Say what share of an area's posts is to be of one kind; it holds for what lies in the area as well."""
        from social.content_targets import set_target

        context = open_()
        set_target(context, acting(context, by), _wanted(context, area), kind, least / 100, most / 100)
        done = {"area": area, "kind": kind, "least": least / 100, "most": most / 100}
        typer.echo(json.dumps(done, ensure_ascii=False) if as_json else f"{area}: {kind} from {least:g} to {most:g} %.")

    @group.command("clear")
    def clear(
        area: Annotated[str, typer.Argument(metavar="AREA", help="Whose posts; its name.")],
        kind: Annotated[str, typer.Argument(metavar="KIND", help="A kind of post, or 'light'.")],
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Take a target back."""
        from social.content_targets import clear_target

        context = open_()
        clear_target(context, acting(context, by), _wanted(context, area), kind)
        done = {"area": area, "kind": kind}
        typer.echo(json.dumps(done, ensure_ascii=False) if as_json else f"{area}: no target for {kind} any more.")


def _wanted(context: Context, name: str) -> int:
    with context.database.read() as session:
        found = _place(session, name)
    if found is None:
        raise InputError("Give the name of an area.")
    return found


def _place(session: Any, name: str) -> int | None:
    from social.places import area_called

    return area_called(session, name).id if name else None


def _write(
    context: Context,
    out: Path,
    rows: Sequence[dict[str, object]],
    columns: Sequence[str],
    what: str,
    credit: str | None,
) -> None:
    from insights.coverage_tables import as_csv
    from social.exports import record_export

    try:
        with out.open("xb") as file:
            file.write(as_csv(rows, columns, [credit]))
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}. Give the name of a new file.") from error
    record_export(context, acting(context, KEEPER), what, len(rows))


def _print(rows: Sequence[dict[str, object]], columns: Sequence[str], sentences: Sequence[str]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Column, Table

    for sentence in sentences:
        typer.echo(sentence)
    if rows:
        broad = [max(map(len, name.split())) for name in columns]
        table = Table(
            *(Column(name, overflow="fold", min_width=width) for name, width in zip(columns, broad, strict=True))
        )
        for row in rows:
            table.add_row(*(escape(str(row[column])) for column in columns))
        console = Console()
        (console if console.is_terminal else Console(width=140)).print(table)
