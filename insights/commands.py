"""The command line of this slice: `beatline read`, `shares`, `insights` and `measure-reading`."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from insights import (
    area_commands,
    campaign_commands,
    comparison_commands,
    coverage_commands,
    finding_commands,
    reached_commands,
    rebuild_commands,
    report_commands,
    share_commands,
)
from insights.figure_commands import Wanted, show_figures, show_times
from insights.reading.tiers import Tier
from social.clock import LONDON
from social.context import Context
from social.errors import InputError


class By(StrEnum):
    CONTENT_TYPE = "content_type"
    PLACE = "place"
    WEEK = "week"
    CHANNEL = "channel"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    POST = "post"
    TOTAL = "total"


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `read`, `shares`, `insights` and `measure-reading`.  open_: opens the context; `read` needs none."""

    @cli.command()
    def read(
        source: Annotated[Path, typer.Option("--in", help='JSON lines: {"id", "text"}, and "post" where it is known.')],
        target: Annotated[Path, typer.Option("--out", help="Where to write one JSON line a text, in the same order.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
        tier: Annotated[
            Tier,
            typer.Option(
                "--tier", help="Which analyser reads; auto asks the accurate one where the fast one is unsure."
            ),
        ] = Tier.FAST,
    ) -> None:
        """Read a file of texts: stance toward the police, kind, language and flags of each."""
        _read(source, target, as_json, tier)

    share_commands.add_commands(cli, open_)
    area_commands.add_commands(cli, open_)
    campaign_commands.add_commands(cli, open_)
    report_commands.add_commands(cli, open_)

    group = typer.Typer(help="What came of the posts, and what can be learnt from it.", invoke_without_command=True)
    cli.add_typer(group, name="insights")

    @group.callback()
    def insights(
        ctx: typer.Context,
        by: Annotated[By, typer.Option(help="What to group by.")] = By.CONTENT_TYPE,
        since: Annotated[str, typer.Option(help="A date (2026-05-01) or a length (84d); empty means all.")] = "",
        times: Annotated[
            bool, typer.Option("--response-times", help="How soon questions and complaints are answered, team by team.")
        ] = False,
        alerts: Annotated[bool, typer.Option("--alerts", help="What came of alerts, by alert and by area.")] = False,
        area: Annotated[str, typer.Option(help="Of one area and what lies in it; its name.")] = "",
        channel: Annotated[str, typer.Option(help="Of one network, such as facebook.")] = "",
        content_type: Annotated[str, typer.Option("--type", help="Of one kind of post, such as patrol_update.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    ) -> None:
        """Show what came of the posts, group by group, of alerts, or how soon residents are answered."""
        if ctx.invoked_subcommand:
            return
        context = open_()
        start = parse_since(since, context.clock.now())
        if alerts:
            from insights.alert_commands import show_alerts

            show_alerts(context, start, as_json=as_json)
            return
        wanted = Wanted(start, area, channel, content_type)
        if times:
            show_times(context, wanted, as_json=as_json)
        else:
            show_figures(context, by.value, wanted, as_json=as_json)

    rebuild_commands.add_insights_commands(group, open_)
    finding_commands.add_insights_commands(group, open_)
    reached_commands.add_insights_commands(group, open_)
    comparison_commands.add_insights_commands(group, open_)
    coverage_commands.add_insights_commands(group, open_)
    coverage_commands.add_places_commands(cli, open_)

    @cli.command("measure-reading")
    def measure_reading(
        as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    ) -> None:
        """Show how often readings are right, by what people here said of them."""
        _measure(open_(), as_json)


def parse_since(text: str, now: datetime) -> datetime | None:
    """The instant that --since means; None for ''.  Raises InputError for what is neither a date nor a length."""
    given = text.strip().lower()
    if not given:
        return None
    try:
        if given.endswith("d") and given[:-1].isdecimal():
            return now - timedelta(days=int(given[:-1]))
        return datetime.combine(date.fromisoformat(given), time(), LONDON).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"'{text}' is neither a date nor a length. Give one such as 2026-05-01 or 84d.") from None


def _read(source: Path, target: Path, as_json: bool, tier: Tier) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from insights.reading import analyser_of
    from insights.reading.stream import read_file

    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        analyser = analyser_of(tier)
        report = read_file(source, target, analyser, lambda done, total: bar.update(task, completed=done, total=total))
    summary = {
        "texts": report.texts,
        "version": analyser.version,
        "labels": dict(report.labels),
        "kinds": dict(report.kinds),
        "langs": dict(report.langs),
        "flags": dict(report.flags),
    }
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        said = ", ".join(f"{count} {label}" for label, count in report.labels.most_common())
        typer.echo(f"Read {report.texts} texts" + (f": {said}." if said else "."))


def _measure(context: Context, as_json: bool) -> None:
    from insights.measuring import judged
    from insights.reading.in_force import version_in_force

    with context.database.read() as session:
        version = version_in_force(session)
        rows = [one.as_row() for one in judged(session)]
    if as_json:
        typer.echo(json.dumps({"version": version, "rows": rows}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"How often {version} is right, by what people here said",
        caption="Found: of what is so. Right: of what is said. With 95 % intervals; under 20 replies: too few to tell.",
    )
    table.add_column("What", min_width=16)
    for heading in ("So", "Said", "Both", "Found", "Right"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(f"{row['aspect']}: {row['name']}", *(str(row[key]) for key in ("real", "said", "right")),
                      _share_of(row, "recall"), _share_of(row, "precision"))  # fmt: skip
    Console().print(table)


def _share_of(row: dict[str, Any], what: str) -> str:
    share, interval = row[what], row[f"{what}_interval"]
    return "too few to tell" if share is None else f"{share:.0%} ({interval[0]:.0%} to {interval[1]:.0%})"
