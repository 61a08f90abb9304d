"""`beatline insights findings` and `drill`: what was found, and totals from the force down to a single post."""

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Annotated

import typer

from insights.figure_commands import Wanted
from social.context import Context


def add_insights_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `findings` and `drill` to `beatline insights`."""

    @group.command()
    def findings(
        area: Annotated[str, typer.Option(help="Of posts about one area; without it, of the whole force.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Print them with their evidence.")] = False,
    ) -> None:
        """Say what posts came to, in plain sentences, each with what it rests on and what it cannot say."""
        _findings(open_(), area, as_json)

    @group.command()
    def drill(
        area: Annotated[str, typer.Option(help="The level of one area; without it, of the whole force.")] = "",
        only_here: Annotated[
            bool,
            typer.Option("--only-here", help="The posts about that area itself and nothing beneath it, one by one."),
        ] = False,
        since: Annotated[str, typer.Option(help="A date (2026-05-01) or a length (84d); empty means all.")] = "",
        channel: Annotated[str, typer.Option(help="Of one network, such as facebook.")] = "",
        content_type: Annotated[str, typer.Option("--type", help="Of one kind of post, such as patrol_update.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Print the level as JSON.")] = False,
    ) -> None:
        """Show one level of totals, from the force down to a single post; its rows add up to its total."""
        from insights.commands import parse_since

        context = open_()
        start = parse_since(since, context.clock.now())
        _drill(context, Wanted(start, area, channel, content_type), only_here, as_json)


def _findings(context: Context, area: str, as_json: bool) -> None:
    from insights.findings import finding_of_the_week, findings_now, findings_of_areas, work_out

    now, week = context.clock.now(), None
    with context.database.read() as session:
        if area:
            place_id = Wanted(None, area, "", "").filters(session)["place_id"]
            found, worked_out_at = work_out(session, now, place_id), now
            week = next((one.finding for one in findings_of_areas(session, now, [place_id])), None)
        else:
            found, worked_out_at = findings_now(session, now)
            week = finding_of_the_week(session, now)
    if as_json:
        whole = {
            "worked_out_at": worked_out_at.isoformat(),
            "of_the_week": week.as_dict() if week else None,
            "findings": [one.as_dict() for one in found],
        }
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    if not found:
        typer.echo("Too few to tell: no finding stands yet.")
    for one in found:
        typer.echo(f"{one.sentence}\n  Rests on {one.n:,} {one.counted}. {one.limits}\n  How: {one.method}\n")


def _drill(context: Context, wanted: Wanted, only_here: bool, as_json: bool) -> None:
    from insights.drilldown import drill_down

    with context.database.read() as session:
        level = drill_down(session, only_here=only_here, **wanted.filters(session))
    if as_json:
        typer.echo(json.dumps(level.as_dict(), ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    above = " > ".join([*(name for _, name in level.above), level.label])
    table = Table(title=above, caption="A dash means: not reported. Reach is not here: it cannot be added up.")
    table.add_column("What", min_width=16)
    for heading in ("Posts", "Times shown", "Engagement", "Replies", "Answered", "Unanswered"):
        table.add_column(heading, justify="right")
    for label, counts in (*((row.label, row.counts) for row in level.rows), ("Total", level.total)):
        table.add_row(label, *("–" if value is None else f"{value:,}" for value in astuple(counts)))
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)
