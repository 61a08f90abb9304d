"""The part of the command line that deals with leads: the desks that take them, which there are, and their numbers.

No command prints what a resident wrote: whoever needs the words opens the page, where looking is on record (R24)."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from social.clock import as_local
from social.context import Context
from social.desks import Desk, add_desk, close_desk, list_desks
from social.errors import InputError
from social.handing_off import hand_off, note_receipt
from social.lead_counts import LeadCount, lead_counts
from social.lead_views import list_leads
from social.leads import STATE_WORDS, LeadState, normal_reference, open_lead, say_outcome
from social.operators import KEEPER, OPERATOR, acting
from social.places import Place, places_named

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]
_NUMBER = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the lead, as in the list.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `leads list|counts|open|hand-off|receipt|used|not-used` and `leads desks list|add|close`."""
    group = typer.Typer(help="Replies that may help an enquiry, and the desks that take them.", no_args_is_help=True)
    cli.add_typer(group, name="leads")
    _add_looking(group, open_)
    _add_moves(group, open_)
    desks = typer.Typer(help="The desks that take leads.", no_args_is_help=True)
    group.add_typer(desks, name="desks")
    _add_desks(desks, open_)


def _add_looking(group: typer.Typer, open_: Callable[[], Context]) -> None:
    @group.command("list")
    def list_(
        state: Annotated[str | None, typer.Option(help="Only these: new, handed_off, used or not_used.")] = None,
        appeal: Annotated[str | None, typer.Option(help="Only those of the appeal with this reference.")] = None,
        as_json: _JSON = False,
    ) -> None:
        """Show the leads by appeal, without what anybody wrote."""
        if state is not None and state not in {one.value for one in LeadState}:
            raise InputError(f"There is no state '{state}'. States: {', '.join(one.value for one in LeadState)}.")
        context = open_()
        with context.database.read() as session:
            leads = list_leads(
                session, context.vault, states=[state] if state else None,
                reference=normal_reference(appeal) if appeal else None, limit=10_000,
            )  # fmt: skip
        rows = [
            {
                "lead": lead.id, "appeal": lead.reference, "state": lead.state, "area": lead.place, "desk": lead.desk,
                "written": lead.written_at.isoformat(), "attachments": len(lead.attachments),
                "receipt": lead.receipt, "purge_at": lead.purge_at.isoformat(),
            }
            for lead in leads
        ]  # fmt: skip
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for lead in leads:
            desk = f", {lead.desk}" if lead.desk else ""
            typer.echo(f"{lead.id}  {lead.reference or 'no appeal'}  {STATE_WORDS[LeadState(lead.state)]}{desk}  "
                       f"written {as_local(lead.written_at):%d %b %H:%M}")  # fmt: skip
        if not rows:
            typer.echo("There are no leads.")

    @group.command()
    def counts(as_json: _JSON = False) -> None:
        """Show what came of each appeal in numbers: leads, handed off, used, hours to the first lead (M07)."""
        with open_().database.read() as session:
            found = lead_counts(session)
        if as_json:
            typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            typer.echo(_in_words(one))
        if not found:
            typer.echo("No reply was made a lead yet.")


def _in_words(one: LeadCount) -> str:
    hours = (
        f"{one.hours_to_first:.1f} hours to the first" if one.hours_to_first is not None else "no hours to the first"
    )
    leads = f"{one.leads} {'lead' if one.leads == 1 else 'leads'}"
    return (f"{one.reference or 'no appeal'}: {leads}, {one.handed_off} handed off, {one.used} used, "
            f"{one.waiting} waiting, {hours}")  # fmt: skip


def _add_moves(group: typer.Typer, open_: Callable[[], Context]) -> None:
    @group.command("open")
    def open_one(
        reply: Annotated[int, typer.Argument(metavar="REPLY", help="Number of the reply, as on the page Replies.")],
        appeal: Annotated[
            str | None, typer.Option(help="Reference of its appeal; left out, the one of the post it stands under.")
        ] = None,
        by: _BY = OPERATOR,
    ) -> None:
        """Make a resident's reply a lead."""
        context = open_()
        number = open_lead(context, acting(context, by), reply, reference=appeal)
        typer.echo(f"Reply {reply} is lead {number}.")

    @group.command("hand-off")
    def hand_off_one(
        number: _NUMBER,
        desk: Annotated[str, typer.Option(help="Name of the desk that takes it.")],
        note: Annotated[str, typer.Option(help="What the desk should know.")] = "",
        receipt: Annotated[str | None, typer.Option(help="The desk's number for it, if it is known already.")] = None,
        by: _BY = OPERATOR,
    ) -> None:
        """Hand a lead to a desk; its time until it is purged begins."""
        context = open_()
        lead = hand_off(context, acting(context, by), number, desk, note, receipt)
        typer.echo(f"Lead {number} is with {lead.desk}. It is purged on {as_local(lead.purge_at):%d %B %Y}.")

    @group.command("receipt")
    def receipt_for(
        number: _NUMBER,
        receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="The desk's number for it.")],
        by: _BY = OPERATOR,
    ) -> None:
        """Note the desk's receipt for a lead, with the time."""
        context = open_()
        note_receipt(context, acting(context, by), number, receipt)
        typer.echo(f"The receipt for lead {number} is noted.")

    @group.command("used")
    def used(number: _NUMBER, by: _BY = OPERATOR) -> None:
        """Note that the enquiry used a lead."""
        _outcome(open_(), number, by, used=True)

    @group.command("not-used")
    def not_used(number: _NUMBER, by: _BY = OPERATOR) -> None:
        """Note that nothing came of a lead."""
        _outcome(open_(), number, by, used=False)


def _outcome(context: Context, number: int, by: str, *, used: bool) -> None:
    say_outcome(context, acting(context, by), number, used=used)
    typer.echo(f"Lead {number}: {STATE_WORDS[LeadState.USED if used else LeadState.NOT_USED].lower()}.")


def _add_desks(group: typer.Typer, open_: Callable[[], Context]) -> None:
    @group.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show the desks that take leads."""
        with open_().database.read() as session:
            rows = [_shown(desk, session.get(Place, desk.place_id) if desk.place_id else None)
                    for desk in list_desks(session)]  # fmt: skip
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            typer.echo(f"{row['name']}  {row['area'] or 'the whole force'}  {row['email'] or 'told by nobody'}")
        if not rows:
            typer.echo("No desk takes leads yet. `beatline leads desks add` names one.")

    @group.command()
    def add(
        name: Annotated[str, typer.Argument(metavar="NAME", help="What people call the desk.")],
        email: Annotated[str | None, typer.Option(help="Address that is told that a lead waits, and no more.")] = None,
        area: Annotated[str | None, typer.Option(help="Whose leads it takes; left out means the whole force.")] = None,
        by: _BY = KEEPER,
    ) -> None:
        """Name a desk that takes leads."""
        context = open_()
        desk = add_desk(context, acting(context, by), name, email=email, place_id=_place(context, area))
        typer.echo(f"The desk '{desk.name}' takes leads.")

    @group.command()
    def close(
        name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the desk.")],
        by: _BY = KEEPER,
    ) -> None:
        """The desk takes no more leads; what was handed to it stays on record."""
        context = open_()
        desk = close_desk(context, acting(context, by), name)
        typer.echo(f"The desk '{desk.name}' takes no more leads.")


def _shown(desk: Desk, place: Place | None) -> dict[str, Any]:
    return {"name": desk.name, "email": desk.email, "area": place.name if place is not None else None}


def _place(context: Context, name: str | None) -> int | None:
    """The area of that name; None for none given.  Raises InputError where it is no place, or more than one."""
    if name is None:
        return None
    with context.database.read() as session:
        found = places_named(session, name)
    if len(found) != 1:
        raise InputError(f"'{name}' names {len(found) or 'no'} places here. Give the name of one area, as on the map.")
    return found[0].id
