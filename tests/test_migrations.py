"""The revisions and the tables in the code say the same."""

import importlib
import pkgutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import bindparam, inspect, text
from sqlmodel import SQLModel

import social
from social.database import SCHEMA_VERSION, Database, UTCDateTime
from tests.postgresql import Server


@pytest.fixture
def empty_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without any table."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'empty' / 'beatline.sqlite'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database(migrated=False)


@pytest.fixture
def database(empty_url: str) -> Database:
    return Database(empty_url)


def every_table() -> None:
    for slice_name in ("social", "scheduler", "insights"):
        package = importlib.import_module(slice_name)
        for module in pkgutil.walk_packages(package.__path__, f"{slice_name}."):
            if not {"views", "web", "migrations", "practice"} & set(module.name.split(".")):
                importlib.import_module(module.name)


def schema(database: Database) -> list[tuple[str, ...]]:
    """Tables, columns and indexes as the database itself describes them."""
    looker = inspect(database.engine)
    columns = [(table, str(column)) for table in looker.get_table_names() for column in looker.get_columns(table)]
    indexes = [(table, str(index["name"])) for table in looker.get_table_names() for index in looker.get_indexes(table)]
    return sorted(columns + indexes)


def test_the_schema_version_is_the_newest_revision() -> None:
    scripts = ScriptDirectory(str(Path(social.__file__).parent / "migrations"))
    assert scripts.get_heads() == [SCHEMA_VERSION]


def test_a_migrated_database_has_exactly_the_tables_of_the_code(database: Database) -> None:
    every_table()
    database.migrate()
    with database.engine.connect() as connection:
        migrations = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migrations, SQLModel.metadata) == []
    database.close()


def test_migrating_twice_does_nothing_the_second_time(database: Database) -> None:
    assert database.schema_version() is None
    assert database.migrate()
    before = schema(database)
    assert database.schema_version() == SCHEMA_VERSION
    assert not database.migrate()
    assert schema(database) == before
    database.close()


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    """`beatline run` starts worker and app at the same moment on a new home."""
    databases = [Database(empty_url) for _ in range(3)]
    failures: list[BaseException] = []
    together = threading.Barrier(len(databases))

    def start(database: Database) -> None:
        together.wait()
        try:
            database.migrate()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {database.schema_version() for database in databases} == {SCHEMA_VERSION}
    for database in databases:
        database.close()


def test_references_from_before_get_the_one_form_and_one_appeal_each(database: Database) -> None:
    """R10: an appeal whose posts were typed with other capitals must end for all of them."""
    config = Config()
    config.set_main_option("script_location", str(Path(social.__file__).parent / "migrations"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text("INSERT INTO person (id, email, name, role, active) VALUES (1, 'a@w.example', 'A', 'author', :yes)"),
            {"yes": True},
        )
        for number, given in enumerate(("OP-Larch", " op-larch", "OP-LARCH", "op  s\u00e9", "", None), 1):
            connection.execute(
                text(
                    "INSERT INTO post (id, content_type, text, lang, appeal_ref, case_stage, author_id, version, "
                    "approved_at, created_at, updated_at) VALUES (:number, 'appeal_missing', 'Seen her?', 'en', :given, "
                    "'none', 1, 1, :at, :at, :at)"
                ).bindparams(bindparam("at", datetime(2026, 6, 1, tzinfo=UTC), UTCDateTime())),
                {"number": number, "given": given},
            )
    assert database.migrate()
    with database.engine.connect() as connection:
        posts = connection.execute(text("SELECT appeal_ref FROM post ORDER BY id")).scalars().all()
        appeals = connection.execute(text("SELECT reference FROM appeal ORDER BY id")).scalars().all()
    assert posts == ["OP-LARCH", "OP-LARCH", "OP-LARCH", "OP S\u00c9", None, None]
    assert sorted(appeals) == ["OP S\u00c9", "OP-LARCH"]
    database.close()
