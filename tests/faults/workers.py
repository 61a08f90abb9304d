"""The campaign's end of the nursery: starts workers, kills them, and wakes those that were stopped."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
MARGIN = 1.0
"""Seconds between the longest that a request may take and the end of its lease, in place of five."""


@dataclass(frozen=True)
class Waits:
    """How long things may take, in seconds: what are minutes elsewhere, so that a thousand deaths take no day.

    No lease can be shorter than twice the two time-outs and the margin, and `settle` is longer than the second that
    the network still takes after a client gave up."""

    timeout: float
    lease: float
    settle: float

    @property
    def settings(self) -> dict[str, str]:
        return {
            "BEATLINE_CONNECT_TIMEOUT": str(self.timeout),
            "BEATLINE_READ_TIMEOUT": str(self.timeout),
            "BEATLINE_LEASE": str(self.lease),
            "BEATLINE_SETTLE": str(self.settle),
            "BEATLINE_CLAIM_BATCH": "8",
            "BEATLINE_IN_FLIGHT": "16",
            "BEATLINE_PUBLISH_EVERY": "0.25",
        }

    @property
    def asleep(self) -> float:
        """How long a worker that was stopped stays so: its lease is over, and others have taken back what it held and
        looked."""
        return self.lease + self.settle + 2.0


BRISK = Waits(0.5, 4.0, 2.5)
STEADY = Waits(1.5, 8.0, 4.5)
"""For long runs on a machine that does other things too."""
TURN = 0.05
"""Seconds between two looks of the campaign at what is going on."""


@contextmanager
def nursery(log_file: Path, environment: Mapping[str, str], waits: Waits) -> Iterator["Workers"]:
    """A nursery with this environment; whatever it started ends with it.  log_file: what the workers say."""
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env={**environment, **waits.settings}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        workers = Workers(process, waits.asleep)
        try:
            yield workers
        finally:
            workers.close()


class Workers:
    """The campaign's end of the nursery.  A thread of its own wakes those that were stopped: one of them may hold the
    database's lock, and the campaign itself wait for it."""

    def __init__(self, process: "subprocess.Popen[str]", sleep: float) -> None:
        self._process, self._sleep = process, sleep
        self._lock, self._ended = threading.RLock(), threading.Event()
        self._asleep: dict[int, float] = {}
        self.awake: list[int] = []
        self.died = 0
        self._keeper = threading.Thread(target=self._keep, name="keeper")
        self._keeper.start()

    def start(self, **order: Any) -> int:
        """A worker; see `nursery.py` for the order."""
        pid = int(self._ask({"start": order})["pid"])
        if "person" not in order:
            self.awake.append(pid)
        return pid

    def warm(self) -> None:
        """Let the nursery send what is due, once."""
        self._ask({"warm": True})

    def signal(self, pid: int, sign: int) -> None:
        self._ask({"signal": int(sign), "pid": pid})

    def set_clock(self, pid: int, ahead: float) -> None:
        """ahead: seconds by which its wall clock is wrong from now on."""
        self._ask({"clock": ahead, "pid": pid})

    def forbid_writing(self, *, read_only: bool = False, longest_file: int | None = None) -> None:
        """longest_file: bytes beyond which those who are alive may write into no file; None: they may."""
        self._ask({"read_only": read_only, "longest_file": longest_file})

    def stop(self) -> None:
        """Ask all to end, and wait until each has brought to its end what it was at."""
        deadline = time.monotonic() + 20
        for pid in self._ask({"look": True})["alive"]:
            self.signal(pid, signal.SIGTERM)
        while (alive := self._ask({"look": True})["alive"]) and time.monotonic() < deadline:
            time.sleep(TURN)
        for pid in alive:
            self.signal(pid, signal.SIGKILL)
        self.look()

    @property
    def asleep(self) -> int:
        """How many are stopped."""
        return len(self._asleep)

    def look(self) -> None:
        answer = self._ask({"look": True})
        for pid in answer["stopped"]:
            self._asleep.setdefault(pid, time.monotonic() + self._sleep)
        self.awake = [pid for pid in answer["alive"] if pid not in answer["stopped"]]
        self.died = answer["died"]

    def close(self) -> None:
        self._ended.set()
        self._keeper.join()
        self._process.communicate(timeout=30)

    def _keep(self) -> None:
        while not self._ended.wait(TURN):
            with self._lock:
                self.look()
                for pid in [pid for pid, until in self._asleep.items() if time.monotonic() > until]:
                    self.signal(pid, signal.SIGCONT)
                    del self._asleep[pid]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer
