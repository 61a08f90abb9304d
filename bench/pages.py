"""What a page costs the machine and how long somebody waits for it, beside the very same page under plain `streamlit run`.

A visitor here speaks Streamlit's own protocol and draws nothing, so that a browser's work is not in the figures. On plain
`streamlit run` nothing is warmed, and Streamlit collects all garbage after every run; `beatline app` pays for the slow
imports first, freezes what is loaded and leaves garbage to Python (`social.web.warming`).

Waits depend on what else the machine does; processor time hardly does. So each click's processor time is told as well,
and what the visitors themselves take, who share the machine's processors with the app."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path
from statistics import median, quantiles

from sqlmodel import select

import app
from bench.lines import Line
from bench.processes import BEATLINE, ROOT, environment, free_port, run, running, wait_until_up
from bench.visitor import TODAY, Look, cpu_of, visit
from social.channels.registry import make_channel
from social.context import open_context
from social.settings import load_settings
from social.staff import Action, Person, Role, role_allows

TRIVIAL, HEAVY = "accessibility", "works"
"""A page of nothing but words, and the one with the most figures and charts."""
MIXED = ("", "calendar", "replies", "works", "approvals")
"""What people have open: each of the five for a fifth of the sessions."""
OPENED = {"post": "&id=1", "replies": "&reply=1"}
"""Pages that show something chosen beside or in place of a list."""
ROLES = (Role.CORPORATE, Role.ADMINISTRATOR, Role.RECORDS)
"""Who looks at a page: the first of these who may."""
RERUNS, BATCHES, STARTS = 4, 3, 3
SESSIONS, EVERY, ROUNDS = 20, 5.0, 6
"""Sessions at once, seconds between the clicks of one, and clicks of each."""
PLAIN = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1",
         "--server.fileWatcherType=none")  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """Many sessions at once.  waits: seconds, each click.  click, driver: milliseconds of processor for a click, of the
    app and of the visitors.  memory: MB of the app afterwards."""

    waits: Sequence[float]
    click: float
    driver: float
    memory: float


@dataclass(frozen=True)
class Costs:
    """first: seconds until the first visitor's page is whole.  reruns: milliseconds of processor for one rerun, by path."""

    first: float
    reruns: Mapping[str, float]
    crowd: Crowd


def looks(home: Path) -> dict[str, Look]:
    """Every page by its path, each as somebody who may see all of it."""
    context = open_context(load_settings({"BEATLINE_HOME": str(home)}), make_channel)
    try:
        with context.database.read() as session:
            people = {person.role: person for person in session.exec(select(Person).order_by(Person.id.desc()))}  # type: ignore[union-attr]  # a column
    finally:
        context.database.close()
    return {
        view.path: Look(view.title, view.path, f"as={_who(people, view)}{OPENED.get(view.path, '')}")
        for view in app.VIEWS
    }


def _who(people: Mapping[str, Person], view: app.View) -> int:
    able = (people[role] for role in ROLES if view.needs is None or role_allows(people[role], Action[view.needs]))
    return next(able).id or 0


async def rerun_cpu(port: int, process: int, look: Look) -> float:
    """Milliseconds of processor for one rerun of the page, in the best of several batches."""
    visitor, _ = await visit(port, look)
    await visitor.rerun()
    found = []
    for _ in range(BATCHES):
        before = cpu_of(process)
        for _ in range(RERUNS):
            await visitor.rerun()
        found.append((cpu_of(process) - before) * 1000 / RERUNS)
    await visitor.leave()
    return min(found)


async def crowded(
    port: int,
    process: int,
    open_pages: Sequence[Look],
    sessions: int = SESSIONS,
    every: float = EVERY,
    rounds: int = ROUNDS,
) -> Crowd:
    """So many sessions, spread over the time between two clicks of one; nobody clicks before all have come."""
    visitors = [(await visit(port, open_pages[number % len(open_pages)]))[0] for number in range(sessions)]

    async def one(number: int) -> list[float]:
        await asyncio.sleep(every * number / sessions)
        waits = []
        for _ in range(rounds):
            waited = await visitors[number].rerun()
            waits.append(waited)
            await asyncio.sleep(max(0.0, every - waited))
        return waits

    app_before, own_before = cpu_of(process), time.process_time()
    waits = [waited for found in await asyncio.gather(*map(one, range(sessions))) for waited in found]
    app_took, own_took = cpu_of(process) - app_before, time.process_time() - own_before
    return Crowd(waits, app_took * 1000 / len(waits), own_took * 1000 / len(waits), _memory_of(process))


def _memory_of(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _costs(port: int, process: int, pages: Mapping[str, Look]) -> Costs:
    _, first = await visit(port)
    reruns = {path: await rerun_cpu(port, process, look) for path, look in pages.items()}
    return Costs(first, reruns, await crowded(port, process, [pages[path] for path in MIXED]))


def costs_of(command: Sequence[str], env: dict[str, str], port: int, pages: Mapping[str, Look]) -> Costs:
    """Start the app and measure it; it is started a few times over for its first visitor, and the best counts."""
    firsts = []
    for _ in range(STARTS - 1):
        with running(command, env) as process:
            wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
            firsts.append(asyncio.run(visit(port, TODAY))[1])
    with running(command, env) as process:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        found = asyncio.run(_costs(port, process.pid, pages))
    return replace(found, first=min([found.first, *firsts]))


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


def measure(home: Path | None = None) -> Iterator[Line]:
    """A line for each promise and each page.  home: of a demo that lived through its week; one is made where it is None."""
    with tempfile.TemporaryDirectory() as scratch:
        if home is None:
            home = Path(scratch)
            run([*BEATLINE, "demo", "--once", "--json", "--home", str(home)], environment(home))
        env, port, pages = environment(home), free_port(), looks(home)
        ours = costs_of([*BEATLINE, "app", "--port", str(port)], env, port, pages)
        load = os.getloadavg()[0]
        port = free_port()
        streamlit = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}", *PLAIN]
        plain = costs_of(streamlit, env, port, pages)
    yield Line(f"pages, on {os.cpu_count()} processors, load average {load:.1f} by now with ours in it", nan, "")
    yield from _promises(ours, plain)
    for path, look in pages.items():
        name = f"pages, {look.title} again, CPU"
        yield Line(name, ours.reruns[path], "ms", 100, "plain streamlit run", plain.reruns[path])


def _promises(ours: Costs, plain: Costs) -> Iterator[Line]:
    beside = "plain streamlit run"
    yield Line("pages, a small rerun, CPU", ours.reruns[TRIVIAL], "ms", 30, beside, plain.reruns[TRIVIAL])
    yield Line("pages, a heavy page again, CPU", ours.reruns[HEAVY], "ms", 100, beside, plain.reruns[HEAVY])
    yield Line("pages, the first page of the first visitor", ours.first, "s", 0.3, beside, plain.first)
    many, here, there = f"pages, {SESSIONS} sessions, a click each {EVERY:g} s", ours.crowd, plain.crowd
    yield Line(f"{many}, half within", median(here.waits), "s", None, beside, median(there.waits))
    yield Line(f"{many}, 95% within", p95(here.waits), "s", 0.4, beside, p95(there.waits))
    yield Line("pages, a click of those, CPU", here.click, "ms", None, beside, there.click)
    yield Line("pages, the visitors' own work for it, CPU", here.driver, "ms", None, beside, there.driver)
    yield Line("pages, memory after those", here.memory, "MB", None, beside, there.memory)


if __name__ == "__main__":
    for line in measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(line, flush=True)
