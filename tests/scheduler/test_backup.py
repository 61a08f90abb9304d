"""A backup is made while Beatline runs, holds no key, and puts back what was; whatever is wrong changes nothing."""

import json
import resource
import shutil
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

import app
from scheduler import queue
from scheduler.restored import hold_what_may_have_gone_out
from scheduler.worker import beat, publish_due
from social.backup import back_up, restore
from social.database import Database
from social.errors import BeatlineError, InputError
from social.places import Place
from social.settings import Settings, load_settings
from tests.postgresql import Server
from tests.scheduler.helpers import Force, picture
from tests.scheduler.test_importing import picture_file

Dump = Callable[[], list[str]]


@pytest.fixture
def archive(force: Force, tmp_path: Path) -> Path:
    """Of a force with a live post, a queued one and a picture."""
    force.queued("Out already.")
    publish_due(force.context)
    picture_file(tmp_path / "duck.png")
    medium = picture()
    force.queued("Out tomorrow.", due_local=force.local_now() + timedelta(days=1),
                 media=(type(medium)("image", path=tmp_path / "duck.png", alt_text="A duck."),))  # fmt: skip
    path = tmp_path / "safe" / "beatline.zip"
    back_up(force.context.settings, path, clock=force.clock)
    return path


def test_what_was_kept_is_put_back(force: Force, archive: Path, dump: Dump) -> None:
    before = dump()
    force.queued("Planned after the backup.")
    shutil.rmtree(force.context.settings.media_folder)
    force.context.database.close()
    made = restore(force.context.settings, archive, replace=True, clock=force.clock)
    force.context.database = Database(force.context.settings.database_url)
    assert dump() == before
    assert made.files == 2


def test_an_archive_is_its_owners_alone_and_holds_neither_key_nor_practice_network(force: Force, archive: Path) -> None:
    home = force.context.settings.home
    for name in ("key", "practice/x.json"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text("secret-secret", encoding="ascii")
    again = archive.with_name("again.zip")
    back_up(force.context.settings, again, clock=force.clock)
    with zipfile.ZipFile(again) as opened:
        names = opened.namelist()
        assert all(b"secret-secret" not in opened.read(name) for name in names)
    assert not [name for name in names if "key" in name or "practice" in name]
    assert again.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in again.parent.iterdir()) == ["again.zip", "beatline.zip"]


def test_a_backup_made_while_others_write_is_of_one_moment(force: Force, tmp_path: Path) -> None:
    """Each writer adds two places at a time: an archive with an odd number would be of no moment at all."""
    stop, failures = threading.Event(), []

    def write() -> None:
        own = Database(force.context.settings.database_url)
        try:
            while not stop.is_set():
                with own.write() as session:
                    session.add(Place(name="Copperbeck", kind="team"))
                    session.flush()
                    session.add(Place(name="Marlpit End", kind="team"))
        except BaseException as error:
            failures.append(error)
        finally:
            own.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(force.context.settings, tmp_path / f"{number}.zip", clock=force.clock)
    finally:
        stop.set()
        writer.join()
    assert failures == []
    force.context.database.close()
    restore(force.context.settings, tmp_path / "2.zip", replace=True, clock=force.clock)
    force.context.database = Database(force.context.settings.database_url)
    with force.context.database.read() as session:
        names = [place.name for place in session.exec(select(Place))]
    assert names.count("Copperbeck") == names.count("Marlpit End") > 0


def test_data_is_replaced_only_when_told_to(force: Force, archive: Path, dump: Dump) -> None:
    force.queued("Planned after the backup.")
    before = dump()
    with pytest.raises(InputError, match="--replace"):
        restore(force.context.settings, archive, replace=False, clock=force.clock)
    assert dump() == before


def test_nothing_is_replaced_under_a_worker(force: Force, archive: Path, dump: Dump) -> None:
    beat(force.context, force.clock.now())
    before = dump()
    with pytest.raises(BeatlineError, match="Stop worker and app"):
        restore(force.context.settings, archive, replace=True, clock=force.clock)
    assert dump() == before


@pytest.mark.parametrize("harm", ["cut", "bit", "no list", "no zip", "more"])
def test_a_damaged_archive_changes_nothing(force: Force, archive: Path, dump: Dump, harm: str) -> None:
    content = archive.read_bytes()
    match harm:
        case "cut":
            archive.write_bytes(content[: len(content) // 2])
        case "no zip":
            archive.write_bytes(b"not an archive")
        case _:
            rewrite(archive, harm)
    before = dump()
    with pytest.raises(InputError):
        restore(force.context.settings, archive, replace=True, clock=force.clock)
    assert dump() == before
    assert not list(force.context.settings.home.glob(".restore-*"))


def rewrite(archive: Path, harm: str) -> None:
    """The same archive with one byte of a picture changed, a file too many, or no list."""
    with zipfile.ZipFile(archive) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    if harm == "bit":
        name = next(name for name in files if name.startswith("media/"))
        files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])
    elif harm == "more":
        files["../../outside"] = b"no"
    else:
        del files["manifest.json"]
    with zipfile.ZipFile(archive, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)


def test_an_archive_that_is_there_is_never_written_over(force: Force, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(InputError, match="there already"):
        back_up(force.context.settings, archive, clock=force.clock)
    assert archive.read_bytes() == before


def test_a_backup_of_the_other_kind_says_how_to_get_there(
    force: Force, archive: Path, tmp_path: Path, postgresql: Server
) -> None:
    sqlite = force.context.database.is_sqlite
    url = postgresql.new_database(migrated=False) if sqlite else f"sqlite:///{tmp_path}/other/beatline.sqlite"
    other = load_settings(
        {"BEATLINE_HOME": str(tmp_path / "other"), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": url}
    )
    with pytest.raises(InputError, match="beatline migrate --to"):
        restore(other, archive, replace=False, clock=force.clock)


@pytest.mark.sqlite_only
def test_a_damaged_database_is_replaced(force: Force, archive: Path, dump: Dump) -> None:
    before, path = dump(), Path(str(force.context.database.url.database))
    force.context.database.close()
    path.write_bytes(b"Not what it was. " * 1000)
    with pytest.raises(BeatlineError):
        restore(force.context.settings, archive, replace=False, clock=force.clock)
    restore(force.context.settings, archive, replace=True, clock=force.clock)
    force.context.database = Database(force.context.settings.database_url)
    assert dump() == before
    assert path.with_name("beatline.sqlite.old").read_bytes().startswith(b"Not what it was.")


@pytest.mark.sqlite_only
def test_a_full_disk_leaves_no_half_archive(force: Force, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(BeatlineError, match="room"):
            back_up(force.context.settings, tmp_path / "safe" / "a.zip", clock=force.clock)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "safe").iterdir()) == []


def test_a_new_home_gets_everything(force: Force, archive: Path, tmp_path: Path, postgresql: Server) -> None:
    other = new_home(force, tmp_path, postgresql)
    restore(other, archive, replace=False, clock=force.clock)
    database = Database(other.database_url)
    with database.read() as session:
        assert len(session.exec(select(queue.Entry)).all()) == 2
    database.close()
    assert len(list(other.media_folder.iterdir())) == 1


def new_home(force: Force, tmp_path: Path, postgresql: Server) -> Settings:
    home = tmp_path / "other"
    sqlite = force.context.database.is_sqlite
    url = f"sqlite:///{home}/beatline.sqlite" if sqlite else postgresql.new_database(migrated=False)
    return load_settings({"BEATLINE_HOME": str(home), "BEATLINE_KEY": "k" * 40, "BEATLINE_DATABASE_URL": url})


def test_what_may_have_gone_out_since_waits_for_a_person(force: Force) -> None:
    """The backup knows it as queued; what happened after the backup, nobody knows."""
    due, later = force.queued("Due."), force.queued("Later.", due_local=force.local_now() + timedelta(days=1))
    taken = force.queued("In a worker's hands.", due_local=force.local_now() - timedelta(minutes=1))
    queue.claim(force.context, "gone", limit=1)
    assert hold_what_may_have_gone_out(force.context.database, force.clock.now()) == 2
    assert [force.entry(post_id).state for post_id in (due, taken, later)] == ["held", "held", "queued"]
    assert "restored from a backup" in (force.entry(due).reason or "")
    assert publish_due(force.context) == 0
    assert not force.network().posts


def test_the_commands_back_up_and_restore_and_say_what_is_held(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = force.context.settings
    monkeypatch.setenv("BEATLINE_DATABASE_URL", settings.database_url)
    force.queued("Due by the real clock, long ago.")
    file = tmp_path / "beatline.zip"
    home = ["--home", str(settings.home)]
    made = CliRunner().invoke(app.build_cli(), [*home, "backup", str(file), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["files"] == 1
    force.context.database.close()
    refused = CliRunner().invoke(app.build_cli(), [*home, "restore", str(file)])
    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    done = CliRunner().invoke(app.build_cli(), [*home, "restore", str(file), "--replace", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["held"] == 1
    force.context.database = Database(settings.database_url)
    assert force.entry().state == "held"


def test_without_postgresqls_programs_the_command_says_what_to_install(
    force: Force, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if force.context.database.is_sqlite:
        assert back_up(force.context.settings, tmp_path / "a.zip", clock=force.clock).database == "sqlite"
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BeatlineError, match="postgresql-client"):
        back_up(force.context.settings, tmp_path / "a.zip", clock=force.clock)
    assert not list(tmp_path.glob("a.zip*"))
