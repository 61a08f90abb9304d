"""Processes that post, started once and told when: what is compared takes turns within one run, because a machine that
others use is not the same from one minute to the next."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.processes import ROOT


class Poster:
    """One process of `bench.posting`, ready to begin."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "bench.posting", json.dumps(order)], cwd=ROOT,
                                         text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip

    def say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def heard(self) -> str:
        """Its next line.  Raises RuntimeError when there is none."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a process that posts broke off")
        return line.strip()

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def posters(*orders: dict[str, Any]) -> Iterator[list[Poster]]:
    """A process for each order, all of them ready."""
    started = [Poster(order) for order in orders]
    try:
        for one in started:
            one.heard()
        yield started
    finally:
        for one in started:
            one.end()


def go(*those: Poster) -> list[dict[str, Any]]:
    """Let them all begin at once, and hand back what they say."""
    for one in those:
        one.say("go")
    return [json.loads(one.heard()) for one in those]


def back(one: Poster) -> None:
    """Have the posts put back into the queue."""
    one.say("back")
    one.heard()


def rate(results: Sequence[dict[str, Any]]) -> float:
    """Posts a second of all together."""
    return float(sum(one["posts"] for one in results) / max(one["seconds"] for one in results))


@dataclass(frozen=True)
class Beside:
    """Two sides that took turns: the middle of each, and the middle of the rounds' ratios."""

    ours: float
    theirs: float
    ratio: float


def in_turns(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Beside:
    """Each round of ours between two of theirs, and compared with the mean of these two."""
    mine, others = [], [theirs()]
    for _ in range(rounds):
        mine.append(ours())
        others.append(theirs())
    ratios = [one / ((others[n] + others[n + 1]) / 2) for n, one in enumerate(mine)]
    return Beside(*map(statistics.median, (mine, others, ratios)))
