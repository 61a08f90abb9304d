"""Whether an account may be sent anything at this moment: what its network's limits and its month's money leave.

Asked when entries are taken, so that nobody takes what cannot go, and again in the transaction that records the
request, because another worker may have met a limit or spent the last of the money in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, or_, select

from social.accounts import Account, AccountState
from social.budgets import MILLI, Price, closed_to_posts, reserve_alike
from social.channels.prices import FOR_SOME
from social.database import UTCDateTime
from social.limits import Purpose, waits
from social.publications import Publication
from social.room import NotNow as NotNow  # part of what this module offers
from social.room import require_room
from social.settings import Settings
from social.upsert import table_of


def open_accounts(session: Session, settings: Settings, now: datetime) -> list[int]:
    """The accounts that may be sent something now: not paused, not asked to wait, with money left, and with nothing of
    theirs out since less than the gap that is set."""
    accounts = session.connection().execute(_active(), {"moment": now}).all()
    closed = waits(session, Purpose.PUBLISH, now).keys()
    broke = closed_to_posts(session, now, round(settings.x_post_pence * MILLI)) | just_served(session, settings, now)
    if not closed and not broke:
        return [account_id for account_id, _, _ in accounts]
    return [
        account_id
        for account_id, app_key, channel in accounts
        if (account_id not in broke or channel in FOR_SOME)
        and f"account:{account_id}" not in closed
        and f"app:{app_key}" not in closed
    ]


@cache
def _active() -> Any:
    account, moment = table_of(Account).c, bindparam("moment", type_=UTCDateTime)
    query = select(account.id, account.app_key, account.channel).where(account.state == AccountState.ACTIVE.value)
    return query.where(or_(account.not_before.is_(None), account.not_before <= moment))


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
