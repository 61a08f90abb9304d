"""Nothing is sent that cannot be recorded: full, locked, read-only, gone or stopped, and then it goes on by itself."""

import logging
import resource
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlmodel import select

import scheduler.holds
import scheduler.outcomes
from scheduler import queue
from scheduler.hold_kinds import HoldKind
from scheduler.jobs import JOBS
from scheduler.worker import publish_due, run_job
from social.channels import memory
from social.channels.memory import MemoryChannel
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context, open_context
from social.database import Database
from social.database_trouble import DatabaseTrouble
from social.settings import load_settings
from social.staff import Person, Role, find_or_add_person
from social.web.routes import readiness
from tests.postgresql import Server, runs
from tests.scheduler.helpers import Force

POSTS = 3
PUBLISH = next(job for job in JOBS if job.name == "publish")
Trouble = Callable[[Force], AbstractContextManager[None]]


def path_of(force: Force) -> Path:
    return Path(str(force.context.database.url.database))


@contextmanager
def every_connection(force: Force, pragma: str) -> Iterator[None]:
    """Say this to SQLite on each connection, the ones that are open included."""
    database = force.context.database

    def say(connection: Any, _record: Any) -> None:
        connection.execute(pragma)

    database.engine.dispose()
    event.listen(database.engine, "connect", say)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", say)
        database.engine.dispose()


@contextmanager
def locked(force: Force) -> Iterator[None]:
    with every_connection(force, "PRAGMA busy_timeout=50"), closing(sqlite3.connect(path_of(force))) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def files_may_not_grow(force: Force) -> Iterator[None]:
    """The system itself refuses to make any file longer, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = path_of(force).with_name(f"{path_of(force).name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(log.stat().st_size if log.exists() else 0, 1), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(force: Force) -> Iterator[None]:
    database, path = force.context.database, path_of(force)

    def connect(*_: Any) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    database.engine.dispose()
    event.listen(database.engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(database.engine, "do_connect", connect)
        database.engine.dispose()


@contextmanager
def moved_away(force: Force) -> Iterator[None]:
    path = path_of(force)
    path.rename(path.with_name("elsewhere"))
    try:
        yield
    finally:
        assert not path.exists(), "no empty database takes the place of the one that is gone"
        path.with_name("elsewhere").rename(path)


SQLITE: dict[str, tuple[Trouble, str]] = {
    "locked": (locked, "locked by another program"),
    "full": (files_may_not_grow, "cannot be written to"),
    "read-only": (read_only, "read-only"),
    "vanished": (moved_away, "moved, deleted or replaced"),
}


@pytest.fixture
def three(force: Force) -> Force:
    for number in range(POSTS):
        force.queued(f"Ducks {number}.", due_local=force.local_now())
    return force


def each_is_live_once(force: Force) -> None:
    """The worker goes on: leases run out, what is unknown is looked up, the rest is sent."""
    for _ in range(4):
        force.clock.advance(timedelta(minutes=3))
        for job in JOBS:
            run_job(force.context, job)
    assert Counter(post.text for post in force.network().posts) == {f"Ducks {n}.": 1 for n in range(POSTS)}
    assert {entry.state for entry in force.entries()} == {"published"}
    assert len(force.publications()) == POSTS


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", SQLITE)
def test_no_request_leaves_when_nothing_can_be_claimed(
    three: Force, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    trouble, words = SQLITE[name]
    with trouble(three):
        assert run_job(three.context, PUBLISH) == 0
        assert not three.network().sent
    assert words in caplog.text
    assert "Nothing is sent until" in caplog.text
    each_is_live_once(three)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", SQLITE)
def test_no_request_leaves_when_the_trouble_comes_after_the_claim(
    three: Force, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attempt cannot be written down, so it is not made; nor are those of the rest of the batch."""
    trouble, words = SQLITE[name]
    begun = queue.begin_attempts

    def begin(*arguments: Any) -> Any:
        with trouble(three):
            return begun(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(queue, "begin_attempts", begin)
        with pytest.raises(DatabaseTrouble, match=words):
            publish_due(three.context)
        assert not three.network().sent
    each_is_live_once(three)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", SQLITE)
def test_what_was_sent_and_could_not_be_recorded_is_looked_up_and_not_sent_again(
    three: Force, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble, words = SQLITE[name]
    sent = scheduler.outcomes.sent

    def record(*arguments: Any) -> int:
        with trouble(three):
            return sent(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(scheduler.outcomes, "sent", record)
        with pytest.raises(DatabaseTrouble, match=words):
            publish_due(three.context)
        assert len(three.network().posts) == 1, "the first one, and then nothing more"
    each_is_live_once(three)


@pytest.mark.sqlite_only
def test_a_full_disk_is_called_that_and_nothing_of_the_write_is_kept(three: Force) -> None:
    with every_connection(three, "PRAGMA max_page_count=1"), pytest.raises(DatabaseTrouble, match=r"disk .* is full"):  # noqa: SIM117
        with three.context.database.write() as session:
            for number in range(1000):
                find_or_add_person(session, f"{number}{'x' * 100}@woldershire.example", Role.READER)
    with three.context.database.read() as session:
        assert len(session.exec(select(Person)).all()) == 3
    each_is_live_once(three)


@pytest.mark.sqlite_only
def test_a_database_put_in_the_place_of_the_open_one_is_not_written_to(three: Force) -> None:
    """It may be of yesterday and know nothing of what has gone out since: somebody has to start again on purpose."""
    path = path_of(three)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(path, path.with_name("copy"))
    path.with_name("copy").rename(path)
    with pytest.raises(DatabaseTrouble, match="start worker and app again"):
        publish_due(three.context)
    assert not three.network().sent
    assert readiness(three.context, lambda _: None)["ready"] is False


@pytest.mark.sqlite_only
def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "beatline.sqlite").write_bytes(b"A letter to my aunt. " * 500)
    database = Database(f"sqlite:///{tmp_path}/beatline.sqlite")
    with pytest.raises(Exception, match=r"is no database|not a database"):
        database.schema_version()
    database.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """One that may be stopped: nobody else is on it."""
    own = Server()
    own.start()
    yield own
    own.remove()


@pytest.fixture
def on_server(server: Server, tmp_path: Path, clock: SettableClock) -> Iterator[Force]:
    # A server that is to be killed must have written what it said was kept.
    url = f"{server.new_database()}&options=-c%20lock_timeout%3D100%20-c%20synchronous_commit%3Don"
    environment = {"BEATLINE_HOME": str(tmp_path / "pg"), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": url}
    memory.reset()
    context = open_context(load_settings(environment), make_channel, clock)
    with context.database.write() as session:
        people = [find_or_add_person(session, f"{role.value}@woldershire.example", role)
                  for role in (Role.AUTHOR, Role.SUPERVISOR, Role.CORPORATE)]  # fmt: skip
    built = Force(context, clock, *people)
    built.add_account("hexley")
    for number in range(POSTS):
        built.queued(f"Ducks {number}.")
    yield built
    context.database.close()
    memory.reset()


def test_a_server_that_stops_after_the_claim_lets_nothing_leave(
    on_server: Force, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun = queue.begin_attempts

    def begin(*arguments: Any) -> Any:
        server.stop()
        return begun(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(queue, "begin_attempts", begin)
        assert run_job(on_server.context, PUBLISH) == 0
    assert run_job(on_server.context, PUBLISH) == 0, "and so it stays while the server is away"
    assert not on_server.network().sent
    assert "The database cannot be reached" in caplog.text
    assert server.folder.name not in caplog.text, "an address may hold a password"
    assert readiness(on_server.context, lambda _: None)["database"] is False
    server.start()
    each_is_live_once(on_server)


def test_a_server_that_stops_while_a_request_is_under_way_brings_no_second_one(
    on_server: Force, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = MemoryChannel.publish

    def publish_and_stop(*arguments: Any, **more: Any) -> Any:
        published = publish(*arguments, **more)
        server.stop()
        return published

    with monkeypatch.context() as patch:
        patch.setattr(MemoryChannel, "publish", publish_and_stop)
        with pytest.raises(DatabaseTrouble):
            publish_due(on_server.context)
    assert len(on_server.network().posts) == 1
    server.start()
    each_is_live_once(on_server)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE", "locked by another program"),
        ("SELECT pg_advisory_xact_lock(1650811252)", "locked by another program"),
    ],
)
def test_a_locked_table_keeps_everything_back(on_server: Force, statement: str, words: str) -> None:
    url = on_server.context.database.url.set(drivername="postgresql", query={})
    host = str(on_server.context.database.url.query["host"])
    with psycopg.connect(url.render_as_string(), host=host) as other:
        other.execute(statement.encode())
        with pytest.raises(DatabaseTrouble, match=words):
            publish_due(on_server.context)
        other.rollback()
    assert not on_server.network().sent
    each_is_live_once(on_server)


def test_a_server_that_takes_no_writes_keeps_everything_back(on_server: Force, server: Server) -> None:
    name = on_server.context.database.url.database
    with psycopg.connect(server.url("postgres"), autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        on_server.context.database.engine.dispose()
        with pytest.raises(DatabaseTrouble, match="takes no writes"):
            publish_due(on_server.context)
        assert not on_server.network().sent
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = off".encode())
    on_server.context.database.engine.dispose()
    each_is_live_once(on_server)


def test_a_worker_that_slept_inside_a_transaction_is_told_so(on_server: Force) -> None:
    """The database ended it, so that others need not wait; whoever wakes up has recorded nothing.

    It says why before it hangs up. The driver reads that or, as often, only that it hung up: it is one sentence."""
    with (
        pytest.raises(DatabaseTrouble, match=r"broke while work stood open.* Nothing of that work was stored"),
        on_server.context.database.write() as session,
    ):
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '1ms'"))
        while runs(pid):
            pass
        session.execute(text("SELECT 1"))


@pytest.fixture(autouse=True)
def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", SQLITE)
def test_a_hold_that_is_in_force_is_not_reported_as_refused_when_the_queue_cannot_be_swept(
    three: Force, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told so would place a second one, release that, and wonder for days why nothing goes out."""
    trouble, _ = SQLITE[name]
    swept = scheduler.holds.sweep

    def sweep(context: Context, hold_id: int) -> int:
        with trouble(three):
            return swept(context, hold_id)

    with monkeypatch.context() as patch:
        patch.setattr(scheduler.holds, "sweep", sweep)
        order = scheduler.holds.Order(HoldKind.STOP_ALL, "Officers are at the scene.")
        number = scheduler.holds.place_hold(three.context, order, three.corporate)
    publish_due(three.context)
    assert not three.network().sent
    assert {three.raw(entry.id).hold_id for entry in three.entries()} == {number}
