"""The part of the command line that deals with alarms: what is open, saying that it was seen, the mail server's password."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from social.account_care import see_alarm
from social.alarms import Alarm, open_alarms, people_told
from social.clock import as_local
from social.context import Context
from social.mail_password import keep_password, password_in
from social.operators import KEEPER, acting
from social.staff import Action, require

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `alarms list|seen|password`."""
    group = typer.Typer(help="What needs a person, and telling them by e-mail.", no_args_is_help=True)
    cli.add_typer(group, name="alarms")

    @group.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show what is open, oldest first, and who is to act."""
        with open_().database.read() as session:
            rows = [_shown(alarm, [p.email for p in people_told(session, alarm)]) for alarm in open_alarms(session)]
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            seen = "seen" if row["seen_at"] else f"told {row['mails']} times"
            typer.echo(
                f"{row['id']}  since {row['since']}  {row['text']}  ({', '.join(row['for']) or 'nobody'}; {seen})"
            )
        if not rows:
            typer.echo("Nothing needs anybody.")

    @group.command()
    def seen(
        number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the alarm, as in the list.")],
        by: _BY = KEEPER,
    ) -> None:
        """Say that somebody knows of it: it stays open, and no more reminders come."""
        context = open_()
        person = acting(context, by)
        see_alarm(context, number, person)
        typer.echo(f"{person.name} has seen alarm {number}. No more reminders are sent.")

    @group.command()
    def password(
        file: Annotated[Path, typer.Option(help="File that holds the mail server's password, and nothing else.")],
        by: _BY = KEEPER,
    ) -> None:
        """Keep the mail server's password, sealed. Delete the file afterwards."""
        context = open_()
        text, person = password_in(file), acting(context, by)
        with context.database.write() as session:
            require(session, person, Action.MANAGE_ACCOUNTS)
            keep_password(session, context.vault, text)
        typer.echo("The password is sealed and kept. Delete the file.")


def _shown(alarm: Alarm, told: list[str]) -> dict[str, Any]:
    return {
        "id": alarm.id,
        "about": alarm.about,
        "text": alarm.text,
        "since": f"{as_local(alarm.raised_at):%Y-%m-%d %H:%M}",
        "for": told,
        "mails": alarm.mails,
        "seen_at": alarm.seen_at.isoformat() if alarm.seen_at else None,
    }
