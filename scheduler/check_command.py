"""`beatline check`: what the checks say about a file of posts."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

LEVEL_WORDS = {"block": "stops it", "needs_approval": "needs approval", "advise": "advice"}


def add_check(cli: typer.Typer) -> None:
    """Add `check`."""

    @cli.command()
    def check(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8), as for import.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for each row.")] = False,
    ) -> None:
        """Say what the checks find in a file of posts. Keeps nothing; ends with 1 when something stops a post."""
        from scheduler.check_file import check_file

        rows = list(check_file(file))
        if as_json:
            for row in rows:
                typer.echo(json.dumps(_plain(row), ensure_ascii=False))
        else:
            _print(rows)
        if any(row.flags for row in rows):
            raise typer.Exit(1)


def _plain(row: Any) -> dict[str, Any]:
    keys = ("code", "level", "rule", "span", "message")
    findings = [{key: getattr(finding, key) for key in keys} for finding in row.findings]
    return {"row": row.row, "post_id": row.post_id, "flags": list(row.flags), "findings": findings}


def _print(rows: list[Any]) -> None:
    table = Table("row", "post", "level", "code", "rule", "what and what to do")
    for row in rows:
        for found in row.findings:
            table.add_row(str(row.row), escape(row.post_id), LEVEL_WORDS[found.level], found.code, found.rule,
                          escape(found.message))  # fmt: skip
    if table.row_count:
        Console().print(table)
    stopped = sum(bool(row.flags) for row in rows)
    typer.echo(f"{len(rows)} rows checked; {stopped} would not go out as they are.")
