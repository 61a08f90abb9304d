"""`beatline report`: one report into one file, from the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insights.reports.request import FORMAT_NAMES, Format, Kind, Request, campaign_called, format_of, last_weeks
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.operators import OPERATOR, acting
from social.places import Place, area_called

if TYPE_CHECKING:
    from sqlmodel import Session


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `report`."""

    @cli.command()
    def report(
        kind: Annotated[Kind, typer.Argument(help="quarterly, campaign, meeting, partners or briefing.")],
        out: Annotated[Path, typer.Option(help="The file: its ending says whether .html, .pdf, .docx or .xlsx.")],
        area: Annotated[str, typer.Option(help="Name or number of the area; without it the whole force.")] = "",
        since: Annotated[str, typer.Option("--from", help="First day, such as 2026-07-01.")] = "",
        until: Annotated[str, typer.Option("--to", help="Last day, such as 2026-09-30.")] = "",
        campaign: Annotated[str, typer.Option(help="Which campaign an assessment is of: its name or title.")] = "",
        format_: Annotated[
            str, typer.Option("--format", help="html, pdf, docx or xlsx, against the file's ending.")
        ] = "",
        by: Annotated[str, typer.Option(help="E-mail address of whoever takes it.")] = OPERATOR,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document about the file.")] = False,
    ) -> None:
        """Make a report of an area or of a campaign: web page, PDF, Word or spreadsheet."""
        try:
            wanted = format_of(out, format_ or None)
        except InputError as error:
            raise typer.BadParameter(str(error), param_hint="--format" if format_ else "--out") from error
        context = open_()
        with context.database.read() as session:
            request = _request(session, kind, area, since, until, campaign, as_local(context.clock.now()).date())
        _make(context, request, wanted, out, by, as_json)


def _request(session: "Session", kind: Kind, area: str, since: str, until: str, campaign: str, today: date) -> Request:
    first, last = last_weeks(today)
    last = _day(until, "--to") or last
    first = _day(since, "--from") or min(first, last)
    return Request(
        kind, first, last, _area(session, area) if area else None,
        campaign_called(session, campaign) if campaign else None,
    )  # fmt: skip


def _make(context: Context, request: Request, format_: Format, out: Path, by: str, as_json: bool) -> None:
    from insights.reports.writing import make_report

    made = make_report(context, acting(context, by), request, format_)
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}. Give another file with --out.") from error
    if as_json:
        told = {"kind": request.kind, "title": made.document.title, "period": made.document.period,
                "as_of": made.document.as_of, "format": format_, "file": str(out), "bytes": len(made.content)}  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{made.document.title}, {made.document.period}: {FORMAT_NAMES[format_]} in {out}.")


def _area(session: "Session", name: str) -> int:
    """By its number where it is one that there is: several areas may have one name."""
    if name.isascii() and name.isdecimal() and len(name) < 12 and session.get(Place, int(name)) is not None:
        return int(name)
    return area_called(session, name).id or 0


def _day(text: str, option: str) -> date | None:
    """The day, None for ''.  Wrong use when it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no day. Give one such as 2026-07-01.", param_hint=option) from error
