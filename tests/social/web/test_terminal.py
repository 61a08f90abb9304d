"""What long work shows on a terminal, and that it shows nothing anywhere else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from social.web.terminal import answers, print_report, progress_bar, when_up


def test_no_bar_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as tell:
        tell("Living through the week", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar() as tell:
        tell("Living through the week", 1, 2)
        tell("Living through the week", 2, 2)
    captured = capsys.readouterr()
    assert "Living through the week" in captured.err
    assert captured.out == ""


def test_the_report_says_what_was_not_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    kind = {"posts": 3, "reach": None, "engagement_rate": 0.05,
            "sentiment": {"negative": 0.2, "neutral": 0.5, "positive": 0.3, "unknown": 0.0}}  # fmt: skip
    print_report({"published": 3, "refused": 0, "by_content_type": {"survey": kind}})
    said = capsys.readouterr().out
    assert "not reported" in " ".join(said.split())
    assert "5.0%" in said


def test_the_address_is_said_once_the_app_answers(capsys: pytest.CaptureFixture[str]) -> None:
    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/api/health" else 404)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Healthy)
    port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert answers("127.0.0.1", port)
        when_up("127.0.0.1", port, "It is there.", threading.Event()).join(10)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert capsys.readouterr().err == "It is there.\n"
    assert not answers("127.0.0.1", port)


def test_nothing_is_said_of_an_app_that_never_comes(capsys: pytest.CaptureFixture[str]) -> None:
    stop = threading.Event()
    stop.set()
    when_up("127.0.0.1", 1, "It is there.", stop).join(10)
    assert capsys.readouterr().err == ""
