"""The commands about the awareness calendar: bring in a file of days, look ahead, type in dates."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.staff import Person

Open = Callable[[], Context]
PersonOf = Callable[[Context, str], Person]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def add_import(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    """Add `import awareness`.  person_of: who has that e-mail address.  operator: who acts when nobody is named."""

    @group.command("awareness")
    def awareness(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8); docs/awareness.md names its columns.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever keeps the calendar.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Take awareness days into the calendar: all rows or none; a second time changes nothing."""
        from scheduler.awareness_import import import_awareness

        context = open_()
        report = import_awareness(context, file, person_of(context, by))
        typer.echo(json.dumps(asdict(report)) if as_json else
                   f"{report.rows} rows read: {report.added} added, {report.changed} changed, {report.unchanged} as they were.")  # fmt: skip


def add_commands(cli: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    """Add `awareness list`, `awareness confirm` and `awareness withdraw`."""
    group = typer.Typer(no_args_is_help=True, help="Which days and weeks matter for what is posted.")
    cli.add_typer(group, name="awareness")
    _add_list(group, open_)
    _add_confirm(group, open_, person_of, operator)
    _add_withdraw(group, open_, person_of, operator)


def _add_list(group: typer.Typer, open_: Open) -> None:
    @group.command("list")
    def list_(
        since: Annotated[
            str | None, typer.Option("--from", help="First day, such as 2026-05-01; today without.")
        ] = None,
        days: Annotated[int, typer.Option(help="How many days from there on.", min=1, max=3660)] = 92,
        missing: Annotated[bool, typer.Option("--missing", help="Only what waits for a date or a yes.")] = False,
        as_json: _Json = False,
    ) -> None:
        """Show what is coming, and say which dates are still to be confirmed."""
        from scheduler.awareness import days_between, read_calendar
        from scheduler.awareness_dates import unsettled

        context = open_()
        start = _day(since) if since else as_local(context.clock.now()).date()
        with context.database.read() as session:
            calendar = read_calendar(session)
        found: list[Any] = (
            unsettled(calendar, start) if missing else days_between(calendar, start, start + timedelta(days))
        )
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
            return
        if not found:
            typer.echo("Nothing." if calendar else "The calendar is empty. Run `beatline import awareness FILE`.")
        for one in found:
            typer.echo(_missing_line(one) if missing else _line(one))


def _line(one: Any) -> str:
    until = f" to {one.last}" if one.last != one.first else ""
    sure = "" if one.confirmed else ", to be confirmed"
    return f"{one.first}{until}  {one.name} ({one.key}, {one.tone}{sure})"


def _missing_line(one: Any) -> str:
    usual = f"; usually in {' or '.join(MONTHS[month - 1] for month in one.months)}" if one.months else ""
    what = f"the pattern gives {one.proposed}" if one.proposed else f"no date is known{usual}"
    return f"{one.year}  {one.name} ({one.key}): {what}"


def _add_confirm(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command()
    def confirm(
        key: Annotated[str, typer.Argument(metavar="KEY", help="The day's key, as `awareness list` shows it.")],
        on: Annotated[str, typer.Option("--date", help="Its first day this time, such as 2026-06-15.")],
        days: Annotated[int | None, typer.Option(help="How many days this time; without it, as ever.")] = None,
        place: Annotated[str | None, typer.Option(help="Only for this area and what lies in it.")] = None,
        by: Annotated[str, typer.Option(help="E-mail address of whoever confirms it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Type in, or confirm, the date of one year. Announced days have no other way into the calendar."""
        from scheduler.awareness_dates import confirm_date
        from scheduler.holds import area_named

        context, start = open_(), _day(on)
        with context.database.read() as session:
            place_id = area_named(session, place) if place is not None else None
        done = confirm_date(context, key, start, person_of(context, by), days=days, place_id=place_id)
        typer.echo(
            json.dumps(asdict(done), ensure_ascii=False, default=str) if as_json else f"In the calendar: {_line(done)}"
        )


def _add_withdraw(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command()
    def withdraw(
        key: Annotated[str, typer.Argument(metavar="KEY", help="The day's key, as `awareness list` shows it.")],
        on: Annotated[str, typer.Option("--date", help="The date that was typed in.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever takes it back.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Take back a date that was typed in; the rule's own date, if it has one, counts again."""
        from scheduler.awareness_dates import withdraw_date

        context, start = open_(), _day(on)
        withdraw_date(context, key, start, person_of(context, by))
        done = {"key": key, "withdrawn": start.isoformat()}
        typer.echo(json.dumps(done) if as_json else f"{start} is taken back for '{key}'.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"'{text}' is no day. Write it as 2026-03-13.") from None
