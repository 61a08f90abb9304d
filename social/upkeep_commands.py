"""The part of the command line that looks after the database: its schema, copies between databases, backups.

None of these opens the running system first: they must work where nothing else does."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from social.clock import SystemClock
from social.database import Database
from social.exports import record_upkeep
from social.settings import Settings

AfterRestore = Callable[[Database, datetime], int]
"""Holds what may have gone out since the backup was made; returns how many entries that were."""
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def add_commands(
    cli: typer.Typer, settings_of: Callable[[typer.Context], Settings], after_restore: AfterRestore
) -> None:
    """settings_of: the settings in force for a command.  after_restore: see `social.commands.add_commands`."""
    _add_migrate(cli, settings_of)
    _add_backup(cli, settings_of)
    _add_restore(cli, settings_of, after_restore)


def _add_migrate(cli: typer.Typer, settings_of: Callable[[typer.Context], Settings]) -> None:
    @cli.command()
    def migrate(
        ctx: typer.Context,
        to: Annotated[str | None, typer.Option(help="Copy everything into this empty database.")] = None,
        as_json: _JSON = False,
    ) -> None:
        """Bring the database to this version's schema. On SQLite that also happens by itself."""
        with _opened(settings_of(ctx).database_url) as database:
            if to is not None:
                record_upkeep(settings_of(ctx), database, SystemClock().now(), "copy database", {})
                _copy(database, to, as_json)
                return
            changed, version = database.migrate(), database.schema_version()
        told = f"Brought to schema {version}." if changed else f"Nothing to do: the schema is {version} already."
        typer.echo(json.dumps({"changed": changed, "schema": version}) if as_json else told)


def _copy(source: Database, to: str, as_json: bool) -> None:
    from social.copying import copy_database
    from social.web.terminal import progress_bar

    with _opened(to) as target, progress_bar() as tell:
        copied = copy_database(source, target, progress=tell)
        schema = target.schema_version()
    if as_json:
        typer.echo(json.dumps({"schema": schema, "tables": [asdict(one) for one in copied]}))
        return
    for one in copied:
        typer.echo(f"{one.table:20} {one.rows:>10,} rows  {one.checksum[:16]}")
    typer.echo("Everything arrived, proved by counts and checksums. Set BEATLINE_DATABASE_URL to use it from now on.")


def _add_backup(cli: typer.Typer, settings_of: Callable[[typer.Context], Settings]) -> None:
    @cli.command()
    def backup(
        ctx: typer.Context,
        file: Annotated[Path, typer.Argument(help="The archive to write; it must not exist yet.")],
        as_json: _JSON = False,
    ) -> None:
        """Write database and pictures into one archive, while Beatline runs. The key is not in it."""
        from social.backup import back_up
        from social.web.terminal import progress_bar

        with progress_bar() as tell:
            made = back_up(settings_of(ctx), file, progress=partial(tell, "Putting files in"))
        with _opened(settings_of(ctx).database_url) as database:
            record_upkeep(settings_of(ctx), database, SystemClock().now(), "back up database", {"files": made.files})
        if as_json:
            typer.echo(json.dumps({"file": str(file), **asdict(made)}))
        else:
            typer.echo(f"{made.files} files in {file}. Keep the file `key` (or BEATLINE_KEY) apart from it.")


def _add_restore(
    cli: typer.Typer, settings_of: Callable[[typer.Context], Settings], after_restore: AfterRestore
) -> None:
    @cli.command()
    def restore(
        ctx: typer.Context,
        file: Annotated[Path, typer.Argument(help="An archive that `beatline backup` wrote.")],
        replace: Annotated[bool, typer.Option("--replace", help="Take the place of the data that is there.")] = False,
        as_json: _JSON = False,
    ) -> None:
        """Put an archive's database and pictures in place, after checking every one of them."""
        from social.backup import restore as put_back
        from social.web.terminal import progress_bar

        settings = settings_of(ctx)
        with progress_bar() as tell:
            manifest = put_back(settings, file, replace=replace, progress=partial(tell, "Checking files"))
        with _opened(settings.database_url) as database:
            database.migrate()
            held = after_restore(database, SystemClock().now())
            restored = {"made_at": manifest.made_at, "files": manifest.files, "held": held}
            record_upkeep(settings, database, SystemClock().now(), "restore database", restored)
        said: dict[str, Any] = {"files": manifest.files, "made_at": manifest.made_at, "held": held}
        if as_json:
            typer.echo(json.dumps(said))
            return
        typer.echo(f"Restored as of {manifest.made_at}: {manifest.files} files.")
        if held:
            typer.echo(f"{held} posts may have gone out since: look at the accounts, then release or discard them.")


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
