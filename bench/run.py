"""`make bench`: how long a person waits, beside each goal and beside a plain reference of the same run.

Figures of one run on a busy machine swing by a third; the reference swings with them, so compare with that."""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from playwright.sync_api import Browser

from bench import alerts, alerts_pages, checks, engine, figures, holds, inbox, pages, peers_faults, week
from bench.lines import Line
from bench.processes import (
    BEATLINE,
    ROOT,
    browser,
    environment,
    free_port,
    run,
    running,
    wait_until_drawn,
    wait_until_up,
)

BARE_PAGE = "import streamlit as st\n\nst.title('Bare page')\n"
BARE_OPTIONS = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1")
TEXTS = 3_000
ROUNDS = 3


def best(measure: Callable[[], float], rounds: int = ROUNDS) -> float:
    """The quickest of a few rounds: what others do on the machine only ever adds."""
    return min(measure() for _ in range(rounds))


def command_line() -> Line:
    helps = best(lambda: run([*BEATLINE, "--help"])[0])
    bare = best(lambda: run([sys.executable, "-c", "import typer, rich"])[0])
    return Line("beatline --help", helps, "s", 1.0, "importing Typer and Rich", bare)


def demo(home: Path) -> Iterator[Line]:
    seconds, output = run([*BEATLINE, "demo", "--once", "--json", "--home", str(home)], environment(home))
    report = json.loads(output)
    yield Line("beatline demo --once, on a new home", seconds, "s", 60.0)
    for key in ("published", "refused", "replies_collected", "readings", "duplicates"):
        if isinstance(report.get(key), int):
            yield Line(f"  {key.replace('_', ' ')}", report[key], "")


def to_first_page(command: Sequence[str], env: dict[str, str], port: int, chromium: Browser) -> tuple[float, float]:
    """Seconds from the start of the process until it says that it is well, and until its page is drawn whole."""
    begun = time.perf_counter()
    with running(command, env) as process:
        wait_until_up(f"http://127.0.0.1:{port}/_stcore/health", process)
        healthy = time.perf_counter() - begun
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        wait_until_drawn(page)
        shown = time.perf_counter() - begun
        page.close()
    return healthy, shown


def cold_start(home: Path, folder: Path) -> Iterator[Line]:
    """Ours and a bare page of Streamlit, in turns; the best of each."""
    bare_page = folder / "bare.py"
    bare_page.write_text(BARE_PAGE, encoding="utf-8")
    env = environment(home)
    ours, bare = [], []
    with browser() as chromium:
        chromium.new_page().close()
        for _ in range(ROUNDS):
            port = free_port()
            ours.append(to_first_page([*BEATLINE, "app", "--port", str(port)], env, port, chromium))
            port = free_port()
            streamlit = [sys.executable, "-m", "streamlit", "run", str(bare_page), f"--server.port={port}"]
            bare.append(to_first_page([*streamlit, *BARE_OPTIONS], env, port, chromium))
    for name, goal, which in (("is well", None, 0), ("has drawn the first page", 5.0, 1)):
        fastest, fastest_bare = (min(pair[which] for pair in pairs) for pairs in (ours, bare))
        yield Line(f"cold start until the app {name}", fastest, "s", goal, "bare Streamlit page", fastest_bare)


def replies(home: Path) -> list[str]:
    """What residents wrote in the demo, as many times over as it takes, each made distinct."""
    database = sqlite3.connect(home / "beatline.sqlite")
    try:
        texts = [row[0] for row in database.execute("SELECT text FROM interaction WHERE text <> '' ORDER BY id")]
    finally:
        database.close()
    return [f"{texts[n % len(texts)]} {n // len(texts) or ''}".strip() for n in range(TEXTS)]


def reading(home: Path, folder: Path) -> Line:
    texts = replies(home)
    source, target = folder / "texts.jsonl", folder / "readings.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate(texts)), "utf-8")
    command = [*BEATLINE, "read", "--in", str(source), "--out", str(target)]
    seconds = best(lambda: run(command, environment(home))[0], rounds=2)
    assert len(target.read_text("utf-8").splitlines()) == len(texts)
    plain = (
        "import json, sys\nfrom textblob import TextBlob\n"
        "for line in open(sys.argv[1], encoding='utf-8'):\n    TextBlob(json.loads(line)['text']).sentiment\n"
    )
    alone = best(lambda: run([sys.executable, "-c", plain, str(source)])[0], rounds=2)
    return Line("beatline read", TEXTS / seconds, "texts/s", None, "TextBlob's sentiment alone", TEXTS / alone)


def importing(home: Path) -> Line:
    """Examining the sample posts against the accounts of the demo; nothing is kept."""
    sample = str(ROOT / "examples/posts.csv")
    command = [*BEATLINE, "import", "posts", sample, "--only-channels", "x,facebook", "--dry-run"]
    seconds = best(lambda: run(command, environment(home))[0])
    nothing = best(lambda: run([*BEATLINE, "queue", "list", "--json"], environment(home))[0])
    return Line("beatline import posts --dry-run, the sample", seconds, "s", 5.0, "beatline queue list", nothing)


def checking() -> Iterator[Line]:
    """The checks of one post, over the corpus of posts; the goal is that of the whole, so the 95th percentile keeps it."""
    middle, high = checks.median_and_p95()
    yield Line("the checks of one post, median", middle * 1000, "ms")
    yield Line("the checks of one post, 95% within", high * 1000, "ms", checks.GOAL * 1000)


def measure() -> Iterator[Line]:
    """Every line, as soon as it is known."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        home = folder / "home"
        yield command_line()
        yield from checking()
        yield from demo(home)
        yield from cold_start(home, folder)
        yield from pages.measure(home)
        yield reading(home, folder)
        yield importing(home)
    yield from engine.measure()
    yield from holds.measure()
    yield from inbox.measure()
    yield from figures.measure()
    yield from alerts.measure()
    yield from alerts_pages.measure()
    yield from week.measure()
    yield from peers_faults.measure()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON array on standard output")
    as_json = parser.parse_args().json
    lines = []
    for line in measure():
        lines.append(line)
        if not as_json:
            print(line, flush=True)
    if as_json:
        print(json.dumps([asdict(line) | {"met": line.met} for line in lines]))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
