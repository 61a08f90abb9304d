"""What the checks of one post cost: the median and the 95th percentile over the corpus, in seconds.

Each post is checked alone and cold of itself: what the checks remember of a text is of other posts, as for a desk that
writes a new one."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from scheduler.checks import MediaFact, Subject, run_checks
from scheduler.checks import names as names_check
from scheduler.checks.repeats import runs

CORPUS = Path(__file__).resolve().parent.parent / "tests/scheduler/checks/corpus.csv"
GOAL = 0.005
"""Seconds that the checks of one post may take."""
ROUNDS = 5


def subjects() -> Iterator[Subject]:
    """The corpus's posts as the checks see them."""
    with CORPUS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            media = () if row["media"] == "none" else (MediaFact(row["media"], row["alt_text"], row["captions"]),)
            yield Subject(
                row["text"], media, content_type=row["content_type"], channel=row["channel"], lang=row["lang"],
                case_stage=row["case_stage"], place=row["neighbourhood"], force=row["force"],
            )  # fmt: skip


def costs() -> list[float]:
    """Seconds for each post of the corpus: the quickest of a few rounds, nothing remembered from the one before."""
    posts = list(subjects())
    for one in posts[:20]:
        run_checks(one)
    return [min(_seconds(one) for _ in range(ROUNDS)) for one in posts]


def _seconds(one: Subject) -> float:
    names_check.forget()
    runs.cache_clear()
    started = time.perf_counter()
    run_checks(one)
    return time.perf_counter() - started


def median_and_p95() -> tuple[float, float]:
    taken = costs()
    return median(taken), quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    middle, high = median_and_p95()
    print(f"checks of one post: median {middle * 1000:.2f} ms, 95% within {high * 1000:.2f} ms (goal {GOAL * 1000:g})")
