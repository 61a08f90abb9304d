"""The part of the command line that looks after people."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from social import people, sign_in_links
from social.context import Context
from social.errors import InputError
from social.operators import KEEPER, acting
from social.places import Place, list_places
from social.staff import Person, Role

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_EMAIL = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]
_ROLE = Annotated[Role, typer.Option("--role", help="What they may do; docs/people.md has the table.")]
_AREAS = Annotated[list[str] | None, typer.Option("--area", help="Name of an area they act for; may be repeated.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the administrator who decided it.")]
_WHY = Annotated[str, typer.Option(help="Why; the record keeps it.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `people add|list|role|areas|shut-out|let-in|link`."""
    group = typer.Typer(help="Say who works with Beatline and what each may do.", no_args_is_help=True)
    cli.add_typer(group, name="people")
    _add_looking(group, open_)
    _add_changes(group, open_)
    _add_access(group, open_)


def _add_looking(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    @cli.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show everybody, with role and areas."""
        with open_().database.read() as session:
            rows = people.list_people(session)
        if as_json:
            typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
            return
        for row in rows:
            where = ", ".join(row.areas) or "the whole force"
            state = "" if row.active else "  (shut out)"
            typer.echo(f"{row.email}  {row.name}  {row.role.replace('_', ' ')}, {where}{state}")
        if not rows:
            typer.echo("Nobody yet. Run `beatline people add --help`.")


def _add_changes(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    @cli.command()
    def add(
        email: _EMAIL,
        role: _ROLE,
        name: Annotated[str, typer.Option(help="Name as colleagues see it; made from the address if left out.")] = "",
        area: _AREAS = None,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Add a person."""
        context = open_()
        number = people.add_person(
            context, acting(context, by), email=email, name=name, role=role, areas=_places(context, area or ())
        )
        _tell(context, number, "Added", as_json)

    @cli.command("role")
    def role_(email: _EMAIL, role: _ROLE, reason: _WHY = "", by: _BY = KEEPER, as_json: _JSON = False) -> None:
        """Give a person another role, from their next click on."""
        context = open_()
        person = _person(context, email)
        people.change_role(context, acting(context, by), person, role, reason=reason)
        _tell(context, person, "Changed", as_json)

    @cli.command()
    def areas(
        email: _EMAIL,
        area: _AREAS = None,
        everywhere: Annotated[bool, typer.Option("--everywhere", help="For the whole force.")] = False,
        reason: _WHY = "",
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Say which areas a person acts for, with all that lies below them. It takes the place of those before."""
        if bool(area) == everywhere:
            raise typer.BadParameter("give one or more areas, or --everywhere", param_hint="--area")
        context = open_()
        person = _person(context, email)
        people.set_areas(context, acting(context, by), person, _places(context, area or ()), reason=reason)
        _tell(context, person, "Changed", as_json)


def _add_access(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    @cli.command("shut-out")
    def shut_out(email: _EMAIL, reason: _WHY, by: _BY = KEEPER, as_json: _JSON = False) -> None:
        """Let a person in no more, from their next click on."""
        context = open_()
        person = _person(context, email)
        people.shut_out(context, acting(context, by), person, reason=reason)
        _tell(context, person, "Shut out", as_json)

    @cli.command("let-in")
    def let_in(email: _EMAIL, reason: _WHY = "", by: _BY = KEEPER, as_json: _JSON = False) -> None:
        """Let a person in again, with the role and the areas of before."""
        context = open_()
        person = _person(context, email)
        people.let_in(context, acting(context, by), person, reason=reason)
        _tell(context, person, "Let in", as_json)

    @cli.command()
    def link(
        email: Annotated[
            str | None, typer.Argument(metavar="[EMAIL]", help="Whose; without it, the first administrator's.")
        ] = None,
        by: _BY = KEEPER,
        as_json: _JSON = False,
    ) -> None:
        """Print a one-time link with which a person chooses a password. Whoever has it can use it: hand it over safely."""
        context = open_()
        if email is None:
            address = sign_in_links.link_for_first_administrator(context)
            if address is None:
                raise InputError("There is an administrator already. Name the person whom the link is for.")
        else:
            address = sign_in_links.link_for(context, acting(context, by), _person(context, email))
        hours = context.settings.link_hours
        typer.echo(
            json.dumps({"email": email, "link": address, "hours": hours})
            if as_json
            else f"{address}\nIt works once, within {hours:g} hours."
        )


def set_up_hint(context: Context) -> str | None:
    """What `beatline run` says on a new installation; None once there is an administrator or others sign people in."""
    if context.settings.sign_in not in ("auto", "local"):
        return None
    address = sign_in_links.link_for_first_administrator(context)
    if address is None:
        return None
    return f"To have people sign in, become the first administrator (this link works once): {address}"


def _person(context: Context, email: str) -> int:
    with context.database.read() as session:
        return people.person_with_address(session, email).id or 0


def _places(context: Context, names: Sequence[str]) -> list[int]:
    with context.database.read() as session:
        known: dict[str, list[Place]] = {}
        for place in list_places(session):
            known.setdefault(place.name.casefold(), []).append(place)
    found: list[int] = []
    for name in names:
        places = known.get(name.strip().casefold(), [])
        if len(places) != 1:
            raise InputError(
                f"'{name}' names {len(places) or 'no'} areas. Give the name of one area as Beatline has it."
            )
        found.append(places[0].id or 0)
    return found


def _tell(context: Context, number: int, verb: str, as_json: bool) -> None:
    with context.database.read() as session:
        person = session.get_one(Person, number)
        (row,) = [row for row in people.list_people(session) if row.id == person.id]
    where = ", ".join(row.areas) or "the whole force"
    told: dict[str, Any] = asdict(row)
    typer.echo(
        json.dumps(told, ensure_ascii=False)
        if as_json
        else f"{verb}: {row.name} ({row.email}), {row.role.replace('_', ' ')}, {where}."
    )
