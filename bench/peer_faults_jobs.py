"""One peer's engine with jobs that POST their number to a loopback address. Its worker is killed by `peers_faults.py`
and started again. Runs in the peers' own virtual environment and imports nothing of Beatline.

    python bench/peer_faults_jobs.py NAME fill|work FOLDER ADDRESS URL JOBS"""

import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Prepared = tuple[Callable[[int], Any], Callable[[], Any]]
"""What puts one job into the queue, and what works them off without end."""
STALLED = 3.0
"""Seconds after which what a killed worker held counts as given up, where the peer lets that be set."""


def job(number: int) -> None:
    urllib.request.urlopen(f"{os.environ['BENCH_URL']}/{number}", data=b"", timeout=10).read()


def apscheduler(folder: str, _address: str) -> Prepared:
    """The SQLAlchemy store on SQLite; without the grace of one second that would drop what is due longer."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{folder}/apscheduler.sqlite")},
        job_defaults={"misfire_grace_time": None, "max_instances": 1}, timezone="UTC",
    )  # fmt: skip

    def fill(number: int) -> None:
        if not scheduler.running:
            scheduler.start(paused=True)
        scheduler.add_job("__main__:job", "date", [number], run_date=datetime.now(UTC), id=str(number))

    return fill, scheduler.start


def huey(folder: str, _address: str) -> Prepared:
    """SQLite with fsync on, four worker threads."""
    from huey import SqliteHuey

    queue = SqliteHuey(filename=f"{folder}/huey.sqlite", fsync=True)
    task = queue.task()(job)
    return task, lambda: queue.create_consumer(workers=4, periodic=False, max_delay=0.05).start()


def procrastinate(_folder: str, address: str, retried: bool = False) -> Prepared:
    """Its worker as it comes, or with the documented recipe that retries stalled jobs."""
    import asyncio

    from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

    task_name = "job"

    def app_with(connector: Any) -> tuple[Any, Any]:
        app = App(connector=connector(conninfo=address))
        return app, app.task(name=task_name, pass_context=False)(job)

    def fill(number: int) -> None:
        app, task = app_with(SyncPsycopgConnector)
        with app.open():
            if number == 0:
                app.schema_manager.apply_schema()
            task.defer(number=number)

    async def work() -> None:
        app, _ = app_with(PsycopgConnector)
        async with app.open_async():
            worker = asyncio.create_task(app.run_worker_async(concurrency=8, fetch_job_polling_interval=0.5))
            while retried and not worker.done():
                await asyncio.sleep(1)
                for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                    await app.job_manager.retry_job(stalled)
            await worker

    return fill, lambda: asyncio.run(work())


def dramatiq(_folder: str, address: str) -> Prepared:
    """Redis, eight worker threads; what a dead worker held is looked for often."""
    import dramatiq as library
    from dramatiq.brokers.redis import RedisBroker

    broker = RedisBroker(url=address, heartbeat_timeout=int(STALLED * 1000), maintenance_chance=100_000)
    library.set_broker(broker)
    task = library.actor(job, actor_name="job")
    return task.send, library.Worker(broker, worker_threads=8).start


def celery(_folder: str, address: str) -> Prepared:
    """Redis, acks_late, eight threads."""
    from celery import Celery

    app = Celery("bench", broker=address)
    app.conf.update(task_acks_late=True, task_ignore_result=True, worker_hijack_root_logger=False,
                    broker_transport_options={"visibility_timeout": STALLED, "unacked_restore_limit": None})  # fmt: skip
    task = app.task(name="job")(job)
    options = [
        "worker",
        "--pool=threads",
        "--concurrency=8",
        "--loglevel=ERROR",
        "--without-gossip",
        "--without-mingle",
    ]
    return task.delay, lambda: app.worker_main(options)


PEERS: dict[str, Callable[[str, str], Prepared]] = {
    "apscheduler": apscheduler,
    "procrastinate": procrastinate,
    "procrastinate, stalled jobs retried": lambda folder, address: procrastinate(folder, address, True),
    "huey": huey,
    "dramatiq": dramatiq,
    "celery": celery,
}


def main() -> None:
    name, what, folder, address, os.environ["BENCH_URL"], jobs = sys.argv[1:]
    fill, work = PEERS[name](folder, address)
    if what == "fill":
        for number in range(int(jobs)):
            fill(number)
        os._exit(0)
    threading.Thread(target=work, daemon=True).start() if name not in ("celery",) else work()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
