"""The one door to the database: SQLite by default, PostgreSQL by URL, the same code for both.

Writers come one after another: a plain transaction that reads before it writes loses updates. On SQLite they start
with BEGIN IMMEDIATE, on PostgreSQL with an advisory lock, so that one rule holds for both."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel import Session

from social.database_trouble import file_gone, trouble_of
from social.errors import BeatlineError
from social.folders import make_private_folder

SCHEMA_VERSION = "0008"
"""The newest revision in social/migrations/versions; a test holds the two together."""

_IMMEDIATE = "beatline_immediate"
_TOGETHER = "beatline_together"
ALONE = "beatline_alone"
"""In `session.info`: True while nobody else writes meanwhile."""
AUDIT_KEY = "beatline_audit_key"
"""In `session.info`: the key of the audit record, where the database was opened with one."""
_WRITERS = 0x6265_6174
"""The advisory lock that writers on PostgreSQL hold: alone, or shared by those that only make guarded updates."""
_POSTGRESQL_LIMITS = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    # A writer that was suspended or cut off must not hold up the others for ever.
    "options": "-c lock_timeout=30s -c idle_in_transaction_session_timeout=60s",
}
"""Seconds, or milliseconds for tcp_user_timeout; what the address says itself wins."""


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
        self.handed_on: dict[str, Any] = {}  # what every session carries in `session.info`
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            make_private_folder(Path(self.url.database).parent)
        elif self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        # Parameters stay out of the errors' texts: they hold residents' words and sealed credentials.
        self.engine: Engine = create_engine(
            self.url, pool_pre_ping=not self.is_sqlite, hide_parameters=True, connect_args=_limits(self.url)
        )
        if self.is_sqlite:
            file = _SQLiteFile(self.url)
            event.listen(self.engine, "do_connect", file.require_same)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "connect", file.remember)
            event.listen(self.engine, "begin", file.require_same)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "connect", _prepare_postgresql)
            event.listen(self.engine, "begin", _begin_postgresql)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; nothing it does is kept. Objects stay usable after it closes.

        Raises DatabaseTrouble when the database cannot be used at this moment, as `write` does."""
        with in_plain_words(), Session(self.engine, expire_on_commit=False, info={**self.handed_on}) as session:
            yield session

    @contextmanager
    def write(self, *, together: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception. Keep it short; no network inside.

        Nobody else writes meanwhile.  together: on PostgreSQL others that say so too may; only for statements that
        are right whatever those do: inserts, rows taken with SKIP LOCKED, updates guarded by what was read."""
        bound = self.engine.execution_options(**{_IMMEDIATE: True, _TOGETHER: together})
        info = {**self.handed_on, ALONE: not together}
        with in_plain_words(), Session(bound, expire_on_commit=False, info=info) as session, session.begin():
            session.connection()  # the wait for other writers is over before the caller reads a clock
            yield session

    def schema_version(self) -> str | None:
        """The revision that the database is at; None for one that was never migrated."""
        with in_plain_words(), self.engine.connect() as connection:
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
        with in_plain_words(), self.engine.execution_options(**{_IMMEDIATE: True}).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return True

    def require_current_schema(self) -> None:
        """Migrate SQLite by itself; on PostgreSQL, where that is an administrator's decision, say what to run."""
        if self.is_sqlite:
            self.migrate()
        elif self.schema_version() != SCHEMA_VERSION:
            raise BeatlineError("The database is not at this version's schema. Run `beatline migrate`, then try again.")

    def forget_erased(self) -> bool:
        """Write the database anew, so that its files hold nothing of what was overwritten or deleted in it.

        SQLite: VACUUM, then the log is folded in and cut to nothing. PostgreSQL: VACUUM, which frees the old rows; the
        server's own log and archives are beyond a client.  Returns False when a reader held the log just now: call it
        again.  Takes as long as writing the file; other writers wait, and there must be room for a copy of it."""
        return self._fold_in("VACUUM") if self.is_sqlite else self._vacuum()

    def wipe_freed(self) -> bool:
        """The same for what was deleted since the file was opened by this version, at a cost of what that was: SQLite
        overwrites what it deletes (`secure_delete`), so that only the log is to be folded in and cut.  See above."""
        return self._fold_in() if self.is_sqlite else self._vacuum()

    def _vacuum(self) -> bool:
        with in_plain_words(), self.engine.connect() as connection:
            try:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
            except DBAPIError as error:
                if trouble_of(error) is not None:
                    raise
                return False  # somebody held a table for long
        return True

    def _fold_in(self, *first: str) -> bool:
        with closing(self.engine.raw_connection()) as raw:
            cursor = raw.cursor()
            try:
                for statement in (*first, "PRAGMA wal_checkpoint(TRUNCATE)"):
                    cursor.execute(statement)
                busy = cursor.fetchone()
                return busy is not None and busy[0] == 0
            except sqlite3.OperationalError:  # locked for long, or no room for the copy
                return False

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn a driver's error that speaks of the database's own trouble into DatabaseTrouble."""
    try:
        yield
    except DBAPIError as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise trouble from error


class _SQLiteFile:
    """Notices when the file that is open is not the one at the address any more.

    SQLite would go on writing to a deleted file, and what it says it recorded would be gone."""

    def __init__(self, url: URL) -> None:
        name = url.database or ""
        self._path = None if name in ("", ":memory:") or name.startswith("file:") else Path(name)
        self._known: tuple[int, int] | None = None

    def remember(self, *_: Any) -> None:
        if self._known is None:
            self._known = self._identity()

    def require_same(self, *_: Any) -> None:
        if self._known is not None and self._identity() != self._known:
            raise file_gone()

    def _identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _limits(url: URL) -> dict[str, str]:
    if url.get_backend_name() != "postgresql":
        return {}
    return {name: value for name, value in _POSTGRESQL_LIMITS.items() if name not in url.query}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
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


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """A network's text may hold NUL, which PostgreSQL's may not: there it becomes the sign for what cannot be shown."""
    from psycopg.types.string import StrDumper

    class WithoutNul(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, WithoutNul)


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_IMMEDIATE):
        shared = "_shared" if options.get(_TOGETHER) else ""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{shared}({_WRITERS})")
