"""Whether an account may be sent anything at this moment: what its network's limits and its month's money leave.

Asked when entries are taken, so that nobody takes what cannot go, and again in the transaction that records the
request, because another worker may have met a limit or spent the last of the money in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from social.accounts import Account, AccountState
from social.budgets import MILLI, Price, closed_to_posts, reserve, reserve_alike
from social.clock import as_local
from social.errors import BeatlineError
from social.limits import Purpose, holders_of, waits
from social.settings import Settings

BUDGET_AGAIN = timedelta(hours=1)
"""How long until a post that the budget stopped asks again: somebody may have raised it."""


class NotNow(BeatlineError):
    """The account may not be sent anything; nothing was recorded.  until: when to ask again, aware UTC."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


def open_accounts(session: Session, settings: Settings, now: datetime) -> list[int]:
    """The accounts that may be sent something now: not paused, not asked to wait, with money left."""
    query = select(Account.id, Account.app_key).where(
        Account.state == AccountState.ACTIVE.value,
        or_(col(Account.not_before).is_(None), col(Account.not_before) <= now),
    )
    closed = waits(session, Purpose.PUBLISH, now).keys()
    broke = closed_to_posts(session, now, round(settings.x_post_pence * MILLI))
    return [
        account_id
        for account_id, app_key in session.exec(query)
        if account_id is not None
        and account_id not in broke
        and f"account:{account_id}" not in closed
        and f"app:{app_key}" not in closed
    ]


def set_aside(session: Session, wanted: Mapping[int, Price | None], now: datetime) -> dict[int, NotNow]:
    """Set the money aside for one request of each account, in the transaction that records them.

    wanted: account id -> what it may cost, None for a network that charges nothing.  Returns the accounts that may
    not be sent anything, and why."""
    closed = waits(session, Purpose.PUBLISH, now)
    unsettled = dict(wanted)
    if not closed:
        free = [account_id for account_id, price in wanted.items() if price is None]
        counted = {
            account_id
            for price in {price for price in wanted.values() if price is not None}
            for account_id in reserve_alike(session, [one for one in wanted if wanted[one] == price], price, now)
        }
        for account_id in (*free, *counted):
            del unsettled[account_id]
    refused = {}
    for account_id, price in unsettled.items():
        try:
            require_room(session, account_id, price, now)
        except NotNow as closed_now:
            refused[account_id] = closed_now
    return refused


def require_room(session: Session, account_id: int, price: Price | None, now: datetime) -> None:
    """Set the money aside for one request, in the transaction that records it.

    price: None for a network that charges nothing.  Raises NotNow when a limit or the budget forbids it; then nothing
    was set aside."""
    closed = waits(session, Purpose.PUBLISH, now)
    if closed:
        holders = holders_of(session.get_one(Account, account_id))
        until = max((closed[name] for name in holders if name in closed), default=None)
        if until is not None:
            raise NotNow(f"The network takes nothing before {as_local(until):%H:%M}: its limit is used up.", until)
    stop = reserve(session, account_id, price, now) if price is not None else None
    if stop is not None:
        raise NotNow(stop.reason, min(stop.opens_at, now + BUDGET_AGAIN))
