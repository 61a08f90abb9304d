"""The part of the command line that tells of answers to residents. Sending one takes a person at the page (R23)."""

import json
from collections.abc import Callable
from typing import Annotated

import typer

from social.answer_explain import explain, listed, told
from social.context import Context

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_MOST = 100


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `answers list|explain`."""
    group = typer.Typer(help="Answers to residents on their way to the networks.", no_args_is_help=True)
    cli.add_typer(group, name="answers")

    @group.command("list")
    def list_(
        state: Annotated[str | None, typer.Option(help="Only those in this state, such as waiting or unknown.")] = None,
        as_json: _JSON = False,
    ) -> None:
        """Show the newest hundred, without their words."""
        with open_().database.read() as session:
            rows = listed(session, state=state, limit=_MOST)
        if as_json:
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            reason = f"  {row['reason']}" if row["reason"] else ""
            typer.echo(f"{row['id']}  {row['state']}  reply {row['reply']} on {row['account']}{reason}")
        if not rows:
            typer.echo("There are none.")

    @group.command("explain")
    def explain_(
        number: Annotated[int, typer.Argument(metavar="ID", help="Number of the answer, as in the list.")],
        as_json: _JSON = False,
    ) -> None:
        """Say where an answer stands and why, what happened to it and what is to be done."""
        with open_().database.read() as session:
            lines, document = explain(session, number), told(session, number)
        typer.echo(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(lines))
