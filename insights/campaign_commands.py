"""`beatline campaigns`: what is planned and running, and what came of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from social.context import Context
from social.operators import OPERATOR, acting

if TYPE_CHECKING:
    from insights.assessment_values import Assessment

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_NUMBER = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the campaign, as in the list.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `campaigns list|show|assess|numbers`."""
    group = typer.Typer(help="What campaigns are for, and what came of them.", no_args_is_help=True)
    cli.add_typer(group, name="campaigns")

    @group.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show every campaign: those that run, then planned, closed and given up ones."""
        _list(open_(), as_json)

    @group.command()
    def show(number: _NUMBER, by: _BY = OPERATOR, as_json: _JSON = False) -> None:
        """Show what a campaign is for, what it lacks, its measures and what was done."""
        found = _assessed(open_(), number, by)
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False)) if as_json else _show(found)

    @group.command()
    def assess(number: _NUMBER, by: _BY = OPERATOR, as_json: _JSON = False) -> None:
        """Show what came of a campaign under its six headings, each figure with its source and its day."""
        found = _assessed(open_(), number, by)
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False)) if as_json else _assess(found)

    @group.command()
    def numbers(
        number: _NUMBER,
        measure: Annotated[int, typer.Argument(metavar="MEASURE", help="Number of the measure, as `show` has it.")],
        file: Annotated[Path, typer.Argument(help="CSV (UTF-8): date, value and perhaps of, area and source.")],
        by: _BY = OPERATOR,
    ) -> None:
        """Take in the numbers of a measure, before and after, of the campaign's area and of the comparison."""
        from social.campaign_measures import import_points
        from social.csv_file import content_of

        context = open_()
        kept = import_points(context, acting(context, by), number, measure, content_of(file), file.name)
        typer.echo(f"{kept} numbers of measure {measure} are kept.")


def _assessed(context: Context, number: int, by: str) -> "Assessment":
    from insights.assessment import assess
    from social.staff import Action, require

    person = acting(context, by)
    with context.database.read() as session:
        require(session, person, Action.READ_FIGURES)
        return assess(session, number, context.clock.now())


def _list(context: Context, as_json: bool) -> None:
    from insights.assessment import about_campaign
    from social.campaigns import list_campaigns, unplanned_names

    with context.database.read() as session:
        found = [about_campaign(session, one) for one in list_campaigns(session)]
        unplanned = unplanned_names(session)
    if as_json:
        campaigns = [
            {"campaign": one.id, "name": one.name, "title": one.title, "state": one.state, "areas": list(one.areas),
             "from": one.starts_on.isoformat() if one.starts_on else None,
             "until": one.ends_on.isoformat() if one.ends_on else None, "owner": one.owner}
            for one in found
        ]  # fmt: skip
        names = [{"name": one.name, "posts": one.posts, "first": one.first.isoformat(), "last": one.last.isoformat()}
                 for one in unplanned]  # fmt: skip
        typer.echo(json.dumps({"campaigns": campaigns, "unplanned": names}, ensure_ascii=False))
        return
    for one in found:
        where = ", ".join(one.areas) or "the whole force"
        typer.echo(f"{one.id}: {one.title} ({one.state}; {where})")
    if not found:
        typer.echo("There is no campaign yet. They are planned on the page Campaigns.")
    for name in unplanned:
        typer.echo(
            f"{name.posts} posts carry the name '{name.name}', and nobody planned it: plan it on the page Campaigns."
        )


def _show(found: "Assessment") -> None:
    about = found.about
    typer.echo(f"Campaign {about.id}: {about.title} ({about.state})")
    told = (
        ("Name on posts", about.name), ("Areas", ", ".join(about.areas) or "the whole force"),
        ("Compared with", about.comparison), ("From", about.starts_on), ("Until", about.ends_on), ("Owner", about.owner),
        ("Aim", about.aim), ("Audience", about.audience), ("Priority", about.priority), ("Purpose", about.purpose),
        ("Feedback", about.feedback_plan), *found.sara,
    )  # fmt: skip
    for name, value in told:
        typer.echo(f"{name}: {value or 'not said'}")
    for one in found.results:
        typer.echo(f"Measure {one.measure_id}, {one.name}: {one.sentence} Source: {one.source or 'not said'}.")
    for done in found.activities:
        typer.echo(
            f"{done.day.isoformat()}: {done.kind}{f', {done.where}' if done.where else ''}. {done.what}".rstrip()
        )
    if found.missing and about.state == "planned":
        from social.campaigns import all_of

        typer.echo(f"Before it can be launched it lacks {all_of(found.missing)}.")


def _assess(found: "Assessment") -> None:
    typer.echo(f"Campaign {found.about.id}: {found.about.title} ({found.about.state})")
    for heading in found.headings:
        typer.echo(f"\n{heading.name}")
        for line in heading.lines:
            typer.echo(f"  {line}")
    limits = [f"{one.name}: {limit}" for one in found.results for limit in one.limits]
    if found.other_causes:
        limits.append(f"Other causes that staff name: {found.other_causes}")
    for what, told in (
        ("What these figures do not say", limits),
        ("Words that say more than was measured", found.warnings),
    ):
        if told:
            typer.echo(f"\n{what}")
        for line in told:
            typer.echo(f"  {line}")
