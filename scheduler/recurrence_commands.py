"""`beatline recurrences`: posts that come again."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, time
from typing import Annotated, Any

import typer

from scheduler.recurrence_rules import DAYS, LAST, Rule, in_words
from social.clock import as_local
from social.context import Context
from social.errors import InputError

_WHICH = {"first": 0, "second": 1}


def add_recurrences(
    cli: typer.Typer, open_: Callable[[], Context], person_named: Callable[[Context, str], Any], operator: str
) -> None:
    """Add `recurrences add|list|stop`.  person_named: whoever has that address.  operator: who acts by default."""
    group = typer.Typer(help="Let posts come again every week or month.", no_args_is_help=True)
    cli.add_typer(group, name="recurrences")

    @group.command()
    def add(
        post: Annotated[int, typer.Argument(metavar="POST", help="Number of the post that comes again.")],
        on: Annotated[str, typer.Option(help="A weekday, such as monday; a day of the month, 1 to 28; or last.")],
        at: Annotated[str, typer.Option(help="When, UK time, such as 09:30.")],
        start: Annotated[str | None, typer.Option(help="First day, such as 2026-06-01; today if left out.")] = None,
        until: Annotated[str | None, typer.Option(help="Last day; without it there is no end.")] = None,
        which_hour: Annotated[str | None, typer.Option(help="Of an hour that comes twice: first or second.")] = None,
        by: Annotated[str, typer.Option(help="E-mail address of whoever plans it.")] = operator,
    ) -> None:
        """Let a post come again. Each time is a post of its own and needs the approval of its kind."""
        from scheduler.recurrences import add_recurrence

        context = open_()
        today = as_local(context.clock.now()).date()
        weekday, month_day = _day(on)
        rule = Rule(
            time_given(at),
            _date(start, "--start") or today,
            weekday,
            month_day,
            fold_given(which_hour),
            _date(until, "--until"),
        )
        number = add_recurrence(context, post, rule, person_named(context, by))
        typer.echo(f"Recurrence {number}: post {post} comes again. {in_words(rule)}.")

    @group.command("list")
    def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
        """Show what comes again, and what was missed."""
        from scheduler.recurrences import list_recurrences

        with open_().database.read() as session:
            rows = list_recurrences(session)
        if as_json:
            typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
            return
        for row in rows:
            state = f"{row.planned} planned" if row.running else "stopped"
            typer.echo(f"{row.id}  post {row.post_id}  {row.words}  ({state}, by {row.by})")
            for missed in row.missed:
                typer.echo(f"    {missed}")
        if not rows:
            typer.echo("Nothing comes again. Run `beatline recurrences add --help`.")

    @group.command()
    def stop(
        number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the recurrence, as in the list.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever stops it.")] = operator,
    ) -> None:
        """Plan no more of it. What is planned already stays in the queue."""
        from scheduler.recurrences import stop_recurrence

        context = open_()
        stop_recurrence(context, number, person_named(context, by))
        typer.echo(f"Recurrence {number} has stopped. Discard what is planned of it where it should not go out.")


def _day(text: str) -> tuple[int | None, int | None]:
    given = text.strip().lower()
    names = [day.lower() for day in DAYS]
    if given in names:
        return names.index(given), None
    if given == "last":
        return None, LAST
    if re.fullmatch(r"\d{1,2}", given) and 1 <= int(given) <= 28:
        return None, int(given)
    raise InputError(f"'{text}' is no day. Give a weekday such as monday, a day of the month from 1 to 28, or last.")


def time_given(text: str) -> time:
    """A time of day as people write it.  Raises InputError."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text.strip()):
        raise InputError(f"'{text}' is no time of day. Give one such as 09:30.")
    return time.fromisoformat(text.strip())


def _date(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"'{text}' is no day. Give {option} as 2026-06-01.") from None


def fold_given(text: str | None) -> int | None:
    """Which of two hours; None when it was not said.  Raises InputError."""
    if text is None:
        return None
    if text not in _WHICH:
        raise InputError("Of an hour that comes twice, give first or second.")
    return _WHICH[text]
