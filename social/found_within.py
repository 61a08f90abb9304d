"""How soon a reply is found that is written now, account by account: for `beatline doctor` and the page Accounts and
health. An emergency can be told no sooner than it is found (R16, R19), so where that takes long it is said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from social.accounts import Account, list_accounts
from social.channels.base import Capabilities
from social.collect_obstacles import obstacle_of
from social.collect_plan import FINISHED_AFTER, FOUND_WITHIN, SWEEP_EVERY, SWEPT_BACK, longest_wait, round_takes
from social.collect_unread import left_unread
from social.collecting import due_by_account
from social.context import Context
from social.doctor import Finding, Level
from social.errors import BeatlineError
from social.rotating import Ring, Standing, standings

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
    """Every account that ever posted, by name. What residents answer to alerts comes by the letterbox, of
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
        _of_account(context, account, oldest.get(account.id or 0, now), now, short=account.name in short)
        for account in accounts
        if (account.id in oldest or account.swept_at is not None) and _listens(context, account)
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
    channel = context.channel(account)
    if (channel.can.hears_mentions or channel.can.glances) and _is_late(account.swept_at, now):
        return Found(account.name, None, f"{account.name}: listening to the whole account has not gone well lately, so "
                     "a reply under an older post is found late. An emergency there may wait as long.")  # fmt: skip
    with context.database.read() as session:
        rings = standings(session, account, channel, now)
    return promised(account.name, channel.can, now - oldest, rings, short=short)


def _is_late(swept_at: datetime | None, now: datetime) -> bool:
    return swept_at is not None and now - swept_at > _LATE


def promised(
    name: str, can: Capabilities, age: timedelta, rings: Sequence[Standing] = (), *, short: bool = False
) -> Found:
    """What holds while all goes well. Pure.  age: of the oldest post that is still read.  rings: how listening to all
    that is old stands.  short: there is not enough money, or requests, for all that is due."""
    looked = longest_wait(age) or timedelta()
    if not rings and looked > FOUND_WITHIN:
        late = "later, since there is not enough to read all that is due" if short else f"within {in_words(looked)}"
        words = f"{name}: replies under its older posts are found {late}; an emergency there may wait that long."
        return Found(name, None if short else looked, words)
    longest = max((waits(one) for one in rings), default=timedelta())
    soon = f"within {in_words(FOUND_WITHIN)}"
    if longest <= FOUND_WITHIN:
        words = f"{name}: replies are found {soon}, whatever the age of the post."
    else:
        words = " ".join(_slowly(name, can, soon, rings))
    return Found(name, max(longest, min(looked, FOUND_WITHIN)), f"{words} {_SHORT}" if short else words)


def waits(ring: Standing) -> timedelta:
    """How long a reply may lie unfound in that ring: as long as a round takes by what the network leaves at this moment, or
    as the last one took."""
    if not ring.requests:
        return timedelta()
    return max(round_takes(ring.requests, ring.a_turn), ring.lately or timedelta()) + FOUND_WITHIN - SWEEP_EVERY


def _slowly(name: str, can: Capabilities, soon: str, rings: Sequence[Standing]) -> Iterator[str]:
    """Whom it takes long to listen to, and why."""
    if can.glances:
        yield f"{name}: replies under posts of the last {SWEPT_BACK.days} days are found {soon}."
    else:
        yield f"{name}: replies that name the account, nearly all, are found {soon}, under posts of any age."
    for ring in rings:
        if waits(ring) > FOUND_WITHIN:
            yield f"{_where(ring)} within {in_words(waits(ring))}: {_why(ring)}."
    yield "An emergency there may wait that long."


def _where(ring: Standing) -> str:
    ones, many = _WHERE[ring.ring]
    return ones if ring.posts == 1 else many.format(posts=f"{ring.posts:,}")


def _why(ring: Standing) -> str:
    """What makes the wait: the network's limits, or that Beatline did not go round as fast as they would let it."""
    leave = f"the network's limits leave {ring.a_turn:,} every {in_words(SWEEP_EVERY)}"
    takes = round_takes(ring.requests, ring.a_turn)
    if ring.lately is None or ring.lately <= takes:
        return f"that takes {_requests(ring.requests)}, and {leave}"
    return f"a round took that long lately, though it takes {_requests(ring.requests)} and {leave} now"


def _requests(count: int) -> str:
    return f"{count:,} {'request' if count == 1 else 'requests'}"


_NO_NAME = "One that leaves the account out, in"
_WHERE = {
    Ring.OLD: ("Those under its one older post are found", "Those under its {posts} older posts are found"),
    Ring.UNLISTED: (
        "Those under the one post that the network leaves out of its list are found",
        "Those under {posts} posts that the network leaves out of its list are found",
    ),
    Ring.ANSWERED: (
        f"{_NO_NAME} the one thread in which somebody wrote, is found",
        f"{_NO_NAME} one of {{posts}} threads in which somebody wrote, is found",
    ),
    Ring.QUIET: (
        f"{_NO_NAME} the one thread in which nobody is known to have written, is found",
        f"{_NO_NAME} one of {{posts}} threads in which nobody is known to have written, is found",
    ),
}
"""What is said of one post, and of several."""
_SHORT = "There are too few requests left to read all of them at once: an emergency among them may wait longer."


def in_words(wait: timedelta) -> str:
    """4 minutes, 1 hour, 12 hours, a day, 3 days."""
    minutes = round(wait / timedelta(minutes=1))
    if minutes < 60:
        return f"{max(minutes, 1)} {'minute' if minutes <= 1 else 'minutes'}"
    hours = round(minutes / 60)
    if hours == 24:
        return "a day"
    return f"{hours} {'hour' if hours == 1 else 'hours'}" if hours < 48 else f"{round(hours / 24)} days"


def findings(context: Context) -> Iterator[Finding]:
    """What `beatline doctor` says of it."""
    for one in found_within(context):
        soon = one.longest is not None and one.longest <= FOUND_WITHIN
        yield Finding(Level.OK if soon else Level.NOTE, one.sentence)
