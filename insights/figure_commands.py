"""What `beatline insights` prints by itself: figures group by group, and how soon residents are answered."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import typer
from sqlmodel import Session

from insights.labels import CHANNEL_LABELS
from social.context import Context
from social.errors import InputError
from social.places import area_called
from social.sorting import CONTENT_TYPE_LABELS


@dataclass(frozen=True)
class Wanted:
    """Which posts.  since: None for all.  area: a name; channel, content_type: keys; '' lets everything through."""

    since: datetime | None = None
    area: str = ""
    channel: str = ""
    content_type: str = ""

    def filters(self, session: Session) -> dict[str, Any]:
        """As `figures_by` takes them.  Raises InputError where the area is none, or several, or a key is not known."""
        _known("network", self.channel, CHANNEL_LABELS)
        _known("kind of post", self.content_type, CONTENT_TYPE_LABELS)
        return {
            "since": self.since,
            "channel": self.channel or None,
            "place_id": area_called(session, self.area).id if self.area else None,
            "content_type": self.content_type or None,
        }


def _known(what: str, key: str, labels: Mapping[str, str]) -> None:
    if key and key not in labels:
        raise InputError(f"There is no {what} '{key}'. Give one of {', '.join(sorted(labels))}.")


def show_figures(context: Context, by: str, wanted: Wanted, *, as_json: bool) -> None:
    """Print the figures group by group.  by: a grouping of `figures_by`, or 'total' for one row over all."""
    from insights.figures import figures_by, totals

    with context.database.read() as session:
        filters = wanted.filters(session)
        rows = [totals(session, **filters)] if by == "total" else figures_by(session, by, **filters)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title="What came of the posts",
        caption="A dash means: not reported. Rates are medians over posts. For and against: as counted; "
        "beatline insights sentiment allows for how the analyser errs. Unanswered: history included.",
    )
    table.add_column(by.replace("_", " ").capitalize(), min_width=16)
    for heading in ("Posts", "Reach", "Engagement", "Rate", "By impressions", "Passed on", "Replies", "For", "Against",
                    "Unknown", "First answer", "Unanswered"):  # fmt: skip
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row.label,
            str(row.posts),
            _number(row.reach),
            _number(row.engagement),
            _percent(row.engagement_rate),
            _percent(row.engagement_rate_by_impressions),
            _percent(row.amplification),
            str(row.replies),
            _percent(row.share_positive),
            _percent(row.share_negative),
            _percent(row.share_unknown),
            _duration(row.response_minutes_median),
            str(row.unanswered),
        )
    if not rows:
        typer.echo("There are no figures yet: nothing is published, or nothing is collected.")
        return
    console = Console()
    # A file or a pipe has no width: give the table the room it needs.
    (console if console.is_terminal else Console(width=140)).print(table)


def show_times(context: Context, wanted: Wanted, *, as_json: bool) -> None:
    """Print how soon questions and complaints are answered, team by team."""
    from insights.response_times import response_times

    with context.database.read() as session:
        found = response_times(session, context.clock.now(), **wanted.filters(session))
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    if not found.total.received:
        typer.echo("No question and no complaint was written in this time.")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title="How soon residents are answered", caption="A dash means: too few to tell, or nothing to count."
    )
    table.add_column("Team", min_width=16)
    for heading in ("Asked", "Answered", "In 72 h", "Closed", "Running", "Overdue", "In time", "Unanswered", "Median",
                    "9 in 10", "While watched"):  # fmt: skip
        table.add_column(heading, justify="right")
    for row in (*found.teams, found.total):
        counts = (row.received, row.answered, row.in_time, row.closed, row.running, row.overdue)
        spans = (row.minutes, row.minutes_90, row.watched_minutes)
        table.add_row(
            row.label,
            *map(str, counts),
            _percent(row.share_in_time),
            _percent(row.share_unanswered),
            *map(_duration, spans),
        )
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}%"


def _duration(minutes: float | None) -> str:
    if minutes is None:
        return "–"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
