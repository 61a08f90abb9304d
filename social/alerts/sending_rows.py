"""What the sender does with many messages in one statement, each guarded by number and fence: a worker that lost its
lease changes nothing. What is finished costs nothing here: claims walk the partial index of what is still to go."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, text, update
from sqlmodel import Session

from social.accounts import Account, AccountState
from social.alerts.mailings import LATER, URGENT, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.residents import Resident, ResidentState
from social.database import UTCDateTime
from social.given import NUMBER, WORDS, dialect_of, given_table, given_values
from social.upsert import is_postgresql, table_of

HELD = (("id", NUMBER), ("fence", NUMBER))
"""A message as a claim holds it."""
SENT = (*HELD, ("detail", WORDS), ("provider_id", WORDS))
OPEN = text("message.state IN ('waiting', 'sending')")
WAITING = text("message.state = 'waiting'")
IN_HANDS = text("message.state = 'sending'")
"""As parameters they would not let SQLite walk the partial indexes."""
_NOW = bindparam("moment", type_=UTCDateTime)
_LEASE = bindparam("lease", type_=UTCDateTime)
_WORKER: Any = bindparam("by")
Held = tuple[int, int]
STOPPED_MEANWHILE = "It was taken back, or the resident wanted it no more, before it left."


def something_in_hands(session: Session) -> bool:
    """Whether any worker holds a message, or one was left without an answer."""
    return session.connection().execute(select(table_of(Message).c.id).where(IN_HANDS).limit(1)).first() is not None


def accounts_with_due(session: Session, account_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of these accounts for which a message is to go now."""
    found = []
    for account_id in account_ids:
        due = (_due(account_id, rank, now).limit(1) for rank in range(URGENT, LATER + 1))
        if any(session.connection().execute(query).first() is not None for query in due):
            found.append(account_id)
    return found


def claim(
    session: Session, account_id: int, worker: str, now: datetime, lease_until: datetime, limit: int
) -> list[Held]:
    """Take what is due: what is urgent first, then what has waited longest.  Returns number and new fence, in order."""
    chosen: list[int] = []
    for rank in range(URGENT, LATER + 1):
        query = _due(account_id, rank, now).limit(limit - len(chosen))
        if is_postgresql(session):
            query = query.with_for_update(skip_locked=True)
        chosen += [row[0] for row in session.connection().execute(query)]
        if len(chosen) >= limit:
            break
    if not chosen:
        return []
    given = [(number, 0) for number in chosen]
    claimed = _run(session, _claim, HELD, given, moment=now, by=worker, lease=lease_until)
    fences = {row[0]: row[1] for row in claimed}
    return [(number, fences[number]) for number in chosen if number in fences]


def let_leave(session: Session, held: Sequence[Held], worker: str, now: datetime) -> set[int]:
    """Record that these leave now, and hand back the numbers of those that may: the claim holds and its lease lives, the
    mailing was not stopped, the account not paused, and the resident still wants it."""
    return {row[0] for row in _run(session, _let_leave, HELD, held, moment=now, by=worker)}


def stop_unwanted(session: Session, held: Sequence[Held], worker: str, now: datetime) -> set[int]:
    """Of those that did not leave: end what nobody wants any more.  Returns their numbers."""
    return {row[0] for row in _run(session, _stop, HELD, held, moment=now, by=worker)}


def stop(session: Session, held: Sequence[Held], worker: str, now: datetime) -> set[int]:
    """End these: they have nothing to say any more.  Returns their numbers."""
    return {row[0] for row in _run(session, _stop_all, HELD, held, moment=now, by=worker)}


def give_back(session: Session, held: Sequence[Held], worker: str, now: datetime) -> None:
    """What was claimed and did not leave may be taken up by anybody."""
    _run(session, _give_back, HELD, held, moment=now, by=worker)


def mark_sent(session: Session, sent: Sequence[tuple[int, int, str, str | None]], now: datetime) -> set[int]:
    """They were taken.  sent: rows of `SENT`; also what was meanwhile counted as unknown, if nobody sent it again.

    Returns the numbers of those that changed."""
    done = {row[0] for row in _run(session, _mark_sent, SENT, sent, moment=now)}
    if done:
        _run(session, _told, HELD, [(number, 0) for number in done], moment=now)
    return done


def reclaim_unsent(session: Session, now: datetime, worker: str | None = None) -> int:
    """Messages that were claimed and had not left wait again: those of this worker, which has ended, or those whose
    lease is over.  Returns how many."""
    message = table_of(Message)
    whose = message.c.lease_until <= now if worker is None else message.c.worker == worker
    lost = update(message).where(IN_HANDS, message.c.sending_at.is_(None), whose)
    return session.connection().execute(lost.values(state=MessageState.WAITING.value, **_FREE)).rowcount


def workers_with_messages(session: Session) -> list[str]:
    names = session.connection().execute(select(table_of(Message).c.worker).where(IN_HANDS).distinct())
    return [name for (name,) in names if name is not None]


def take_unanswered(
    session: Session, account_id: int, worker: str, now: datetime, lease_until: datetime, limit: int
) -> list[Held]:
    """Take in hand messages that left and were never answered, once their time has come, to look what became of them."""
    message = table_of(Message)
    unanswered = (message.c.account_id == account_id, message.c.sending_at.is_not(None), message.c.lease_until <= now)
    query = select(message.c.id).where(IN_HANDS, *unanswered).order_by(message.c.lease_until, message.c.id).limit(limit)
    if is_postgresql(session):
        query = query.with_for_update(skip_locked=True)
    given = [(row[0], 0) for row in session.connection().execute(query)]
    if not given:
        return []
    return [(row[0], row[1]) for row in _run(session, _take_look, HELD, given, by=worker, lease=lease_until)]


def _due(account_id: int, rank: int, now: datetime) -> Any:
    message = table_of(Message)
    query = select(message.c.id).where(OPEN, WAITING, message.c.rank == rank, message.c.due_at <= now)
    return query.where(message.c.account_id == account_id).order_by(message.c.due_at, message.c.id)


def _run(session: Session, build: Any, columns: Any, rows: Sequence[Sequence[Any]], **values: Any) -> Any:
    dialect = dialect_of(session)
    return session.connection().execute(build(dialect), {**given_values(dialect, columns, rows), **values})


_FREE: dict[str, Any] = {"worker": None, "lease_until": None}


def _is(state: MessageState) -> Any:
    """The state, said so that no index on it is walked: for every given row SQLite would read all that are in it."""
    return table_of(Message).c.state.concat("") == state.value


def _held(dialect: str, columns: Any = HELD) -> tuple[Any, ...]:
    message, rows = table_of(Message), given_table(dialect, columns)
    return message.c.id == rows.c.id, message.c.fence == rows.c.fence, _is(MessageState.SENDING)


@cache
def _claim(dialect: str) -> Any:
    message, rows = table_of(Message), given_table(dialect, HELD)
    values = {"state": MessageState.SENDING.value, "fence": message.c.fence + 1, "worker": _WORKER,
              "lease_until": _LEASE, "sending_at": None}  # fmt: skip
    still = (message.c.id == rows.c.id, _is(MessageState.WAITING), message.c.due_at <= _NOW)
    return update(message).where(*still).values(**values).returning(message.c.id, message.c.fence)


@cache
def _take_look(dialect: str) -> Any:
    message, rows = table_of(Message), given_table(dialect, HELD)
    taken = update(message).where(message.c.id == rows.c.id, _is(MessageState.SENDING))
    values = {"fence": message.c.fence + 1, "worker": _WORKER, "lease_until": _LEASE}
    return taken.values(**values).returning(message.c.id, message.c.fence)


@cache
def _let_leave(dialect: str) -> Any:
    message, account = table_of(Message), table_of(Account)
    active = exists().where(account.c.id == message.c.account_id, account.c.state == AccountState.ACTIVE.value)
    allowed = (*_held(dialect), message.c.worker == _WORKER, message.c.lease_until > _NOW, active, _wanted())
    values = {"sending_at": _NOW, "tries": message.c.tries + 1}
    return update(message).where(*allowed).values(**values).returning(message.c.id)


@cache
def _stop(dialect: str) -> Any:
    return _stop_all(dialect).where(~_wanted())


@cache
def _stop_all(dialect: str) -> Any:
    message = table_of(Message)
    unwanted = (*_held(dialect), message.c.worker == _WORKER, message.c.sending_at.is_(None))
    values = {"state": MessageState.STOPPED.value, "settled_at": _NOW, "detail": STOPPED_MEANWHILE, **_FREE}
    return update(message).where(*unwanted).values(**values).returning(message.c.id)


@cache
def _give_back(dialect: str) -> Any:
    message = table_of(Message)
    mine = (*_held(dialect), message.c.worker == _WORKER, message.c.sending_at.is_(None))
    return update(message).where(*mine).values(state=MessageState.WAITING.value, **_FREE)


@cache
def _mark_sent(dialect: str) -> Any:
    message, rows = table_of(Message), given_table(dialect, SENT)
    left = or_(_is(MessageState.SENDING), _is(MessageState.UNKNOWN))
    mine = (message.c.id == rows.c.id, message.c.fence == rows.c.fence, message.c.sending_at.is_not(None), left)
    values = {"state": MessageState.SENT.value, "settled_at": _NOW, "detail": rows.c.detail,
              "provider_id": rows.c.provider_id, **_FREE}  # fmt: skip
    return update(message).where(*mine).values(**values).returning(message.c.id)


@cache
def _told(dialect: str) -> Any:
    message, resident, rows = table_of(Message), table_of(Resident), given_table(dialect, HELD)
    alerts = message.c.kind.in_([MessageKind.ALERT.value, MessageKind.DIGEST.value])
    told = select(message.c.resident_id).where(message.c.id == rows.c.id, alerts)
    return update(resident).where(resident.c.id.in_(told)).values(last_told_at=_NOW)


def _wanted() -> Any:
    """Whether the message may still go, as the database says at this moment."""
    message, mailing, resident = table_of(Message), table_of(Mailing), table_of(Resident)
    kind = message.c.kind
    stopped = exists().where(mailing.c.id == message.c.mailing_id, mailing.c.stopped_at.is_not(None))
    reached = or_(
        and_(message.c.way == Way.EMAIL.value, resident.c.by_email, resident.c.email_stopped_at.is_(None)),
        and_(message.c.way == Way.TEXT.value, resident.c.by_text, resident.c.text_stopped_at.is_(None)),
    )
    wants = or_(
        and_(kind == MessageKind.CONFIRM.value, resident.c.state != ResidentState.LEFT.value),
        and_(resident.c.state == ResidentState.CONFIRMED.value, reached),
    )
    return and_(
        or_(kind != MessageKind.ALERT.value, ~stopped),
        # An answer goes to whoever wrote the letter, member or not.
        or_(kind == MessageKind.ANSWER.value, exists().where(resident.c.id == message.c.resident_id, wants)),
    )
