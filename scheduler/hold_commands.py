"""`beatline hold on|off|list`: the pause switch for whoever sits at the machine (R31, R35, R37, R38)."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from social.context import Context
from social.errors import InputError

Open = Callable[[], Context]
PersonOf = Callable[[Context, str], Any]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def add_hold(cli: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    """Add `hold on`, `hold off` and `hold list`.  person_of: the person with that e-mail address."""
    group = typer.Typer(no_args_is_help=True)
    cli.add_typer(group, name="hold", help="Hold posts back, and let them go on.")
    _add_on(group, open_, person_of, operator)
    _add_off(group, open_, person_of, operator)
    _add_list(group, open_)


def _add_on(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command("on")
    def on(
        kind: Annotated[
            str, typer.Option(help="critical_incident, mourning, pre_election, serious_incident or stop_all.")
        ] = "stop_all",
        area: Annotated[
            str | None, typer.Option(help="Division, section, team or neighbourhood; none: the force.")
        ] = None,
        from_: Annotated[str | None, typer.Option("--from", help="When it begins, UK time; none: now.")] = None,
        until: Annotated[str | None, typer.Option(help="When it ends, UK time; none: when it is released.")] = None,
        reason: Annotated[str | None, typer.Option(help="Why; everybody sees it.")] = None,
        names: Annotated[str | None, typer.Option(help="Before a poll: the candidates, parted by commas.")] = None,
        by: Annotated[str, typer.Option(help="E-mail address of whoever decided it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Hold posts back, from now or from a time to come."""
        from scheduler.hold_kinds import KINDS, HoldKind, kind_named
        from scheduler.holds import Order, area_named, place_hold
        from social.near_words import suggestion

        chosen = kind_named(kind)
        if chosen is None:
            raise InputError(f"'{kind}' is no kind of hold. {suggestion(kind, [k.value for k in HoldKind])}")
        for given, option in ((area, "--area"), (reason, "--reason"), (names, "--names")):
            if given is not None and not given.strip():  # an unset shell variable must not mean the whole force
                raise InputError(f"{option} is empty. Fill it in or leave it out.")
        context = open_()
        with context.database.read() as session:
            place_id = area_named(session, area) if area is not None else None
        order = Order(
            kind=chosen,
            reason=reason or KINDS[chosen].suggested,
            place_id=place_id,
            starts_at=_instant(from_),
            ends_at=_instant(until),
            names="\n".join((names or "").split(",")),
        )
        hold_id = place_hold(context, order, person_of(context, by))
        _say(context, hold_id, as_json)


def _add_off(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command("off")
    def off(
        hold_id: Annotated[int, typer.Argument(metavar="ID", help="Number of the hold.")],
        reason: Annotated[str, typer.Option(help="Why it ends; everybody sees it.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever decided it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Release a hold. Each post that it stopped then waits for a yes."""
        from scheduler.hold_rules import hold_numbered
        from scheduler.holds import release_hold

        context = open_()
        with context.database.read() as session:
            hold_numbered(session, hold_id)  # before whoever decided it is written down
        release_hold(context, hold_id, person_of(context, by), reason)
        _say(context, hold_id, as_json)


def _add_list(group: typer.Typer, open_: Open) -> None:
    @group.command("list")
    def list_(as_json: _Json = False) -> None:
        """List the holds in force, planned, or over within 30 days, and how many posts wait for a yes."""
        from scheduler.hold_views import hold_views
        from scheduler.holds import stopped_posts

        context = open_()
        now = context.clock.now()
        with context.database.read() as session:
            holds = hold_views(session, now)
            waiting = [post.post_id for post in stopped_posts(session, now) if post.still is None]
        if as_json:
            typer.echo(json.dumps([hold.as_json() for hold in holds], ensure_ascii=False))
            return
        if not holds:
            typer.echo("No hold is in force, planned, or over within 30 days.")
        else:
            table = Table("id", "kind", "area", "stands", "from", "until", "reason", "by")
            for hold in holds:
                table.add_row(*map(escape, hold.as_row()))
            Console().print(table)
        if waiting:
            numbers = ", ".join(map(str, waiting))
            typer.echo(f"Waiting for a yes after a hold, on the Holds page: posts {numbers}.")


def _instant(text: str | None) -> Any:
    from scheduler.slots import parse_local, to_instant

    return to_instant(*parse_local(text)) if text is not None else None


def _say(context: Context, hold_id: int, as_json: bool) -> None:
    from scheduler.hold_views import hold_view
    from scheduler.holds import stopped_posts

    now = context.clock.now()
    with context.database.read() as session:
        hold = hold_view(session, hold_id, now)
        stopped = [post for post in stopped_posts(session, now) if post.hold_id == hold_id]
    if as_json:
        typer.echo(json.dumps({**hold.as_json(), "stopped": len(stopped)}, ensure_ascii=False))
        return
    count = "1 post" if len(stopped) == 1 else f"{len(stopped)} posts"
    waits = "waits for a yes" if len(stopped) == 1 else "wait for a yes"
    rest = f"{count} {waits}." if hold.over else f"It stops {hold.stops}. {count} held at once."
    typer.echo(f"Hold {hold_id} ({hold.label}, {hold.area}) is {hold.standing}. {rest}")
