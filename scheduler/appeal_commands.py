"""`beatline case` and `beatline appeal`: stages, exceptions, and the end of an appeal, for whoever sits at the machine
(R01-R03, R08, R10)."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from social.context import Context
from social.errors import BeatlineError, InputError

Open = Callable[[], Context]
PersonOf = Callable[[Context, str], Any]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def add_cases_and_appeals(cli: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    """Add `case stage|list|except` and `appeal list|close|erase`.  person_of: the person with that e-mail address."""
    cases = typer.Typer(no_args_is_help=True)
    cli.add_typer(cases, name="case", help="Stages of cases, which say what may be told.")
    _add_stage(cases, open_, person_of, operator)
    _add_case_list(cases, open_)
    _add_except(cases, open_, person_of, operator)
    appeals = typer.Typer(no_args_is_help=True)
    cli.add_typer(appeals, name="appeal", help="Appeals to the public, and how they end.")
    _add_appeal_list(appeals, open_)
    _add_close(appeals, open_, person_of, operator)
    _add_erase(appeals, open_, person_of)


def _add_stage(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command("stage")
    def stage(
        reference: Annotated[str, typer.Argument(help="Reference of the case, as its posts carry it.")],
        to: Annotated[
            str,
            typer.Argument(metavar="STAGE", help="none, suspect, arrested, charged, convicted, sentenced or ended."),
        ],
        reason: Annotated[str, typer.Option(help="Why; without names.")],
        offence: Annotated[str | None, typer.Option(help="Class of the offence: sexual or other.")] = None,
        child: Annotated[bool | None, typer.Option("--child/--no-child", help="Somebody involved is under 18.")] = None,
        by: Annotated[str, typer.Option(help="E-mail address of whoever decided it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Say what stage a case is at; everything queued of it is looked at again."""
        from scheduler.case_stages import set_stage

        context = open_()
        done = set_stage(context, reference, to, person_of(context, by), reason, offence_class=offence,
                         involves_under_18=child)  # fmt: skip
        if as_json:
            typer.echo(json.dumps(asdict(done)))
            return
        typer.echo(f"The case {done.reference} is at the stage '{done.stage}'.")
        for posts, what in (
            (done.rechecked.held, "held: they may not go out as they are"),
            (done.rechecked.to_review, "back in review: they need a higher approval now"),
            (done.rechecked.live, "out already and could not go out now: decide whether they come down"),
        ):
            if posts:
                typer.echo(f"Posts {', '.join(map(str, posts))} are {what}.")
        if done.closed is not None:
            typer.echo(f"The appeal {done.closed.reference} has ended with it (R08).")
            _say_closed(done.closed)


def _add_case_list(group: typer.Typer, open_: Open) -> None:
    @group.command("list")
    def list_(as_json: _Json = False) -> None:
        """List the cases with their stages, those changed last first."""
        from scheduler.cases import STAGE_WORDS, list_cases
        from scheduler.explain import moment

        with open_().database.read() as session:
            cases = list_cases(session)
        if as_json:
            typer.echo(json.dumps([case.model_dump(mode="json") for case in cases]))
            return
        if not cases:
            typer.echo("No case is kept. `beatline case stage` opens one.")
            return
        table = Table("reference", "stage", "offence", "under 18", "changed")
        for case in cases:
            under_18 = "yes" if case.involves_under_18 else "no"
            table.add_row(*map(escape, (case.reference, STAGE_WORDS[case.stage], case.offence_class or "not named",
                                        under_18, moment(case.changed_at))))  # fmt: skip
        Console().print(table)


def _add_except(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command("except")
    def except_(
        reference: Annotated[
            str | None, typer.Argument(help="Reference of the case; leave it out with --post.")
        ] = None,
        post: Annotated[int | None, typer.Option(help="Number of the one post that it is for.")] = None,
        decided_by: Annotated[str, typer.Option(help="Rank and role of the senior lead who decided it.")] = "",
        reason: Annotated[str, typer.Option(help="Why, without the name.")] = "",
        end: Annotated[
            int | None, typer.Option(help="Number of an exception that holds no longer, in place of a new one.")
        ] = None,
        by: Annotated[str, typer.Option(help="E-mail address of whoever records it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """Record a senior lead's decision that an arrested adult may be named before charge, or end one (R01)."""
        from scheduler.case_stages import end_exception, record_exception

        context = open_()
        if end is not None:
            if reference is not None or post is not None or decided_by:
                raise InputError("An exception is ended by its number alone: give --end and --reason.")
            end_exception(context, end, person_of(context, by), reason)
            typer.echo(json.dumps({"ended": end}) if as_json else
                       f"Exception {end} is ended. A name stops a post again.")  # fmt: skip
            return
        kept = record_exception(context, person_of(context, by), decided_by=decided_by, why=reason, reference=reference,
                                post_id=post)  # fmt: skip
        typer.echo(json.dumps({"exception": kept}) if as_json else
                   f"Recorded as exception {kept}. A name now asks for corporate communications' approval.")  # fmt: skip


def _add_appeal_list(group: typer.Typer, open_: Open) -> None:
    @group.command("list")
    def list_(
        everything: Annotated[bool, typer.Option("--all", help="Also those that ended more than 30 days ago.")] = False,
        as_json: _Json = False,
    ) -> None:
        """List the appeals: what is out, what has to come down, and hours to takedown."""
        from scheduler.appeal_views import appeal_views
        from scheduler.explain import moment

        context = open_()
        with context.database.read() as session:
            views = appeal_views(session, context.clock.now(), everything=everything)
        if as_json:
            typer.echo(json.dumps([view.as_json() for view in views], ensure_ascii=False))
            return
        if not views:
            typer.echo("There is no appeal. One opens by itself when its first post is approved.")
            return
        table = Table("reference", "kind", "status", "opened", "copies out", "to come down", "hours to takedown")
        for view in views:
            hours = f"{view.hours:.1f}" if view.hours is not None else ""
            table.add_row(*map(escape, (view.reference, view.label, view.status_words, moment(view.opened_at),
                                        str(len(view.live)), str(len(view.left)), hours)))  # fmt: skip
        Console().print(table)
        for view in views:
            for task in view.left:
                typer.echo(
                    f"{view.reference}, {task.account}: {task.words}. {task.problem or ''} {', '.join(task.urls)}".strip()
                )


def _add_close(group: typer.Typer, open_: Open, person_of: PersonOf, operator: str) -> None:
    @group.command("close")
    def close(
        reference: Annotated[str, typer.Argument(help="Reference of the appeal.")],
        status: Annotated[str, typer.Argument(help="found, withdrawn, closed, arrested or charged.")],
        reason: Annotated[str, typer.Option(help="Why; erased with the appeal.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever decided it.")] = operator,
        as_json: _Json = False,
    ) -> None:
        """End an appeal: take every copy down, prove it, and erase names and pictures here."""
        from scheduler.appeal_closing import STILL_TO_DO, close_appeal
        from scheduler.takedown import OUT_OF_REACH

        context = open_()
        done = close_appeal(context, reference, status, person_of(context, by), reason)
        if as_json:
            typer.echo(json.dumps(asdict(done)))
        else:
            typer.echo(f"The appeal {done.reference} is now: {done.status}.")
            _say_closed(done)
            typer.echo(f"{STILL_TO_DO}\n{OUT_OF_REACH}")
        if done.left:
            raise BeatlineError(
                f"{done.left} of {done.copies} copies are still to come down. The worker goes on trying, and `beatline "
                "appeal list` says what a person must remove."
            )


def _say_closed(done: Any) -> None:
    typer.echo(f"{done.gone} of {done.copies} live copies are taken down; {done.dropped} posts that had not gone out are "
               "dropped.")  # fmt: skip
    if done.erased:
        typer.echo(
            "Names and pictures are erased here. Backups of earlier days still hold them: see the page on appeals."
        )


def _add_erase(group: typer.Typer, open_: Open, person_of: PersonOf) -> None:
    @group.command("erase")
    def erase(
        reference: Annotated[str, typer.Argument(help="Reference of an appeal that has ended.")],
        by: Annotated[str, typer.Option(help="E-mail address of somebody who looks after records.")],
        as_json: _Json = False,
    ) -> None:
        """Erase names and pictures of an appeal that has ended now, whatever is still to come down."""
        from scheduler.erasing import erase_now

        context = open_()
        erase_now(context, reference, person_of(context, by))
        typer.echo(json.dumps({"reference": reference, "erased": True}) if as_json
                   else f"Names and pictures of the appeal {reference} are erased here.")  # fmt: skip
