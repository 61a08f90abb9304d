"""A proxy in front of the app, for tests: it drops what a browser says about who it is and says so itself."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

_DROPPED = ("x-forwarded-email", "x-beatline-proxy", "connection")


@contextmanager
def in_front_of(address: str, headers: Mapping[str, str], *, calling_from: str) -> Iterator[str]:
    """The proxy's own address.  headers: added to every request.  calling_from: loopback address that it calls from."""
    listener = socket.create_server(("127.0.0.1", 0))
    upstream = urlsplit(address)
    assert upstream.hostname
    assert upstream.port
    target = upstream.hostname, upstream.port
    threading.Thread(target=_accept, args=(listener, target, headers, calling_from), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _accept(listener: socket.socket, target: tuple[str, int], headers: Mapping[str, str], source: str) -> None:
    while True:
        try:
            browser, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_carry, args=(browser, target, headers, source), daemon=True).start()


def _carry(browser: socket.socket, target: tuple[str, int], headers: Mapping[str, str], source: str) -> None:
    """One request, or one web socket: each has a connection of its own."""
    with contextlib.suppress(OSError), browser, socket.create_connection(target, source_address=(source, 0)) as app:
        head, rest = _head(browser)
        first, *lines = head.decode("latin-1").split("\r\n")
        upgrade = any(line.lower().startswith("upgrade:") for line in lines)
        kept = [line for line in lines if line.partition(":")[0].strip().lower() not in _DROPPED]
        added = {**headers, "Connection": "Upgrade" if upgrade else "close"}
        kept += [f"{name}: {value}" for name, value in added.items()]
        app.sendall("\r\n".join([first, *kept, "", ""]).encode("latin-1") + rest)
        back = threading.Thread(target=_pour, args=(app, browser), daemon=True)
        back.start()
        _pour(browser, app)
        back.join()


def _head(browser: socket.socket) -> tuple[bytes, bytes]:
    read = b""
    while b"\r\n\r\n" not in read:
        chunk = browser.recv(65536)
        if not chunk:
            raise OSError("the browser went away")
        read += chunk
    head, _, rest = read.partition(b"\r\n\r\n")
    return head, rest


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
