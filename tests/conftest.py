"""What every test may use: a clock that stands still, a home of its own, a context with the memory channel.

Whatever uses `context` or `settings` runs on both databases, unless its module or test is marked `sqlite_only`."""

import gc
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.database import Database
from social.settings import Settings, load_settings
from tests.mail_servers import mail
from tests.postgresql import Server
from tests.statements import statements_kept

__all__ = ["mail"]

gc.disable()
"""Until all tests are found: what is imported for them stays. See `pytest_collection_finish`."""

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
"""A Monday, 10am in London."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("sqlite_only")
        metafunc.parametrize("database_url", ["sqlite"] if only else ["sqlite", "postgresql"], indirect=True)


def pytest_collection_finish() -> None:
    """From here on no collection of memory looks at what was imported, and few at what a test made: a sixth less work.

    Streamlit asks for a whole one after every run of a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _statements_kept() -> Iterator[None]:
    with statements_kept():
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of this test run's own, started when the first test asks for it."""
    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, made once: a copy takes a hundredth of what the migrations take."""
    file = tmp_path_factory.mktemp("migrated") / "beatline.sqlite"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database of the test's own that has its tables already."""
    if request.param == "sqlite":
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        shutil.copyfile(request.getfixturevalue("migrated"), home / "beatline.sqlite")
        (home / "beatline.sqlite").chmod(0o600)
        yield f"sqlite:///{home / 'beatline.sqlite'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    (tmp_path / "home").mkdir(mode=0o700, exist_ok=True)
    return load_settings(
        {"BEATLINE_HOME": str(tmp_path / "home"), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": database_url}
    )


@pytest.fixture
def context(settings: Settings, clock: SettableClock) -> Iterator[Context]:
    opened = open_context(settings, make_channel, clock)
    yield opened
    opened.database.close()
