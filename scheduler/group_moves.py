"""What the worker does with many entries in one statement: the same table of moves, the same guards and the same history
as `queue.move`, at a twentieth of the cost. Beside `queue.py` the only writer of `Entry.state`.

Each statement is built once for a kind of database and kept: building it costs more than running it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, or_, select, text, update
from sqlmodel import Session

from scheduler.entries import OPEN, Attempt, Entry, EntryHistory
from scheduler.lifecycle import MOVES, Event, State
from scheduler.posts import Post
from social.database import UTCDateTime
from social.given import MOMENT, NUMBER, WORDS, as_handed_over, dialect_of, given_table, given_values, insert_given
from social.upsert import table_of

IDS = (("id", NUMBER),)
HELD = (*IDS, ("fence", NUMBER))
"""An entry as a claim holds it."""
SENT = (*HELD, ("attempt", NUMBER), ("platform_id", WORDS), ("url", WORDS), ("published_at", MOMENT))
"""The same, with the network's answer."""
CLOSED = (("attempt", NUMBER), ("platform_id", WORDS))
BEGUN = (("entry_id", NUMBER), ("fence", NUMBER), ("text_hash", WORDS), ("cost", NUMBER))
"""A request that is about to leave."""
QUEUED = text("entry.state = 'queued'")
"""As a parameter it would not let SQLite walk the partial index."""
IN_HANDS = text("entry.state = 'publishing'")
_NOW = bindparam("moment", type_=UTCDateTime)
_WORKER: Any = bindparam("by")


def heads(session: Session, now: datetime, account_ids: Sequence[int]) -> list[tuple[int, int, datetime, int]]:
    """The entry that is next on each of these accounts that has nothing in any worker's hands.

    Rows of account id, entry id, due time and fence.  One entry of an account is out at a time, whoever has it, so
    that an account's posts keep their order however many workers there are."""
    rows = _run(session, _heads, IDS, [(account_id,) for account_id in account_ids], moment=now)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def claim_group(
    session: Session, free: Sequence[tuple[int, int]], worker: str, now: datetime, lease_until: datetime
) -> list[tuple[int, int, int, int, int]]:
    """Claim those of these entries, given by id and fence, that are still queued.

    Rows of entry id, account id, post id, the new fence and the post's version."""
    taken: list[tuple[int, int, int, int, int]] = _changed(
        session, _claim, HELD, free, moment=now, by=worker, lease=lease_until
    )
    _remember(session, [row[0] for row in taken], State.QUEUED, Event.CLAIM, worker, now)
    return taken


def count_begun(session: Session, held: Sequence[tuple[int, int]], worker: str, now: datetime) -> set[int]:
    """Count one more request with every one of these entries that may be sent: its claim holds, its lease lives, and
    its post is still the very version that was claimed and approved.  Returns their ids."""
    return {row[0] for row in _changed(session, _begin, HELD, held, moment=now, by=worker)}


def write_attempts(
    session: Session, begun: Sequence[tuple[int, int, str, int]], worker: str, now: datetime
) -> dict[int, int]:
    """Record the requests that are about to leave.  begun: entry id, fence, hash of the text, money set aside.

    Returns entry id -> the attempt's id."""
    return dict(insert_given(session, Attempt, BEGUN, begun, ("entry_id", "id"), worker=worker, started_at=now))


def confirm_group(session: Session, sent: Sequence[tuple[Any, ...]], worker: str, now: datetime) -> set[int]:
    """They are live: move to published what this worker still holds.  sent: rows of `SENT`.

    Returns the ids of those that moved; the others were changed by somebody else first."""
    moved = {row[0] for row in _changed(session, _confirm, SENT, sent, moment=now, by=worker)}
    if moved:
        _remember(session, moved, State.PUBLISHING, Event.CONFIRM, worker, now)
        _run(session, _close, CLOSED, [(row[2], row[3]) for row in sent if row[0] in moved], moment=now)
    return moved


def _run(session: Session, build: Any, columns: Any, rows: Sequence[Sequence[Any]], **values: Any) -> Any:
    dialect = dialect_of(session)
    done = session.connection().execute(build(dialect), {**given_values(dialect, columns, rows), **values})
    return done.all() if done.returns_rows else ()


def _changed(session: Session, build: Any, columns: Any, rows: Sequence[Sequence[Any]], **values: Any) -> list[Any]:
    """What a guarded change tells of the rows that it changed: numbers, as the driver has them."""
    dialect = dialect_of(session)
    return as_handed_over(session, build(dialect), {**given_values(dialect, columns, rows), **values})


def earliest_due(session: Session, entry_ids: Sequence[int]) -> datetime | None:
    """When the first of these was due; None when none has a time."""
    rows = _run(session, _earliest, IDS, [(one,) for one in entry_ids])
    return rows[0][0] if rows else None


def _remember(session: Session, ids: Collection[int], before: State, event: Event, actor: str, now: datetime) -> None:
    words = {"what": event.value, "was": before.value, "is_now": MOVES[before][event].value}
    _run(session, _history, IDS, [(entry_id,) for entry_id in sorted(ids)], moment=now, by=actor, **words)


@cache
def _earliest(dialect: str) -> Any:
    entry, rows = table_of(Entry), given_table(dialect, IDS)
    return select(func.min(entry.c.due_at)).join_from(rows, entry, entry.c.id == rows.c.id)


@cache
def _heads(dialect: str) -> Any:
    entry, accounts = table_of(Entry), given_table(dialect, IDS)
    first = (
        select(entry.c.id)
        .where(
            entry.c.account_id == accounts.c.id,
            QUEUED,
            entry.c.due_at <= _NOW,
            or_(entry.c.not_before.is_(None), entry.c.not_before <= _NOW),
        )
        .order_by(entry.c.due_at, entry.c.id)
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )
    in_hands = select(entry.c.account_id).where(OPEN, IN_HANDS)
    free = select(accounts.c.id, first.label("entry_id")).where(accounts.c.id.not_in(in_hands)).subquery()
    query = select(free.c.id, entry.c.id, entry.c.due_at, entry.c.fence)
    return query.join_from(free, entry, entry.c.id == free.c.entry_id)


@cache
def _claim(dialect: str) -> Any:
    entry, post, rows = table_of(Entry), table_of(Post), given_table(dialect, HELD)
    version = select(post.c.version).where(post.c.id == entry.c.post_id).scalar_subquery()
    values = {**_moved(State.QUEUED, Event.CLAIM), "fence": entry.c.fence + 1, "worker": _WORKER,
              "lease_until": bindparam("lease", type_=UTCDateTime), "post_version": version}  # fmt: skip
    still = (entry.c.id == rows.c.id, entry.c.fence == rows.c.fence, _is(State.QUEUED))
    told = (entry.c.id, entry.c.account_id, entry.c.post_id, entry.c.fence, entry.c.post_version)
    return update(entry).where(*still).values(**values).returning(*told)


@cache
def _begin(dialect: str) -> Any:
    entry, post = table_of(Entry), table_of(Post)
    same_version = exists().where(
        post.c.id == entry.c.post_id,
        post.c.version == entry.c.post_version,
        post.c.approved_version == entry.c.post_version,
    )
    allowed = (*_held(dialect, HELD), entry.c.lease_until > _NOW, same_version)
    return update(entry).where(*allowed).values(attempts=entry.c.attempts + 1).returning(entry.c.id)


@cache
def _confirm(dialect: str) -> Any:
    entry, rows = table_of(Entry), given_table(dialect, SENT)
    values = {**_moved(State.PUBLISHING, Event.CONFIRM), "worker": None, "lease_until": None, "not_before": None,
              "platform_id": rows.c.platform_id, "url": rows.c.url, "published_at": rows.c.published_at}  # fmt: skip
    return update(entry).where(*_held(dialect, SENT)).values(**values).returning(entry.c.id)


@cache
def _close(dialect: str) -> Any:
    attempt, rows = table_of(Attempt), given_table(dialect, CLOSED)
    closed = update(attempt).where(attempt.c.id == rows.c.attempt)
    return closed.values(finished_at=_NOW, outcome="sent", platform_id=rows.c.platform_id)


@cache
def _history(dialect: str) -> Any:
    entry, history, rows = table_of(Entry), table_of(EntryHistory), given_table(dialect, IDS)
    facts = {
        "entry_id": entry.c.id, "at": _NOW, "event": _words("what"), "from_state": _words("was"),
        "to_state": _words("is_now"), "actor": _words("by"), "fence": entry.c.fence,
    }  # fmt: skip
    chosen = select(*facts.values()).join_from(rows, entry, entry.c.id == rows.c.id)
    return insert(history).from_select(list(facts), chosen, include_defaults=False)


def _held(dialect: str, columns: Any) -> tuple[Any, ...]:
    entry, rows = table_of(Entry), given_table(dialect, columns)
    return (
        entry.c.id == rows.c.id,
        entry.c.fence == rows.c.fence,
        _is(State.PUBLISHING),
        entry.c.worker == _WORKER,
    )


def _is(state: State) -> Any:
    """The state, said so that no index on it is walked: for every given row SQLite would read all that are in it."""
    return table_of(Entry).c.state.concat("") == state.value


def _moved(before: State, event: Event) -> dict[str, Any]:
    return {"state": MOVES[before][event].value, "reason": None, "hold_id": None, "updated_at": _NOW}


def _words(name: str) -> Any:
    return bindparam(name, type_=WORDS)
