"""The worker: takes what is due, sends it once, and writes down what came of it.

The order is the promise: claim, decide, record the attempt, let go of the database, send, record the outcome. What
may have been sent is never sent again before somebody has looked (`outcomes.py`)."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session, col, delete, func, select

from scheduler import outcomes, queue
from scheduler.decisions import Hold, Lapse, Publish, Refuse, Wait, decide
from scheduler.entries import OPEN, Entry, Heartbeat
from scheduler.lifecycle import State
from scheduler.looking import look_at_unconfirmed
from scheduler.work import Work, draft_of, load_work, situation_of
from social.accounts import Account, AccountState
from social.channels.base import Channel, Draft
from social.channels.leaving import must_leave_by
from social.clock import SystemClock
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import BeatlineError, ChannelError, bare
from social.jobs import Job
from social.settings import Settings

log = logging.getLogger("beatline.worker")

REACH = timedelta(minutes=16)
"""How far ahead `run_until_idle` waits: a little more than the 15 minutes after which X takes requests again."""
LONGEST_NAP = 5.0
"""Seconds between two looks at the queue while waiting, so that other processes' changes are seen."""
SHORT_PAUSE = timedelta(seconds=2)
"""Before an entry that could not be sent is taken up again, so that nothing turns in a circle."""
FORGOTTEN_AFTER = timedelta(days=7)
MOST_ROUNDS = 200
"""Rounds of the jobs with an empty queue before `run_until_idle` stops: a network that moves on is never all read."""

Wake = Callable[[float], None]
Progress = Callable[[int, int], None]
"""Called with how many of the entries there are have reached an end, and how many there are."""


def publish_due(context: Context) -> int:
    """Settle what earlier requests left open, then send one batch of what is due.

    Returns how many entries moved on."""
    worker = queue.worker_name()
    moved = queue.reap(context, worker) + look_at_unconfirmed(context, worker)
    for held in queue.claim(context, worker):
        moved += _guarded(context, held)
    return moved


def _guarded(context: Context, held: queue.Claim) -> int:
    """One entry's trouble is its own: what nobody foresaw is logged and the others go on.

    Raises DatabaseTrouble: that is everybody's, and nothing may leave that could not be recorded."""
    try:
        return _publish(context, held)
    except DatabaseTrouble:
        raise
    except Exception as error:
        log.error("entry %s could not be handled; its lease runs out, then it is looked after", held.entry_id,
                  exc_info=bare(error))  # fmt: skip
        return 0


def _publish(context: Context, held: queue.Claim) -> int:
    try:
        with context.database.read() as session:
            work = load_work(session, held, context.clock.now())
        if work is None:
            return 0
        channel = context.channel(work.account)
        draft, waits_for = draft_of(work, context.settings.media_folder)
        decision = decide(situation_of(work, channel, waits_for), now=context.clock.now())
    except DatabaseTrouble:
        raise
    except BeatlineError as error:
        return outcomes.held_for_a_person(context, held, f"It could not be made ready: {error}")
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        log.error("entry %s could not be made ready", held.entry_id, exc_info=bare(error))
        reason = f"It could not be made ready ({type(error).__name__}). The worker's log says where; show it to IT."
        return outcomes.held_for_a_person(context, held, reason)
    if not isinstance(decision, Publish):
        return _carry_out(context, held, decision)
    return _send(context, held, work, channel, draft)


def _send(context: Context, held: queue.Claim, work: Work, channel: Channel, draft: Draft) -> int:
    if too_old_to_send(held, context.settings):
        return outcomes.not_sent(context, held, "The worker was held up before sending. It will be tried again.")
    attempt = queue.begin_attempt(context, held, outcomes.text_hash(draft))
    if attempt is None:
        soon = context.clock.now() + SHORT_PAUSE
        reason = "It was changed, or its time with the worker ran out, before sending."
        return outcomes.not_sent(context, held, reason, soon)
    try:
        with must_leave_by(last_moment(held, context.settings)):
            published = channel.publish(draft, key=f"beatline-{held.entry_id}-{held.version}")
    except ChannelError as error:
        return outcomes.record_failure(context, held, attempt, work, draft, error)
    except Exception as error:
        log.error("publishing entry %s broke off", held.entry_id, exc_info=bare(error))
        return outcomes.unknown(context, held, attempt, f"The request broke off ({type(error).__name__}).")
    return outcomes.sent(context, held, attempt, work, draft, published)


def _carry_out(context: Context, held: queue.Claim, decision: Wait | Hold | Lapse | Refuse) -> int:
    match decision:
        case Wait(until, reason):
            return outcomes.not_sent(context, held, reason, until)
        case Hold(reason, hold_id):
            return outcomes.held_for_a_person(context, held, reason, hold_id)
        case Lapse(reason):
            return outcomes.lapsed(context, held, reason)
        case Refuse(reason, rule):
            return outcomes.refused(context, held, reason, actor=rule or held.worker)


def too_old_to_send(held: queue.Claim, settings: Settings) -> bool:
    """Whether a request sent now could still be under way when the lease ends (a sleep or a stop came between)."""
    return queue.steady_seconds() > last_moment(held, settings)


def last_moment(held: queue.Claim, settings: Settings) -> float:
    """Until when, by `steady_seconds`, a request may leave so that it is over before the lease is."""
    return held.taken_at + queue.lease_seconds(settings) - queue.longest_request(settings)


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


def run_job(context: Context, job: Job, *, thorough: bool = False) -> int:
    """Run one job; what it raises is logged and does not stop the others.  Returns what it changed, 0 when it failed.

    thorough: also what is not due yet."""
    run = job.thorough if thorough and job.thorough is not None else job.run
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


def _heartbeat(started: datetime) -> Job:
    def run(context: Context) -> int:
        beat(context, started)
        return 0

    return Job("heartbeat", 15.0, run)


def run_forever(context: Context, jobs: Sequence[Job], *, stop: threading.Event) -> None:
    """Tick until `stop` is set, then let running jobs end.  The ticks hold nothing: what is due is a query."""
    started = context.clock.now()
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    for job in (_heartbeat(started), *jobs):
        scheduler.add_job(
            run_job,
            "interval",
            args=(context, job),
            seconds=job.seconds(context.settings),
            id=job.name,
            next_run_time=datetime.now(UTC),
        )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
