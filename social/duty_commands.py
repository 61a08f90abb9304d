"""The part of the command line that deals with duty: who is told of an emergency, when accounts are watched, 'seen'."""

import json
from collections.abc import Callable
from datetime import datetime, time
from typing import Annotated, Any

import typer

from social.accounts import account_named, list_accounts
from social.clock import as_local
from social.context import Context
from social.duty import contact_lists, hours_of, set_contacts, set_hours
from social.duty_hours import parse_spans, spans_in_words
from social.duty_seen import moment_today, open_emergencies, say_not_emergency, say_passed
from social.duty_test import send_test
from social.errors import InputError
from social.operators import KEEPER, OPERATOR, acting
from social.places import places_named

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]
_AREA = Annotated[str | None, typer.Option(help="Name of the area; left out means the whole force.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `duty list|set|hours|test|seen`."""
    group = typer.Typer(
        help="Who is told of emergencies, round the clock, and who has seen them.", no_args_is_help=True
    )
    cli.add_typer(group, name="duty")
    _add_looking(group, open_)
    _add_setting(group, open_)

    @group.command()
    def seen(
        number: Annotated[
            int, typer.Argument(metavar="NUMBER", help="Number of the call, as in the message and the list.")
        ],
        passed: Annotated[bool, typer.Option("--passed", help="It was passed to the control room.")] = False,
        at: Annotated[str, typer.Option(help="When it was passed, such as 03:12; left out means now.")] = "",
        reference: Annotated[str, typer.Option(help="The control room's reference.")] = "",
        not_an_emergency: Annotated[str, typer.Option(help="It is none, and this is why.")] = "",
        by: _BY = OPERATOR,
    ) -> None:
        """Say that somebody has seen an emergency and what came of it; no more messages go out about it."""
        if passed == bool(not_an_emergency):
            raise typer.BadParameter("say either --passed or --not-an-emergency TEXT")
        context = open_()
        person = acting(context, by)
        if passed:
            say_passed(context, number, person, at=_moment(context, at) if at else None, reference=reference)
        else:
            say_not_emergency(context, number, person, not_an_emergency)
        typer.echo(f"{person.name} has seen call {number}. No more messages go out about it.")


def _add_looking(group: typer.Typer, open_: Callable[[], Context]) -> None:
    @group.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show emergencies that nobody has seen, the duty contacts in their order, and when accounts are watched."""
        context = open_()
        with context.database.read() as session:
            shown: dict[str, list[dict[str, Any]]] = {
                "emergencies": [
                    {"number": one.call_id, "account": one.account, "why": one.why, "reply": one.interaction_id,
                     "written": _local(one.written_at), "opened": _local(one.opened_at), "told": one.told}
                    for one in open_emergencies(session)
                ],
                "contacts": [
                    {"area": area.place or "the whole force", "order": order, "name": one.name, "address": one.address,
                     "by_text": one.phone_sealed is not None}
                    for area in contact_lists(session) for order, one in enumerate(area.contacts, start=1)
                ],
                "hours": _hours(session, [account.name for account in list_accounts(session)]),
            }  # fmt: skip
        if as_json:
            typer.echo(json.dumps(shown, ensure_ascii=False))
            return
        for one in shown["emergencies"]:
            typer.echo(f"Call {one['number']}: {one['why']}, on {one['account']}, written {one['written']}, "
                       f"told {one['told']} times, seen by nobody.")  # fmt: skip
        if not shown["emergencies"]:
            typer.echo("No emergency waits for somebody.")
        for one in shown["contacts"]:
            too = ", by text too" if one["by_text"] else ""
            typer.echo(f"{one['area']}, {one['order']}: {one['name']} <{one['address']}>{too}")
        if not shown["contacts"]:
            typer.echo("Nobody is set as duty contact. `beatline duty set` does.")
        for one in shown["hours"]:
            typer.echo(f"{one['account']} is watched: {', '.join(one['hours']) or 'nobody has said when'}")

    @group.command()
    def test(area: _AREA = None, by: _BY = KEEPER) -> None:
        """Send a test message to every duty contact of an area, and say what became of each."""
        context = open_()
        results = send_test(context, _place(context, area), acting(context, by))
        for address, result in results:
            typer.echo(f"{address}: {result}")
        if any(result != "sent" for _, result in results):
            raise InputError("Not every message was taken. Look at the mail server's settings and the addresses.")


def _add_setting(group: typer.Typer, open_: Callable[[], Context]) -> None:
    @group.command("set")
    def set_(
        contacts: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[CONTACT]...", help="E-mail addresses of staff, or 'Desk <address>', first told first."
            ),
        ] = None,
        area: _AREA = None,
        nobody: Annotated[bool, typer.Option("--nobody", help="Take the area's list away.")] = False,
        by: _BY = KEEPER,
    ) -> None:
        """Say who is told of emergencies, in order. It takes the place of the area's list of before."""
        if bool(contacts) == nobody:
            raise typer.BadParameter("give one or more contacts, or --nobody")
        context = open_()
        set_contacts(context, _place(context, area), contacts or [], acting(context, by))
        where = f"for {area}" if area else "for the whole force"
        typer.echo(
            f"Nobody is set {where} any more." if nobody else f"{len(contacts or [])} told {where}, in this order."
        )

    @group.command()
    def hours(
        account: Annotated[str, typer.Argument(help="Name of the account.")],
        spans: Annotated[
            list[str] | None, typer.Argument(metavar="[HOURS]...", help="Such as 'mon-fri 08:00-17:00', in local time.")
        ] = None,
        never: Annotated[bool, typer.Option("--never", help="Nobody watches it at any time.")] = False,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Say when somebody watches an account, or show what was said. Bank holidays are never watched."""
        context = open_()
        if spans and never:
            raise typer.BadParameter("give hours, or --never")
        if spans or never:
            set_hours(context, account, parse_spans(spans or []), acting(context, by))
        with context.database.read() as session:
            (shown,) = _hours(session, [account])
        said = ", ".join(shown["hours"]) or "never"
        typer.echo(json.dumps(shown, ensure_ascii=False) if as_json else f"{account} is watched: {said}")


def _hours(session: Any, names: list[str]) -> list[dict[str, Any]]:
    accounts = {name: account_named(session, name).id or 0 for name in names}
    found = hours_of(session, accounts.values())
    return [{"account": name, "hours": spans_in_words(found.get(number, ()))} for name, number in accounts.items()]


def _place(context: Context, name: str | None) -> int | None:
    if name is None:
        return None
    with context.database.read() as session:
        places = places_named(session, name)
    if len(places) != 1:
        raise InputError(f"'{name}' names {len(places) or 'no'} areas. Give the name of one area as Beatline has it.")
    return places[0].id


def _moment(context: Context, text: str) -> datetime:
    try:
        return moment_today(time.fromisoformat(text), context.clock.now())
    except ValueError:
        raise InputError(f"'{text}' is no time of day. Write it as 03:12.") from None


def _local(moment: datetime) -> str:
    return f"{as_local(moment):%Y-%m-%d %H:%M}"
