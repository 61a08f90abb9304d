"""Whether a worker is at work: for `beatline doctor`, `/api/ready` and the pages."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, func, select

from scheduler.entries import Heartbeat
from social.context import Context
from social.doctor import Finding, Level
from social.web.routes import WORKER_SILENT_AFTER


def worker_seen(session: Session) -> datetime | None:
    """When any worker was last seen at work; None when never."""
    return session.exec(select(func.max(Heartbeat.seen_at))).one()


def findings(context: Context) -> Sequence[Finding]:
    """What `beatline doctor` says about the worker: at work, silent, or never seen."""
    with context.database.read() as session:
        seen = worker_seen(session)
    advice = "Start it with `beatline run` or `beatline worker`: nothing goes out and no replies come in without it."
    if seen is None:
        return (Finding(Level.NOTE, "No worker was ever seen here.", advice),)
    ago = (context.clock.now() - seen).total_seconds()
    if ago > WORKER_SILENT_AFTER:
        return (Finding(Level.WRONG, f"The worker was last seen {ago / 60:.0f} minutes ago.", advice),)
    return (Finding(Level.OK, f"A worker was seen {ago:.0f} seconds ago."),)
