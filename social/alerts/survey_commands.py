"""The part of the command line that shows surveys and takes their results along."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from social.alerts.survey_counts import SurveyResults, answered_so_far, results
from social.alerts.survey_export import as_json as results_as_json
from social.alerts.survey_export import export as export_results
from social.alerts.survey_results import HIDDEN, Row
from social.alerts.surveys import QuestionKind, list_surveys, survey_with_id
from social.context import Context
from social.given_file import new_private_file
from social.operators import OPERATOR, acting
from social.places import Place
from social.staff import Action, require

_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
_NUMBER = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the survey, as in the list.")]
_BY = Annotated[str, typer.Option(help="E-mail address of the person.")]


def add_commands(cli: typer.Typer, open_: Callable[[], Context]) -> None:
    """Add `surveys list|results|export`."""
    group = typer.Typer(help="What residents were asked, and what they answered.", no_args_is_help=True)
    cli.add_typer(group, name="surveys")

    @group.command("list")
    def list_(as_json: _JSON = False) -> None:
        """Show every survey with its state, its days and how many answered, the newest first."""
        context = open_()
        with context.database.read() as session:
            shown = [
                {"survey": one.id, "title": one.title, "state": one.state, "area": _area(session.get(Place, one.place_id)
                 if one.place_id else None), "from": one.opens_on.isoformat() if one.opens_on else None,
                 "until": one.closes_on.isoformat() if one.closes_on else None,
                 "forms": answered_so_far(session, one.id or 0)}
                for one in list_surveys(session)
            ]  # fmt: skip
        if as_json:
            typer.echo(json.dumps(shown, ensure_ascii=False))
            return
        for row in shown:
            until = f", until {row['until']}" if row["until"] else ""
            typer.echo(f"{row['survey']}: {row['title']} ({row['state']}{until}, {row['area']}, {row['forms']} forms)")
        if not shown:
            typer.echo("There is no survey yet. They are written on the page Surveys.")

    @group.command("results")
    def results_(number: _NUMBER, by: _BY = OPERATOR, as_json: _JSON = False) -> None:
        """Show what was answered, by neighbourhood, with 95 % intervals; small numbers are hidden."""
        context = open_()
        person = acting(context, by)
        with context.database.read() as session:
            require(session, person, Action.READ_FIGURES)
            found = results(session, survey_with_id(session, number), context.clock.now())
        typer.echo(json.dumps(results_as_json(found), ensure_ascii=False)) if as_json else _tell(found)

    @group.command()
    def export(
        number: _NUMBER,
        out: Annotated[Path, typer.Option(help="File to write; it must not be there yet.")],
        by: _BY = OPERATOR,
    ) -> None:
        """Write the results into a CSV file (UTF-8) for a spreadsheet; that is recorded."""
        context = open_()
        content = export_results(context, acting(context, by), number)
        new_private_file(out, content.decode("utf-8"))
        typer.echo(f"The results of survey {number} are in {out}.")


def _area(place: Place | None) -> str:
    return place.name if place is not None else "the whole force"


def _tell(found: SurveyResults) -> None:
    typer.echo(f"Survey {found.survey.id}: {found.survey.title} ({found.survey.state})")
    if found.before is not None:
        typer.echo(f"Answers from before {found.before.isoformat()}; all of them once it is closed.")
    if found.answered is None:
        typer.echo("Too few to tell: results are shown from five answers on.")
        return
    members = "hidden" if found.members is None else f"{found.members:,}"
    others = "hidden" if found.others is None else f"{found.others:,}"
    typer.echo(
        f"{found.answered:,} answered: members {members} of {found.invited:,} invited, by the open link {others}."
    )
    typer.echo("They are those who answered, and not a sample of all residents.")
    for one in found.questions:
        typer.echo(f"\n{one.question.number}. {one.question.text}")
        for row in (*one.rows, *((one.total,) if one.total else ())):
            typer.echo(f"  {row.name}, n {row.n:,}" + (f", median {row.median:g}" if row.median is not None else ""))
            if one.question.kind is not QuestionKind.TEXT:
                _tell_row(row, one.question.choices)


def _tell_row(row: Row, choices: dict[int, str]) -> None:
    for choice, words in choices.items():
        if row.ranks:
            told = row.ranks[choice]
            typer.echo(f"    {words}: place {told.mean:.1f} on average ({told.low:.1f} to {told.high:.1f})")
        else:
            share = row.shares[choice]
            shown = (
                HIDDEN
                if share.count is None
                else f"{share.count:,}, {share.share:.0%} ({share.low:.0%} to {share.high:.0%})"
            )
            typer.echo(f"    {words}: {shown}")
