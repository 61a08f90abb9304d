"""What an account may spend on reading at this moment, and what it spends it on: the plan of `collect_budget` with what
the database knows. Where nothing is scarce all that is due is read in its plain order, and nothing is worked out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from social import budgets, limits
from social.accounts import Account
from social.channels.reading_costs import reading_cost, requests_left
from social.collect_budget import Candidate, Cost, Left, Plan, kept_for_known, plan, reply_rate, share_of_today
from social.interactions import Interaction
from social.rounds import Due
from social.settings import Settings

_RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Choice:
    """What is read now, and the plan behind it; plan None: nothing is scarce.  cost, left: as the plan leaves them."""

    due: tuple[Due, ...]
    plan: Plan | None
    cost: Cost
    left: Left


def left_of(session: Session, account: Account, settings: Settings, now: datetime) -> tuple[Cost, Left]:
    """What reading costs on this account's network, and what is left for it."""
    assert account.id is not None
    cost = reading_cost(account.channel, settings)
    requests = requests_left(account.channel, limits.limits_of(session, account), now)
    window = {} if requests is None else {"requests": requests[0], "window_ends": requests[1]}
    month = budgets.left_for_reading(session, account.id, now, cost.item)
    if month is None:
        return cost, Left(now, **window)  # type: ignore[arg-type]  # two fields of two types
    ends = budgets.next_month(now)
    spent = budgets.read_money_today(session, account.id, now)
    today = share_of_today(month, spent, now, ends)
    kept = kept_for_known(today, spent)
    day_ends = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return cost, Left(now, today=today, day_ends=day_ends, month=month, month_ends=ends, kept=kept, **window)  # type: ignore[arg-type]


def choose(session: Session, account: Account, due: Sequence[Due], settings: Settings, now: datetime) -> Choice:
    """Which of the due publications to read now, in order, and how far each."""
    cost, left = left_of(session, account, settings, now)
    few = left.requests is not None and left.requests < len(due) * cost.requests * 2
    if left.month is None and not few:
        return Choice(tuple(due), None, cost, left)
    candidates = candidates_of(session, account, due, now)
    planned = plan([replace(one, due_at=min(one.due_at, now)) for one in candidates], cost, left)
    if not planned.is_scarce:
        return Choice(tuple(due), planned, cost, planned.left)
    by_id = {one.id: one for one in due}
    chosen = [replace(by_id[look.id], most=max(ceil(look.replies), cost.page)) for look in planned.looks]
    return Choice(tuple(chosen), planned, cost, planned.left)


def candidates_of(session: Session, account: Account, due: Sequence[Due], now: datetime) -> list[Candidate]:
    """The publications as the plan wants them, with the replies that they had so far."""
    assert account.id is not None
    heard = _heard(session, [one.id for one in due], now)
    unpaid = budgets.unread_today(session, account.id, now, {one.platform_id for one in due})
    return [
        Candidate(
            one.id,
            one.published_at,
            one.last_at,
            one.next_at or now,
            reply_rate(now - one.published_at, *heard.get(one.id, (0, 0)), looked=one.last_at is not None),
            one.appeal,
            one.platform_id not in unpaid,
        )
        for one in due
    ]


def _heard(session: Session, publication_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Residents' replies by publication: all, and those of the last 24 hours."""
    recent = func.sum(case((col(Interaction.created_at) > now - _RECENT, 1), else_=0))
    columns: list[Any] = [Interaction.publication_id, func.count(), recent]
    query = (
        select(*columns)
        .where(col(Interaction.publication_id).in_(publication_ids), col(Interaction.ours).is_(False))
        .group_by(col(Interaction.publication_id))
    )
    return {row[0]: (row[1], int(row[2])) for row in session.connection().execute(query)} if publication_ids else {}
