"""What a periodic job is. Each slice lists its own in `jobs.py`; `app.py` hands them all to the worker."""

from collections.abc import Callable
from dataclasses import dataclass

from social.context import Context
from social.settings import Settings


@dataclass(frozen=True)
class Job:
    """One piece of periodic work.

    every: seconds between two runs, or the setting that says how many.  run: does what is due and returns how many
    things it changed, so that a worker told to stop when idle knows when that is. It must be safe to run twice and
    from several processes.  thorough: does it all, due or not; for a worker that stops when idle and so is there
    only once. None where `run` leaves nothing out."""

    name: str
    every: float | str
    run: Callable[[Context], int]
    thorough: Callable[[Context], int] | None = None
    staying: Callable[[Context], int] | None = None

    def seconds(self, settings: Settings) -> float:
        """Seconds between two runs under these settings."""
        return float(getattr(settings, self.every)) if isinstance(self.every, str) else self.every
