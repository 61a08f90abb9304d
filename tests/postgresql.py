"""A private PostgreSQL server for the tests: its own folder, a unix socket and no port; it ends with the test run.

Databases are copies of a migrated template, so that each test has one of its own within a few milliseconds."""

import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from social.database import Database

USER = "beatline"
OLDEST = 15
PATIENCE = 60.0
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "listen_addresses=",
          "wal_level=minimal", "max_wal_senders=0", "max_wal_size=128MB")  # fmt: skip
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=200", "max_wal_size=96MB",
            "min_wal_size=32MB")  # fmt: skip
"""As a force would run it, so that what is committed outlives the server."""
_MEMORY = Path("/dev/shm")
_ENOUGH = 2_000_000_000
"""Bytes: with as much room, the databases live in memory, which makes new ones in a third of the time."""


_PREFIX = "beatline-pg-"


class Server:
    """One server.  `start()` and `stop()` may be called again and again; `remove()` ends it for good.

    home: folder for its own folder; None means memory where there is enough, else the place for temporary files.
    port: of the loopback address, for those who come over the network and from wherever it is routed to; None means
    the socket alone.  durable: what was committed is kept whatever ends the server.  settings: 'name=value', over ours."""

    def __init__(
        self, home: Path | None = None, *, port: int | None = None, durable: bool = False, settings: Sequence[str] = ()
    ) -> None:
        if home is None:
            in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
            home = _MEMORY if in_memory else Path(tempfile.gettempdir())
            clear_away(home, _PREFIX)
        self.port, self._settings = port, [*_QUICK, *(_DURABLE if durable else ()), *settings]
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._template: str | None = None
        self._asking: psycopg.Connection[tuple[object, ...]] | None = None
        unprivileged = _unprivileged()
        if unprivileged is not None:
            os.chown(self.folder, unprivileged.pw_uid, unprivileged.pw_gid)
        made = _run([_program("initdb"), "-D", str(self.folder / "data"), "-A", "trust", "-U", USER, "-E", "UTF8",
                     "--locale=C", "--no-sync"])  # fmt: skip
        assert made.returncode == 0, made.stdout
        if port is not None:
            with (self.folder / "data/pg_hba.conf").open("a") as rules:
                rules.write("host all all 10.99.0.0/16 trust\n")

    def start(self) -> None:
        command = [_program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for setting in self._settings:
            command += ["-c", setting]
        if self.port is not None:
            command += ["-c", "listen_addresses=127.0.0.1", "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                _as_plain_user(command), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, (self.folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End it at once, as a power cut would end it for those who are connected."""
        if self._asking is not None:
            self._asking.close()
            self._asking = None
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        host = f"127.0.0.1&port={self.port}" if self.port is not None else self.folder
        return f"postgresql://{USER}@/{name}?host={host}"

    def new_database(self, *, migrated: bool = True) -> str:
        """The address of a new database, with this version's tables or empty."""
        if migrated and self._template is None:
            self._template = self._create("template0")
            database = Database(self.url(self._template))
            database.migrate()
            database.close()
        return self.url(self._create(self._template if migrated and self._template else "template0"))

    def drop(self, url: str) -> None:
        name = re.search(r"/(\w+)\?", url)
        assert name is not None
        self._say(f"DROP DATABASE IF EXISTS {name[1]} WITH (FORCE)")

    def _create(self, template: str) -> str:
        name = f"beatline_{next(self._numbers)}"
        # By files, not through the log: with fsync off a third of the time.
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def _say(self, statement: str) -> None:
        # One connection for all: the server begins a process for each, at a fifth of what a new database takes it.
        if self._asking is None:
            self._asking = psycopg.connect(self.url("postgres"), autocommit=True)
        self._asking.execute(statement.encode())


def clear_away(home: Path, prefix: str) -> None:
    """Remove what test runs left behind that were killed; their servers ended with them."""
    for folder in home.glob(f"{prefix}*-*"):
        owner = folder.name.removeprefix(prefix).split("-")[0]
        if owner.isdigit() and not runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _program(name: str) -> str:
    """Where a program of PostgreSQL is: on the PATH, else where Debian puts it."""
    found = shutil.which(name)
    if found is None:
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        found = next((str(path / name) for path in reversed(versions) if (path / name).exists()), None)
    assert found is not None, f"{name} is not installed; .ci/postgresql says how to get it"
    return found


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, as which it refuses to run; None when we are not."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as_plain_user(command: Sequence[str]) -> list[str]:
    # The signal: a test run that is killed leaves no server behind.
    prefix = ["setpriv", "--pdeathsig", "QUIT"]
    user = _unprivileged()
    if user is not None:
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*prefix, *command]


def _run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        _as_plain_user(command), cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
