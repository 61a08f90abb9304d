"""What a periodic job is. Each slice lists its own in `jobs.py`; `app.py` hands them all to the worker."""

from collections.abc import Callable
from dataclasses import dataclass

from social.context import Context


@dataclass(frozen=True)
class Job:
    """One piece of periodic work.

    every: seconds between two runs.  run: does what is due and returns how many things it changed, so that a
    worker told to stop when idle knows when that is. It must be safe to run twice and from several processes."""

    name: str
    every: float
    run: Callable[[Context], int]
