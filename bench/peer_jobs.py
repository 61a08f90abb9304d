"""One peer's engine with jobs that do nothing, due at once: how many a second it gets through. Runs in the peers' own
virtual environment and imports nothing of Beatline.

    python bench/peer_jobs.py NAME JOBS FOLDER [ADDRESS]      prints jobs a second"""

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

_done = 0
_all_done = threading.Event()
_wanted = 0
_first = 0.0
_lock = threading.Lock()


def job() -> None:
    """Counts itself."""
    global _done, _first
    with _lock:
        _first = _first or time.perf_counter()
        _done += 1
        if _done >= _wanted:
            _all_done.set()


def apscheduler(jobs: int, folder: str, address: str) -> float:
    """BackgroundScheduler with the SQLAlchemy store on SQLite; SQLite's own defaults are durable."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(address or f"sqlite:///{folder}/apscheduler.sqlite")},
        job_defaults={"misfire_grace_time": None, "max_instances": 1}, timezone="UTC",
    )  # fmt: skip
    scheduler.start(paused=True)
    for number in range(jobs):
        scheduler.add_job("__main__:job", "date", run_date=datetime.now(UTC), id=str(number))
    return _timed(scheduler.resume)


def procrastinate(jobs: int, folder: str, address: str) -> float:  # noqa: ARG001 - one signature for all
    """Its worker as it comes, on PostgreSQL."""
    import asyncio

    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=address))

    @app.task(name="job")
    def nothing() -> None:
        job()

    async def work() -> float:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            await nothing.batch_defer_async(*({} for _ in range(jobs)))
            begun = time.perf_counter()
            await app.run_worker_async(wait=False)
            return time.perf_counter() - begun

    return asyncio.run(work())


def huey(jobs: int, folder: str, address: str) -> float:  # noqa: ARG001
    """SQLite with fsync on, four worker threads."""
    from huey import SqliteHuey

    queue = SqliteHuey(filename=f"{folder}/huey.sqlite", fsync=True)
    task = queue.task()(job)
    for _ in range(jobs):
        task()
    consumer = queue.create_consumer(workers=4, periodic=False, initial_delay=0.01, backoff=1.0, max_delay=0.05)
    seconds = _timed(consumer.start)
    consumer.stop()
    return seconds


def dramatiq(jobs: int, folder: str, address: str) -> float:  # noqa: ARG001
    """Redis, eight worker threads."""
    import dramatiq as library
    from dramatiq.brokers.redis import RedisBroker

    broker = RedisBroker(url=address)
    library.set_broker(broker)
    task = library.actor(job)
    for _ in range(jobs):
        task.send()
    worker = library.Worker(broker, worker_threads=8)
    seconds = _timed(worker.start)
    worker.stop()
    return seconds


def celery(jobs: int, folder: str, address: str) -> float:  # noqa: ARG001
    """Redis, acks_late, eight threads."""
    from celery import Celery
    from celery.contrib.testing.worker import start_worker

    app = Celery("bench", broker=address)
    app.conf.update(task_acks_late=True, task_ignore_result=True, worker_hijack_root_logger=False)
    task = app.task(name="job")(job)
    for _ in range(jobs):
        task.delay()
    with start_worker(app, pool="threads", concurrency=8, perform_ping_check=False, loglevel="error"):
        _all_done.wait(120)
        return time.perf_counter() - _first  # a worker's start is not counted


def _timed(start: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    start()
    _all_done.wait(120)
    return time.perf_counter() - begun


PEERS: dict[str, Callable[[int, str, str], float]] = {
    "apscheduler": apscheduler, "procrastinate": procrastinate, "huey": huey, "dramatiq": dramatiq, "celery": celery,
}  # fmt: skip


def main() -> None:
    global _wanted
    name, _wanted, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    seconds = PEERS[name](_wanted, folder, sys.argv[4] if len(sys.argv) > 4 else "")
    print(_done / seconds, flush=True)
    sys.stdout.flush()
    import os

    os._exit(0 if _done == _wanted else 1)


if __name__ == "__main__":
    main()
