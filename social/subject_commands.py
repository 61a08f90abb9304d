"""The commands that answer a resident's request: find, export, erase (R29)."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social.alerts import member_commands
from social.context import Context
from social.errors import InputError
from social.given_file import new_private_file, words_given

OpenContext = Callable[[], Context]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_BY = Annotated[str, typer.Option(help="E-mail address of whoever deals with the request; must be allowed to erase.")]
_NUMBER = Annotated[int, typer.Argument(metavar="REPLY", help="Number of the reply, as `subject find` shows it.")]
_COPY = Annotated[bool, typer.Option("--copy", help="The number is that of a copy of a hidden reply, as find says.")]
_DECIDED = Annotated[
    str | None, typer.Option(help="Reference of the disclosure desk's decision, for what is kept for an enquiry.")
]


def add_commands(cli: typer.Typer, open_: OpenContext) -> None:
    """Add `subject find|export|erase` and the same for members of the alert service."""
    group = typer.Typer(help="What is held of somebody who asks: find, hand over, erase.", no_args_is_help=True)
    cli.add_typer(group, name="subject")
    _add_find(group, open_)
    _add_export(group, open_)
    _add_erase(group, open_)
    member_commands.add_to(group, open_)


def _add_find(group: typer.Typer, open_: OpenContext) -> None:
    @group.command()
    def find(
        by: _BY,
        words: Annotated[str | None, typer.Argument(help="What they wrote, or its link.")] = None,
        file: Annotated[
            Path | None, typer.Option(help="Text file with the words; - reads them from standard input.")
        ] = None,
        post: Annotated[str | None, typer.Option(help="Link of the post it stands under.")] = None,
        as_json: _JSON = False,
    ) -> None:
        """Find a reply by the words or the link that its writer gives. Never by a name."""
        from social.operators import acting
        from social.subject_access import find_by_words

        given = words_given(words, file)
        context = open_()
        found = find_by_words(context, acting(context, by), given, post=post)
        if as_json:
            rows = [{**asdict(one), "written_at": one.written_at.isoformat()} for one in found]
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        if not found:
            typer.echo("Nothing is held that reads like it.")
        for one in found:
            kept = "  kept for an enquiry" if one.for_enquiry else ""
            typer.echo(
                f"{one.reply_id}  {one.likeness:.0%} alike  {one.written_at:%Y-%m-%d %H:%M}Z  {one.account}{kept}"
            )
            typer.echo(f"    {' '.join(one.text.split())}")


def _add_export(group: typer.Typer, open_: OpenContext) -> None:
    @group.command()
    def export(
        reply: _NUMBER,
        by: _BY,
        to: Annotated[Path, typer.Option(help="Folder for the two files, JSON and text.")],
        decided: _DECIDED = None,
        copy: _COPY = False,
        as_json: _JSON = False,
    ) -> None:
        """Write what is held of a reply and of its writer's other words in that thread into two files."""
        from social.operators import acting
        from social.subject_requests import as_json as in_json
        from social.subject_requests import as_text, export_copy, export_held

        if not to.is_dir():
            raise InputError(f"There is no folder {to}. Make it first, where only you can read it.")
        context = open_()
        person = acting(context, by)
        held = export_copy(context, person, reply) if copy else export_held(context, person, reply, decided=decided)
        files = {to / f"held-{reply}.json": in_json(held), to / f"held-{reply}.txt": as_text(held)}
        for path, text in files.items():
            new_private_file(path, text)
        if as_json:
            document = {
                "files": [str(path) for path in files],
                "replies": len(held["held"]),
                "withheld": held["withheld"],
            }
            typer.echo(json.dumps(document))
            return
        typer.echo(f"{len(held['held'])} replies in {' and '.join(path.name for path in files)}.")
        if held["withheld"]:
            typer.echo(f"{held['withheld']} kept for an enquiry are left out: ask your disclosure desk.", err=True)


def _add_erase(group: typer.Typer, open_: OpenContext) -> None:
    @group.command()
    def erase(
        reply: _NUMBER,
        by: _BY,
        request: Annotated[str, typer.Option(help="Reference of the request, such as SAR-2026-014.")],
        thread: Annotated[
            bool, typer.Option("--thread", help="And all that the same writer wrote under that post.")
        ] = False,
        decided: _DECIDED = None,
        copy: _COPY = False,
        as_json: _JSON = False,
    ) -> None:
        """Erase a reply for good, with everything noted about it. Its numbers stay."""
        from social.operators import acting
        from social.subject_requests import erase_copy, erase_held

        context = open_()
        person = acting(context, by)
        if copy:
            done = erase_copy(context, person, reply, request=request)
        else:
            done = erase_held(context, person, reply, request=request, whole_thread=thread, decided=decided)
        if as_json:
            typer.echo(json.dumps(asdict(done)))
            return
        typer.echo(
            f"{done.replies} erased. What the network still shows is not taken in again; it is not ours to remove."
        )
        if not done.wiped:
            typer.echo(
                "The database's file could not be wiped just now; the worker does it with its next purge.", err=True
            )
