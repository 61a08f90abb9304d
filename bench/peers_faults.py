"""What becomes of 500 jobs that POST to a loopback address when their worker is killed a few times: Beatline, and the
peers' engines beside it.

    python -m bench.peers_faults [NAME ...]

Lost: never arrived, and nobody was told. Twice: arrived more than once. Beatline's own line is a run of the fault
campaign (docs/faults.md) without any trouble but the kills; what it cannot settle it puts before a person."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from bench import peers
from bench.lines import Line
from bench.processes import ROOT
from tests.postgresql import Server

JOBS, KILLS = 500, 5
SERVERS = {"apscheduler": "", "huey": "", "procrastinate": "postgresql",
           "procrastinate, stalled jobs retried": "postgresql", "dramatiq": "redis", "celery": "redis"}  # fmt: skip
"""Peer -> the server that it needs."""
ANSWER = 0.1
"""Seconds that the far end takes, so that a kill meets jobs that are under way."""
STILL, PATIENCE = 20.0, 240.0
"""Seconds without an arrival, and in all, after which what has not arrived counts as lost."""
SCRIPT = str(ROOT / "bench" / "peer_faults_jobs.py")


class _FarEnd(BaseHTTPRequestHandler):
    """Counts what arrives; the number of a job is the path."""

    arrived: ClassVar[Counter[str]] = Counter()
    lock = threading.Lock()

    def do_POST(self) -> None:
        with self.lock:
            self.arrived[self.path] += 1
        time.sleep(ANSWER)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: it is counted."""


@contextmanager
def _far_end() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _FarEnd)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _FarEnd.arrived.clear()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def of_peer(name: str, folder: Path) -> tuple[int, int]:
    """Jobs lost, and jobs that arrived more than once.  Raises NotInstalled."""
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        address = _address(name, folder, stack)
        url = stack.enter_context(_far_end())
        command = [str(peers.environment()), SCRIPT, name]
        rest = [str(folder), address, url, str(JOBS)]
        filled = subprocess.run([*command, "fill", *rest], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
        if filled.returncode != 0:
            raise peers.NotInstalled(f"{name} takes no jobs: {filled.stderr.strip().splitlines()[-1:]}")
        _work_off([*command, "work", *rest], folder)
        counts = dict(_FarEnd.arrived)
    return JOBS - len(counts), sum(count > 1 for count in counts.values())


def _address(name: str, folder: Path, stack: ExitStack) -> str:
    if SERVERS[name] == "redis":
        return stack.enter_context(peers.redis(folder))
    if SERVERS[name] == "postgresql":
        server = Server()
        stack.callback(server.remove)
        server.start()
        return server.new_database(migrated=False)
    return ""


def _work_off(command: list[str], folder: Path) -> None:
    """One worker at a time; it is killed when so many jobs have arrived, and the next one started.

    Raises NotInstalled when jobs still arrive after `PATIENCE`: then nobody can say what is lost."""
    at = [JOBS * number // (KILLS + 1) for number in range(1, KILLS + 1)]
    begun = last = time.monotonic()
    seen = 0
    with (folder / "worker.log").open("wb") as log:
        worker = _start(command, log, folder)
        try:
            while time.monotonic() - last < STILL:
                if time.monotonic() - begun > PATIENCE:
                    raise peers.NotInstalled(f"it did not come to its end in {PATIENCE:.0f} s")
                if (here := sum(_FarEnd.arrived.values())) != seen:
                    seen, last = here, time.monotonic()
                if at and len(_FarEnd.arrived) >= at[0]:
                    at.pop(0)
                    _kill(worker)
                    worker = _start(command, log, folder)
                if len(_FarEnd.arrived) >= JOBS and time.monotonic() - last > STILL / 3:
                    break
                time.sleep(0.005)
        finally:
            _kill(worker)


def _start(command: list[str], log: object, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # type: ignore[call-overload]  # an open file


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def of_beatline(database: str) -> tuple[int, int, int]:
    """Posts lost, posts sent more than once, and posts that were put before a person."""
    options = ["--json", "--sound", "--posts", str(JOBS), "--kills", str(KILLS), "--seed", "1", "--sleepers", "0"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.campaign", *options, "--database", database], cwd=ROOT,
        env=dict(os.environ), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    return len(report["lost"]), len(report["doubled"]), len(report["unsettled"])


def measure(*names: str) -> Iterator[Line]:
    """A line for each count, as soon as it is known."""
    for database in ("sqlite", "postgresql"):
        if not names or "beatline" in names:
            lost, twice, asked = of_beatline(database)
            yield Line(f"{JOBS} posts, {KILLS} kills: Beatline on {database}, lost", lost, "", None)
            yield Line("  sent twice", twice, "", None)
            yield Line("  not sent for certain, before a person", asked, "", None)
    with tempfile.TemporaryDirectory() as scratch:
        for number, name in enumerate(SERVERS):
            if names and name not in names:
                continue
            try:
                lost, twice = of_peer(name, Path(scratch) / str(number))
            except peers.NotInstalled as missing:
                yield Line(f"{name}: not tried, {missing}", float("nan"), "")
                continue
            yield Line(f"{JOBS} jobs, {KILLS} kills: {name}, lost", lost, "")
            yield Line("  sent twice", twice, "")


def main() -> None:
    for line in measure(*sys.argv[1:]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
