"""What the networks' request limits leave, kept in the database so that all workers share it.

A network counts what one account does and what one app does, whatever account of the app it was. So a limit has a
holder: `account:12`, or `app:` and a keyed hash of the app's own key, which two accounts of one app have in common.
Whoever meets a limit writes down until when nothing may be asked; everybody else looks before they ask."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Field, Session, SQLModel, col, or_, select

from social.accounts import Account
from social.database import UTCDateTime
from social.upsert import insert_into


class Purpose(StrEnum):
    """What a limit stops.  OTHER: taking down, hiding, asking who we are."""

    PUBLISH = "publish"
    READ = "read"
    OTHER = "other"
    ALL = "all"


class Scope(StrEnum):
    ACCOUNT = "account"
    APP = "app"


@dataclass(frozen=True)
class Seen:
    """What an answer said of one limit.

    family: the network's name for what is counted together.  limit, remaining: requests, None when not told.
    spent: nothing more until the reset.  refused: this very request was turned away.  reset_at: when the network says
    that it opens again, None when it does not say."""

    scope: Scope
    family: str
    purpose: Purpose
    limit: int | None = None
    remaining: int | None = None
    spent: bool = False
    refused: bool = False
    reset_at: datetime | None = None


class RateLimit(SQLModel, table=True):
    """The newest word on one limit.  not_before: nothing is asked before; None or past: go on.  strikes: refusals in
    a row without the network saying when it opens again."""

    __tablename__ = "rate_limit"

    holder: str = Field(primary_key=True)
    family: str = Field(primary_key=True)
    purpose: str
    most: int | None = None
    remaining: int | None = None
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    strikes: int = 0
    seen_at: datetime = Field(sa_type=UTCDateTime)


FIRST_WAIT = timedelta(minutes=1)
LONGEST_GROWN = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
SHORTEST_WAIT = timedelta(seconds=1)
FORGIVEN_AFTER = timedelta(hours=1)
"""A refusal that comes so long after the end of the last wait begins the counting anew."""
SPREAD = timedelta(seconds=20)
"""Most that a wait is drawn out, so that not everybody comes back in the same second."""


def holders_of(account: Account) -> list[str]:
    """Whose limits bind this account: its own, and its app's where the app is known."""
    own = f"{Scope.ACCOUNT.value}:{account.id}"
    return [own, f"{Scope.APP.value}:{account.app_key}"] if account.app_key else [own]


def holder(scope: Scope, account_id: int, app_key: str | None) -> str:
    """The holder of a limit of that scope; the account itself where the app is not known."""
    return f"{Scope.APP.value}:{app_key}" if scope is Scope.APP and app_key else f"{Scope.ACCOUNT.value}:{account_id}"


def opens_at(now: datetime, named: datetime | None, strikes: int, seed: str) -> datetime:
    """When to ask again after a refusal.

    named: the moment that the network named.  One that has passed, or lies more than a day ahead, is not believed:
    then, and when it named none, the wait doubles with each refusal in a row.  strikes: refusals in a row, >= 1.
    Every wait is drawn out by up to a tenth (SPREAD at most), by the seed, so that tests can tell when."""
    if named is not None and now < named <= now + LONGEST_WAIT:
        wait = max(named - now, SHORTEST_WAIT)
    else:
        wait = min(FIRST_WAIT * (1 << min(strikes - 1, 10)), LONGEST_GROWN)
    part = hashlib.sha256(f"{seed}/{strikes}/{now.isoformat()}".encode()).digest()[0] / 255
    return now + wait + min(wait / 10, SPREAD) * part


def record_seen(session: Session, now: datetime, account_id: int, app_key: str | None, seen: Seen) -> datetime | None:
    """Write down what an answer said.  Returns until when nothing may be asked; None when the limit is open.

    A wait that is known is never shortened by an answer that knew less: another request may have left before it."""
    name = holder(seen.scope, account_id, app_key)
    known = session.get(RateLimit, (name, seen.family), with_for_update=True)
    closed_until = known.not_before if known is not None else None
    strikes, until = (known.strikes if known is not None else 0), closed_until
    if seen.refused or seen.spent:
        strikes = _strikes(known, now) if seen.refused else max(strikes, 1)
        until = opens_at(now, seen.reset_at, strikes, f"{name}/{seen.family}")
        if closed_until is not None and closed_until > until:
            until = closed_until
    values = {
        "purpose": seen.purpose.value, "most": seen.limit, "remaining": 0 if seen.spent else seen.remaining,
        "not_before": until, "strikes": strikes, "seen_at": now,
    }  # fmt: skip
    insert = insert_into(session, RateLimit).values(holder=name, family=seen.family, **values)
    session.connection().execute(insert.on_conflict_do_update(index_elements=["holder", "family"], set_=values))
    return until if until is not None and until > now else None


def _strikes(known: RateLimit | None, now: datetime) -> int:
    if known is None or known.not_before is None or now - known.not_before > FORGIVEN_AFTER:
        return 1
    # Several requests of the same moment are one refusal: a storm must not lengthen its own wait.
    return known.strikes if known.not_before > now else known.strikes + 1


def closed_until(session: Session, holders: Sequence[str], families: Sequence[str], now: datetime) -> datetime | None:
    """Until when a request that these limits bind may not leave, with those that bind everything; None when it may."""
    asked = {"holders": list(holders), "families": list(families), "now": now}
    found = session.connection().execute(_closed(), asked).scalars()
    return max((moment for moment in found if moment is not None), default=None)


_LATER = col(RateLimit.not_before) > bindparam("now")


# Asked before every request, and built once: building it costs more than running it.
@cache
def _closed() -> Select[datetime | None]:
    bound = or_(
        col(RateLimit.family).in_(bindparam("families", expanding=True)), col(RateLimit.purpose) == Purpose.ALL.value
    )
    held = col(RateLimit.holder).in_(bindparam("holders", expanding=True))
    return sa_select(col(RateLimit.not_before)).where(held, bound, _LATER)


def waits(session: Session, purpose: Purpose, now: datetime) -> dict[str, datetime]:
    """Every holder that has to wait with this purpose, and until when."""
    found: dict[str, datetime] = {}
    for name, until in session.connection().execute(_waiting(purpose), {"now": now}):
        if until is not None:
            found[name] = max(until, found.get(name, until))
    return found


@cache
def _waiting(purpose: Purpose) -> Any:
    bound = col(RateLimit.purpose).in_((purpose.value, Purpose.ALL.value))
    return sa_select(col(RateLimit.holder), col(RateLimit.not_before)).where(bound, _LATER)


def limits_of(session: Session, account: Account) -> list[RateLimit]:
    """What is known of the limits that bind this account, its own first."""
    query = select(RateLimit).where(col(RateLimit.holder).in_(holders_of(account)))
    return list(session.exec(query.order_by(col(RateLimit.holder), col(RateLimit.family))))
