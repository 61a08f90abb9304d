"""The peers' engines: an environment of their own, the servers that they need, and what each gets through.

Whatever cannot be had is named and left out; nothing here is needed to use Beatline."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ROOT, free_port

NEEDS = {"apscheduler": "", "huey": "", "procrastinate": "postgresql", "dramatiq": "redis", "celery": "redis"}
"""Peer -> the server that it needs."""
JOBS = {"apscheduler": 1500, "procrastinate": 1000, "huey": 3000, "dramatiq": 3000, "celery": 1500}
_ENVIRONMENT = ROOT / ".venv" / "peers"
_REQUIREMENTS = ROOT / "requirements" / "bench.txt"
_PATIENCE = 180


class NotInstalled(Exception):
    """It cannot be had here.  Its text says what is missing."""


def environment() -> Path:
    """The peers' Python; made at the first call and anew when the pins change.  Raises NotInstalled."""
    python, stamp = _ENVIRONMENT / "bin" / "python", _ENVIRONMENT / "pins.txt"
    pins = _REQUIREMENTS.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == pins:
        return python
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    install = ["-m", "pip", "install", "--quiet", "--no-input", "--require-hashes", "-r", str(_REQUIREMENTS)]
    for command in ([sys.executable, "-m", "venv", str(_ENVIRONMENT)], [str(python), *install]):
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE)
        except subprocess.TimeoutExpired as late:
            raise NotInstalled("the peers could not be installed in time") from late
        if done.returncode != 0:
            raise NotInstalled("the peers could not be installed (no package index?)")
    stamp.write_text(pins, "utf-8")
    return python


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of our own that writes every change down, as the others do.  Raises NotInstalled."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalled("redis-server is not installed")
    port = free_port()
    durable = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *durable],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    """Wait until somebody listens there.  Raises NotInstalled when nobody does in time."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as plug:
            if plug.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise NotInstalled("a server of the bench did not start")


def jobs_a_second(name: str, folder: Path, address: str = "") -> float:
    """What the peer gets through.  Raises NotInstalled when it cannot be had or does not come to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    script = str(ROOT / "bench" / "peer_jobs.py")
    command = [str(environment()), script, name, str(JOBS[name]), str(folder), address]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as late:
        raise NotInstalled(f"{name} did not come to its end in {_PATIENCE} s") from late
    if done.returncode != 0:
        raise NotInstalled(f"{name} failed: {done.stderr.strip().splitlines()[-1:] or 'not all jobs were done'}")
    return float(done.stdout.split()[-1])
