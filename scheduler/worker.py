"""The worker: ticks, runs the periodic jobs, and leaves signs of life. What sending is, `sending.py` says."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session, col, delete, func, select

from scheduler import queue
from scheduler.entries import OPEN, Entry, Heartbeat
from scheduler.lifecycle import State
from scheduler.sending import Round
from social.accounts import Account, AccountState
from social.clock import SystemClock
from social.context import Context
from social.errors import BeatlineError, bare
from social.jobs import Job

log = logging.getLogger("beatline.worker")

REACH = timedelta(minutes=16)
"""How far ahead `run_until_idle` waits: a little more than the 15 minutes after which X takes requests again."""
LONGEST_NAP = 5.0
"""Seconds between two looks at the queue while waiting, so that other processes' changes are seen."""
CLOCK_LOOK, CLOCK_JUMP = 1.0, 2.0
"""Seconds between two looks whether somebody has put the clock on or back, and by how much to take it for that."""
FORGOTTEN_AFTER = timedelta(days=7)
MOST_ROUNDS = 200
"""Rounds of the jobs with an empty queue before `run_until_idle` stops: a network that moves on is never all read."""

Wake = Callable[[float], None]
Progress = Callable[[int, int], None]
"""Called with how many of the entries there are have reached an end, and how many there are."""


def publish_due(context: Context) -> int:
    """Settle what earlier requests left open, and send what is due.  Returns how many entries moved on."""
    return Round(context).run()


def run_until_idle(
    context: Context, jobs: Sequence[Job], *, progress: Progress | None = None, wait: Wake | None = None
) -> None:
    """Run the jobs until none of them changes anything and nothing due is on its way, their thorough work included.

    wait: sleeps for so many seconds; None means `time.sleep` under the system's clock, and under any other clock not
    to wait at all but to stop, since nobody else would move it on."""
    if wait is None and isinstance(context.clock, SystemClock):
        wait = time.sleep
    started, rounds, thorough = context.clock.now(), 0, False
    while rounds < MOST_ROUNDS:
        beat(context, started)
        changed = sum(run_job(context, job, thorough=thorough) for job in jobs)
        next_at = next_moment(context)
        if progress is not None:
            progress(*progress_of(context))
        if changed:
            rounds = rounds + 1 if next_at is None else 0
            continue
        if next_at is None or wait is None:
            if thorough:
                return
            # What is due has been done: now, once, what is not due yet, for nobody comes back for it.
            thorough = True
            continue
        pause = (next_at - context.clock.now()).total_seconds()
        wait(min(max(pause, 0.05), LONGEST_NAP))


def run_job(context: Context, job: Job, *, thorough: bool = False, staying: bool = False) -> int:
    """Run one job; what it raises is logged and does not stop the others.  Returns what it changed, 0 when it failed.

    thorough: also what is not due yet.  staying: the worker stays, so the job may wait for news."""
    run = (job.thorough if thorough else job.staying if staying else None) or job.run
    try:
        return run(context)
    except BeatlineError as error:
        log.error("job %s: %s", job.name, error)
    except Exception as error:
        log.error("job %s broke off with %s", job.name, type(error).__name__, exc_info=bare(error))
    return 0


def next_moment(context: Context) -> datetime | None:
    """When something that is due can next move on by itself; None when nothing will within REACH.

    Counts what is queued and due on open accounts, what is publishing (its lease), and what is unconfirmed (its look)."""
    now = context.clock.now()
    with context.database.read() as session:
        moments = [*_queued_moments(session, now), *_open_moments(session)]
    return min((moment for moment in moments if moment <= now + REACH), default=None)


def _queued_moments(session: Session, now: datetime) -> list[datetime]:
    query = (
        select(func.min(func.coalesce(col(Entry.not_before), col(Entry.due_at))), col(Account.not_before))
        .join(Account, col(Account.id) == col(Entry.account_id))
        .where(Entry.state == State.QUEUED.value, col(Entry.due_at) <= now, Account.state == AccountState.ACTIVE.value)
        .group_by(col(Account.id), col(Account.not_before))
    )
    return [max(filter(None, row)) for row in session.exec(query)]


def _open_moments(session: Session) -> list[datetime]:
    query = select(Entry.state, Entry.lease_until, Entry.not_before).where(OPEN)
    moments = (lease if state == State.PUBLISHING else max(filter(None, (lease, look)), default=None)
               for state, lease, look in session.exec(query))  # fmt: skip
    return [moment for moment in moments if moment is not None]


def progress_of(context: Context) -> tuple[int, int]:
    """How many entries that were due have come to an end, and how many were due."""
    now = context.clock.now()
    with context.database.read() as session:
        query = select(Entry.state, func.count()).where(col(Entry.due_at) <= now).group_by(Entry.state)
        counts = dict(session.exec(query).all())
    waiting = sum(counts.get(s.value, 0) for s in (State.QUEUED, State.PUBLISHING, State.UNCONFIRMED))
    total = sum(counts.values())
    return total - waiting, total


def beat(context: Context, started: datetime) -> None:
    """Leave a sign of life for `doctor` and the pages, and clear away those of workers long gone."""
    now = context.clock.now()
    with context.database.write() as session:
        session.exec(delete(Heartbeat).where(col(Heartbeat.seen_at) < now - FORGOTTEN_AFTER))
        session.merge(Heartbeat(worker=queue.worker_name(), started_at=started, seen_at=now))


def leave(context: Context) -> None:
    """A worker that stops says so: nobody has to wait until its last sign of life is old."""
    with context.database.write() as session:
        session.exec(delete(Heartbeat).where(col(Heartbeat.worker) == queue.worker_name()))


def _heartbeat(started: datetime) -> Job:
    def run(context: Context) -> int:
        beat(context, started)
        return 0

    return Job("heartbeat", 15.0, run)


def _wall_ahead(context: Context) -> float:
    return context.clock.now().timestamp() - queue.steady_seconds()


def run_forever(context: Context, jobs: Sequence[Job], *, stop: threading.Event) -> None:
    """Tick until `stop` is set, then let running jobs end.  The ticks hold nothing: what is due is a query.

    APScheduler plans its next tick by the wall clock. Were that put back by an hour, the worker would stand still for
    an hour: so it is told when the clock has jumped."""
    started = context.clock.now()
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    for job in (_heartbeat(started), *jobs):
        scheduler.add_job(
            run_job,
            "interval",
            args=(context, job),
            kwargs={"staying": True},
            seconds=job.seconds(context.settings),
            id=job.name,
            next_run_time=datetime.now(UTC),
        )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    ahead = _wall_ahead(context)  # before the first tick: a clock put on from then on is noticed
    scheduler.start()
    try:
        while not stop.wait(CLOCK_LOOK):
            before, ahead = ahead, _wall_ahead(context)
            if abs(ahead - before) > CLOCK_JUMP:
                log.warning("the clock was put on by %.0f seconds", ahead - before)
                for ticking in scheduler.get_jobs():
                    ticking.modify(next_run_time=context.clock.now())
    finally:
        context.stopping.set()
        scheduler.shutdown(wait=True)
        leave(context)
