"""Everything goes from one database to the other kind and is proved there; whatever is in the way stops it untouched."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from typer.testing import CliRunner

import app
from insights.figures import figures_by
from scheduler.queries import list_entries
from scheduler.worker import beat, run_until_idle
from social.clock import SettableClock
from social.context import Context
from social.copying import Copied, copy_database, tables_of
from social.database import Database
from social.errors import BeatlineError, InputError
from social.interactions import Interaction
from social.places import Place, PlaceKind, find_or_add_place
from tests.postgresql import Server
from tests.scheduler.helpers import Force, picture


@pytest.fixture
def busy(force: Force) -> Force:
    """A force after a day's work: something in nearly every table, the worker gone home."""
    force.queued("Ducks 🦆 on Mill Road.", place="Elderwick", force="Woldershire Police", variants={"memory": "Ducks."})
    force.queued("Café at the library.", media=(picture(),), place="Marlpit End", force="Woldershire Police")
    run_until_idle(force.context, app.periodic_jobs())
    for publication in force.publications():
        force.network().add_reply(publication.platform_id, "Thank you, lovely.\n\t'Quoted' \\ and more")
        force.network().set_figures(publication.platform_id, impressions=120, reactions=3)
    force.clock.advance(timedelta(hours=3))
    run_until_idle(force.context, app.periodic_jobs())
    force.queued("Tomorrow.", due_local=force.local_now() + timedelta(days=1))
    force.clock.advance(timedelta(minutes=2))
    return force


@pytest.fixture
def planned(force: Force) -> Force:
    """A force with a post: enough where something is in the way of copying it."""
    force.queued("Ducks on Mill Road.", place="Elderwick", force="Woldershire Police")
    return force


@pytest.fixture
def empty(context: Context, tmp_path: Path, postgresql: Server) -> Iterator[Database]:
    """A database of the other kind without a table."""
    sqlite = context.database.is_sqlite
    yield from opened(postgresql.new_database(migrated=False) if sqlite else f"sqlite:///{tmp_path}/b.sqlite")


@pytest.fixture
def target(context: Context, tmp_path: Path, postgresql: Server, migrated: Path) -> Iterator[Database]:
    """A database of the other kind that has its tables already, and no row."""
    sqlite = context.database.is_sqlite
    yield from opened(postgresql.new_database() if sqlite else f"sqlite:///{copyfile(migrated, tmp_path / 'b.sqlite')}")


def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def copied_rows(copied: list[Copied]) -> dict[str, int]:
    return {one.table: one.rows for one in copied}


def test_every_row_of_every_table_arrives_as_it_was(
    busy: Force, empty: Database, dump: Callable[[], list[str]]
) -> None:
    before = dump()
    copied = copy_database(busy.context.database, empty, clock=busy.clock)
    assert dump() == before, "the source is as it was"
    rows = copied_rows(copied)
    assert set(rows) == set(tables_of(busy.context.database).tables)
    assert min(rows[name] for name in ("entry", "attempt", "interaction", "reading", "publicationfacts", "variant")) > 0
    with busy.context.database.read() as session, empty.read() as there:
        assert list_entries(session) == list_entries(there)
        assert figures_by(session, "place") == figures_by(there, "place")
        assert session.exec(select(Interaction)).all() == there.exec(select(Interaction)).all()


def test_the_copy_goes_on_with_new_rows_of_its_own(busy: Force, target: Database) -> None:
    copy_database(busy.context.database, target, clock=busy.clock)
    there = Context(busy.context.settings, busy.clock, target, busy.context.vault, busy.context.make_channel)
    moved = Force(there, busy.clock, busy.author, busy.supervisor, busy.corporate)
    before = {entry.id for entry in moved.entries()}
    post_id = moved.queued("Said in the new house.")
    run_until_idle(there, app.periodic_jobs())
    assert moved.entry(post_id).state == "published"
    assert moved.entry(post_id).id not in before


def test_there_and_back_again_is_the_same(busy: Force, target: Database, tmp_path: Path, postgresql: Server) -> None:
    home = postgresql.new_database() if not busy.context.database.is_sqlite else f"sqlite:///{tmp_path}/c.sqlite"
    back = Database(home)
    first = copy_database(busy.context.database, target, clock=busy.clock)
    second = copy_database(target, back, clock=busy.clock)
    back.close()
    assert sorted(map(repr, first)) == sorted(map(repr, second))


def test_a_place_may_come_before_the_one_it_lies_in(planned: Force, target: Database) -> None:
    with planned.context.database.write() as session:
        child = find_or_add_place(session, "Nether Skelby", PlaceKind.NEIGHBOURHOOD)
        session.flush()
        child.parent_id = find_or_add_place(session, "North", PlaceKind.SECTION).id
        assert child.id is not None
        assert child.parent_id is not None
        assert child.id < child.parent_id
    copy_database(planned.context.database, target, clock=planned.clock)
    with planned.context.database.read() as session, target.read() as there:
        by_id = select(Place).order_by(col(Place.id))
        assert session.exec(by_id).all() == there.exec(by_id).all()


def test_a_target_that_holds_anything_is_refused_and_left_alone(planned: Force, target: Database) -> None:
    with target.write() as session:
        find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    with pytest.raises(InputError, match="'place' has rows"):
        copy_database(planned.context.database, target, clock=planned.clock)
    with target.read() as session:
        assert [place.name for place in session.exec(select(Place))] == ["Copperbeck"]


def test_nothing_is_copied_while_a_worker_is_at_work(planned: Force, target: Database) -> None:
    """What it sends meanwhile would be unknown to the copy and be sent once more from there."""
    beat(planned.context, planned.clock.now())
    with pytest.raises(BeatlineError, match="Stop worker and app"):
        copy_database(planned.context.database, target, clock=planned.clock)


def test_what_arrives_changed_is_noticed_and_nothing_is_kept(planned: Force, target: Database) -> None:
    lie = "BEGIN UPDATE post SET text = 'Changed.' WHERE id = NEW.id; END"
    with target.engine.begin() as connection:
        if target.is_sqlite:
            connection.execute(text(f"CREATE TRIGGER lie AFTER INSERT ON post {lie}"))
        else:
            connection.execute(text("CREATE FUNCTION lie() RETURNS trigger LANGUAGE plpgsql AS "
                                    "$$ BEGIN NEW.text = 'Changed.'; RETURN NEW; END $$"))  # fmt: skip
            connection.execute(text("CREATE TRIGGER lie BEFORE INSERT ON post FOR EACH ROW EXECUTE FUNCTION lie()"))
    with pytest.raises(BeatlineError, match="'post' did not arrive"):
        copy_database(planned.context.database, target, clock=planned.clock)
    with target.read() as session:
        assert session.exec(select(Place)).all() == []


def test_a_database_without_tables_is_nothing_to_copy(target: Database, tmp_path: Path, clock: SettableClock) -> None:
    bare = Database(f"sqlite:///{tmp_path}/bare.sqlite")
    with pytest.raises(InputError, match="nothing to copy"):
        copy_database(bare, target, clock=clock)
    bare.close()


def test_the_command_copies_and_reports_every_table(
    busy: Force, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = busy.context.settings
    monkeypatch.setenv("BEATLINE_DATABASE_URL", settings.database_url)
    command = ["--home", str(settings.home), "migrate", "--to", target.url.render_as_string(hide_password=False)]
    done = CliRunner().invoke(app.build_cli(), [*command, "--json"])
    assert done.exit_code == 0, done.output
    assert {one["table"]: one["rows"] for one in json.loads(done.stdout)["tables"]}["entry"] == 3
    again = CliRunner().invoke(app.build_cli(), command)
    assert again.exit_code == 1
    assert "not empty" in again.stderr
