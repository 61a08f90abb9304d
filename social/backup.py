"""Writes database and pictures into one archive while Beatline runs, and puts them back.

The key is not in the archive: whoever finds a backup finds no credentials that open. Nor is the practice network's
state, which holds credentials and can be made anew."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from social import postgresql_tools
from social.clock import Clock, SystemClock
from social.copying import AT_WORK, holds_rows, tables_of
from social.database import SCHEMA_VERSION, Database, in_plain_words
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError, InputError
from social.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = {"sqlite": "beatline.sqlite", "postgresql": "beatline.pgdump"}
_PICTURE = re.compile(r"media/[0-9a-f]{64}\.[a-z]+")
_CHUNK = 1 << 20

Progress = Callable[[int, int], None]
"""Called with how many files are done, and how many there are."""


@dataclass(frozen=True)
class Made:
    """An archive.  made_at: ISO, UTC.  database: sqlite or postgresql.  files: how many, without the manifest."""

    made_at: str
    schema: str
    database: str
    files: int


def back_up(settings: Settings, file: Path, *, clock: Clock | None = None, progress: Progress | None = None) -> Made:
    """Write the archive, whole or not at all, readable by its owner alone.

    Raises InputError when the file is there already or there is nothing to keep, DatabaseTrouble as reading does."""
    if file.exists():
        raise InputError(f"{file.name} is there already. Give another name, or move it away.")
    with closing_database(settings) as database, _beside(file) as half, tempfile.TemporaryDirectory(
        dir=half.parent, prefix=".beatline-backup-"
    ) as folder:  # fmt: skip
        made_at = (clock or SystemClock()).now().isoformat()
        schema = database.schema_version()
        if schema is None:
            raise InputError("There is nothing to back up: the database has no tables.")
        kind = "sqlite" if database.is_sqlite else "postgresql"
        dump = Path(folder) / DATABASE[kind]
        if database.is_sqlite:
            _copy_sqlite(database, dump)
        else:
            postgresql_tools.dump(database.url, dump)
        # The pictures come after the database: whatever it names has been there before it was read.
        names = {DATABASE[kind]: dump} | {f"media/{path.name}": path for path in _pictures(settings.media_folder)}
        sums = {}
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            for done, (name, path) in enumerate(names.items(), 1):
                sums[name] = _put(archive, name, path)
                if progress is not None:
                    progress(done, len(names))
            made = Made(made_at, schema, kind, len(names))
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(made), "sha256": sums}, indent=1))
    return made


def restore(
    settings: Settings, file: Path, *, replace: bool, clock: Clock | None = None, progress: Progress | None = None
) -> Made:
    """Put the archive's database and pictures in place.  replace: even where there is data already.

    Every checksum is compared first; the old SQLite file is kept beside the new one.  Raises InputError for an archive
    that is not whole or not for this database, BeatlineError while a worker is at work; then nothing was changed."""
    with closing_database(settings) as database:
        _require_room(settings, database, replace, (clock or SystemClock()).now())
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder:
        made = _unpack(file, Path(folder), progress)
        with closing_database(settings) as database:
            if made.database != ("sqlite" if database.is_sqlite else "postgresql"):
                raise InputError(
                    f"This backup is of {made.database}, and BEATLINE_DATABASE_URL names another kind. Restore it where "
                    "it came from, then copy it with `beatline migrate --to URL`."
                )
        unpacked = Path(folder) / DATABASE[made.database]
        _put_pictures(Path(folder) / "media", settings.media_folder)
        if made.database == "sqlite":
            _put_sqlite(unpacked, Path(str(database.url.database)))
        else:
            postgresql_tools.restore(database.url, unpacked)
    return made


@contextmanager
def closing_database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A name to write under, which becomes the file when all went well."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield half
        _sync(half)
        os.link(half, file)  # refuses where somebody else made the file meanwhile
        _sync(file.parent)
    except FileExistsError as error:
        raise InputError(f"{file.name} is there already. Give another name, or move it away.") from error
    except OSError as error:
        raise BeatlineError(f"The archive could not be written: {error.strerror}. Give a place with room.") from error
    finally:
        half.unlink(missing_ok=True)


def _copy_sqlite(database: Database, target: Path) -> None:
    """SQLite's online backup: one moment's state, whoever writes meanwhile."""
    with in_plain_words(), database.engine.connect() as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        try:
            with closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise BeatlineError("The database could not be copied. Give a place for the archive with room.") from error
    _require_sound(target)


def _require_sound(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise InputError("The database in it is damaged. Use another backup.") from error
    if answer != "ok":
        raise InputError("The database in it is damaged. Use another backup.")


def _pictures(folder: Path) -> list[Path]:
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in there if _PICTURE.fullmatch(f"media/{path.name}")]


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Add a file.  Returns the SHA-256 of its content, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _unpack(file: Path, folder: Path, progress: Progress | None) -> Made:
    """Take everything out of the archive, comparing checksums.  Raises InputError when anything is not as it was."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            made = Made(*(manifest[name] for name in ("made_at", "schema", "database", "files")))
            sums: dict[str, str] = manifest["sha256"]
            if manifest["format"] != FORMAT or made.schema > SCHEMA_VERSION:
                raise InputError(f"{file.name} was written by a newer version of Beatline. Install that one.")
            held = {DATABASE[made.database], *(name for name in sums if _PICTURE.fullmatch(name))}
            if not held == set(sums) == set(archive.namelist()) - {MANIFEST}:
                raise InputError(f"{file.name} does not hold what its list says. Use another backup.")
            for done, (name, expected) in enumerate(sums.items(), 1):
                if _take(archive, name, folder / name) != expected:
                    raise InputError(f"'{name}' in {file.name} is damaged. Nothing was changed. Use another backup.")
                if progress is not None:
                    progress(done, len(sums))
    except FileNotFoundError as error:
        raise InputError(f"There is no file {file}.") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise InputError(f"{file.name} is no whole backup of Beatline. Nothing was changed.") from error
    if made.database == "sqlite":
        _require_sound(folder / DATABASE["sqlite"])
    return made


def _take(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with archive.open(name) as source, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _require_room(settings: Settings, database: Database, replace: bool, now: datetime) -> None:
    if database.is_sqlite and not Path(str(database.url.database)).exists():
        if _pictures(settings.media_folder) and not replace:
            raise InputError("There are pictures in the home folder already. Give --replace to restore beside them.")
        return
    try:
        tables = tables_of(database)
        if holds_rows(database, tables) is None:
            return
    except DatabaseTrouble:
        if replace and database.is_sqlite:
            return  # a damaged file is what backups are for
        raise
    if not replace:
        raise InputError("There is data already. Give --replace to put the backup in its place.")
    if "heartbeat" in tables.tables:
        column = tables.tables["heartbeat"].c.seen_at
        with database.read() as session:
            seen = session.connection().execute(select(func.max(column))).scalar()
        if seen is not None and now - seen < AT_WORK:
            raise BeatlineError("A worker is at work here. Stop worker and app, wait a minute, then run this again.")


def _put_pictures(source: Path, target: Path) -> None:
    """They are named by their content, so none ever takes the place of another."""
    for path in _pictures(source):
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target / path.name)
    if target.is_dir():
        _sync(target)


def _put_sqlite(fresh: Path, path: Path) -> None:
    """Swap the files in one step; the old one stays beside the new one under another name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh.stat().st_dev != path.parent.stat().st_dev:
        fresh = Path(shutil.copy2(fresh, path.with_name(f".{path.name}.new")))
        _sync(fresh)
    if path.exists():
        _fold_in(path)
        old = path.with_name(f"{path.name}.old")
        old.unlink(missing_ok=True)
        os.link(path, old)
    fresh.replace(path)
    _sync(path.parent)


def _fold_in(path: Path) -> None:
    """Take the log beside the old file into it: left behind, it would be taken for the new file's."""
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise BeatlineError("The database is in use. Stop worker and app, then run this again.") from error
    except sqlite3.DatabaseError:  # damaged: that is what the backup is for
        busy = 0
    if busy:
        raise BeatlineError("The database is in use. Stop worker and app, then run this again.")
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
