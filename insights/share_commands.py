"""`beatline shares`: what share of a file of replies is negative, neutral, positive, and how sure that is."""

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from social.context import Context
from social.errors import InputError

if TYPE_CHECKING:
    from insights.shares import Bias


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `shares`.  open_: opens the context, which only `--corrected` needs."""

    @cli.command()
    def shares(
        source: Annotated[Path, typer.Option("--in", help='JSON lines: {"id", "text"}.')],
        of: Annotated[
            int | None, typer.Option(help="These are a sample, drawn by chance, of so many replies.", min=1)
        ] = None,
        corrected: Annotated[
            bool, typer.Option("--corrected", help="Allow for how readings err here, by what people here judged.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    ) -> None:
        """Estimate which shares of the replies in a file are negative, neutral and positive toward the police."""
        told = shares_of_file(source, of, _bias(open_()) if corrected else None)
        if as_json:
            typer.echo(json.dumps(told))
            return
        typer.echo(f"{told['n']} replies, {told['unknown']} of them in a language that is not read.")
        for name, share in told["shares"].items():
            typer.echo(f"{name:9} {share['estimate']:6.1%}  (95 % interval {share['low']:.1%} to {share['high']:.1%})")
        if not told["shares"]:
            typer.echo("None could be read, so nothing is said of them.")


def _bias(context: Context) -> "Bias":
    from insights.measuring import ENOUGH
    from insights.share_bias import bias_here

    with context.database.read() as session:
        found, judged = bias_here(session)
    if found is None:
        raise InputError(
            f"People here have judged the stance of {judged} replies; at least {ENOUGH} are needed. Judge more on the page "
            "Replies, right readings as well as wrong ones, or leave out --corrected."
        )
    return found


def shares_of_file(source: Path, of: int | None = None, bias: "Bias | None" = None) -> dict[str, Any]:
    """{"n", "shares": {class: {"estimate", "low", "high"}}, "unknown"}.

    n: replies in the file.  unknown: those whose language is not read; the shares, from 0 to 1, are of the others.
    shares: {} when nothing could be read.  of: how many replies these were drawn from by chance; None when they are all.
    bias: how readings err with this force's replies.
    Raises InputError for a file that is no JSON lines, and for a sample larger than what it was drawn from."""
    from insights.reading import default_analyser
    from insights.reading.fast import summable
    from insights.reading.stream import BATCH, open_lines, texts_in
    from insights.shares import estimate_shares
    from social.web.terminal import progress_bar

    analyser, read, unknown = default_analyser(), [], 0
    lines, size = open_lines(source)
    with lines, progress_bar() as tell:
        texts = texts_in(lines, lambda done, total: tell("Reading replies", done, total), size)
        while batch := list(islice(texts, BATCH)):
            for result in analyser.read([text for _, text, _ in batch], [post for _, _, post in batch]):
                if result.p is None:
                    unknown += 1
                else:
                    read.append(summable(analyser, result.p))
    count = len(read) + unknown
    if of is not None and of < count:
        raise InputError(f"There are {count} replies in the file: --of has to be at least that.")
    # Of the others as many are taken to be readable as of these.
    readable = None if of is None or not read else max(len(read), round(of * len(read) / count))
    found = estimate_shares(read, of=readable, bias=bias)
    return {
        "n": count,
        "shares": {
            name: {"estimate": share.estimate, "low": share.low, "high": share.high}
            for name, share in (found or {}).items()
        },
        "unknown": unknown,
    }
