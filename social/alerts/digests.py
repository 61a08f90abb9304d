"""Daily and weekly messages: one for each resident and period, of what they asked for and were not yet told (R30).

What waits is a row a resident and alert (`DigestItem`). A period is gathered in batches; each is one transaction, and a
resident of whom it made a message has nothing open any more, so that whoever goes on after a death finds where it was.
When nothing is left, the period is ticked off, and until the next one the job asks for that one row."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, update
from sqlalchemy import select as rows_of
from sqlmodel import Field, Session, SQLModel, col, select

from social.alerts.audience import Reach, audience_from, members_query
from social.alerts.mailings import LATER, DigestItem, Mailing, Message, MessageKind, MessageState, Way
from social.alerts.messages import new_token
from social.alerts.quiet import awake_from
from social.alerts.residents import Frequency, Resident
from social.clock import LONDON, as_local, as_utc
from social.context import Context
from social.database import UTCDateTime
from social.errors import InputError
from social.upsert import put_rows

AT = time(7, 30)
"""When digests are made, local time; weekly ones on Monday. No clock change comes near it (R42)."""
BATCH = 500
"""Residents in one transaction."""
GATHERED = {
    Frequency.DAILY: (Frequency.DAILY, Frequency.AT_ONCE),
    Frequency.WEEKLY: (Frequency.WEEKLY,),
}
"""Whose items go with which: somebody who asked for digests and then for everything at once gets the rest next morning."""


class DigestRun(SQLModel, table=True):
    """How far digests have got.  period: the last that nothing is left of, its day as in 2026-06-01."""

    __tablename__ = "digest_run"

    frequency: str = Field(primary_key=True)
    period: str
    done_at: datetime = Field(sa_type=UTCDateTime)


def last_period(frequency: Frequency, now: datetime) -> tuple[date, datetime]:
    """The newest period of daily or weekly digests that is over: the day it ended on, and the instant.

    Alerts that went out before that instant belong to it."""
    day = as_local(now).date()
    if frequency is Frequency.WEEKLY:
        day -= timedelta(days=day.weekday())
    step = timedelta(days=7 if frequency is Frequency.WEEKLY else 1)
    ends = _instant(day)
    return (day, ends) if ends <= now else (day - step, _instant(day - step))


def next_digest(frequency: Frequency, now: datetime) -> datetime:
    """When the next daily or weekly messages are made."""
    day, _ends = last_period(frequency, now)
    return _instant(day + timedelta(days=7 if frequency is Frequency.WEEKLY else 1))


def _instant(day: date) -> datetime:
    return as_utc(datetime.combine(day, AT, tzinfo=LONDON))


def gather_digests(context: Context) -> int:
    """Make every digest whose period is over.  Returns how many messages were made."""
    made = 0
    for frequency in GATHERED:
        day, ends = last_period(frequency, context.clock.now())
        if not _is_done(context, frequency, day):
            made += _gather(context, frequency, day, ends)
    return made


def _is_done(context: Context, frequency: Frequency, day: date) -> bool:
    with context.database.read() as session:
        run = session.get(DigestRun, frequency.value)
    return run is not None and run.period >= day.isoformat()


def _gather(context: Context, frequency: Frequency, day: date, ends: datetime) -> int:
    made, behind = 0, 0
    while not context.stopping.is_set():
        with context.database.write() as session:
            waiting = _waiting(session, ends, behind)
            if not waiting:
                session.merge(DigestRun(frequency=frequency.value, period=day.isoformat(), done_at=context.clock.now()))
                break
            residents = _to_be_told(session, waiting, frequency, day)
            made += _make(session, residents, day, ends, context.clock.now()) if residents else 0
        behind = waiting[-1]
    return made


def _waiting(session: Session, ends: datetime, behind: int) -> list[int]:
    """The next residents of whom an item is open, whatever their frequency: along the index of open items."""
    query = select(DigestItem.resident_id).where(*_open(ends), col(DigestItem.resident_id) > behind).distinct()
    return list(session.exec(query.order_by(col(DigestItem.resident_id)).limit(BATCH)))


def _to_be_told(session: Session, waiting: list[int], frequency: Frequency, day: date) -> Sequence[Resident]:
    """Those of them whose turn it is; nobody who has had the digest of this day."""
    told = exists().where(
        col(Message.resident_id) == col(Resident.id),
        col(Message.kind) == MessageKind.DIGEST.value,
        col(Message.period) == day.isoformat(),
    )
    frequencies = [one.value for one in GATHERED[frequency]]
    query = select(Resident).where(col(Resident.id).in_(waiting), ~told, col(Resident.frequency).in_(frequencies))
    return session.exec(query.order_by(col(Resident.id))).all()


def _open(ends: datetime) -> tuple[Any, ...]:
    """Items that wait to be told, of alerts that went out before."""
    before = rows_of(col(Mailing.id)).where(col(Mailing.made_at) < ends)
    return (
        col(DigestItem.message_id).is_(None),
        col(DigestItem.dropped_at).is_(None),
        col(DigestItem.mailing_id).in_(before),
    )


def _make(session: Session, residents: Sequence[Resident], day: date, ends: datetime, now: datetime) -> int:
    """One message for each of these residents who still wants something of what waits for them."""
    ids = [resident.id or 0 for resident in residents]
    items = select(DigestItem.mailing_id, DigestItem.resident_id).where(
        *_open(ends), col(DigestItem.resident_id).in_(ids)
    )
    waiting: dict[int, set[int]] = {}
    for mailing_id, resident_id in session.exec(items):
        waiting.setdefault(mailing_id, set()).add(resident_id)
    accounts: dict[int, int] = {}
    for mailing in session.exec(select(Mailing).where(col(Mailing.id).in_(list(waiting))).order_by(col(Mailing.id))):
        theirs = waiting[mailing.id or 0]
        wanted = _still_wanted(session, mailing, theirs)
        _drop(session, mailing.id or 0, theirs - wanted, now)
        accounts.update(dict.fromkeys(wanted, mailing.account_id))
    rows = [_row(one, accounts[one.id or 0], day, now) for one in residents if one.id in accounts]
    put_rows(session, Message, rows, _as_it_is)
    _join(session, ids, day, ends)
    return len(rows)


def _still_wanted(session: Session, mailing: Mailing, resident_ids: Collection[int]) -> set[int]:
    """Of these residents those who would be of its audience now; nobody where it was taken back or erased."""
    if mailing.stopped_at is not None or mailing.erased_at is not None:
        return set()
    try:
        members = members_query(session, audience_from(mailing.audience), Reach())
    except InputError:  # an audience of a topic that is no more
        return set()
    return set(session.connection().execute(members.where(col(Resident.id).in_(list(resident_ids)))).scalars())


def _drop(session: Session, mailing_id: int, resident_ids: Collection[int], now: datetime) -> None:
    if resident_ids:
        ours = (col(DigestItem.mailing_id) == mailing_id) & col(DigestItem.resident_id).in_(list(resident_ids))
        session.exec(update(DigestItem).where(ours, col(DigestItem.message_id).is_(None)).values(dropped_at=now))


def _row(resident: Resident, account_id: int, day: date, now: datetime) -> dict[str, Any]:
    return {
        "account_id": account_id, "resident_id": resident.id, "kind": MessageKind.DIGEST.value,
        "way": Way.EMAIL.value, "period": day.isoformat(), "rank": LATER, "token": new_token(),
        "state": MessageState.WAITING.value, "made_at": now,
        "due_at": awake_from(now, resident.quiet_from, resident.quiet_to), "fence": 0, "tries": 0, "deferred": 0,
    }  # fmt: skip


def _join(session: Session, resident_ids: list[int], day: date, ends: datetime) -> None:
    """Each item that is still open goes with its resident's message of this day."""
    message: Any = (
        rows_of(col(Message.id))
        .where(
            col(Message.resident_id) == col(DigestItem.resident_id),
            col(Message.kind) == MessageKind.DIGEST.value,
            col(Message.period) == day.isoformat(),
        )
        .scalar_subquery()
    )
    session.connection().execute(
        update(DigestItem).where(*_open(ends), col(DigestItem.resident_id).in_(resident_ids)).values(message_id=message)
    )


def _as_it_is(insert: Any) -> Any:
    return insert
