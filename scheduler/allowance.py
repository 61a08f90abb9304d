"""Whether an account may be sent anything at this moment: what its network's limits and its month's money leave.

Asked when entries are taken, so that nobody takes what cannot go, and again in the transaction that records the
request, because another worker may have met a limit or spent the last of the money in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from social.accounts import Account, AccountState
from social.budgets import MILLI, Price, closed_to_posts, reserve_alike
from social.channels.prices import FOR_SOME
from social.limits import Purpose, waits
from social.publications import Publication
from social.room import NotNow as NotNow  # part of what this module offers
from social.room import require_room
from social.settings import Settings


def open_accounts(session: Session, settings: Settings, now: datetime) -> list[int]:
    """The accounts that may be sent something now: not paused, not asked to wait, with money left, and with nothing of
    theirs out since less than the gap that is set."""
    query = select(Account.id, Account.app_key, Account.channel).where(
        Account.state == AccountState.ACTIVE.value,
        or_(col(Account.not_before).is_(None), col(Account.not_before) <= now),
    )
    closed = waits(session, Purpose.PUBLISH, now).keys()
    broke = closed_to_posts(session, now, round(settings.x_post_pence * MILLI)) | just_served(session, settings, now)
    return [
        account_id
        for account_id, app_key, channel in session.exec(query)
        if account_id is not None
        and (account_id not in broke or channel in FOR_SOME)
        and f"account:{account_id}" not in closed
        and f"app:{app_key}" not in closed
    ]


def just_served(session: Session, settings: Settings, now: datetime) -> set[int]:
    """The accounts whose last post went out less than `account_gap` ago: residents are not to be flooded."""
    if not settings.account_gap:
        return set()
    since = now - timedelta(seconds=settings.account_gap)
    return set(session.exec(select(Publication.account_id).where(Publication.published_at > since).distinct()))


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
