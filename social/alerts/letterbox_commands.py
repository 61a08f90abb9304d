"""The part of the command line that deals with the letterbox: its password, reading it now, letters that no alert claims."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from social.alerts.letterbox import read_letterbox
from social.alerts.letterbox_people import put_under_alert, set_aside, waiting_letters
from social.alerts.sent_folder import open_sent_folder
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.mail_password import LETTERBOX, keep_password, password_in
from social.operators import KEEPER, OPERATOR, acting
from social.staff import Action, require

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]
_NUMBER = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the letter, as in the list.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `letterbox password|read|list|assign|drop`."""
    group = typer.Typer(help="The letterbox that residents' replies to alerts come to.", no_args_is_help=True)
    cli.add_typer(group, name="letterbox")

    @group.command()
    def password(
        file: Annotated[Path, typer.Option(help="File that holds the letterbox's password, and nothing else.")],
        by: _BY = KEEPER,
    ) -> None:
        """Keep the letterbox's password, sealed. Delete the file afterwards."""
        context = open_()
        text, person = password_in(file), acting(context, by)
        with context.database.write() as session:
            require(session, person, Action.MANAGE_ACCOUNTS)
            keep_password(session, context.vault, text, LETTERBOX)
        typer.echo("The password is sealed and kept. Delete the file.")

    @group.command()
    def read() -> None:
        """Read what is new now, as the worker does every minute."""
        context = open_()
        if not context.settings.imap_host:
            raise InputError("No letterbox is set. Give imap_host, imap_user and the password; see docs/alerts.md.")
        new = read_letterbox(context)
        typer.echo(f"{new} new {'letter' if new == 1 else 'letters'}.")
        if context.settings.imap_sent_folder:
            with open_sent_folder(context) as folder:
                folder.refresh()
            typer.echo("The folder of what the mail server took can be read.")

    @group.command("list")
    def list_(by: _BY = OPERATOR, as_json: _JSON = False) -> None:
        """Show the letters that no alert claims: emergencies first, then the oldest, fifty at a time."""
        context = open_()
        person = acting(context, by)
        with context.database.read() as session:
            letters = waiting_letters(context, session, person)
        if as_json:
            rows = [{"id": one.id, "arrived_at": one.arrived_at.isoformat(), "readable": one.readable, "text": one.text}
                    for one in letters]  # fmt: skip
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for one in letters:
            words = " ".join(one.text.split())[:200] if one.readable else "cannot be read; it lies in the letterbox"
            typer.echo(f"{one.id}  {as_local(one.arrived_at):%Y-%m-%d %H:%M}  {words}")
        if not letters:
            typer.echo("No letter waits.")

    @group.command()
    def assign(
        number: _NUMBER,
        alert: Annotated[int, typer.Option(help="Number of the alert that it is about.")],
        by: _BY = OPERATOR,
    ) -> None:
        """Say which alert a letter is about: it joins the replies there."""
        context = open_()
        put_under_alert(context, acting(context, by), number, alert)
        typer.echo(f"Letter {number} joins the replies to alert {alert} when the letterbox is read next.")

    @group.command()
    def drop(number: _NUMBER, by: _BY = OPERATOR) -> None:
        """Say that a letter is about no alert: its words are forgotten here; the letterbox keeps it."""
        context = open_()
        set_aside(context, acting(context, by), number)
        typer.echo(f"Letter {number} is set aside.")
