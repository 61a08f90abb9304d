"""Processes that belong together: one ends, the others are stopped; told to stop, all stop."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from social.web import processes
from social.web.processes import run_together

WAITS = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(60)"
STUBBORN = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w').close(); time.sleep(60)"
ENDS_AFTER = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.02)\nsys.exit(3)"


def python(code: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", code, *map(str, arguments)]


def test_when_one_ends_the_others_are_stopped_and_it_counts_as_failed(tmp_path: Path) -> None:
    said: list[str] = []
    commands = {"worker": python(ENDS_AFTER, tmp_path / "up"), "app": python(WAITS, tmp_path / "up")}
    assert run_together(commands, environment=os.environ, say=said.append) == 1
    assert said == ["The worker stopped by itself (exit code 3). Stopping the rest."]


def test_told_to_stop_all_end_and_it_counts_as_done(tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_once_up() -> None:
        while not (tmp_path / "up").exists():
            stop.wait(0.02)
        stop.set()

    threading.Thread(target=stop_once_up).start()
    assert run_together({"app": python(WAITS, tmp_path / "up")}, environment=os.environ, stop=stop) == 0


def test_one_that_will_not_stop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    said: list[str] = []
    commands = {"worker": python(ENDS_AFTER, tmp_path / "up"), "app": python(STUBBORN, tmp_path / "up")}
    assert run_together(commands, environment=os.environ, say=said.append) == 1
    assert any("was ended" in line for line in said)


def test_a_program_that_cannot_start_leaves_nothing_running(tmp_path: Path) -> None:
    commands = {"app": python(WAITS, tmp_path / "up"), "worker": [str(tmp_path / "no-such-program")]}
    with pytest.raises(FileNotFoundError):
        run_together(commands, environment=os.environ)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_whole_group_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom social.web.processes import run_together\n"
        f"raise SystemExit(run_together({{'app': {python(WAITS, tmp_path / 'up')!r}}}, environment=os.environ))"
    )
    process = subprocess.Popen(python(code), cwd=Path(__file__).parents[3], stderr=subprocess.PIPE)
    pause = threading.Event()
    while not (tmp_path / "up").exists():
        assert process.poll() is None
        pause.wait(0.02)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, b"")
