"""Whether an account may be sent anything at this moment: what its network's limits and its month's money leave.

Asked when entries are taken, so that nobody takes what cannot go, and again in the transaction that records the
request, because another worker may have met a limit or spent the last of the money in between."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, or_, select

from social.accounts import Account, AccountState
from social.budgets import MILLI, Price, closed_to_posts, reserve_alike
from social.limits import Purpose, waits
from social.room import NotNow as NotNow  # part of what this module offers
from social.room import require_room
from social.settings import Settings


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
