"""`beatline insights reach` and `beatline insights sentiment`."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlmodel import Session

from insights.figure_commands import Wanted
from social.context import Context
from social.errors import InputError

if TYPE_CHECKING:
    from insights.chosen import Chosen

FIT = 6
"""Columns that a terminal holds."""


class By(StrEnum):
    TOTAL = "total"
    CONTENT_TYPE = "content_type"
    PLACE = "place"
    WEEK = "week"
    CHANNEL = "channel"
    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    POST = "post"


class AtAge(StrEnum):
    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "28d"
    NOW = "now"


Since = Annotated[str, typer.Option(help="A date (2026-05-01) or a length (84d); empty means all.")]
Until = Annotated[str, typer.Option(help="The same; posts before that; empty means until now.")]
Area = Annotated[str, typer.Option(help="Of one area and what lies in it; its name.")]
Network = Annotated[str, typer.Option(help="Of one network, such as facebook.")]
Kind = Annotated[str, typer.Option("--type", help="Of one kind of post, such as patrol_update.")]
GroupBy = Annotated[By, typer.Option(help="What to group by; total for one group of all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]


def add_insights_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `reach` and `sentiment` to `beatline insights`."""

    @group.command()
    def reach(
        by: GroupBy = By.TOTAL, since: Since = "", until: Until = "", area: Area = "", channel: Network = "", content_type: Kind = "",
        weeks: Annotated[int, typer.Option(help="In place of groups: so many weeks, one by one.", min=0, max=520)] = 0,
        age: Annotated[AtAge, typer.Option(help="With --weeks: the age of the posts at which they are counted.")] = AtAge.WEEK,
        as_json: AsJson = False,
    ) -> None:  # fmt: skip
        """Show what posts reached: each network by itself, never added up, and where each figure came from."""
        context = open_()
        wanted = _wanted(context, since, until, area, channel, content_type)
        if weeks and since:
            raise InputError("Give --weeks or --since, not both: weeks go back from --until.")
        if weeks:
            _show_weeks(context, wanted, weeks, age, as_json)
        else:
            _show_reach(context, by, wanted, as_json)

    @group.command()
    def sentiment(
        by: GroupBy = By.TOTAL, since: Since = "", until: Until = "", area: Area = "", channel: Network = "", content_type: Kind = "",
        accuracy: Annotated[bool, typer.Option("--accuracy", help="How often readings were right, month by month.")] = False,
        as_json: AsJson = False,
    ) -> None:  # fmt: skip
        """Show which shares of residents' replies are critical, neutral and supportive, and how sure that is."""
        context = open_()
        if accuracy:
            _show_accuracy(context, as_json)
            return
        wanted = _wanted(context, since, until, area, channel, content_type)
        _show_sentiment(context, by, wanted, as_json)


@dataclass(frozen=True)
class Choice:
    """until: None for now."""

    wanted: Wanted
    until: datetime | None

    def chosen(self, session: Session) -> "Chosen":
        from insights.chosen import Chosen

        return Chosen(**self.wanted.filters(session), until=self.until)


def _wanted(context: Context, since: str, until: str, area: str, channel: str, content_type: str) -> Choice:
    from insights.commands import parse_since

    now = context.clock.now()
    return Choice(Wanted(parse_since(since, now), area, channel, content_type), parse_since(until, now))


def _show_reach(context: Context, by: By, wanted: Choice, as_json: bool) -> None:
    from insights.reach import MOST_UNKNOWN, reach_by, reach_of
    from insights.reach_tables import group_table, headline, limits, residents_note

    now = context.clock.now()
    with context.database.read() as session:
        chosen = wanted.chosen(session)
        rows = [reach_of(session, now, chosen)] if by is By.TOTAL else reach_by(session, now, by.value, chosen)
    if as_json:
        typer.echo(json.dumps([row.as_row() for row in rows], ensure_ascii=False))
        return
    if by is By.TOTAL:
        notes = [note for note in (limits(rows[0]), residents_note(rows[0])) if note]
        _print(headline(rows[0]), group_table(rows), notes)
    else:
        _print("What posts reached", group_table(rows), [MOST_UNKNOWN])


def _show_weeks(context: Context, wanted: Choice, weeks: int, age: AtAge, as_json: bool) -> None:
    from insights.reach_series import reach_series
    from insights.reach_tables import series_headline, series_subtitle, series_table

    with context.database.read() as session:
        chosen = wanted.chosen(session)
        found = reach_series(
            session, weeks=weeks, until=wanted.until or context.clock.now(), age=age.value, chosen=chosen
        )
    if as_json:
        typer.echo(json.dumps([one.as_row() for one in found], ensure_ascii=False))
        return
    for one in found:
        _print(series_headline(one), series_table(one), [series_subtitle(one, wanted.wanted.area or "every area")])
    if not found:
        typer.echo("Nothing was posted in these weeks.")


def _show_sentiment(context: Context, by: By, wanted: Choice, as_json: bool) -> None:
    from insights.sentiment import sentiment_by, sentiment_of
    from insights.sentiment_tables import LIMITS, basis, headline, table

    with context.database.read() as session:
        chosen = wanted.chosen(session)
        rows = [sentiment_of(session, chosen)] if by is By.TOTAL else sentiment_by(session, by.value, chosen)
    if as_json:
        typer.echo(json.dumps([row.as_row() for row in rows], ensure_ascii=False))
        return
    title = headline(rows[0]) if by is By.TOTAL else "What residents replied"
    _print(title, table(rows), [LIMITS, *([basis(rows[0])] if by is By.TOTAL else [])])


def _show_accuracy(context: Context, as_json: bool) -> None:
    from insights.running_accuracy import running_accuracy
    from insights.sentiment_tables import accuracy_headline, accuracy_table

    with context.database.read() as session:
        rows = running_accuracy(session)
    if as_json:
        typer.echo(json.dumps([row.as_row() for row in rows]))
        return
    _print(
        accuracy_headline(rows), accuracy_table(rows), ["People judge what they look at, so this is no fair sample."]
    )


def _print(title: str, lines: Sequence[dict[str, Any]], notes: Sequence[str]) -> None:
    """One table where its columns fit a terminal; else each line as a small table of its own, heading and figure."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    console = console if console.is_terminal else Console(width=140)
    console.print(title, markup=False, highlight=False)
    if lines and len(lines[0]) <= FIT:
        table = Table(*lines[0])
        for line in lines:
            table.add_row(*(escape(str(figure)) for figure in line.values()))
        console.print(table)
    else:
        for line in lines:
            console.print(_upright(line))
    for note in notes:
        console.print(note, markup=False, highlight=False)


def _upright(line: dict[str, Any]) -> Any:
    from rich.markup import escape
    from rich.table import Table

    (first, name), *rest = line.items()
    table = Table(title=escape(f"{first}: {name}"), title_justify="left", show_header=False)
    table.add_column("What", min_width=16)
    table.add_column("Figure", overflow="fold")
    for heading, figure in rest:
        table.add_row(heading, escape(str(figure)))
    return table
