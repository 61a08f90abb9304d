"""`beatline web` holds no line for whoever sends nothing, and keeps it for whoever asks."""

import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from social.web import public_server
from social.web.public_server import server_of

ASKING = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(public_server, "REQUEST_WITHIN", 0.1)

    def said(_request: Request) -> Response:
        return PlainTextResponse("here")

    def broken(request: Request) -> Response:
        raise ValueError(request.url.query)

    server = server_of(Starlette(routes=[Route("/", said), Route("/broken", broken)]), "127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize("sent", [b"", b"GET / HTT", ASKING[:-2], ASKING + b"GET / HTTP/1.1\r\nHo"])
def test_a_line_on_which_no_whole_request_comes_is_closed(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address, timeout=20) as line:
        line.sendall(sent)
        got = b""
        while more := line.recv(4096):
            got += more
    assert (b"here" in got) is (ASKING in sent)


def test_a_line_on_which_requests_come_stays(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as line, socket.create_connection(address, timeout=20) as silent:
        ended = False
        silent.settimeout(0.02)  # both lines are as old; the silent one says when that is too old
        answers = 0
        while not ended:
            line.sendall(ASKING)
            got = b""
            while b"here" not in got:
                got += line.recv(4096)
            answers += 1
            try:
                ended = silent.recv(1) == b""
            except TimeoutError:
                continue
        line.sendall(ASKING)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    assert answers > 1


def test_what_breaks_off_is_logged_with_its_place_and_never_with_what_somebody_typed(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    with socket.create_connection(address, timeout=20) as line:
        line.sendall(ASKING.replace(b"/ ", b"/broken?sam.reed "))
        assert line.recv(4096).startswith(b"HTTP/1.1 500")
    with socket.create_connection(address, timeout=20) as line:  # behind it: by then the log is written
        line.sendall(ASKING)
        assert b"here" in line.recv(4096) + line.recv(4096)
    assert "in broken" in caplog.text
    assert "ValueError" in caplog.text
    assert "sam.reed" not in caplog.text
