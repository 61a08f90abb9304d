"""Stands for the networks: one practice network for the module, a server that answers as told, one that never does."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from social.accounts import Account
from social.channels.facebook import FacebookChannel
from social.channels.x import XChannel
from social.clock import SettableClock
from social.practice.network import PracticeNetwork
from social.settings import Settings, load_settings

X_KEYS = {
    "consumer_key": "consumer-key-3f9a1c",
    "consumer_secret": "consumer-secret-77b0e2",
    "access_token": "access-token-d41d8c",
    "access_token_secret": "access-token-secret-98f00b",
}
PAGE_TOKEN = {"page_access_token": "page-token-e3b0c44298fc1c149afb"}


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Scripted:
    """A server that gives its answers in order and keeps what it was asked; when they run out, the last again."""

    base_url: str = ""
    answers: list[tuple[int, Mapping[str, str], bytes]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def answer(self, body: Any, status: int = 200, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, {"Content-Type": "application/json", **named}, raw))

    def next(self) -> tuple[int, Mapping[str, str], bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.seen.append(Seen(self.command, self.path, dict(self.headers), body))
            status, headers, raw = script.next()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_DELETE = do_PUT = _take  # noqa: N815

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    script.base_url = f"http://127.0.0.1:{server.server_port}"
    yield script
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def silent_address() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed_address() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def impatient(tmp_path: Path) -> Settings:
    """Settings under which nobody waits long."""
    return load_settings(
        {"BEATLINE_HOME": str(tmp_path), "BEATLINE_READ_TIMEOUT": "0.3", "BEATLINE_CONNECT_TIMEOUT": "0.3"}
    )


MakeX = Callable[..., XChannel]
MakeFacebook = Callable[..., FacebookChannel]


@pytest.fixture
def make_x(impatient: Settings, clock: SettableClock) -> MakeX:
    def make(base_url: str | None, platform_id: str | None = "42", handle: str | None = "WoldershirePol") -> XChannel:
        account = Account(
            name="x", channel="x", handle=handle, platform_id=platform_id, base_url=base_url,
            credentials_sealed=b"", added_at=clock.now(),
        )  # fmt: skip
        return XChannel(account, X_KEYS, impatient, clock, wait=lambda _: None)

    return make


@pytest.fixture
def make_facebook(impatient: Settings, clock: SettableClock) -> MakeFacebook:
    def make(base_url: str | None) -> FacebookChannel:
        account = Account(
            name="facebook", channel="facebook", platform_id="1001", base_url=base_url,
            credentials_sealed=b"", added_at=clock.now(),
        )  # fmt: skip
        return FacebookChannel(account, PAGE_TOKEN, impatient, clock)

    return make


@pytest.fixture(scope="module")
def practice_clock() -> SettableClock:
    return SettableClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, practice_clock: SettableClock) -> Iterator[PracticeNetwork]:
    """One network for the tests of a module, whose clock only ever moves on."""
    folder = tmp_path_factory.mktemp("practice")
    with PracticeNetwork(folder, clock=practice_clock, pace=24.0, history_weeks=2, limit_scale=100) as network:
        yield network
