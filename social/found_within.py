"""How soon a reply is found that is written now, account by account: for `beatline doctor` and the page Accounts and
health. An emergency can be told no sooner than it is found (R16, R19), so where that takes long it is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from social.accounts import Account, list_accounts
from social.channels.base import Capabilities
from social.collect_obstacles import obstacle_of
from social.collect_plan import FINISHED_AFTER, FOUND_WITHIN, SWEEP_EVERY, SWEPT_BACK, THREADS, longest_wait
from social.collect_unread import left_unread
from social.collecting import due_by_account
from social.context import Context
from social.doctor import Finding, Level
from social.errors import BeatlineError
from social.sweeping import answered_posts

_LATE = SWEEP_EVERY * 3
"""The last sweep lies so long ago that sweeps do not go well."""


@dataclass(frozen=True)
class Found:
    """longest: how long a reply may lie unfound under a post that is still read; None where nobody can say.  sentence:
    the same for people."""

    account: str
    longest: timedelta | None
    sentence: str


def found_within(context: Context) -> list[Found]:
    """Every account with posts that are still read, by name. What residents answer to alerts comes by the letterbox, of
    which `social.alerts.letterbox_findings` tells."""
    now = context.clock.now()
    with context.database.read() as session:
        accounts = list_accounts(session)
        oldest = {
            account_id: min(one.published_at for one in due)
            for account_id, due in due_by_account(session, now + FINISHED_AFTER).items()
        }
    short = {one.account for one in left_unread(context)}
    return [
        _of_account(context, account, oldest[account.id], now, short=account.name in short)
        for account in accounts
        if account.id in oldest and _listens(context, account)
    ]


def _listens(context: Context, account: Account) -> bool:
    """Yes also where its credentials do not open: then that is said."""
    try:
        return context.channel(account).can.listens
    except BeatlineError:
        return True


def _of_account(context: Context, account: Account, oldest: datetime, now: datetime, *, short: bool) -> Found:
    obstacle = obstacle_of(context, account)
    if obstacle is not None:
        why = (obstacle.brief or obstacle.sentence).removeprefix(f"{account.name}: ").removesuffix(".")
        return Found(account.name, None, f"{account.name}: replies are not found while nothing is read: {why}. "
                     "An emergency there waits as long.")  # fmt: skip
    can = context.channel(account).can
    if (can.hears_mentions or can.glances) and _is_late(account.swept_at, now):
        return Found(account.name, None, f"{account.name}: listening to the whole account has not gone well lately, so "
                     "a reply under an older post is found late. An emergency there may wait as long.")  # fmt: skip
    return promised(
        account.name, can, now - oldest, short=short, crowded=can.hears_threads and _is_crowded(context, account, now)
    )


def _is_crowded(context: Context, account: Account, now: datetime) -> bool:
    with context.database.read() as session:
        return len(answered_posts(session, account.id or 0, now - SWEPT_BACK, THREADS + 1)) > THREADS


def _is_late(swept_at: datetime | None, now: datetime) -> bool:
    return swept_at is not None and now - swept_at > _LATE


def promised(name: str, can: Capabilities, age: timedelta, *, short: bool, crowded: bool = False) -> Found:
    """What holds while all goes well. Pure.  age: of the oldest post that is still read.  short: there is not enough
    money, or requests, for all that is due.  crowded: more threads than a sweep listens to."""
    soon = f"within {in_words(FOUND_WITHIN)}"
    looked = longest_wait(age) or timedelta()
    if can.glances:
        words = f"{name}: replies under posts of the last {SWEPT_BACK.days} days are found {soon}."
        return Found(name, FOUND_WITHIN, f"{words} {_SHORT}" if short else words)
    if looked <= FOUND_WITHIN:
        return Found(name, looked, f"{name}: replies are found {soon}.")
    if can.hears_mentions and can.hears_threads and not crowded:
        words = (f"{name}: replies are found {soon}: those that name the account under posts of any age, those further "
                 f"down in a thread under posts of the last {SWEPT_BACK.days} days.")  # fmt: skip
        return Found(name, FOUND_WITHIN, f"{words} {_SHORT}" if short else words)
    late = "later, since there is not enough to read all that is due" if short else f"within {in_words(looked)}"
    if can.hears_mentions:
        which = (
            f"does not, under another than the {THREADS} youngest posts with answers,"
            if can.hears_threads
            else "does not"
        )
        words = (f"{name}: replies that name the account, nearly all, are found {soon}, under posts of any age. One that "
                 f"{which} is found {late}, and under a post older than {FINISHED_AFTER.days} days not at all; an "
                 "emergency in it may wait that long.")  # fmt: skip
    else:
        words = f"{name}: replies under its older posts are found {late}; an emergency there may wait that long."
    return Found(name, None if short else looked, words)


_SHORT = "There are too few requests left to read all of them at once: an emergency among them may wait longer."


def in_words(wait: timedelta) -> str:
    """4 minutes, 1 hour, 12 hours, a day."""
    minutes = round(wait / timedelta(minutes=1))
    if minutes < 60:
        return f"{max(minutes, 1)} {'minute' if minutes <= 1 else 'minutes'}"
    hours = round(minutes / 60)
    return "a day" if hours == 24 else f"{hours} {'hour' if hours == 1 else 'hours'}"


def findings(context: Context) -> Iterator[Finding]:
    """What `beatline doctor` says of it."""
    for one in found_within(context):
        soon = one.longest is not None and one.longest <= FOUND_WITHIN
        yield Finding(Level.OK if soon else Level.NOTE, one.sentence)
