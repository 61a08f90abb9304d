"""What `beatline doctor` says about takedowns and erasure: what a person must remove, what is overdue, what a restore left."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, func, select

from scheduler.appeals import Appeal
from scheduler.takedown_tasks import Takedown, TaskState
from social.context import Context
from social.doctor import Finding, Level


def findings(context: Context) -> Iterator[Finding]:
    """Nothing where nothing is left to do (R08, R10)."""
    with context.database.read() as session:
        by_hand, trying = (_count(session, state) for state in (TaskState.BY_HAND, TaskState.WAITING))
        overdue = session.exec(
            select(func.count())
            .select_from(Appeal)
            .where(col(Appeal.erase_by) < context.clock.now(), col(Appeal.erased_at).is_(None))
        ).one()
        erased = session.exec(select(func.max(Appeal.erased_at))).one()
    if by_hand:
        yield Finding(Level.WRONG, f"{by_hand} copies have to be removed by hand.", "See `beatline appeal list`.")
    if trying:
        yield Finding(Level.NOTE, f"{trying} copies are being taken down.", "The worker goes on trying by itself.")
    if overdue:
        what = f"{overdue} appeals that ended more than 24 hours ago still name or show somebody here (R10)."
        yield Finding(Level.WRONG, what, "Start the worker: it erases them within a minute.")
    if erased is not None and context.database.is_sqlite:
        yield from _left_by_a_restore(Path(str(context.database.url.database)), erased)


def _count(session: Session, state: TaskState) -> int:
    return session.exec(select(func.count()).select_from(Takedown).where(Takedown.state == state.value)).one()


def _left_by_a_restore(database: Path, erased: datetime) -> Iterator[Finding]:
    """The file that a restore put aside is from before the erasure, and holds what was erased."""
    old = database.with_name(f"{database.name}.old")
    if old.exists() and datetime.fromtimestamp(old.stat().st_mtime, UTC) < erased:
        yield Finding(Level.WRONG, f"{old.name} is from before names were erased, and still holds them.",
                      "Delete it, or keep it where its retention is watched over.")  # fmt: skip
