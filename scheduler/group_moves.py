"""Moves of many entries in one statement, for the worker: the same table, the same guards and the same history as
`queue.move`, at a twentieth of the cost. Beside `queue.py` the only writer of `Entry.state`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, literal, or_, select, text, update
from sqlalchemy.sql.selectable import Subquery
from sqlmodel import Session

from scheduler.entries import OPEN, Attempt, Entry, EntryHistory
from scheduler.lifecycle import MOVES, Event, State
from scheduler.posts import Post
from social.given import NUMBER, given_rows
from social.upsert import table_of

IDS = {"id": NUMBER}
HELD = {"id": NUMBER, "fence": NUMBER}
"""An entry as a claim holds it."""
QUEUED = text("entry.state = 'queued'")
"""As a parameter it would not let SQLite walk the partial index."""
IN_HANDS = text("entry.state = 'publishing'")


def move_group(
    session: Session,
    rows: Subquery,
    before: State,
    event: Event,
    *,
    actor: str,
    now: datetime,
    where: Sequence[Any] = (),
    **changes: Any,
) -> list[int]:
    """Make one move with every entry of `rows` (its columns id and fence) that is still as it was read.

    where: more conditions.  changes: other columns that change, of `rows` or of the entry where each has its own.
    Returns the ids of those that moved; the others were changed by somebody else first."""
    after = MOVES[before][event]
    entry = table_of(Entry)
    values = {"state": after.value, "reason": None, "hold_id": None, "updated_at": now, **changes}
    still = (entry.c.id == rows.c.id, entry.c.fence == rows.c.fence, entry.c.state == before.value)
    statement = update(entry).where(*still, *where).values(**values).returning(entry.c.id)
    moved = list(session.connection().execute(statement).scalars())
    if moved:
        _remember(session, moved, before, after, event, actor, now)
    return moved


def _remember(
    session: Session, ids: Collection[int], before: State, after: State, event: Event, actor: str, now: datetime
) -> None:
    entry, history = table_of(Entry), table_of(EntryHistory)
    rows = given_rows(session, IDS, [(entry_id,) for entry_id in sorted(ids)])
    facts = {
        "entry_id": entry.c.id,
        "at": literal(now, history.c.at.type),
        "event": literal(event.value),
        "from_state": literal(before.value),
        "to_state": literal(after.value),
        "actor": literal(actor),
        "fence": entry.c.fence,
    }
    chosen = select(*facts.values()).join_from(rows, entry, entry.c.id == rows.c.id)
    session.connection().execute(insert(history).from_select(list(facts), chosen, include_defaults=False))


def heads(session: Session, now: datetime, account_ids: Sequence[int]) -> list[tuple[int, int, datetime, int]]:
    """The entry that is next on each of these accounts that has nothing in any worker's hands.

    Rows of account id, entry id, due time and fence.  One entry of an account is out at a time, whoever has it, so
    that an account's posts keep their order however many workers there are."""
    entry, accounts = table_of(Entry), given_rows(session, IDS, [(account_id,) for account_id in account_ids])
    first = (
        select(entry.c.id)
        .where(
            entry.c.account_id == accounts.c.id,
            QUEUED,
            entry.c.due_at <= now,
            or_(entry.c.not_before.is_(None), entry.c.not_before <= now),
        )
        .order_by(entry.c.due_at, entry.c.id)
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )
    in_hands = select(entry.c.account_id).where(OPEN, IN_HANDS)
    free = select(accounts.c.id, first.label("entry_id")).where(accounts.c.id.not_in(in_hands)).subquery()
    query = select(free.c.id, entry.c.id, entry.c.due_at, entry.c.fence).join_from(
        free, entry, entry.c.id == free.c.entry_id
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.connection().execute(query)]


def count_begun(session: Session, rows: Subquery, worker: str, now: datetime) -> set[int]:
    """Count one more request with every entry of `rows` that may be sent: its claim holds, its lease lives, and its
    post is still the very version that was claimed and approved.  Returns their ids."""
    entry, post = table_of(Entry), table_of(Post)
    same_version = exists().where(
        post.c.id == entry.c.post_id,
        post.c.version == entry.c.post_version,
        post.c.approved_version == entry.c.post_version,
    )
    mine = (
        entry.c.id == rows.c.id,
        entry.c.fence == rows.c.fence,
        entry.c.state == State.PUBLISHING.value,
        entry.c.worker == worker,
        entry.c.lease_until > now,
    )
    counted = update(entry).where(*mine, same_version).values(attempts=entry.c.attempts + 1).returning(entry.c.id)
    return set(session.connection().execute(counted).scalars())


def write_attempts(session: Session, begun: Sequence[tuple[int, int, str, int]], worker: str, now: datetime) -> None:
    """Record the requests that are about to leave.  begun: entry id, fence, hash of the text, money set aside."""
    columns = ("entry_id", "fence", "text_hash", "cost", "worker", "started_at")
    session.connection().execute(
        insert(table_of(Attempt)), [dict(zip(columns, (*row, worker, now), strict=True)) for row in begun]
    )
