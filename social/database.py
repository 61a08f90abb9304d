"""The one door to the database: SQLite by default, PostgreSQL by URL, the same code for both.

Writers on SQLite start with BEGIN IMMEDIATE: a plain transaction that reads before it writes loses updates."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import Session

from social.errors import BeatlineError
from social.folders import make_private_folder

SCHEMA_VERSION = "0001"
"""The newest revision in social/migrations/versions; a test holds the two together."""

_IMMEDIATE = "beatline_immediate"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant. Refuses naive values on the way in and always hands back aware ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("refusing to store a time without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One engine per process. `read()` and `write()` hand out short-lived sessions."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            make_private_folder(Path(self.url.database).parent)
        elif self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        # Parameters stay out of the errors' texts: they hold residents' words and sealed credentials.
        self.engine: Engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite, hide_parameters=True)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; nothing it does is kept. Objects stay usable after it closes."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception. Keep it short; no network inside."""
        bound = self.engine.execution_options(**{_IMMEDIATE: True})
        with Session(bound, expire_on_commit=False) as session, session.begin():
            yield session

    def schema_version(self) -> str | None:
        """The revision that the database is at; None for one that was never migrated."""
        with self.engine.connect() as connection:
            if not self.engine.dialect.has_table(connection, "alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def migrate(self) -> bool:
        """Bring the schema to `SCHEMA_VERSION`.  Returns True when anything had to be done.

        Raises BeatlineError for the database of a newer version of Beatline: schemas only go forward."""
        version = self.schema_version()
        if version == SCHEMA_VERSION:
            return False
        if version is not None and version > SCHEMA_VERSION:
            raise BeatlineError(
                f"The database is at schema {version}, newer than this version's ({SCHEMA_VERSION}). "
                "Install the version of Beatline that last used it."
            )
        # Alembic takes a third of a second to import: only those who need it pay.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.engine.execution_options(**{_IMMEDIATE: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return True

    def require_current_schema(self) -> None:
        """Migrate SQLite by itself; on PostgreSQL, where that is an administrator's decision, say what to run."""
        if self.is_sqlite:
            self.migrate()
        elif self.schema_version() != SCHEMA_VERSION:
            raise BeatlineError("The database is not at this version's schema. Run `beatline migrate`, then try again.")

    def close(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _enter_wal(cursor)
    cursor.close()


def _enter_wal(cursor: sqlite3.Cursor) -> None:
    """Processes that open a new file together contend for this one switch, for which SQLite does not wait."""
    for tries_left in reversed(range(200)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
