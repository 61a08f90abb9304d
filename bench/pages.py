"""What a page costs the machine and how long somebody waits for it, beside the very same page under plain `streamlit run`.

A visitor here speaks Streamlit's own protocol and draws nothing, so that a browser's work is not in the figures. On plain
`streamlit run` nothing is warmed, and Streamlit collects all garbage after every run; `beatline app` pays for the slow
imports first and freezes what is loaded (`social.web.warming`)."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from bench.lines import Line
from bench.processes import BEATLINE, ROOT, environment, free_port, run, running, wait_until_up

TRIVIAL, HEAVY = "accessibility", "works"
"""A page of nothing but words, and the one with the most figures and charts."""
MIXED = ("", "calendar", "replies", "works")
"""What people have open: each of the four for a quarter of the sessions."""
RERUNS, STARTS = 20, 3
SESSIONS, EVERY, ROUNDS = 20, 5.0, 6
"""Sessions at once, seconds between the clicks of one, and clicks of each."""
PLAIN = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1",
         "--server.fileWatcherType=none")  # fmt: skip


@dataclass(frozen=True)
class Costs:
    """first: seconds until the first visitor's page is whole.  trivial, heavy: milliseconds of CPU for one rerun.

    waits: seconds, each click of the many sessions."""

    first: float
    trivial: float
    heavy: float
    waits: Sequence[float]


class Visitor:
    """One open tab."""

    def __init__(self, connection: ClientConnection, page: str) -> None:
        self._connection, self._page = connection, page

    async def rerun(self) -> float:
        """Ask for the page as a click does.  Returns seconds until it is whole.  Raises RuntimeError when it failed."""
        message = BackMsg()
        message.rerun_script.page_name = self._page
        begun = time.perf_counter()
        await self._connection.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self._connection.recv(decode=False))
            if answer.HasField("delta") and answer.delta.new_element.HasField("exception"):
                raise RuntimeError(f"the page '{self._page}' failed")
            if answer.WhichOneof("type") == "script_finished":
                return time.perf_counter() - begun


async def visit(port: int, page: str) -> tuple[Visitor, float]:
    """Open the page in a new tab.  Returns the tab, and seconds from connecting until the page is whole."""
    begun = time.perf_counter()
    connection = await connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None)
    visitor = Visitor(connection, page)
    await visitor.rerun()
    return visitor, time.perf_counter() - begun


def cpu_of(process: int) -> float:
    """Seconds of processor that the process has used, as Linux counts them.  process: its number."""
    after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


async def rerun_cpu(port: int, process: int, page: str) -> float:
    """Milliseconds of processor for one rerun of the page, in the middle of several batches."""
    visitor, _ = await visit(port, page)
    for _ in range(3):
        await visitor.rerun()
    found = []
    for _ in range(3):
        before = cpu_of(process)
        for _ in range(RERUNS):
            await visitor.rerun()
        found.append((cpu_of(process) - before) * 1000 / RERUNS)
    return min(found)


async def clicks(port: int, sessions: int = SESSIONS, every: float = EVERY, rounds: int = ROUNDS) -> list[float]:
    """Seconds that each click waited: so many sessions, spread over the time between two clicks of one."""

    async def one(number: int) -> list[float]:
        visitor, _ = await visit(port, MIXED[number % len(MIXED)])
        await asyncio.sleep(every * number / sessions)
        waits = []
        for _ in range(rounds):
            waited = await visitor.rerun()
            waits.append(waited)
            await asyncio.sleep(max(0.0, every - waited))
        return waits

    return [waited for waits in await asyncio.gather(*map(one, range(sessions))) for waited in waits]


async def _costs(port: int, process: int) -> Costs:
    _, first = await visit(port, "")
    trivial = await rerun_cpu(port, process, TRIVIAL)
    heavy = await rerun_cpu(port, process, HEAVY)
    return Costs(first, trivial, heavy, await clicks(port))


def costs_of(command: Sequence[str], env: dict[str, str], port: int) -> Costs:
    """Start the app and measure it; it is started a few times over for its first visitor, and the best counts."""
    firsts = []
    for _ in range(STARTS - 1):
        with running(command, env) as process:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
            firsts.append(asyncio.run(visit(port, ""))[1])
    with running(command, env) as process:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        found = asyncio.run(_costs(port, process.pid))
    return replace(found, first=min(found.first, *firsts))


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


def measure(home: Path | None = None) -> Iterator[Line]:
    """One line for each promise.  home: of a demo that lived through its week; one is made where it is None."""
    with tempfile.TemporaryDirectory() as scratch:
        if home is None:
            home = Path(scratch)
            run([*BEATLINE, "demo", "--once", "--json", "--home", str(home)], environment(home))
        env, port = environment(home), free_port()
        ours = costs_of([*BEATLINE, "app", "--port", str(port)], env, port)
        port = free_port()
        streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}", *PLAIN]
        plain = costs_of(streamlit, env, port)
    beside = "plain streamlit run"
    yield Line("pages, a small rerun, CPU", ours.trivial, "ms", 30, beside, plain.trivial)
    yield Line("pages, What works again, CPU", ours.heavy, "ms", 100, beside, plain.heavy)
    yield Line("pages, the first page of the first visitor", ours.first, "s", 0.3, beside, plain.first)
    many = f"pages, {SESSIONS} sessions, a click each {EVERY:g} s"
    yield Line(f"{many}, half within", median(ours.waits), "s", None, beside, median(plain.waits))
    yield Line(f"{many}, 95% within", p95(ours.waits), "s", 0.4, beside, p95(plain.waits))


if __name__ == "__main__":
    for line in measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(line, flush=True)
