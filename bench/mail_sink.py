"""A mail server that keeps nothing but who got what how often, in a process of its own; what it took it may file as well,
before it says so, in a folder that a real Dovecot serves."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.processes import free_port

Got = Counter[tuple[str, str]]
"""(address, Message-ID) -> how often."""


class _Keeper:
    def __init__(self, taken: Any, copies: Path | None) -> None:
        self.got: Got = Counter()
        self._taken, self._copies = taken, copies

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name there
        assert isinstance(envelope.content, bytes)
        head = envelope.content.partition(b"\r\n\r\n")[0]
        named = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:"))
        for address in envelope.rcpt_tos:
            self.got[address, named.decode().partition(":")[2].strip()] += 1
        self._taken.value += 1
        if self._copies is not None:
            name = f"{self._taken.value}.sink"
            (self._copies / "tmp" / name).write_bytes(head + b"\r\n\r\n")
            (self._copies / "tmp" / name).rename(self._copies / "new" / name)
        return "250 taken"


def _serve(port: int, taken: Any, pipe: "Connection[Any, Any]", copies: Path | None) -> None:
    keeper = _Keeper(taken, copies)

    async def run() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, ended.set)
        server = await loop.create_server(lambda: SMTP(keeper, loop=loop, hostname="sink"), "127.0.0.1", port)
        pipe.send("up")
        await ended.wait()
        server.close()
        pipe.send(keeper.got)

    asyncio.run(run())


class Sink:
    def __init__(self, copies: Path | None) -> None:
        apart = get_context("spawn")
        self.port = free_port()
        self._taken: Any = apart.Value("L", 0, lock=False)
        self._pipe, theirs = apart.Pipe()
        self._process = apart.Process(target=_serve, args=(self.port, self._taken, theirs, copies), daemon=True)
        self._process.start()
        self._pipe.recv()

    @property
    def taken(self) -> int:
        """How many messages it took so far."""
        return int(self._taken.value)

    def close(self) -> Got:
        """End it.  Returns who got what how often."""
        self._process.terminate()
        got: Got = self._pipe.recv()
        self._process.join()
        return got


@contextmanager
def sink(copies: Path | None = None) -> Iterator[Sink]:
    """copies: a maildir for the heads of what it takes."""
    opened = Sink(copies)
    try:
        yield opened
    finally:
        opened._process.kill()
