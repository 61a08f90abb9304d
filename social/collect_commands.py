"""The command `beatline collect`: read what is due, or say what would be read and what is left unread."""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from social.clock import as_local
from social.context import Context
from social.rounds import CollectReport

if TYPE_CHECKING:
    from social.collect_unread import PlannedLook

_SHOWN = 40
"""Looks that are printed one by one; `--json` has them all."""


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    @cli.command()
    def collect(
        once: Annotated[bool, typer.Option("--once", help="Read all there is now, due or not, then end.")] = False,
        plan: Annotated[
            bool, typer.Option("--plan", help="Read nothing; say what would be read when, and what is left unread.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Read new replies and figures. Without --once it reads what is due until Ctrl-C, as the worker does.

        Ends with 1 when something could not be read."""
        if plan and once:
            raise typer.BadParameter("it reads nothing, so it does not go with --once", param_hint="--plan")
        if as_json and not (once or plan):
            raise typer.BadParameter(
                "give --once or --plan as well: it prints one document and ends", param_hint="--json"
            )
        context = open_()
        if plan:
            _tell_plan(context, as_json=as_json)
        else:
            _collect(context, once=once, as_json=as_json)


def _collect(context: Context, *, once: bool, as_json: bool) -> None:
    from social.collecting import collect as collect_now
    from social.web.terminal import progress_bar

    pause = threading.Event()
    while True:
        with progress_bar() as tell:
            report = collect_now(context, everything=once, progress=partial(tell, "Reading replies and figures"))
        if as_json:
            typer.echo(json.dumps(asdict(report), ensure_ascii=False, default=str))
        else:
            _tell(report)
        if once:
            raise typer.Exit(1 if report.problems else 0)
        pause.wait(context.settings.collect_every)


def _tell(report: CollectReport) -> None:
    typer.echo(f"Posts looked at: {report.publications}. New replies: {report.replies}. New figures: {report.figures}.")
    if report.gone:
        typer.echo(f"Replies that are not to be seen any more: {report.gone}. Their words are erased here.")
    if report.left_unread:
        typer.echo(
            f"Left unread: {report.left_unread} posts, for about {_pounds(report.left_unread_pence)}. "
            f"`beatline collect --plan` says which and why."
        )
    for problem in report.problems:
        typer.echo(str(problem), err=True)


def _tell_plan(context: Context, *, as_json: bool) -> None:
    from social.collect_unread import reading_plan, summed
    from social.found_within import found_within

    found = reading_plan(context)
    if as_json:
        waits = [
            {"account": one.account, "longest_seconds": one.longest and one.longest.total_seconds(), "sentence": one.sentence}
            for one in found_within(context)
        ]  # fmt: skip
        document = {**asdict(found), "unread_pence": found.unread_pence, "found_within": waits}
        typer.echo(json.dumps(document, ensure_ascii=False, default=lambda moment: moment.isoformat()))
        return
    if not found.looks and not found.unread:
        typer.echo("No post is due within a day.")
    for look in found.looks[:_SHOWN]:
        cost = f", about {_pounds(look.pence)}" if look.pence else ""
        typer.echo(
            f"{as_local(look.at):%d/%m %H:%M}  {look.account}, {_post(look)}: about {look.replies:.1f} new "
            f"replies{cost} ({look.why})"
        )
    if len(found.looks) > _SHOWN:
        typer.echo(f"and {len(found.looks) - _SHOWN} looks more within a day; `--json` has them all.")
    typer.echo("Left unread: nothing." if not found.unread else "Left unread:")
    for one in summed(found.unread):
        again = f" There is more from {as_local(one.again_at):%d/%m %H:%M}." if one.again_at is not None else ""
        typer.echo(
            f"  {one.account}: {one.posts} posts, about {one.replies:.0f} new replies; reading them now would cost about "
            f"{_pounds(one.pence)}. {one.why}.{again}"
        )
    for wait in found_within(context):
        typer.echo(wait.sentence)


def _post(look: "PlannedLook") -> str:
    """'post 12', by the number that pages and commands know it by; one of before Beatline has none."""
    if look.post is not None:
        return f"post {look.post}"
    published = as_local(look.published_at)
    return f"the post of {published.day} {published:%B %Y}"


def _pounds(pence: float) -> str:
    return f"\N{POUND SIGN}{pence / 100:.2f}"
