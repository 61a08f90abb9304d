"""Why nothing may be read from an account at this moment: told to people, and kept as the reason of a gap."""

from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from sqlmodel import Session

from social import budgets
from social.accounts import Account, AccountState
from social.accounts_admin import may_collect
from social.channels.prices import CHARGING, milli
from social.clock import as_local
from social.context import Context
from social.errors import BeatlineError
from social.gaps import Reason
from social.limits import Purpose, holders_of, waits
from social.settings import Settings

WHY_AGREEMENT = (
    "X's developer agreement lets a public body such as a police force use what others wrote there only under an "
    "agreement of its own with X, made in writing, and it forbids surveillance. So Beatline publishes to the account "
    "and reads neither replies nor figures until an administrator has recorded that agreement. Whether it is enough "
    "is for the force's lawyers to say."
)
"""Shown on the page Accounts and health and by commands (docs/decisions/09-agreement-before-collecting-from-x.md)."""


NOT_AGREED = "the written agreement that the network asks a public body for is not recorded"


@dataclass(frozen=True)
class Obstacle:
    """sentence: for people.  reason: of a gap; None where nothing was ever to be read.  brief: the same in few words,
    where the sentence is long."""

    sentence: str
    reason: Reason | None
    brief: str | None = None


def obstacle_of(context: Context, account: Account) -> Obstacle | None:
    """What forbids reading from this account now; None when nothing does."""
    now = context.clock.now()
    if account.state == AccountState.PAUSED.value:
        why = account.paused_reason or "somebody paused it"
        return Obstacle(f"{account.name} is paused: {why}", Reason.PAUSED)
    if account.reading_paused_reason is not None:
        why = f"Nothing is read from {account.name}: {account.reading_paused_reason}"
        return Obstacle(why, Reason.NEEDS_PERSON)
    try:
        allowed = may_collect(account, context.channel(account))
    except BeatlineError as error:
        return Obstacle(f"{account.name}: {error}", Reason.NEEDS_PERSON)
    if not allowed:
        return Obstacle(
            f"{account.name}: nothing is collected. {WHY_AGREEMENT} {how_to_agree(account)}", None, NOT_AGREED
        )
    asked = [until for until in (account.not_before, account.reading_not_before) if until is not None and until > now]
    if asked:
        return Obstacle(
            f"{account.name}: the network asked us to wait until {as_local(max(asked)):%H:%M}.", Reason.LIMIT
        )
    with context.database.read() as session:
        return _used_up(session, account, context.settings, now)


def how_to_agree(account: Account) -> str:
    """What to do once there is an agreement."""
    return f"When there is one, record it with `beatline accounts agree {quote(account.name)} --reference TEXT`."


def _used_up(session: Session, account: Account, settings: Settings, now: datetime) -> Obstacle | None:
    """A limit that any worker met, or the month's money."""
    closed = waits(session, Purpose.READ, now)
    until = max((closed[name] for name in holders_of(account) if name in closed), default=None)
    if until is not None:
        what = f"{account.name}: the network's limit for reading is used up until {as_local(until):%H:%M}."
        return Obstacle(what, Reason.LIMIT)
    if account.channel not in CHARGING:
        return None
    assert account.id is not None
    least = budgets.Price(budgets.Bought.READ, milli(settings.x_own_read_pence))
    stop = budgets.would_stop(session, account.id, least, now)
    return Obstacle(f"{account.name}: {stop.reason}", Reason.BUDGET) if stop is not None else None
