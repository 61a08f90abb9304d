"""The commands that answer a member of the alert service who asks what is held of them (R29)."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social.context import Context
from social.errors import InputError
from social.given_file import new_private_file, words_given

OpenContext = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever deals with the request; must be allowed to erase.")]
_ADDRESS = Annotated[str | None, typer.Argument(help="Their whole address, as they gave it to you.")]
_FILE = Annotated[Path | None, typer.Option(help="Text file with the address; - reads it from standard input.")]


def add_to(group: typer.Typer, open_: OpenContext) -> None:
    """Add `subject find-member|export-member|erase-member`."""
    _add_find(group, open_)
    _add_export(group, open_)
    _add_erase(group, open_)


def _add_find(group: typer.Typer, open_: OpenContext) -> None:
    @group.command("find-member")
    def find(by: _BY, address: _ADDRESS = None, file: _FILE = None, as_json: _JSON = False) -> None:
        """Say whether the owner of an address is known to the alert service. Nobody is found by part of one."""
        from social.alerts.member_requests import find_member
        from social.operators import acting

        given = words_given(address, file, "ADDRESS")
        context = open_()
        found = find_member(context, acting(context, by), given)
        if as_json:
            since = found.since.isoformat() if found is not None and found.since is not None else None
            typer.echo(json.dumps({**asdict(found), "since": since} if found is not None else None))
        elif found is None:
            typer.echo("The alert service holds nothing of the owner of that address.")
        else:
            typer.echo(f"The owner of that address is known: {found.state}. Messages: {found.messages}.")


def _add_export(group: typer.Typer, open_: OpenContext) -> None:
    @group.command("export-member")
    def export(
        by: _BY,
        to: Annotated[Path, typer.Option(help="Folder for the two files, JSON and text.")],
        address: _ADDRESS = None,
        file: _FILE = None,
        as_json: _JSON = False,
    ) -> None:
        """Write what the alert service holds of the owner of an address into two files."""
        from social.alerts.member_requests import export_member, member_text
        from social.operators import acting
        from social.subject_requests import as_json as in_json

        given = words_given(address, file, "ADDRESS")
        if not to.is_dir():
            raise InputError(f"There is no folder {to}. Make it first, where only you can read it.")
        context = open_()
        held = export_member(context, acting(context, by), given)
        files = {to / "held-member.json": in_json(held), to / "held-member.txt": member_text(held)}
        for path, text in files.items():
            new_private_file(path, text)
        if as_json:
            typer.echo(json.dumps({"files": [str(path) for path in files]}))
        else:
            typer.echo(f"Written to {' and '.join(path.name for path in files)}.")


def _add_erase(group: typer.Typer, open_: OpenContext) -> None:
    @group.command("erase-member")
    def erase(
        by: _BY,
        request: Annotated[str, typer.Option(help="Reference of the request, such as SAR-2026-014.")],
        address: _ADDRESS = None,
        file: _FILE = None,
        as_json: _JSON = False,
    ) -> None:
        """Erase what the alert service holds of the owner of an address; a keyed hash keeps old lists from adding it."""
        from social.alerts.member_requests import erase_member
        from social.operators import acting

        given = words_given(address, file, "ADDRESS")
        context = open_()
        done = erase_member(context, acting(context, by), given, request=request)
        if as_json:
            typer.echo(json.dumps({"residents": done.replies, "wiped": done.wiped}))
            return
        typer.echo("Erased. They are told nothing more, and no old list signs them up again.")
        if not done.wiped:
            typer.echo(
                "The database's file could not be wiped just now; the worker does it with its next purge.", err=True
            )
