"""`beatline insights --alerts`: what came of alerts, by alert and by area, as JSON or as a table (M08)."""

import json
from datetime import datetime
from typing import Any

import typer

from insights.alert_measures import AlertMeasures, AlertRow, alert_measures
from insights.alert_small_numbers import FIGURES, hidden_figures, value_of
from social.alerts.survey_small_numbers import TOTAL
from social.context import Context

_COLUMNS = (
    ("Alerts", "alerts"), ("Residents", "members"), ("Sent", "sent"), ("Delivered", "delivered"),
    ("Came back", "bounced"), ("Replies", "replies"), ("Useful", "share_useful"), ("Answers", "useful_of"),
    ("Left", "left"), ("Opened", "opened"),
)  # fmt: skip


def show_alerts(context: Context, since: datetime | None, *, as_json: bool) -> None:
    """Print them; by area without small numbers (R27)."""
    tracking = context.settings.alert_tracking
    with context.database.read() as session:
        found = alert_measures(session, tracking=tracking, since=since)
    if as_json:
        typer.echo(json.dumps(as_dict(found, tracking=tracking), ensure_ascii=False))
    elif not found.alerts:
        typer.echo("No alert went out in this time.")
    else:
        _print_table(found)


def as_dict(found: AlertMeasures, *, tracking: bool) -> dict[str, Any]:
    """The whole answer. What is hidden in an area is null there, and `hidden` names it."""
    hidden = hidden_figures(found.areas)
    return {
        "tracking": tracking,
        "total": found.total.as_dict(),
        "alerts": [row.as_dict() for row in found.alerts],
        "areas": [_without(row, hidden[row.group]) for row in found.areas],
        "beside": {
            "members_median": found.members_median,
            "social_reach_median": found.social_reach,
            "social_posts": found.social_posts,
        },
    }


def _without(row: AlertRow, hidden: frozenset[str]) -> dict[str, Any]:
    told = row.as_dict() | {"hidden": sorted(hidden)}
    gone = {name for one in hidden for name in FIGURES[one]} | ({"reasons"} if "left" in hidden else set())
    return told | dict.fromkeys(gone)


def _print_table(found: AlertMeasures) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title="What came of alerts, by area",
        caption="A dash means: not measured, or nothing to count. Never add residents to social reach: others are counted.",
    )
    table.add_column("Area", min_width=16)
    for heading, _ in _COLUMNS:
        table.add_column(heading, justify="right")
    hidden = hidden_figures(found.areas)
    for row in (*found.areas, found.total):
        mine = hidden[TOTAL if row is found.total else row.group]
        table.add_row(row.label, *(_shown(value_of(row, name, mine)) for _, name in _COLUMNS))
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.0%}" if isinstance(value, float) else str(value)
