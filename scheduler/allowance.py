"""Whether an account may be sent anything at this moment: what its network's limits and its month's money leave.

Asked when entries are taken, so that nobody takes what cannot go, and again in the transaction that records the
request, because another worker may have met a limit or spent the last of the money in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from scheduler.entries import OPEN, Entry
from scheduler.lifecycle import State
from social.accounts import Account, AccountState
from social.budgets import MILLI, Price, closed_to_posts, reserve_alike
from social.channels.prices import FOR_SOME
from social.database import UTCDateTime
from social.limits import Purpose, waits
from social.publication_parts import PublicationPart
from social.publications import Publication
from social.room import NotNow as NotNow  # part of what this module offers
from social.room import require_room
from social.settings import Settings
from social.upsert import table_of


def open_accounts(session: Session, settings: Settings, now: datetime, *, gap: bool = True) -> list[int]:
    """The accounts that may be sent something now: not paused, not asked to wait, with money left, and with nothing of
    theirs out since less than the gap that is set.  gap: False leaves that one aside."""
    accounts = session.connection().execute(_active(), {"moment": now}).all()
    closed = waits(session, Purpose.PUBLISH, now).keys()
    broke = closed_to_posts(session, now, round(settings.x_post_pence * MILLI))
    broke |= just_served(session, settings, now) if gap else set()
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
    served = set(session.exec(select(Publication.account_id).where(Publication.published_at > since).distinct()))
    return served | set(session.exec(_parts_since(since, col(Publication.account_id))))


def _parts_since(since: datetime, *columns: Any) -> Any:
    """Of the publications of which a part went out since then."""
    both = col(PublicationPart.publication_id) == col(Publication.id)
    parts = select(*columns).select_from(PublicationPart).join(Publication, both)
    return parts.where(col(PublicationPart.published_at) > since).distinct()


def going_on(session: Session, settings: Settings, now: datetime) -> list[tuple[int, int, datetime, int]]:
    """The threads that go on although their account had a post less than the gap ago: that post was their own part.

    Rows of account id, entry id, due time and fence, one of an account at the most, as `group_moves.heads`."""
    since = now - timedelta(seconds=settings.account_gap)
    columns = (col(Entry.account_id), col(Entry.id), col(Entry.due_at), col(Entry.fence))
    begun = _parts_since(since, *columns).join(Entry, col(Entry.id) == col(Publication.entry_id))
    begun = begun.where(Entry.state == State.QUEUED.value, col(Entry.due_at) <= now)
    begun = begun.where(or_(col(Entry.not_before).is_(None), col(Entry.not_before) <= now))
    found = {row[0]: (row[0], row[1], row[2], row[3]) for row in session.connection().execute(begun)}
    if not found:
        return []
    in_hands = set(session.exec(select(Entry.account_id).where(OPEN, Entry.state == State.PUBLISHING.value)))
    free = set(open_accounts(session, settings, now, gap=False)) - in_hands
    return [head for account_id, head in found.items() if account_id in free]


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
