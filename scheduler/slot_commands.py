"""`beatline slots`: moments of the week that posts are planned into by name."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from scheduler.recurrence_commands import fold_given, time_given
from scheduler.recurrence_rules import DAYS
from social.context import Context
from social.errors import InputError


def add_slots(
    cli: typer.Typer, open_: Callable[[], Context], person_named: Callable[[Context, str], Any], operator: str
) -> None:
    """Add `slots add|list|remove`.  person_named: whoever has that address.  operator: who acts by default."""
    group = typer.Typer(help="Name moments of the week to plan posts into.", no_args_is_help=True)
    cli.add_typer(group, name="slots")
    by_option = typer.Option(help="E-mail address of whoever decides it.")

    @group.command()
    def add(
        name: Annotated[str, typer.Argument(help="What people call it, such as lunchtime.")],
        days: Annotated[str, typer.Option(help="Weekdays parted by commas, such as monday,friday.")],
        at: Annotated[str, typer.Option(help="When, UK time, such as 12:15.")],
        which_hour: Annotated[str | None, typer.Option(help="Of an hour that comes twice: first or second.")] = None,
        by: Annotated[str, by_option] = operator,
    ) -> None:
        """Name a moment of the week. `beatline plan --slot NAME` takes the next one that is free."""
        from scheduler.named_slots import add_slot

        context = open_()
        add_slot(context, name, _days(days), time_given(at), person_named(context, by), fold_given(which_hour))
        typer.echo(f"The slot '{name.strip()}' is kept.")

    @group.command("list")
    def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
        """Show the slots."""
        from scheduler.named_slots import in_words, list_slots

        with open_().database.read() as session:
            slots = {slot.name: in_words(slot) for slot in list_slots(session)}
        if as_json:
            typer.echo(json.dumps(slots, ensure_ascii=False))
            return
        for name, words in slots.items():
            typer.echo(f"{name}: {words}")
        if not slots:
            typer.echo("No slot yet. Run `beatline slots add --help`.")

    @group.command()
    def remove(
        name: Annotated[str, typer.Argument(help="Name of the slot.")], by: Annotated[str, by_option] = operator
    ) -> None:
        """Forget a slot. What was planned into it keeps its time."""
        from scheduler.named_slots import remove_slot

        context = open_()
        remove_slot(context, name, person_named(context, by))
        typer.echo(f"The slot '{name}' is gone.")


def _days(text: str) -> tuple[int, ...]:
    names = [day.lower() for day in DAYS]
    given = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in given if word not in names]
    if unknown:
        raise InputError(f"'{unknown[0]}' is no day of the week. Give days such as monday,friday.")
    return tuple(names.index(word) for word in given)
