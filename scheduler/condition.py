"""How publishing stands at this moment, in numbers: what `doctor`, `/api/ready` and the figures for Prometheus tell.

Everything comes from the database, so that any process tells the same, and from partial indexes, so that it costs as
little after a million posts as after ten. No names: `/api/ready` is open to whoever can reach it."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from scheduler.entries import OPEN, STUCK, Entry, Heartbeat
from scheduler.lifecycle import State
from social.accounts import Account, AccountState, list_accounts
from social.alarms import ORDINARY, Alarm, owner_of
from social.budgets import NEAR, standing
from social.context import Context
from social.doctor import Finding, Level
from social.duty_seen import open_emergencies

LATE = timedelta(minutes=10)
"""A post that is due on an account that works, and has not gone out for so long: something is wrong."""
LEAST_DISK = 500_000_000
"""Bytes; with less nothing may be recordable soon, and what cannot be recorded is not sent."""


@dataclass(frozen=True)
class Condition:
    """worker_ages: seconds since each worker was seen, youngest first.  oldest_due: seconds that the oldest post has
    been due on an account that is not paused, None when none is.  The rest: counts.  disk_free: bytes."""

    worker_ages: tuple[float, ...]
    queued_due: int
    oldest_due: float | None
    publishing: int
    unconfirmed: int
    oldest_unconfirmed: float | None
    held: int
    failed: int
    lapsed: int
    accounts_paused: int
    accounts_not_read: int
    accounts_without_person: int
    budgets_near: int
    alarms_open: int
    alarms_unseen: int
    emergencies_unseen: int
    disk_free: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "worker_ages": list(self.worker_ages)}


def condition(session: Session, now: datetime, home: Path) -> Condition:
    """Everything at once, as of `now`."""
    live = {State(state): (count, oldest) for state, count, oldest in _live(session)}
    due, oldest_due = _due(session, now)
    accounts = list_accounts(session)
    stands = [standing(session, account, now) for account in accounts]
    unseen = select(func.count()).where(col(Alarm.cleared_at).is_(None), ORDINARY)
    unknown, unknown_since = live.get(State.UNCONFIRMED, (0, None))
    return Condition(
        worker_ages=tuple(_ages(session, now)),
        queued_due=due,
        oldest_due=_age(oldest_due, now),
        publishing=live.get(State.PUBLISHING, (0, None))[0],
        unconfirmed=unknown,
        oldest_unconfirmed=_age(unknown_since, now),
        held=live.get(State.HELD, (0, None))[0],
        failed=live.get(State.FAILED, (0, None))[0],
        lapsed=live.get(State.LAPSED, (0, None))[0],
        accounts_paused=sum(account.state == AccountState.PAUSED.value for account in accounts),
        accounts_not_read=sum(account.reading_paused_reason is not None for account in accounts),
        accounts_without_person=sum(owner_of(session, account.id or 0) is None for account in accounts),
        budgets_near=sum(max(s.used or 0, s.read_used or 0) >= NEAR for s in stands),
        alarms_open=session.exec(unseen).one(),
        alarms_unseen=session.exec(unseen.where(col(Alarm.seen_at).is_(None))).one(),
        emergencies_unseen=len(open_emergencies(session)),
        disk_free=shutil.disk_usage(home).free,
    )


def _live(session: Session) -> Iterator[tuple[str, int, datetime | None]]:
    for which in (OPEN, STUCK):
        query = select(Entry.state, func.count(), func.min(Entry.updated_at)).where(which).group_by(col(Entry.state))
        yield from session.exec(query)


def _due(session: Session, now: datetime) -> tuple[int, datetime | None]:
    query = (
        select(func.count(), func.min(Entry.due_at))
        .join(Account, col(Account.id) == col(Entry.account_id))
        .where(Entry.state == State.QUEUED.value, col(Entry.due_at) <= now, Account.state == AccountState.ACTIVE.value)
    )
    count, oldest = session.exec(query).one()
    return count, oldest


def _ages(session: Session, now: datetime) -> list[float]:
    seen = session.exec(select(Heartbeat.seen_at).order_by(col(Heartbeat.seen_at).desc()))
    return [round(max(0.0, (now - moment).total_seconds()), 1) for moment in seen]


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round(max(0.0, (now - moment).total_seconds()), 1)


def findings(context: Context) -> Iterator[Finding]:
    """What `beatline doctor` says of it."""
    with context.database.read() as session:
        found = condition(session, context.clock.now(), context.settings.home)
    yield _of_due(found)
    if found.unconfirmed:
        what = f"Of {_count(found.unconfirmed, 'post')} nobody knows whether it went out."
        yield Finding(Level.NOTE, what, "The worker asks the networks; see `beatline queue list --state unconfirmed`.")
    for state, count, meaning in (
        ("held", found.held, "waiting for a decision"),
        ("failed", found.failed, "refused by a network or a check"),
        ("lapsed", found.lapsed, "too late for their moment"),
    ):
        if count:
            yield Finding(
                Level.NOTE, f"{_count(count, 'post')} {meaning}.", f"See `beatline queue list --state {state}`."
            )
    if found.budgets_near:
        yield Finding(Level.NOTE, f"{_count(found.budgets_near, 'account')} near the end of this month's budget.",
                      "See `beatline accounts budget NAME`.")  # fmt: skip
    if found.alarms_unseen:
        yield Finding(
            Level.NOTE, f"{_count(found.alarms_unseen, 'alarm')} that nobody has seen.", "See `beatline alarms list`."
        )
    if found.accounts_without_person:
        what = f"{_count(found.accounts_without_person, 'account')} without a person who answers for it."
        yield Finding(Level.NOTE, what, "Name one with `beatline accounts owner NAME --email EMAIL`.")
    if not context.settings.smtp_host:
        yield Finding(
            Level.NOTE, "Alarms are shown and not mailed: no mail server is set.", "Set smtp_host and smtp_from."
        )
    yield _of_disk(found.disk_free)


def _of_due(found: Condition) -> Finding:
    if found.oldest_due is None:
        return Finding(Level.OK, "No post is due and waiting.")
    what = f"{_count(found.queued_due, 'post')} due, the oldest for {found.oldest_due / 60:.0f} minutes."
    if found.oldest_due <= LATE.total_seconds():
        return Finding(Level.OK, what)
    advice = "`beatline queue list --state queued` shows them, `beatline queue explain ID` says why."
    return Finding(Level.WRONG, what, advice)


def _of_disk(free: int) -> Finding:
    what = f"{free / 1e9:,.1f} GB are free where Beatline's home is."
    if free < LEAST_DISK:
        return Finding(Level.WRONG, what, "Make room: nothing is sent that cannot be recorded.")
    return Finding(Level.OK, what)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
