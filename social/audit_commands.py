"""The commands about the audit record: whether it still fits together, and what it says."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Annotated

import typer
from sqlmodel import Session, select

from social.clock import LONDON
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require

OpenContext = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def add_commands(cli: typer.Typer, open_: OpenContext) -> None:
    """Add `audit verify` and `audit list`."""
    group = typer.Typer(help="The record of who did what, when and why.", no_args_is_help=True)
    cli.add_typer(group, name="audit")
    _add_verify(group, open_)
    _add_list(group, open_)


def _add_verify(group: typer.Typer, open_: OpenContext) -> None:
    @group.command()
    def verify(
        noted: Annotated[
            str | None, typer.Option(help="A head noted earlier, COUNT:HASH; the record must still hold it.")
        ] = None,
        as_json: _JSON = False,
    ) -> None:
        """Find any row that was altered, taken out, put in or moved. Ends with 1 and names the first one."""
        from social.audit_verify import verify_record
        from social.web.terminal import progress_bar

        with progress_bar() as tell:
            found = verify_record(open_(), noted=noted, progress=partial(tell, "Walking the record"))
        if as_json:
            typer.echo(json.dumps({"ok": found.ok, **asdict(found)}))
        elif found.fault is not None:
            typer.echo(f"The audit record does not fit together. {found.fault.what}", err=True)
        else:
            typer.echo(f"All {found.rows:,} rows are as they were written." if found.rows else "The record is empty.")
            if found.head:
                typer.echo(f"Head to note down elsewhere: {found.head}")
        if not found.ok:
            raise typer.Exit(1)


def _add_list(group: typer.Typer, open_: OpenContext) -> None:
    @group.command("list")
    def list_(
        since: Annotated[str | None, typer.Option(help="Only from this day on, UK time, such as 2026-03-13.")] = None,
        actor: Annotated[str, typer.Option(help="Only by this person or job: an e-mail address or a part of it.")] = "",
        subject: Annotated[str, typer.Option(help="Only about this, such as 'post' or 'post 12'.")] = "",
        action: Annotated[str, typer.Option(help="Only such actions: a word of them, such as approve.")] = "",
        limit: Annotated[int, typer.Option(help="At most so many rows.", min=1, max=100_000)] = 50,
        by: Annotated[
            str | None, typer.Option(help="E-mail address of whoever asks; must be allowed to read it.")
        ] = None,
        as_json: _JSON = False,
    ) -> None:
        """Show what was done, the newest first."""
        from social.audit_list import Wanted, as_document, audit_rows

        wanted = Wanted(actor=actor, subject=subject, action=action, since=_day(since) if since else None)
        context = open_()
        with context.database.read() as session:
            if by is not None:
                _require_reader(session, by)
            rows = audit_rows(session, wanted, limit=limit)
        if as_json:
            typer.echo(json.dumps([as_document(row) for row in rows], ensure_ascii=False))
            return
        if not rows:
            typer.echo("Nothing in the record fits that.")
        for row in rows:
            said = [f"{row.seq}", f"{row.at:%Y-%m-%d %H:%M:%S}Z", row.actor, row.action, row.subject, row.before and f"was {row.before}",
                    row.after and f"is {row.after}", row.reason and f"because: {row.reason}"]  # fmt: skip
            typer.echo("  ".join(part for part in said if part))


def _require_reader(session: Session, email: str) -> None:
    person = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
    if person is None:
        raise InputError(f"Nobody with the address {email} uses Beatline.")
    require(session, person, Action.READ_AUDIT)


def _day(text: str) -> datetime:
    """Midnight, UK time, at the beginning of that day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(f"'{text}' is no day. Write it as 2026-03-13.") from None
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
