"""How many bad links `beatline web` refuses a second, and how long a resident waits meanwhile.

Beside it stands a server of the same kind that answers every address with the same page, ready made: what is left is
what refusing costs."""

import secrets
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from bench.lines import Line
from bench.processes import BEATLINE, environment, free_port, running, wait_until_up

SECONDS, CLIENTS = 4.0, 4
GOAL = 1_000.0
"""Bad links a second."""
PATIENCE = 1_000.0
"""Milliseconds that a resident's page may take meanwhile, at the median."""
_REFERENCE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
async def same(request): return HTMLResponse("x" * 1_600, 404)
async def health(request): return HTMLResponse("")
uvicorn.run(Starlette(routes=[Route("/health", health), Route("/alerts/settings/{token}", same)]), host="127.0.0.1",
            port=int(sys.argv[1]), log_level="warning", access_log=False, ws="none")
"""


def measure(seconds: float = SECONDS) -> Iterator[Line]:
    """The figures."""
    with tempfile.TemporaryDirectory() as home:
        env = environment(Path(home)) | {"BEATLINE_WEB_PORT": str(free_port())}
        address = f"http://127.0.0.1:{env['BEATLINE_WEB_PORT']}"
        with running([*BEATLINE, "web"], env | {"BEATLINE_PUBLIC_ADDRESS": address}) as process:
            wait_until_up(f"{address}/health", process)
            refused, waits = _flood(address, seconds)
    port = free_port()
    with running([sys.executable, "-c", _REFERENCE, str(port)]) as process:
        wait_until_up(f"http://127.0.0.1:{port}/health", process)
        ready_made, _ = _flood(f"http://127.0.0.1:{port}", seconds)
    yield Line("bad links refused", refused, "/s", GOAL, "the page ready made", ready_made)
    yield Line("  the privacy page meanwhile, median", median(waits), "ms", PATIENCE)


def _flood(address: str, seconds: float) -> tuple[float, list[float]]:
    """Bad links a second from a few connections that stay open, and milliseconds that other pages took meanwhile."""
    end = time.perf_counter() + seconds
    counts = [0] * CLIENTS
    threads = [threading.Thread(target=_refusals, args=(address, end, counts, n)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    waits = []
    while time.perf_counter() < end:
        begun = time.perf_counter()
        with _connection(address) as visitor:
            _ask(visitor, "/alerts/privacy")
        waits.append((time.perf_counter() - begun) * 1_000)
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    return sum(counts) / seconds, waits


def _refusals(address: str, end: float, counts: list[int], mine: int) -> None:
    with _connection(address) as connection:
        while time.perf_counter() < end:
            status = _ask(connection, f"/alerts/settings/{secrets.token_urlsafe(30)}")
            if status != 404:
                raise RuntimeError(f"A bad link was answered with {status}.")
            counts[mine] += 1


def _connection(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)


def _ask(connection: socket.socket, path: str) -> int:
    """The status of one GET; its body is read to the end, so that the connection can be used again."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return int(head.split(b" ", 2)[1])


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65_536)
    if not got:
        raise RuntimeError("The server closed the connection.")
    return got


if __name__ == "__main__":
    for one in measure():
        print(one)
