"""What workers published goes into the audit record too, a moment later and in batches.

Workers settle what is live side by side, and the record has one writer at a time: writing a row with each publication
would make them wait for each other. So a periodic job follows the entries' history. It holds every other writer off
while it looks, so that no move with a lower number can still come."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, or_, select

from scheduler.entries import Entry, EntryHistory
from scheduler.lifecycle import Event, State
from social.audit import record
from social.context import Context

BATCH = 500


class AuditFollowed(SQLModel, table=True):
    """How far the history was followed: the last move that was looked at. One row, with the id 1."""

    __tablename__ = "audit_followed"

    id: int = Field(default=1, primary_key=True)
    last_move: int


def record_published(context: Context) -> int:
    """A row for each publication, and each part of a thread before its last, that has none yet.  Returns how many; at most a batch at a time."""
    with context.database.read() as session:
        if _newest(session) <= _followed(session):
            return 0
    with context.database.write() as session:
        last, newest, now = _followed(session), _newest(session), context.clock.now()
        rows = session.exec(
            select(EntryHistory, Entry)
            .join(Entry, col(Entry.id) == EntryHistory.entry_id)
            .where(
                col(EntryHistory.id) > last,
                or_(EntryHistory.to_state == State.PUBLISHED.value, EntryHistory.event == Event.GO_ON.value),
            )
            .order_by(col(EntryHistory.id))
            .limit(BATCH)
        ).all()
        for move, entry in rows:
            _record(session, now, move, entry)
        whole = len(rows) < BATCH
        session.merge(AuditFollowed(last_move=newest if whole else rows[-1][0].id or last))
        return len(rows)


def _record(session: Session, now: datetime, move: EntryHistory, entry: Entry) -> None:
    after = {"move": move.id, "entry": entry.id, "account": entry.account_id, "version": entry.post_version,
             "platform_id": entry.platform_id, "at": move.at}  # fmt: skip
    action = "publish part" if move.event == Event.GO_ON else "publish post"
    record(session, now, actor=move.actor, action=action, subject=("post", entry.post_id),
           before={"state": move.from_state}, after=after)  # fmt: skip


def _followed(session: Session) -> int:
    known = session.get(AuditFollowed, 1)
    return known.last_move if known is not None else 0


def _newest(session: Session) -> int:
    return session.exec(select(func.max(EntryHistory.id))).one() or 0
