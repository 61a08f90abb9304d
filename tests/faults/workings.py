"""What is done to a worker in its own process before it begins: its host, its clock, its name, its database's mood.

Only what a real machine could do to it from outside; the product itself knows nothing of it."""

import ctypes
import mmap
import os
import struct
from datetime import datetime, timedelta, tzinfo
from typing import Any

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import urllib3.util.connection
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

import social.clock
from scheduler import queue

_NEW_NETWORK = 0x40000000
_SIZE = 8


class Board:
    """Numbers that every process of the nursery sees: how far each clock is wrong, and whether writing is allowed."""

    CELLS = 4096

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SIZE * self.CELLS)

    def set(self, cell: int, value: float) -> None:
        self._memory[cell % self.CELLS * _SIZE : (cell % self.CELLS + 1) * _SIZE] = struct.pack("d", value)

    def get(self, cell: int) -> float:
        value: float = struct.unpack_from("d", self._memory, cell % self.CELLS * _SIZE)[0]
        return value


READ_ONLY = 0
"""The cell that says whether the database may be written to; every other one is a worker's clock, in seconds ahead."""


def move_in(host: dict[str, Any]) -> None:
    """Be on this host from now on."""
    if "namespace" in host:
        with open(host["namespace"]) as namespace:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.setns(namespace.fileno(), _NEW_NETWORK):
                raise OSError(ctypes.get_errno(), "setns")
    relays = {int(port): own for port, own in host.get("relays", {}).items()}
    if not relays:
        return
    direct: Any = urllib3.util.connection.create_connection

    def relayed(address: tuple[str, int], *arguments: Any, **more: Any) -> Any:
        return direct((address[0], relays.get(address[1], address[1])), *arguments, **more)

    setattr(urllib3.util.connection, "create_connection", relayed)  # noqa: B010  (typed as what it was)
    url = os.environ.get("BEATLINE_DATABASE_URL", "")
    for port, own in relays.items():
        url = url.replace(f"port={port}", f"port={own}")
    os.environ["BEATLINE_DATABASE_URL"] = url


def wear_clock(board: Board, cell: int) -> None:
    """Read the wall clock wrong by as much as the board says at that moment. The steady clock stays what it is."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one, as others make
            return datetime.now(tz) + timedelta(seconds=board.get(cell))

    for module in (social.clock, apscheduler.schedulers.base, apscheduler.triggers.interval):
        setattr(module, "datetime", Wrong)  # noqa: B010


def obey_read_only(board: Board) -> None:
    """SQLite itself refuses every write while the board says so."""

    def begin(connection: Connection) -> None:
        if connection.dialect.name != "sqlite":
            return
        wanted = int(board.get(READ_ONLY))
        if connection.info.get("query_only", 0) != wanted:
            connection.exec_driver_sql(f"PRAGMA query_only={wanted}")
            connection.info["query_only"] = wanted

    event.listen(Engine, "begin", begin)


def be_called(name: str) -> None:
    """Have a name that another worker has too."""
    setattr(queue, "worker_name", lambda: name)  # noqa: B010
