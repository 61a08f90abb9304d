"""Instants are aware UTC in and out; writers lose nothing to each other; reading keeps nothing."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import select

from social.accounts import Account, Audience
from social.context import Context
from social.database import Database
from social.errors import BeatlineError
from social.places import Place
from social.publications import Publication
from social.settings import load_settings
from social.vault import open_vault

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def account(added_at: datetime) -> Account:
    return Account(name="Copperbeck", channel="memory", credentials_sealed=b"", added_at=added_at)


def test_a_time_without_a_zone_is_refused(context: Context) -> None:
    with (
        pytest.raises(StatementError, match="refusing to store a time without a zone"),
        context.database.write() as session,
    ):
        session.add(account(NOON.replace(tzinfo=None)))


def test_instants_come_back_aware_and_in_utc_wherever_they_were_written(context: Context) -> None:
    tokyo = timezone(timedelta(hours=9))
    with context.database.write() as session:
        session.add(account(NOON.astimezone(tokyo)))
    with context.database.read() as session:
        stored = session.exec(select(Account)).one().added_at
    assert stored == NOON
    assert stored.utcoffset() == timedelta(0)


def test_instants_of_different_zones_compare_as_instants(context: Context) -> None:
    earlier = (NOON - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=9)))
    with context.database.write() as session:
        session.add(account(NOON))
    with context.database.read() as session:
        assert session.exec(select(Account).where(Account.added_at > earlier)).all()


def test_writers_lose_no_update_to_each_other(context: Context) -> None:
    """Each reads, adds one and writes: with a plain BEGIN some would read what another is about to change."""
    writers, rounds = 6, 20
    with context.database.write() as session:
        session.add(Place(name="Copperbeck", kind="neighbourhood", population=0))
    together = threading.Barrier(writers)

    def count_up() -> None:
        together.wait()
        for _ in range(rounds):
            with context.database.write() as session:
                place = session.exec(select(Place)).one()
                assert place.population is not None
                place.population += 1

    threads = [threading.Thread(target=count_up) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with context.database.read() as session:
        assert session.exec(select(Place)).one().population == writers * rounds


def test_readers_go_on_while_a_writer_is_at_work(context: Context) -> None:
    with context.database.write() as writing:
        writing.add(Place(name="Copperbeck", kind="neighbourhood"))
        writing.flush()
        with context.database.read() as reading:
            assert reading.exec(select(Place)).all() == []


def test_a_write_that_fails_leaves_the_database_as_it_was(context: Context) -> None:
    with pytest.raises(RuntimeError, match="halfway"), context.database.write() as session:
        session.add(Place(name="Copperbeck", kind="neighbourhood"))
        session.flush()
        raise RuntimeError("halfway")
    with context.database.read() as session:
        assert session.exec(select(Place)).all() == []


def test_what_is_changed_while_reading_is_not_kept(context: Context) -> None:
    with context.database.write() as session:
        session.add(Place(name="Copperbeck", kind="neighbourhood"))
    with context.database.read() as session:
        session.exec(select(Place)).one().name = "Elsewhere"
    with context.database.read() as session:
        assert session.exec(select(Place)).one().name == "Copperbeck"


def test_a_row_that_points_nowhere_is_refused(context: Context) -> None:
    with pytest.raises(IntegrityError), context.database.write() as session:
        session.add(Audience(account_id=404, followers=1, source_metric="followers_count", fetched_at=NOON))


def test_one_post_of_a_network_is_one_publication(context: Context) -> None:
    with context.database.write() as session:
        session.add(account(NOON))
    with pytest.raises(IntegrityError), context.database.write() as session:
        for _ in range(2):
            session.add(Publication(account_id=1, platform_id="7", text="Hello", published_at=NOON))


@pytest.mark.sqlite_only
def test_the_file_survives_a_power_cut_by_its_settings(context: Context) -> None:
    with context.database.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2}


def test_connections_that_open_a_new_file_together_all_get_in(tmp_path: Path) -> None:
    """SQLite does not wait when two want to switch one file to WAL; one in ten such rounds used to fail."""
    openers = 4

    def open_one(url: str, together: threading.Barrier, failures: list[str]) -> None:
        database = Database(url)
        together.wait()
        try:
            database.schema_version()
        except OperationalError as error:
            failures.append(str(error))
        finally:
            database.close()

    failures: list[str] = []
    for number in range(25):
        together = threading.Barrier(openers)
        url = f"sqlite:///{tmp_path / str(number)}.sqlite"
        threads = [threading.Thread(target=open_one, args=(url, together, failures)) for _ in range(openers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_an_error_of_the_database_repeats_no_value(context: Context) -> None:
    with pytest.raises(IntegrityError) as caught, context.database.write() as session:
        for _ in range(2):
            session.add(Place(id=1, name="Words of a resident", kind="neighbourhood"))
            session.flush()
            session.expunge_all()
    assert "Words of a resident" not in str(caught.value)


def test_a_database_of_a_newer_version_is_left_alone_and_says_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'beatline.sqlite'}")
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BeatlineError, match="schema 9999, newer than this version's"):
        database.require_current_schema()
    assert database.schema_version() == "9999"
    database.close()


def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands there")
    with pytest.raises(BeatlineError, match="Set BEATLINE_HOME to one that is yours"):
        Database(f"sqlite:///{tmp_path / 'home' / 'beatline.sqlite'}")
    with pytest.raises(BeatlineError, match="Set BEATLINE_HOME to one that is yours"):
        open_vault(load_settings({"BEATLINE_HOME": str(tmp_path / "home")}))


def test_the_folder_of_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'beatline.sqlite'}")
    database.migrate()
    database.close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_plain_postgresql_address_goes_through_psycopg_3() -> None:
    assert Database("postgresql://db.example/beatline").engine.dialect.driver == "psycopg"
