"""Stands at the door of every channel: nothing leaves into a limit that anybody has met, or past the month's money.

What an answer says of the limits goes into the database, where all workers see it. A channel knows nothing of this; it
hands its requests to a `Watch`. Posts are paid for where their request is recorded (`scheduler.allowance`), all else
here."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import requests
from sqlmodel import Session

from social import account_events, budgets, limits
from social.account_events import What
from social.accounts import Account
from social.budgets import Bought, Price, Stop
from social.channels.prices import Charge
from social.channels.transport import LeftTooLate, cannot_have_arrived
from social.clock import as_local
from social.context import Context
from social.errors import TryLater, bare
from social.limits import Purpose, Scope, Seen
from social.settings import Settings

WRITE_EVERY = timedelta(minutes=1)
"""How often what is left of an open limit is written down; a limit that closes is written down at once."""
ASK_AGAIN = timedelta(hours=1)
"""After a budget stopped a reading: somebody may have raised it."""

_log = logging.getLogger("beatline.limits")


class Rules(Protocol):
    """What a network counts and charges: the modules `x_limits` and `facebook_limits`."""

    def binding(self, method: str, path: str, /) -> tuple[str, ...]: ...

    def seen(self, method: str, path: str, answer: requests.Response, now: datetime, /) -> list[Seen]: ...

    def charge(self, method: str, path: str, params: Mapping[str, Any], settings: Settings, /) -> Charge | None: ...


@dataclass(frozen=True)
class Ticket:
    """One request that was let out.  price: what was set aside for it, None for nothing."""

    method: str
    path: str
    at: datetime
    charge: Charge | None
    price: Price | None


@dataclass
class Meter:
    """The watch over one account's requests.  app_key: a keyed hash of the app, None where it is not known."""

    context: Context
    account: Account
    rules: Rules
    app_key: str | None
    _written: dict[tuple[Scope, str], datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, method: str, path: str, params: Mapping[str, Any]) -> Ticket:
        """Ask whether it may leave, and set the money aside.  Raises TryLater: nothing was sent."""
        context, now = self.context, self.context.clock.now()
        charge = self.rules.charge(method, path, params, context.settings)
        publishes = method == "POST"  # asked about where the request was recorded, in the same transaction
        price = None
        if charge is not None:
            with context.database.write() as session:
                self._require_open(session, method, path, now)
                price, stop = self._reserve(session, charge, now)
            if stop is not None:
                again = min(stop.opens_at, now + ASK_AGAIN)
                raise TryLater(self.account.channel, "ask", "budget", stop.reason, not_before=again)
        elif not publishes:
            with context.database.read() as session:
                self._require_open(session, method, path, now)
        return Ticket(method, path, now, charge, price)

    def _require_open(self, session: Session, method: str, path: str, now: datetime) -> None:
        if method == "DELETE":  # taking down may protect somebody: the network itself may refuse it, we do not
            return
        holders = [limits.holder(scope, self._id, self.app_key) for scope in Scope]
        families = self.rules.binding(method, path)
        until = limits.closed_until(session, holders, families, now)
        if until is not None:
            what = f"The network's limit is used up; nothing was asked. It opens at {as_local(until):%H:%M}."
            raise TryLater(self.account.channel, "ask", "limit", what, not_before=until)

    def _reserve(self, session: Session, charge: Charge, now: datetime) -> tuple[Price | None, Stop | None]:
        count = charge.most
        if charge.asked:
            count = len(budgets.unread_today(session, self._id, now, set(charge.asked)))
        if not count or not charge.each:
            return None, None
        price = Price(charge.bought, charge.each * count, count)
        stop = budgets.reserve(session, self._id, price, now)
        if stop is not None:
            account_events.note(session, self._id, now, What.BUDGET, stop.reason)
        return (price, None) if stop is None else (None, stop)

    def after(self, ticket: Ticket, answer: requests.Response | None, error: Exception | None) -> None:
        """Write down what the answer said and settle what it cost. Never raises: the request is over, and what came of
        it must reach the caller whatever becomes of the counting."""
        try:
            self._after(ticket, answer, error)
        except Exception as trouble:
            _log.warning("what %s said of its limits could not be written down", self.account.channel,
                         exc_info=bare(trouble))  # fmt: skip

    def _after(self, ticket: Ticket, answer: requests.Response | None, error: Exception | None) -> None:
        now = self.context.clock.now()
        told = self.rules.seen(ticket.method, ticket.path, answer, now) if answer is not None else []
        news = [seen for seen in told if self._is_news(seen, now)]
        brought = self._brought(ticket, answer, error)
        if not news and brought is None:
            return
        with self.context.database.write() as session:
            for seen in news:
                until = limits.record_seen(session, now, self._id, self.app_key, seen)
                if until is not None:
                    account_events.note(session, self._id, now, What.LIMIT, _wait_in_words(seen, until))
            if brought is not None:
                self._settle(session, ticket, brought, now)

    def _is_news(self, seen: Seen, now: datetime) -> bool:
        with self._lock:
            last = self._written.get((seen.scope, seen.family))
            if not seen.spent and last is not None and now - last < WRITE_EVERY:
                return False
            self._written[(seen.scope, seen.family)] = now
            return True

    def _brought(self, ticket: Ticket, answer: requests.Response | None, error: Exception | None) -> set[str] | None:
        """Ids of the posts that were brought and so are paid for; None where the whole price stands, because there was
        none, or because nobody knows what happened."""
        if ticket.charge is None or ticket.price is None:
            return None
        if answer is None:
            certain = error is not None and (isinstance(error, LeftTooLate) or cannot_have_arrived(error))
            return set() if certain else None
        if answer.status_code >= 500:
            return None
        if answer.status_code >= 400:
            return set()
        return _ids(answer) if ticket.charge.bought is Bought.READ or ticket.charge.most > 1 else None

    def _settle(self, session: Session, ticket: Ticket, brought: set[str], now: datetime) -> None:
        assert ticket.charge is not None
        assert ticket.price is not None
        new = budgets.unread_today(session, self._id, now, brought)
        budgets.note_read(session, self._id, now, new)
        over = ticket.price.count - len(new)
        if over > 0:
            back = Price(ticket.price.bought, ticket.charge.each * over, over)
            budgets.give_back_money(session, self._id, back, ticket.at)

    @property
    def _id(self) -> int:
        assert self.account.id is not None
        return self.account.id


def _ids(answer: requests.Response) -> set[str]:
    try:
        data = answer.json().get("data") or ()
    except (ValueError, AttributeError):
        return set()
    return (
        {str(one["id"]) for one in data if isinstance(one, Mapping) and "id" in one}
        if isinstance(data, list)
        else set()
    )


_DOING = {
    Purpose.PUBLISH: "publishing",
    Purpose.READ: "reading",
    Purpose.OTHER: "other requests",
    Purpose.ALL: "everything",
}


def _wait_in_words(seen: Seen, until: datetime) -> str:
    whose = "the app's" if seen.scope is Scope.APP else "the account's"
    how = "The network turned a request away" if seen.refused else "The network's answer said"
    return f"{how}: {whose} limit for {_DOING[seen.purpose]} is used up until {as_local(until):%H:%M}."
