"""The figures for Prometheus, counted in the database, so that any process that is asked tells the same."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, func, select

from scheduler.condition import condition
from scheduler.entries import Attempt, Entry
from scheduler.lifecycle import State
from social.accounts import list_accounts
from social.alarms import AlarmMail
from social.budgets import Spending, month_of
from social.context import Context
from social.limits import RateLimit
from social.metrics import Figure, counter, gauge, render

_OUTCOMES = ("sent", "not_sent", "refused", "unknown")
_MAILS = ("sent", "refused", "unknown")


def told(context: Context) -> str:
    """The page of figures.  Raises DatabaseTrouble when the database cannot be read."""
    with context.database.read() as session:
        return render(_figures(session, context))


def _figures(session: Session, context: Context) -> Iterator[Figure]:
    now = context.clock.now()
    found = condition(session, now, context.settings.home)
    yield gauge("entries", "Queue entries, by state.", *_entries(session))
    yield gauge("due_entries", "Queue entries that are due and wait.", (found.queued_due, {}))
    yield gauge(
        "oldest_due_seconds", "How long the oldest of them has been due; 0 for none.", (found.oldest_due or 0, {})
    )
    yield gauge("oldest_unconfirmed_seconds", "How long nobody has known of a post whether it went out; 0 for none.",
                (found.oldest_unconfirmed or 0, {}))  # fmt: skip
    yield counter(
        "attempts_total", "Requests to publish, by outcome; open ones are not counted yet.", *_attempts(session)
    )
    yield gauge("worker_age_seconds", "Seconds since each worker was last seen, the youngest first.",
                *((age, {"worker": str(number)}) for number, age in enumerate(found.worker_ages)))  # fmt: skip
    yield gauge("accounts_paused", "Accounts that are paused.", (found.accounts_paused, {}))
    yield gauge(
        "accounts_not_read", "Accounts from which nothing is read until a person acts.", (found.accounts_not_read, {})
    )
    yield gauge("alarms_open", "Alarms that are open, seen ones included.", (found.alarms_open, {}))
    yield gauge("alarms_unseen", "Alarms that nobody has seen.", (found.alarms_unseen, {}))
    yield gauge("emergencies_unseen", "Emergencies that nobody has seen.", (found.emergencies_unseen, {}))
    yield counter("alarm_mails_total", "Messages about alarms, by outcome.", *_mails(session))
    yield gauge("disk_free_bytes", "Free space where Beatline's home is.", (found.disk_free, {}))
    yield from _limits(session, now)
    yield from _money(session, now)


def _entries(session: Session) -> list[tuple[float, dict[str, str]]]:
    counts = dict(session.exec(select(Entry.state, func.count()).group_by(col(Entry.state))).all())
    return [(counts.get(state.value, 0), {"state": state.value}) for state in State]


def _attempts(session: Session) -> list[tuple[float, dict[str, str]]]:
    query = (
        select(Attempt.outcome, func.count()).where(col(Attempt.outcome).is_not(None)).group_by(col(Attempt.outcome))
    )
    counts = dict(session.exec(query).all())
    return [(counts.get(outcome, 0), {"outcome": outcome}) for outcome in _OUTCOMES]


def _mails(session: Session) -> list[tuple[float, dict[str, str]]]:
    counts = dict(session.exec(select(AlarmMail.outcome, func.count()).group_by(col(AlarmMail.outcome))).all())
    return [(counts.get(outcome, 0), {"outcome": outcome}) for outcome in _MAILS]


def _limits(session: Session, now: datetime) -> Iterator[Figure]:
    """By number of the account, or `app` for those that accounts share: no names."""
    rows = list(session.exec(select(RateLimit).order_by(col(RateLimit.holder), col(RateLimit.family))))
    labels = [
        {"holder": row.holder if row.holder.startswith("account:") else f"app:{row.holder[4:12]}", "limit": row.family}
        for row in rows
    ]
    left = [(float(row.remaining), label) for row, label in zip(rows, labels, strict=True) if row.remaining is not None]
    waits = [(max(0.0, (row.not_before - now).total_seconds()) if row.not_before else 0.0, label)
             for row, label in zip(rows, labels, strict=True)]  # fmt: skip
    yield gauge("limit_remaining", "What a network's limit leaves, as last told.", *left)
    yield gauge("limit_wait_seconds", "How long nothing is asked under a limit; 0 for not at all.", *waits)


def _money(session: Session, now: datetime) -> Iterator[Figure]:
    known = {account.id for account in list_accounts(session)}
    rows = [
        row for row in session.exec(select(Spending).where(Spending.month == month_of(now))) if row.account_id in known
    ]
    yield gauge("month_spent_pence", "What this month came to so far, by account.",
                *((row.money / 1000, {"account": str(row.account_id)}) for row in rows))  # fmt: skip
