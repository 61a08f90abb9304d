"""The database of a campaign, and what can be wrong with it for a while."""

import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg

from tests.faults.alone import is_alone
from tests.faults.workers import Workers
from tests.postgresql import Server

_HOLD_SQLITE = (
    "import sqlite3, sys\n"
    "other = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n"
    "other.execute('BEGIN IMMEDIATE')\n"
    "print(flush=True)\n"
    "sys.stdin.read()\n"
)
_SIZE = 700
"""Megabytes of the disk that PostgreSQL's files lie on, where it has one of its own."""
_IMPATIENT = (
    "connect_timeout=2&tcp_user_timeout=2000&keepalives_idle=1&keepalives_interval=1&keepalives_count=2&options="
    "-c%20lock_timeout%3D5s%20-c%20idle_in_transaction_session_timeout%3D3s%20-c%20tcp_user_timeout%3D2000"
)
"""Seconds for what takes half a minute elsewhere, as the leases of a campaign are short."""


class Database(Protocol):
    """url: its address, for workers.  own_url: for the campaign, which has more patience.  ports: those of the loopback
    address at which it is reached."""

    url: str
    own_url: str
    ports: tuple[int, ...]

    def troubles(self, workers: Workers) -> dict[str, Callable[[], Callable[[], None]]]:
        """Trouble -> a function that begins it, and returns the one that ends it."""
        ...

    def close(self) -> None: ...


def make_database(kind: str, folder: Path) -> Database:
    return OnSQLite(folder) if kind == "sqlite" else OnPostgreSQL(folder)


class OnSQLite:
    ports: tuple[int, ...] = ()

    def __init__(self, folder: Path) -> None:
        (folder / "home").mkdir(mode=0o700)
        self._file = folder / "home/beatline.sqlite"
        self.url = self.own_url = f"sqlite:///{self._file}"

    def troubles(self, workers: Workers) -> dict[str, Callable[[], Callable[[], None]]]:
        def read_only() -> Callable[[], None]:
            workers.forbid_writing(read_only=True)
            return workers.forbid_writing

        def full() -> Callable[[], None]:
            workers.forbid_writing(longest_file=1)
            return workers.forbid_writing

        return {"locked": self._lock, "read-only": read_only, "full": full}

    def _lock(self) -> Callable[[], None]:
        """Another program, a backup for instance, holds the one write lock."""
        other = subprocess.Popen(
            [sys.executable, "-c", _HOLD_SQLITE, str(self._file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert other.stdout is not None
        other.stdout.readline()
        return lambda: other.communicate(timeout=30) and None

    def close(self) -> None:
        with sqlite3.connect(self._file) as last:
            assert last.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        last.close()


class OnPostgreSQL:
    def __init__(self, folder: Path) -> None:
        disk = folder / "disk"
        disk.mkdir(mode=0o755)
        folder.chmod(0o711)
        self._disk = disk if is_alone() and _mounted(disk) else None
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.ports = (port,)
        self.server = Server(disk, port=port, durable=True)
        self.server.start()
        self.own_url = self.server.new_database()
        self.url = f"{self.own_url}&{_IMPATIENT}"

    def troubles(self, workers: Workers) -> dict[str, Callable[[], Callable[[], None]]]:
        found = {"locked": self._lock, "read-only": self._read_only, "restarted": self._restart}
        return found | ({"full": self._full} if self._disk is not None else {})

    def _lock(self) -> Callable[[], None]:
        other = psycopg.connect(self.own_url)
        other.execute("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE")
        return other.close

    def _read_only(self) -> Callable[[], None]:
        def turn(how: str) -> None:
            with psycopg.connect(self.own_url, autocommit=True) as other:
                other.execute("SET default_transaction_read_only = off")
                other.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}".encode())
                other.execute("SELECT pg_reload_conf()")

        turn("on")
        return lambda: turn("off")

    def _restart(self) -> Callable[[], None]:
        """As by a power cut: nothing is brought to an end."""
        self.server.stop()
        return self.server.start

    def _full(self) -> Callable[[], None]:
        """Something else takes what room there is left."""
        assert self._disk is not None
        ballast = self._disk / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(b"\0" * min(1 << 20, max(shutil.disk_usage(self._disk).free, 4096)))
                file.flush()

        def make_room() -> None:
            ballast.unlink()
            if not self.server.runs:  # without room for its log it gives up altogether
                self.server.stop()
                self.server.start()

        return make_room

    def close(self) -> None:
        self.server.remove()
        if self._disk is not None:
            subprocess.run(["umount", "--lazy", str(self._disk)], capture_output=True, check=False)


def _mounted(disk: Path) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}m,mode=755", "beatline-faults", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0
