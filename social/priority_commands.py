"""The commands about priorities of areas: which there are and how old, add one, end one (M15)."""

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer

from social.context import Context
from social.errors import InputError
from social.operators import OPERATOR, acting

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever looks after the area's profile.")]


def add_commands(places: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `places priority list`, `add` and `end`."""
    group = typer.Typer(no_args_is_help=True, help="What areas asked their police to work on.")
    places.add_typer(group, name="priority")

    @group.command("list")
    def list_(
        area: Annotated[str, typer.Option(help="Of one area and what lies in it; its name.")] = "",
        ended: Annotated[bool, typer.Option("--ended", help="Those that have ended as well.")] = False,
        as_json: _JSON = False,
    ) -> None:
        """Show priorities, the latest first, with those older than 90 days marked."""
        from social.clock import as_local
        from social.places import area_called, list_places, places_within
        from social.priorities import is_old, priorities_of

        context = open_()
        with context.database.read() as session:
            inside = set(session.exec(places_within(area_called(session, area).id or 0))) if area else None
            found = priorities_of(session, inside, ended=ended)
            names = {place.id: place.name for place in list_places(session)}
        today = as_local(context.clock.now()).date()
        rows = [
            {**one.model_dump(mode="json"), "area": names.get(one.place_id), "old": is_old(one, today)} for one in found
        ]
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            age = {True: ", OLDER THAN 90 DAYS", False: "", None: ", of unknown age"}[row["old"]]
            since = f"since {row['issued_on']}" if row["issued_on"] else "no day"
            end = f", ended {row['ended_at'][:10]}" if row["ended_at"] else ""
            typer.echo(f"{row['id']}  {row['area']}: {row['issue']} ({since}{age}{end}; {row['source']})")
        if not rows:
            typer.echo("No priority is on record.")

    @group.command("add")
    def add(
        area: Annotated[str, typer.Argument(metavar="AREA", help="Whose priority; its name.")],
        issue: Annotated[str, typer.Argument(metavar="ISSUE", help="What residents raised.")],
        since: Annotated[str, typer.Option(help="Since when, such as 2026-03-13; today without it.")] = "",
        action: Annotated[str, typer.Option(help="What was done about it.")] = "",
        acted: Annotated[str, typer.Option(help="When that was, such as 2026-03-20.")] = "",
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Enter a priority of an area."""
        from social.clock import as_local
        from social.places import area_called
        from social.priorities_writing import PriorityInput, put_priority

        context = open_()
        with context.database.read() as session:
            place_id = area_called(session, area).id or 0
        issued = _day(since) or as_local(context.clock.now()).date()
        number = put_priority(context, acting(context, by), PriorityInput(place_id, issue, issued, action, _day(acted)))
        typer.echo(json.dumps({"id": number}) if as_json else f"Priority {number} of {area} is on record.")

    @group.command("end")
    def end(
        number: Annotated[int, typer.Argument(metavar="NUMBER", help="Its number, as `priority list` shows it.")],
        by: _BY = OPERATOR,
        as_json: _JSON = False,
    ) -> None:
        """Say that it is no priority any more; it is kept with what was done."""
        from social.priorities_writing import end_priority

        context = open_()
        end_priority(context, acting(context, by), number)
        typer.echo(json.dumps({"id": number, "ended": True}) if as_json else f"Priority {number} has ended.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InputError(f"'{text}' is no day. Write it as 2026-03-13.") from None
