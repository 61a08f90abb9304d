"""`beatline insights compare`, `timing` and `light`: what the posts show against each other, and how sure that is."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insights.comparison_values import AGES, GROUPINGS, MEASURES
from social.context import Context

if TYPE_CHECKING:
    from sqlmodel import Session

    from insights.comparison_tables import Row

Since = Annotated[str, typer.Option(help="A date (2026-05-01) or a length (84d); empty means all.")]
Until = Annotated[str, typer.Option(help="Up to, without: a date or a length; empty means now.")]
Channel = Annotated[str, typer.Option(help="One network, such as facebook; empty means all.")]
Area = Annotated[str, typer.Option(help="The name of an area, with what lies beneath it; empty means all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]
Measure = Annotated[str, typer.Option(help=f"What to compare: {', '.join(MEASURES)}.")]
AtAge = Annotated[str, typer.Option("--age", help=f"How long after posting: {', '.join(AGES)}.")]


def add_insights_commands(group: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `compare`, `timing` and `light`.  open_: opens the context."""

    @group.command()
    def compare(
        by: Annotated[str, typer.Option(help=f"What to group by: {', '.join(GROUPINGS)}.")] = "content_type",
        measure: Measure = "reach",
        age: AtAge = "7d",
        content_type: Annotated[str, typer.Option("--type", help="One content type; empty means all.")] = "",
        since: Since = "",
        until: Until = "",
        channel: Channel = "",
        area: Area = "",
        as_json: AsJson = False,
    ) -> None:
        """Hold groups of posts against each other, like with like: ratio, interval, n, or 'too few to tell'."""
        from insights.comparisons import compare as compared

        with _chosen(open_(), since, until, channel, area) as (session, filters):
            found = compared(session, by, measure, age=age, content_type=content_type or None, **filters)
        _tell(found, found.groups, found.headline, (*found.sentences, *found.limits), as_json)

    @group.command()
    def timing(
        measure: Measure = "reach",
        age: AtAge = "7d",
        since: Since = "",
        until: Until = "",
        channel: Channel = "",
        area: Area = "",
        as_json: AsJson = False,
    ) -> None:
        """Say what hour and day have to do with it by these posts alone, or that there are too few posts to say."""
        from insights.timing import timing as timed

        with _chosen(open_(), since, until, channel, area) as (session, filters):
            found = timed(session, measure, age=age, **filters)
        _tell(found, (*found.hours, *found.days), found.headline, (*found.sentences, *found.limits), as_json)

    @group.command()
    def light(
        since: Since = "", until: Until = "", channel: Channel = "", area: Area = "", as_json: AsJson = False
    ) -> None:
        """Estimate whether light posts help serious ones, with what cannot be concluded."""
        from insights.light_serious import light_serious

        with _chosen(open_(), since, until, channel, area) as (session, filters):
            found = light_serious(session, **filters)
        cannot = [f"Cannot be concluded: {one}" for one in found.cannot]
        _tell(found, (found.followers, found.reach, found.before), found.headline, (*found.sentences, *cannot), as_json)


@contextmanager
def _chosen(
    context: Context, since: str, until: str, channel: str, area: str
) -> Iterator[tuple["Session", dict[str, Any]]]:
    """A session, and which posts the options choose."""
    from insights.commands import parse_since
    from social.places import area_called

    now: datetime = context.clock.now()
    with context.database.read() as session:
        yield (
            session,
            {
                "since": parse_since(since, now),
                "until": parse_since(until, now) or now,
                "channel": channel or None,
                "place_id": area_called(session, area).id if area.strip() else None,
            },
        )


def _tell(found: Any, rows: Sequence["Row"], headline: str, words: Sequence[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_finite(found.as_dict()), ensure_ascii=False))
        return
    typer.echo(headline)
    if rows:
        _print_table(rows, getattr(found, "measure", ""))
    for line in dict.fromkeys(words):
        if line != headline:
            typer.echo(line)


def _print_table(rows: Sequence["Row"], measure: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from insights.comparison_tables import SAID, brief, is_rate

    lines = brief(rows, is_rate=is_rate(measure))
    shown = Table(caption="In brackets: quartiles, and 95% intervals. Everything else is in --json.")
    for number, head in enumerate(lines[0]):
        shown.add_column(head, justify="left" if number == 0 or head == SAID else "right")
    for line in lines:
        shown.add_row(*(str(value) for value in line.values()))
    console = Console(markup=False)
    (console if console.is_terminal else Console(width=160, markup=False)).print(shown)


def _finite(value: Any) -> Any:
    """The same with null for a number without end, which JSON cannot say."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if value in (float("inf"), float("-inf")) else value
