"""What the question whether light helps serious is answered from: weeks of accounts with their followers, and appeals with
the posts of the weeks around them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chosen import OF_FACTS, Chosen
from insights.facts import PublicationFacts as Facts
from social.accounts import Audience
from social.clock import LONDON
from social.sorting import APPEALS, LIGHT_TYPES, NEVER_RANKED

AROUND = timedelta(days=14)
"""How long before an appeal, and after it, light posts are counted."""
SETTLED = timedelta(weeks=4)
"""A post so old gathers hardly any more reach."""
NEAR = timedelta(days=3)
"""A count of followers stands for the beginning of a week when it was made so near to it."""


@dataclass(frozen=True)
class Week:
    """One week of one account.  gained: followers gained for every 1,000 at its beginning.  light, others: posts."""

    account_id: int
    monday: date
    gained: float
    light: int
    others: int
    followers: int


@dataclass(frozen=True)
class Appeal:
    """One appeal.  reach: seven days after posting, or so far where nobody looked then and the post is four weeks old
    (is_late): the two are held apart.  light_before, light_after: light posts of its account in the 14 days
    before and after it; others: its account's other posts in the 14 days before."""

    account_id: int
    content_type: str
    published_at: datetime
    reach: int
    light_before: int
    light_after: int
    others: int
    is_late: bool = False


def weeks_and_appeals(session: Session, chosen: Chosen) -> tuple[list[Week], list[Appeal]]:
    """Missing-person appeals are in neither, alerts neither (R11, M08).

    An appeal whose next 14 days are not over yet is left out, and so is one whose two weeks before lie before the first
    post that is known of its account."""
    rows = _posts(session, chosen)
    light: dict[int, list[datetime]] = defaultdict(list)
    rest: dict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        (light if row.content_type in LIGHT_TYPES else rest)[row.account_id].append(row.published_at)
    return _weeks(session, rows), _appeals(rows, light, rest)


def _posts(session: Session, chosen: Chosen) -> Sequence[Any]:
    columns: tuple[Any, ...] = (
        Facts.account_id,
        Facts.content_type,
        Facts.published_at,
        Facts.week,
        Facts.reach_7d,
        Facts.reach,
    )
    query = select(*columns).where(col(Facts.channel) != "alert", col(Facts.content_type).not_in(sorted(NEVER_RANKED)))
    query = query.where(*chosen.by(OF_FACTS)).order_by(col(Facts.published_at))
    return session.connection().execute(query).all()


def _appeals(
    rows: Sequence[Any], light: Mapping[int, list[datetime]], rest: Mapping[int, list[datetime]]
) -> list[Appeal]:
    if not rows:
        return []
    first: dict[int, datetime] = {}
    for row in rows:
        first.setdefault(row.account_id, row.published_at)
    last = rows[-1].published_at
    return [
        Appeal(
            row.account_id, row.content_type, row.published_at, row.reach_7d if row.reach_7d is not None else row.reach,
            _between(light.get(row.account_id, []), row.published_at - AROUND, row.published_at),
            _between(light.get(row.account_id, []), row.published_at, row.published_at + AROUND),
            _between(rest.get(row.account_id, []), row.published_at - AROUND, row.published_at),
            row.reach_7d is None,
        )
        for row in rows
        if row.content_type in APPEALS and _has_reach(row, last)
        and row.published_at + AROUND <= last and row.published_at - AROUND >= first[row.account_id]
    ]  # fmt: skip


def _has_reach(row: Any, last: datetime) -> bool:
    """Whether the reach is known at seven days, or of a post old enough for it to have settled."""
    return row.reach_7d is not None or (row.reach is not None and last - row.published_at >= SETTLED)


def _between(times: Sequence[datetime], start: datetime, end: datetime) -> int:
    """How many lie in (start, end); the post itself is in neither window."""
    return max(0, bisect_left(times, end) - bisect_right(times, start))


def _weeks(session: Session, rows: Sequence[Any]) -> list[Week]:
    posted: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        posted[row.account_id, row.week][row.content_type not in LIGHT_TYPES] += 1
    if not posted:
        return []
    mondays = [week for _, week in posted]
    first, last = min(mondays), max(mondays)
    counts = _followers(session, {account for account, _ in posted})
    found = []
    for account, readings in counts.items():
        monday = first
        while monday < last:  # the last week may not be over
            start, end = _at(readings, monday), _at(readings, monday + timedelta(weeks=1))
            if start and end and start[1] == end[1]:
                light, others = posted.get((account, monday), (0, 0))
                gained = (end[0] - start[0]) / start[0] * 1000
                found.append(Week(account, monday, gained, light, others, start[0]))
            monday += timedelta(weeks=1)
    return found


Reading = tuple[datetime, int, str]


def _followers(session: Session, accounts: set[int]) -> dict[int, list[Reading]]:
    columns: tuple[Any, ...] = (Audience.account_id, Audience.fetched_at, Audience.followers, Audience.source_metric)
    query = select(*columns).where(col(Audience.account_id).in_(sorted(accounts)), col(Audience.followers) > 0)
    found: dict[int, list[Reading]] = defaultdict(list)
    for account, at, followers, source in session.connection().execute(query.order_by(col(Audience.fetched_at))):
        found[account].append((at, followers, source))
    return found


def _at(readings: Sequence[Reading], monday: date) -> tuple[int, str] | None:
    """Followers as counted nearest to the beginning of that day, and by which of the network's figures.

    None where no count was near."""
    start = datetime.combine(monday, time(), LONDON)
    place = bisect_left(readings, start, key=lambda reading: reading[0])
    near = [(abs(at - start), followers, source) for at, followers, source in readings[max(0, place - 1) : place + 1]]
    nearest = min(near, default=None)
    return None if nearest is None or nearest[0] > NEAR else nearest[1:]


def more_than_usual(counts: Sequence[int], accounts: Sequence[int]) -> list[bool]:
    """Which of the counts are above the middle one of their account."""
    usual = {
        account: median(n for n, one in zip(counts, accounts, strict=True) if one == account)
        for account in set(accounts)
    }
    return [n > usual[account] for n, account in zip(counts, accounts, strict=True)]
