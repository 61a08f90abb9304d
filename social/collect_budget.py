"""What to read next when not everything can be read: pure, from ages, reply rates, prices and what is left to spend.

Money and requests go where new replies are likeliest. Two things stand before that. A young appeal is read whatever
its rate, for an emergency may stand under it (R19); it may draw on the whole month's money, everything else only on the
day's share of it. And what waits longer and longer comes first in the end, however quiet it is. What is left unread is
told with its price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

YOUNG = timedelta(days=2)
"""How long an appeal's posts have their floor."""
FLOOR_PATIENCE = timedelta(minutes=5)
PATIENCE = timedelta(days=1)
"""So long overdue, a post goes before all that is only likely to bring something."""
SUPPOSED = 5.0
"""Replies that a post is supposed to get before anything is known of it, half of them in its first HALF_BY hours."""
HALF_BY = 12.0
KEPT_FOR_KNOWN = 10
"""One part in so many of a day's money is kept for looking at known replies again, so that deletions are noticed, some
of them at least, however little there is (X's content compliance)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Candidate:
    """A publication to be read.  last_at: the last look, None for none.  due_at: when it would be read if nothing were
    scarce.  per_hour: new replies an hour, as far as is known, > 0.  appeal: it asks for the public's help.
    figures_paid: its figures were paid for today."""

    id: int
    published_at: datetime
    last_at: datetime | None
    due_at: datetime
    per_hour: float
    appeal: bool = False
    figures_paid: bool = False


@dataclass(frozen=True)
class Cost:
    """What reading costs on a network.  requests: of one look.  page: replies that one request brings at the most.
    item, figures: thousandths of a penny, for a reply and for a post's figures.  aside: what must be free before a
    request may leave, whatever it costs in the end."""

    requests: int = 1
    page: int = 100
    item: int = 0
    figures: int = 0
    aside: int = 0


@dataclass(frozen=True)
class Left:
    """What may still be spent; None for no such limit.

    requests: until `window_ends`.  today: thousandths of a penny, until `day_ends`.  month: the same until
    `month_ends`, today's share included.  kept: of today's, what looks leave for known replies."""

    now: datetime
    requests: int | None = None
    window_ends: datetime | None = None
    today: int | None = None
    day_ends: datetime | None = None
    month: int | None = None
    month_ends: datetime | None = None
    kept: int = 0


class Why(StrEnum):
    APPEAL = "young appeal"
    WAITED = "waited long"
    LIKELY = "new replies are likely"
    LATER = "due later"


class Short(StrEnum):
    """What there is not enough of."""

    REQUESTS = "requests"
    TODAY = "today's money"
    MONTH = "this month's money"


@dataclass(frozen=True)
class Look:
    """One look.  at: when.  replies: new ones expected, as far as they are paid for.  requests, money: what is set
    aside for it."""

    id: int
    at: datetime
    why: Why
    replies: float
    requests: int
    money: int


@dataclass(frozen=True)
class Unread:
    """What is not read now, or not to its end.  replies: expected.  requests, money: what reading it would cost.
    again_at: when there is more to spend, None when nobody knows."""

    id: int
    short_of: Short
    replies: float
    requests: int
    money: int
    again_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """looks: in the order in which they are made.  left: what is to be spent after them."""

    looks: tuple[Look, ...]
    unread: tuple[Unread, ...]
    left: Left

    @property
    def is_scarce(self) -> bool:
        return bool(self.unread)


def reply_rate(age: timedelta, total: int, recent: int, *, looked: bool = True) -> float:
    """New replies an hour to expect under a post.  total: replies so far.  recent: those of the last 24 hours.
    looked: whether anybody has looked there yet.

    What came in a day goes on, and what came at all dies away as the post ages. A post is supposed to get a few replies
    more than it had, so silence is never taken for certain; one that nobody has looked at has all of its own yet to
    come."""
    hours = max(age / timedelta(hours=1), 0.25)
    lately = recent / min(hours, 24.0)
    if not looked:
        return lately + SUPPOSED / (hours + HALF_BY)
    return lately + (SUPPOSED + total) * HALF_BY / (hours + HALF_BY) ** 2


def share_of_today(left: int, spent_today: int, now: datetime, month_ends: datetime) -> int:
    """How much of a month's money may go today: the same for each day that remains, this one included.

    left: what remains of the month.  spent_today: what this day (UTC) has taken of it already.  Both thousandths."""
    begins = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = max(ceil((month_ends - begins) / _DAY), 1)
    return min(max((left + spent_today) // days - spent_today, 0), left)


def kept_for_known(left_today: int, spent_today: int) -> int:
    """What of the day's money looks leave for known replies.  Both thousandths of a penny, of today's share."""
    return min((left_today + spent_today) // KEPT_FOR_KNOWN, left_today)


def expected(candidate: Candidate, at: datetime) -> float:
    """New replies that a look at that moment may bring."""
    hours = (at - (candidate.last_at or candidate.published_at)) / timedelta(hours=1)
    return candidate.per_hour * max(hours, 0.0)


def likelihood(candidate: Candidate, cost: Cost, at: datetime) -> float:
    """New replies for what a look costs: for each request, or each penny where that is the dearer measure."""
    replies = expected(candidate, at)
    pennies = (_fixed(candidate, cost) + cost.item * replies) / 1000
    return replies / (cost.requests + replies / cost.page + pennies)


def plan(candidates: Sequence[Candidate], cost: Cost, left: Left) -> Plan:
    """What to read, in order, and what stays unread. The same for the same, in whatever order it is given."""
    purse = _Purse(cost, left)
    looks: list[Look] = []
    unread: list[Unread] = []
    for candidate, at, why in _in_order(candidates, cost, left.now):
        look, rest = purse.pay(candidate, at, why)
        looks += [look] if look is not None else []
        unread += [rest] if rest is not None else []
    return Plan(tuple(looks), tuple(unread), purse.left)


def _in_order(candidates: Sequence[Candidate], cost: Cost, now: datetime) -> Iterator[tuple[Candidate, datetime, Why]]:
    due = [one for one in candidates if one.due_at <= now]
    first = [one for one in due if _pressure(one, now) >= 1]
    for one in sorted(first, key=lambda one: (-_pressure(one, now), one.id)):
        yield one, now, Why.APPEAL if _has_floor(one, now) else Why.WAITED
    likely = [one for one in due if _pressure(one, now) < 1]
    for one in sorted(likely, key=lambda one: (-likelihood(one, cost, now), -one.published_at.timestamp(), one.id)):
        yield one, now, Why.LIKELY
    for one in sorted((one for one in candidates if one.due_at > now), key=lambda one: (one.due_at, one.id)):
        yield one, one.due_at, Why.LATER


def _has_floor(candidate: Candidate, now: datetime) -> bool:
    return candidate.appeal and now - candidate.published_at < YOUNG


def _pressure(candidate: Candidate, now: datetime) -> float:
    """How long it waits for its kind: from 1 on it goes before all that is only likely. An appeal's grows much faster,
    and yet whatever waits gets its turn, even where only one look can be paid for at a time."""
    overdue = now - candidate.due_at
    return 1 + overdue / FLOOR_PATIENCE if _has_floor(candidate, now) else overdue / PATIENCE


def _fixed(candidate: Candidate, cost: Cost) -> int:
    return 0 if candidate.figures_paid else cost.figures


class _Purse:
    """What is left while looks are paid for, one after the other."""

    def __init__(self, cost: Cost, left: Left) -> None:
        self._cost, self._start = cost, left
        self._requests, self._month = left.requests, left.month
        self._today = None if left.today is None else left.today - left.kept

    @property
    def left(self) -> Left:
        today = None if self._today is None else self._today + self._start.kept
        if today is not None and self._month is not None:
            today = min(today, self._month)
        return replace(self._start, requests=self._requests, today=today, month=self._month)

    def pay(self, candidate: Candidate, at: datetime, why: Why) -> tuple[Look | None, Unread | None]:
        """The look that can be paid for, and what of it cannot. A look may end before the last reply: the cursor
        remembers where, so a part is worth paying for."""
        cost, fixed, replies = self._cost, _fixed(candidate, self._cost), expected(candidate, at)
        money, requests = fixed + ceil(cost.item * replies), self._requests_for(replies)
        free, short_of = self._money_for(at, why), self._short_of_money(at, why)
        open_ = self._requests_at(at)
        if open_ is not None and open_ < cost.requests:
            return None, self._unread(candidate.id, Short.REQUESTS, replies, requests, money)
        if free is not None and (free < fixed + cost.item or (self._month or 0) < cost.aside):
            return None, self._unread(candidate.id, short_of, replies, requests, money)
        paid_requests = requests if open_ is None else min(requests, open_)
        paid_money = money if free is None else min(money, free)
        self._take(at, paid_requests, paid_money)
        affordable = min(
            replies,
            (paid_requests - cost.requests + 1) * float(cost.page),
            (paid_money - fixed) / cost.item if paid_money < money and cost.item else replies,
        )
        look = Look(candidate.id, at, why, affordable, paid_requests, paid_money)
        if paid_requests == requests and paid_money == money:
            return look, None
        short_of = short_of if paid_money < money else Short.REQUESTS
        rest = (replies - affordable, requests - paid_requests, money - paid_money)
        return look, self._unread(candidate.id, short_of, *rest)

    def _requests_for(self, replies: float) -> int:
        return self._cost.requests + max(ceil(replies / self._cost.page) - 1, 0)

    def _requests_at(self, at: datetime) -> int | None:
        """Requests that may leave then; None for no limit, or for a moment of a later window."""
        ends = self._start.window_ends
        return self._requests if ends is None or at < ends else None

    def _money_for(self, at: datetime, why: Why) -> int | None:
        return self._month if why is Why.APPEAL or self._is_tomorrow(at) else self._today

    def _short_of_money(self, at: datetime, why: Why) -> Short:
        whole = why is Why.APPEAL or self._is_tomorrow(at) or (self._month or 0) < self._cost.aside
        return Short.MONTH if whole else Short.TODAY

    def _is_tomorrow(self, at: datetime) -> bool:
        return self._start.day_ends is not None and at >= self._start.day_ends

    def _take(self, at: datetime, requests: int, money: int) -> None:
        if self._requests is not None and self._requests_at(at) is not None:
            self._requests -= requests
        if self._month is not None:
            self._month -= money
        if self._today is not None and not self._is_tomorrow(at):
            self._today = max(self._today - money, 0)
        if self._today is not None and self._month is not None:
            self._today = min(self._today, self._month)

    def _unread(self, id_: int, short_of: Short, replies: float, requests: int, money: int) -> Unread:
        start = self._start
        again = {Short.REQUESTS: start.window_ends, Short.TODAY: start.day_ends, Short.MONTH: start.month_ends}
        return Unread(id_, short_of, replies, requests, money, again[short_of])
