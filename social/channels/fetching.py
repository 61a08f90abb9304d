"""Fetches one file from where a network keeps what residents attached, and reaches nothing else on the way.

The address is an outsider's word. So: https alone, or this machine where the account is on a practice network; only hosts
that the network keeps media on; the machine that answers must have a public address, looked at once connected and before
a byte is sent, so that no name leads inside; no redirect, no credentials, no cookies, a time and a size that end it."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from social.channels.transport import Door
from social.clock import steady_seconds
from social.errors import BeatlineError
from social.loopback import is_loopback_host
from social.settings import Settings

MEDIA_HOSTS: dict[str, tuple[str, ...]] = {
    "x": ("twimg.com",),
    "facebook": ("fbcdn.net", "fbsbx.com"),
    "memory": (),
}
"""Where each network keeps media: the host itself and what lies below it."""
LONGEST = 60.0
"""Seconds that one file may take in all."""
_CHUNK = 64 * 1024


class NotFetched(BeatlineError):
    """The file was not taken.  Its text says why and what to do, and repeats nothing of the address."""


class _Inside(OSError):
    """The name led to an address that is not public."""


def fetch(address: str, channel: str, settings: Settings, *, practice: bool, most_bytes: int) -> bytes:
    """The file's bytes, at most so many.

    practice: the account is on a network of this machine, where media may be too.  Raises NotFetched."""
    origin, local = _origin(address, channel, practice=practice)
    door = Door(origin, settings)
    if not local:
        _guard(door, origin)
    try:
        with door:
            return b"".join(
                _limited(door.get(address, stream=True, headers={"Accept-Encoding": "identity"}), most_bytes)
            )
    except NotFetched:
        raise
    except (requests.RequestException, OSError) as error:
        if any(isinstance(part, _Inside) for part in _causes(error)):
            raise NotFetched("The address leads inside a private network. It is not fetched.") from None
        # Not chained: the error holds the address.
        raise NotFetched("The network did not hand it over in time. Try again in a minute.") from None


def _origin(address: str, channel: str, *, practice: bool) -> tuple[str, bool]:
    """Scheme, host and port, and whether that is this machine, which only a practice account may mean.

    Raises NotFetched for an address that is not one of the network's own media."""
    refused = NotFetched("The address is not one where this network keeps media. It is not fetched.")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise refused from None
    local = practice and is_loopback_host(host)
    if not local and (parts.scheme != "https" or port not in (None, 443)):
        raise refused
    if parts.scheme not in ("http", "https") or parts.username or parts.password or not host:
        raise refused
    if not local and not any(host == known or host.endswith(f".{known}") for known in MEDIA_HOSTS.get(channel, ())):
        raise refused
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}" + (f":{port}" if port else ""), local


def _limited(answer: requests.Response, most_bytes: int) -> Iterator[bytes]:
    """The body, piece by piece, within size and time."""
    until = steady_seconds() + LONGEST
    with answer:
        if answer.status_code in (401, 403, 404, 410):
            raise NotFetched(
                "The network does not have it at this address any more. The address is renewed the next time that "
                "replies are read; then try again."
            )
        if answer.status_code != 200:
            raise NotFetched(f"The network answered with status {answer.status_code}. Try again in a minute.")
        told = answer.headers.get("Content-Length", "")
        taken = int(told) if told.isdecimal() and len(told) < 16 else 0
        if taken > most_bytes:
            raise _too_big(most_bytes)
        taken = 0
        for piece in answer.iter_content(_CHUNK):
            taken += len(piece)
            if taken > most_bytes:
                raise _too_big(most_bytes)
            if steady_seconds() > until:
                raise NotFetched("It took too long. Try again in a minute.")
            yield piece


def _too_big(most_bytes: int) -> NotFetched:
    return NotFetched(
        f"It is larger than {most_bytes // 1_000_000} MB, the most that is taken. Ask the network for it."
    )


def is_public(address: str) -> bool:
    """Whether this IP address is one of the open internet: not private, not this machine, not a link's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (mapped or found).is_global and not (mapped or found).is_multicast


def _require_public(connection: socket.socket) -> socket.socket:
    if not is_public(str(connection.getpeername()[0])):
        connection.close()
        raise _Inside("not a public address")
    return connection


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public(super()._new_conn())


class _SafeConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _require_public(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


def _guard(door: Door, origin: str) -> None:
    """From now on the door's connections are let go at once when they lead inside."""
    adapter: Any = door.get_adapter(f"{origin}/")
    adapter.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        part = waiting.pop()
        if isinstance(part, BaseException) and part not in seen:
            seen.append(part)
            yield part
            waiting += [part.__cause__, part.__context__, getattr(part, "reason", None), *part.args]
