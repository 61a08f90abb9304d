"""How the parts are put together: the command line, and worker and app as processes."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app
from insights.summary import summary
from social.context import Context
from social.errors import BeatlineError
from tests.views.helpers import Force

ROOT = Path(__file__).parents[2]
COMMANDS = {"accounts", "app", "collect", "demo", "doctor", "import", "insights", "migrate", "people", "plan", "practice",
            "queue", "read", "run", "takedown", "worker"}  # fmt: skip


def test_the_command_line_holds_every_slices_commands() -> None:
    from typer.main import get_command

    assert set(get_command(app.build_cli()).commands) >= COMMANDS  # type: ignore[attr-defined]


def test_help_and_small_commands_import_nothing_heavy() -> None:
    code = (
        "import sys; from app import build_cli; from typer.testing import CliRunner; "
        "assert CliRunner().invoke(build_cli(), ['--help']).exit_code == 0; "
        "print(sorted({'streamlit', 'pandas', 'altair', 'tweepy', 'facebook', 'textblob', 'nltk'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_our_errors_become_a_sentence_and_exit_code_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_settings: object) -> Context:
        raise BeatlineError("Others may read the key file.")

    monkeypatch.setattr(app, "_open", refuse)
    done = CliRunner().invoke(app.build_cli(), ["--home", str(tmp_path), "queue", "list"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Others may read the key file.\n"


def test_wrong_use_is_exit_code_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(app.build_cli(), ["--home", str(tmp_path), "no-such-command"]).exit_code == 2
    assert CliRunner().invoke(app.build_cli(), ["app", "--port", "70000"]).exit_code == 2
    served = CliRunner().invoke(app.build_cli(), ["demo", "--json", "--home", str(tmp_path)])
    assert (served.exit_code, served.stdout) == (2, ""), "a server prints no one document"


def test_home_on_the_command_line_wins_and_is_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATLINE_HOME", str(tmp_path / "other"))
    done = CliRunner().invoke(app.build_cli(), ["--home", str(tmp_path / "mine"), "queue", "list", "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert (tmp_path / "mine/beatline.sqlite").exists()
    assert not (tmp_path / "other").exists()


def test_the_demos_figures_are_those_of_the_page(force: Force) -> None:
    force.past("survey", 3, reach=1000, reactions=50)
    with force.context.database.read() as session:
        told = summary(session)
    assert told["survey"]["posts"] == 3
    assert told["survey"]["reach"] == 1000
    assert told["survey"]["engagement_rate"] == pytest.approx(0.05)
    assert set(told["survey"]["sentiment"]) == {"negative", "neutral", "positive", "unknown"}


def test_every_view_is_there_and_says_what_it_needs() -> None:
    from social.staff import Action

    for view in app.VIEWS:
        assert (app.HERE / view.file).is_file()
        assert view.needs is None or view.needs in Action.__members__
    assert len({view.path for view in app.VIEWS}) == len({Path(view.file).name for view in app.VIEWS}) == len(app.VIEWS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


SERVED = ("/calendar", "/api/health", "/_stcore/health", "/_stcore/host-config", "/_stcore/bidi-components/none/x.js",
          "/component/none/index.html", "/media/none.png", "/_stcore/upload_file/none/none", "/no-such-thing")  # fmt: skip
"""What the app answers beside its pages, and what it refuses: each by a door of its own."""


def ask(port: int, path: str) -> tuple[int, str, dict[str, str]] | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return (
            answer.status,
            answer.read().decode(errors="replace"),
            {name.lower(): value for name, value in answer.getheaders()},
        )
    except OSError:
        return None
    finally:
        connection.close()


def test_run_starts_worker_and_app_and_stops_both(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, str(ROOT / "app.py"), "--home", str(tmp_path / "home"), "run", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pause, state = threading.Event(), {}
    try:
        for _ in range(600):
            answer = ask(port, "/api/ready")
            state = json.loads(answer[1]) if answer else {}
            if state.get("worker") or process.poll() is not None:
                break
            pause.wait(0.1)
        page, metrics = ask(port, "/"), ask(port, "/_stcore/metrics")
        served = {
            path: ask(port, path) for path in (*SERVED, *re.findall(r'"\./(static/[^"]+)"', page[1] if page else ""))
        }
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}/set-up/".encode() in said, "a new installation says how to have people sign in"
    assert state["ready"]
    assert state["worker"]
    assert page is not None
    assert page[0] == 200
    assert "default-src 'self'" in page[2]["content-security-policy"]
    assert metrics is not None
    assert metrics[0] == 404
    assert len(served) > len(SERVED), "the page's own script and styles are among them"
    for path, answer in served.items():
        assert answer is not None, path
        assert "default-src 'self'" in answer[2]["content-security-policy"], path
        assert answer[2]["x-content-type-options"] == "nosniff", path
        assert "server" not in answer[2] or "/" not in answer[2]["server"], f"{path} names no version"
    assert process.returncode == 0
    assert ask(port, "/api/health") is None
