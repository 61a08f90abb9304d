"""Copies everything from one database into another, empty one of either kind, and proves that it arrived.

The tables are taken as the databases describe them, so that no slice can be forgotten. One transaction on each side:
the source is seen as it was at one moment, and the target gets all of it or nothing."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    MetaData,
    Table,
    bindparam,
    event,
    exists,
    func,
    inspect,
    literal,
    select,
    text,
    union_all,
    update,
)

from social.clock import Clock, SystemClock
from social.database import SCHEMA_VERSION, Database, UTCDateTime, in_plain_words
from social.errors import BeatlineError, InputError

_ALEMBIC = "alembic_version"
BATCH = 1000
AT_WORK = timedelta(seconds=60)
"""A worker that left a sign of life within this time is taken to be running."""

Progress = Callable[[str, int, int], None]
"""Called with the table's name, how many of its rows are done, and how many there are."""


@dataclass(frozen=True)
class Copied:
    """One table.  rows: count.  checksum: hex, of all rows in a form that is the same on both databases."""

    table: str
    rows: int
    checksum: str

    @classmethod
    def nothing(cls, table: Table) -> "Copied":
        """Of a table without a row."""
        return _Sum().copied(table.name)


@dataclass
class _Sum:
    """A checksum of rows in any order: databases sort text differently."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, row: Sequence[Any]) -> None:
        digest = hashlib.sha256(json.dumps([_canonical(value) for value in row], ensure_ascii=False).encode()).digest()
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % 2**256

    def copied(self, table: str) -> Copied:
        return Copied(table, self.rows, f"{self.total:064x}")


def copy_database(
    source: Database, target: Database, *, clock: Clock | None = None, progress: Progress | None = None
) -> list[Copied]:
    """Copy every row; the target is given its tables first.  Returns what was copied, proved on the target.

    Raises InputError when the target holds anything or the source is not at this version's schema, BeatlineError
    while a worker is at work on the source; then the target holds no row."""
    _require_source(source)
    target.migrate()
    tables = tables_of(source)
    if tables.tables.keys() != _names(target):
        raise InputError("The two databases do not have the same tables. Use an empty database as the target.")
    _require_empty(target, tables)
    with in_plain_words(), _snapshot(source) as reading:
        _require_idle(reading, tables, (clock or SystemClock()).now())
        with target.write() as session:
            writing = session.connection()
            full = _with_rows(reading, tables)
            with facts_as_copied(writing):
                copied = [_copy_table(reading, writing, table, progress) if table.name in full else Copied.nothing(table)
                          for table in tables.sorted_tables]  # fmt: skip
            if not target.is_sqlite:
                _set_sequences(writing, [table for table in tables.sorted_tables if table.name in full])
            arrived = _with_rows(writing, tables)
            for one in copied:
                table = tables.tables[one.table]
                if (_checksum(writing, table) if one.table in arrived else Copied.nothing(table)) != one:
                    raise BeatlineError(
                        f"The table '{one.table}' did not arrive as it was. Nothing was kept in the target; the source "
                        "is as before."
                    )
    return copied


def tables_of(database: Database) -> MetaData:
    """The tables as the database has them, with instants as the code knows them; without Alembic's own.

    They serve for any database of the same schema: types are what both kinds have in common."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _common_type)
    with in_plain_words():
        metadata.reflect(database.engine, only=lambda name, _: name != _ALEMBIC)
    return metadata


def _common_type(_inspector: Any, _table: Table, column: Any) -> None:
    instant = isinstance(column["type"], DateTime)
    column["type"] = UTCDateTime() if instant else column["type"].as_generic(allow_nulltype=True)


def _names(database: Database) -> set[str]:
    with in_plain_words():
        return set(inspect(database.engine).get_table_names()) - {_ALEMBIC}


@contextmanager
def facts_as_copied(connection: Connection) -> Iterator[None]:
    """The database keeps no facts of its own meanwhile: they are copied like all else.

    In the caller's transaction: where that fails, the triggers are as before."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'facts#_%' ESCAPE '#'"
        pairs = [(row[0], row[1]) for row in connection.execute(text(query))]
        off, on = [f'DROP TRIGGER "{name}"' for name, _ in pairs], [sql for _, sql in pairs]
    else:
        query = "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'facts#_%' ESCAPE '#'"
        pairs = [(row[0], row[1]) for row in connection.execute(text(query))]
        off, on = (
            [f"ALTER TABLE {table} {how} TRIGGER {name}" for name, table in pairs] for how in ("DISABLE", "ENABLE")
        )
    for statement in off:
        connection.exec_driver_sql(statement)
    yield
    for statement in on:
        connection.exec_driver_sql(statement)


def holds_rows(database: Database, tables: MetaData) -> str | None:
    """The name of a table that holds a row; None when all are empty."""
    with database.read() as session:
        return min(_with_rows(session.connection(), tables), default=None)


def _with_rows(connection: Connection, tables: MetaData) -> set[str]:
    """The names of the tables that hold a row: asked at once, as most hold none."""
    each = [select(literal(name)).where(exists().select_from(table)) for name, table in tables.tables.items()]
    return set(connection.execute(union_all(*each)).scalars()) if each else set()


def _require_source(source: Database) -> None:
    version = source.schema_version()
    if version is None:
        raise InputError("There is nothing to copy: the database in use has no tables.")
    if version != SCHEMA_VERSION:
        raise InputError("The database in use is not at this version's schema. Run `beatline migrate` first.")


def _require_empty(target: Database, tables: MetaData) -> None:
    full = holds_rows(target, tables)
    if full is not None:
        raise InputError(f"The target is not empty: its table '{full}' has rows. Give the address of an empty one.")


def _require_idle(reading: Connection, tables: MetaData, now: datetime) -> None:
    """What a worker sends while its database is copied would be unknown to the copy, and be sent once more."""
    heartbeat = tables.tables.get("heartbeat")
    seen = None if heartbeat is None else reading.execute(select(func.max(heartbeat.c.seen_at))).scalar()
    if seen is not None and now - seen < AT_WORK:
        raise BeatlineError(
            "A worker is at work on this database, or was a moment ago. Stop worker and app, wait a minute, then run "
            "this again: what goes out meanwhile would be missing in the copy."
        )


def _snapshot(source: Database) -> Connection:
    """A connection that sees one moment however long it reads."""
    connection = source.engine.connect()
    if not source.is_sqlite:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        # It stands still while the target's rows are read back, which may take longer than others are given.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    return connection


def _copy_table(reading: Connection, writing: Connection, table: Table, progress: Progress | None) -> Copied:
    names = [column.name for column in table.columns]
    total = reading.execute(select(func.count()).select_from(table)).scalar_one()
    # Rows that point to rows of their own table come in without, and get it when all are there.
    own = {name for name in names for key in table.c[name].foreign_keys if key.column.table is table}
    seen, later = _Sum(), []
    rows = reading.execute(select(*table.columns).execution_options(yield_per=BATCH))
    for batch in _batches(rows):
        given = [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in batch]
        for values in given:
            seen.add(list(values.values()))
            if any(values[name] is not None for name in own):
                later.append({f"given_{name}": values[name] for name in (*own, *table.primary_key.columns.keys())})
                values.update(dict.fromkeys(own))
        writing.execute(table.insert(), given)
        if progress is not None:
            progress(table.name, seen.rows, total)
    if later:
        key = [column == bindparam(f"given_{column.name}") for column in table.primary_key.columns]
        writing.execute(update(table).where(*key).values({name: bindparam(f"given_{name}") for name in own}), later)
    return seen.copied(table.name)


def _batches(rows: Any) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _checksum(connection: Connection, table: Table) -> Copied:
    """Of what the table holds now."""
    seen = _Sum()
    for row in connection.execute(select(*table.columns).execution_options(yield_per=BATCH)):
        seen.add(row)
    return seen.copied(table.name)


def _set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """The next number that PostgreSQL gives out comes after the last one that was copied."""
    for table in tables:
        for column in table.primary_key.columns:
            if not isinstance(column.type, Integer):
                continue
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            last = connection.execute(select(func.max(column))).scalar()
            if last is not None and connection.execute(select(sequence)).scalar() is not None:
                connection.execute(select(func.setval(sequence, last)))


def _plain(value: Any) -> Any:
    """PostgreSQL's text holds no NUL: it becomes the sign for what cannot be shown."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _canonical(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value
