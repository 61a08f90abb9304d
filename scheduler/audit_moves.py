"""What workers published goes into the audit record too, a moment later and in batches.

Workers settle what is live side by side, and the record has one writer at a time: writing a row with each publication
would make them wait for each other. So a periodic job follows the entries' history. It holds every other writer off
while it looks, so that no move with a lower number can still come."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from scheduler.entries import Attempt, Entry, EntryHistory
from scheduler.lifecycle import State
from social.audit import record
from social.context import Context
from social.publication_parts import PublicationPart
from social.publications import Publication

BATCH = 500
MOVES, PARTS = 1, 2


class AuditFollowed(SQLModel, table=True):
    """How far what is written down was followed: the number of the last row that was looked at.  id: 1 for the moves of
    entries, 2 for the parts of threads."""

    __tablename__ = "audit_followed"

    id: int = Field(default=1, primary_key=True)
    last_move: int


def record_published(context: Context) -> int:
    """A row for each publication, and each part of a thread, that has none yet.  Returns how many; at most a batch of each
    at a time."""
    with context.database.read() as session:
        if _newest(session) <= _followed(session, MOVES) and _newest_part(session) <= _followed(session, PARTS):
            return 0
    with context.database.write() as session:
        done = _follow_parts(session, context.clock.now())
        last, newest, now = _followed(session, MOVES), _newest(session), context.clock.now()
        rows = session.exec(
            select(EntryHistory, Entry)
            .join(Entry, col(Entry.id) == EntryHistory.entry_id)
            .where(col(EntryHistory.id) > last, EntryHistory.to_state == State.PUBLISHED.value)
            .order_by(col(EntryHistory.id))
            .limit(BATCH)
        ).all()
        for move, entry in rows:
            _record(session, now, move, entry)
        whole = len(rows) < BATCH
        session.merge(AuditFollowed(id=MOVES, last_move=newest if whole else rows[-1][0].id or last))
        return len(rows) + done


def _follow_parts(session: Session, now: datetime) -> int:
    """Parts are followed by themselves, as some are written down without a move: those whose proof came late."""
    newest = _newest_part(session)
    rows = session.exec(
        select(PublicationPart, Entry)
        .join(Publication, col(Publication.id) == col(PublicationPart.publication_id))
        .join(Entry, col(Entry.id) == col(Publication.entry_id))
        .where(col(PublicationPart.id) > _followed(session, PARTS))
        .order_by(col(PublicationPart.id))
        .limit(BATCH)
    ).all()
    for part, entry in rows:
        sent = select(Attempt).where(Attempt.entry_id == entry.id, Attempt.part == part.number)
        request = session.exec(sent.order_by(col(Attempt.id).desc())).first()
        after = {"part": part.number, "entry": entry.id, "account": entry.account_id, "version": entry.post_version,
                 "platform_id": part.platform_id, "at": part.published_at}  # fmt: skip
        record(session, now, actor=request.worker if request is not None else "worker", action="publish part",
               subject=("post", entry.post_id), after=after)  # fmt: skip
    session.merge(AuditFollowed(id=PARTS, last_move=newest if len(rows) < BATCH else rows[-1][0].id or 0))
    return len(rows)


def _record(session: Session, now: datetime, move: EntryHistory, entry: Entry) -> None:
    after = {"move": move.id, "entry": entry.id, "account": entry.account_id, "version": entry.post_version,
             "platform_id": entry.platform_id, "at": move.at}  # fmt: skip
    record(session, now, actor=move.actor, action="publish post", subject=("post", entry.post_id),
           before={"state": move.from_state}, after=after)  # fmt: skip


def _followed(session: Session, which: int) -> int:
    known = session.get(AuditFollowed, which)
    return known.last_move if known is not None else 0


def _newest(session: Session) -> int:
    return session.exec(select(func.max(EntryHistory.id))).one() or 0


def _newest_part(session: Session) -> int:
    return session.exec(select(func.max(PublicationPart.id))).one() or 0
