"""The revisions and the tables in the code say the same."""

import importlib
import pkgutil
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

import social
from social.database import SCHEMA_VERSION, Database
from tests.postgresql import Server


@pytest.fixture
def empty_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """Address of a database without any table."""
    if database_url.startswith("sqlite"):
        return database_url
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
