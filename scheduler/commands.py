"""The scheduler's part of the command line."""

import gc
import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from scheduler import awareness_commands
from scheduler.appeal_commands import add_cases_and_appeals
from scheduler.check_command import add_check
from scheduler.hold_commands import add_hold
from scheduler.plan_command import add_plan
from scheduler.recurrence_commands import add_recurrences
from scheduler.slot_commands import add_slots
from social import places_commands
from social.alerts import resident_commands
from social.context import Context
from social.errors import InputError
from social.jobs import Job
from social.operators import OPERATOR

Open = Callable[[], Context]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def add_commands(cli: typer.Typer, open_: Open, jobs: Sequence[Job]) -> None:
    """Add `import`, `check`, `queue`, `plan`, `takedown`, `hold`, `case`, `appeal`, `awareness` and `worker`."""
    _add_import(cli, open_)
    add_check(cli)
    _add_queue(cli, open_)
    add_plan(cli, open_, _person, OPERATOR)
    add_recurrences(cli, open_, _person, OPERATOR)
    add_slots(cli, open_, _person, OPERATOR)
    _add_takedown(cli, open_)
    add_hold(cli, open_, _person, OPERATOR)
    add_cases_and_appeals(cli, open_, _person, OPERATOR)
    awareness_commands.add_commands(cli, open_, _person, OPERATOR)
    _add_worker(cli, open_, jobs)


def _add_import(cli: typer.Typer, open_: Open) -> None:
    group = typer.Typer(no_args_is_help=True)
    cli.add_typer(group, name="import", help="Bring in files.")

    awareness_commands.add_import(group, open_, _person, OPERATOR)
    places_commands.add_import(group, open_)
    resident_commands.add_import(group, open_)

    @group.command("posts")
    def posts(
        file: Annotated[Path, typer.Argument(help="CSV file (UTF-8); docs name its columns.")],
        accounts: Annotated[
            str | None, typer.Option(help="Send every row to these accounts, parted by commas.")
        ] = None,
        only_channels: Annotated[
            str | None, typer.Option(help="Take only rows of these channels, parted by commas.")
        ] = None,
        approved_by: Annotated[str | None, typer.Option(help="E-mail address of whoever approved the file.")] = None,
        author: Annotated[str | None, typer.Option(help="E-mail address of the author.")] = None,
        due_now: Annotated[bool, typer.Option("--due-now", help="Due at once, in the file's order.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and keep nothing.")] = False,
        as_json: _Json = False,
    ) -> None:
        """Plan every post of a CSV file: all rows or none."""
        from scheduler.importing import import_posts

        for person in (approved_by, author):
            _words(person)
        with _bar("Checking rows", quiet=as_json) as progress:
            report = import_posts(
                open_(),
                file,
                accounts=_words(accounts),
                only_channels=_words(only_channels),
                approved_by=approved_by,
                author=author,
                due_now=due_now,
                dry_run=dry_run,
                progress=progress,
            )
        if as_json:
            typer.echo(json.dumps({**asdict(report), "dry_run": dry_run}))
            return
        verb = "would be planned" if dry_run else "planned"
        typer.echo(
            f"{report.rows} rows read; {report.posts} posts {verb}, {report.entries} entries; "
            f"{report.skipped_existing} rows were there already."
        )
        if report.faulty:
            named = ", ".join(f"row {fault.row} ({', '.join(fault.codes)})" for fault in report.faulty)
            count = f"{len(report.faulty)} row has" if len(report.faulty) == 1 else f"{len(report.faulty)} rows have"
            typer.echo(f"{count} faults and will not go out as they are: {named}. `beatline check` says why.")


def _add_queue(cli: typer.Typer, open_: Open) -> None:
    group = typer.Typer(no_args_is_help=True)
    cli.add_typer(group, name="queue", help="What is to go out, and what became of it.")

    @group.command("list")
    def list_(
        state: Annotated[list[str] | None, typer.Option(help="Only entries in this state; may be repeated.")] = None,
        as_json: _Json = False,
    ) -> None:
        """List the entries by due time."""
        from scheduler.lifecycle import State
        from scheduler.queries import list_entries
        from social.near_words import suggestion

        for name in state or ():
            if name not in set(State):
                raise InputError(f"'{name}' is no state. {suggestion(name, [s.value for s in State])}")
        with open_().database.read() as session:
            entries = list_entries(session, states=state or None)
        if as_json:
            keys = ("id", "account", "state", "due_at", "platform_id", "text")
            typer.echo(json.dumps([{key: _plain(getattr(entry, key)) for key in keys} for entry in entries],
                                  ensure_ascii=False))  # fmt: skip
            return
        _print_entries(entries)

    @group.command("explain")
    def explain_(
        entry_id: Annotated[int, typer.Argument(metavar="ID", help="Number of the entry.")], as_json: _Json = False
    ) -> None:
        """Say why an entry is where it is, and what happens next."""
        from scheduler.explain import explain

        context = open_()
        with context.database.read() as session:
            lines = explain(session, entry_id, context.clock.now(), context.settings.account_gap)
        typer.echo(json.dumps(lines, ensure_ascii=False) if as_json else "\n".join(lines))


def _print_entries(entries: Sequence[Any]) -> None:
    from scheduler.explain import moment

    if not entries:
        typer.echo("The queue is empty.")
        return
    table = Table("id", "account", "state", "due", "text", "reason")
    for entry in entries:
        due = moment(entry.due_at) if entry.due_at else "no time yet"
        table.add_row(*map(escape, (str(entry.id), entry.account, entry.state, due, _short(entry.text))),
                      escape(entry.reason or ""))  # fmt: skip
    Console().print(table)


def _add_takedown(cli: typer.Typer, open_: Open) -> None:
    @cli.command()
    def takedown(
        post_id: Annotated[int, typer.Argument(help="Number of the post.")],
        reason: Annotated[str, typer.Option(help="Why; the record keeps it.")],
        by: Annotated[str, typer.Option(help="E-mail address of whoever decided it.")] = OPERATOR,
        as_json: _Json = False,
    ) -> None:
        """Take every live copy of a post down."""
        from scheduler.planning import withdraw_post
        from scheduler.queries import post_view

        context = open_()
        with context.database.read() as session:
            post_view(session, post_id)  # before whoever decided it is written down
        taken = withdraw_post(context, post_id, _person(context, by), reason)
        typer.echo(json.dumps({"post_id": post_id, "taken_down": taken}) if as_json
                   else f"Post {post_id}: {taken} live copies taken down.")  # fmt: skip


def _add_worker(cli: typer.Typer, open_: Open, jobs: Sequence[Job]) -> None:
    @cli.command()
    def worker(
        until_idle: Annotated[
            bool, typer.Option("--until-idle", help="Stop when nothing due is left to publish, collect or read.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="With --until-idle: print how many entries are in each state.")
        ] = False,
    ) -> None:
        """Publish what is due, collect what is new, read it and keep the figures, until stopped."""
        from scheduler import figures_told
        from scheduler.queries import count_states
        from scheduler.worker import run_forever, run_until_idle
        from social.web.figures_server import figures_served

        if as_json and not until_idle:
            raise typer.BadParameter("give --until-idle as well: it prints one document and ends", param_hint="--json")

        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        context = open_()
        if until_idle:
            with _bar("Due posts settled") as progress:
                run_until_idle(context, jobs, progress=progress)
            if as_json:
                with context.database.read() as session:
                    typer.echo(json.dumps(count_states(session)))
            return
        stop = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        work = tuple(jobs)  # with it their modules are loaded
        gc.collect()
        gc.freeze()  # and stay: no collection has to look at them again
        with figures_served(context.settings, partial(figures_told.told, context)) as address:
            if address is not None:
                typer.echo(f"Figures for Prometheus: {address}", err=True)
            run_forever(context, work, stop=stop)


def _person(context: Context, email: str) -> Any:
    from social.operators import acting

    return acting(context, email)


def _words(text: str | None) -> list[str] | None:
    """The parts of an option; None when it was not given.  Given and empty, as an unset shell variable leaves it, it
    names nothing, which must not mean everything."""
    if text is None:
        return None
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words:
        raise InputError("An option that names accounts, channels or people is empty. Fill it in or leave it out.")
    return words


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


@contextmanager
def _bar(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
