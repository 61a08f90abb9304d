"""Whether an account may be sent one request now: what its network's limits and its month's money leave.

Asked in the transaction that records the request, for posts and for answers alike: another worker may have met a limit
or spent the last of the money a moment ago."""

from datetime import datetime, timedelta

from sqlmodel import Session

from social.accounts import Account
from social.budgets import Price, reserve
from social.clock import as_local
from social.errors import BeatlineError
from social.limits import Purpose, holders_of, waits

BUDGET_AGAIN = timedelta(hours=1)
"""How long until what the budget stopped asks again: somebody may have raised it."""


class NotNow(BeatlineError):
    """The account may not be sent anything; nothing was recorded.  until: when to ask again, aware UTC."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


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
