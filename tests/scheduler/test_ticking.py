"""The long-running worker: ticks, and ends when it is told to."""

import threading
from collections.abc import Sequence

from scheduler.entries import Heartbeat
from scheduler.jobs import JOBS
from scheduler.queue import worker_name
from scheduler.worker import run_forever
from social.context import Context
from social.jobs import Job
from tests.scheduler.helpers import Force


def run_until(force: Force, jobs: Sequence[Job], stop: threading.Event) -> None:
    """Run the worker; the test ends it by a job, and fails rather than hang."""
    guard = threading.Timer(30, stop.set)
    guard.start()
    try:
        run_forever(force.context, jobs, stop=stop)
    finally:
        guard.cancel()


def test_the_worker_publishes_what_is_due_and_ends_when_told(force: Force) -> None:
    force.queued()
    stop = threading.Event()

    signs: list[Heartbeat | None] = []

    def end_when_published(_: Context) -> int:
        if force.entry().state == "published":
            signs.append(sign_of_life(force))
            stop.set()
        return 0

    run_until(force, (*JOBS, Job("watch", 0.05, end_when_published)), stop)
    assert force.entry().state == "published"
    assert len(force.network().posts) == 1
    assert signs[0] is not None
    assert sign_of_life(force) is None, "a worker that has stopped says so: nobody waits for its last sign to grow old"


def sign_of_life(force: Force) -> Heartbeat | None:
    with force.context.database.read() as session:
        return session.get(Heartbeat, worker_name())


def test_a_job_that_fails_is_run_again(force: Force) -> None:
    stop, runs = threading.Event(), []

    def fails_once(_: Context) -> int:
        runs.append(1)
        if len(runs) == 1:
            raise RuntimeError
        stop.set()
        return 0

    run_until(force, (Job("fails", 0.05, fails_once),), stop)
    assert len(runs) >= 2
