"""One sentence a week that is true: what set posts apart lately, or that there are too few of them to tell.

Like is held against like (M10): the same account, the same content type. Groups under five posts are not compared
(M09), missing-person appeals never (R11). A difference has to be one that chance seldom brings; a finding says what
was seen, not what caused it (M14)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from math import erfc, sqrt
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.figures import ENOUGH_POSTS, rate
from insights.labels import CHANNEL_LABELS, content_type_label
from social.sorting import NEVER_RANKED

LOOKED_AT = timedelta(weeks=12)
SETTLED_AFTER = timedelta(days=2)
"""Younger posts still gather their reach: they are not compared."""
CHANCE = 0.05
"""Shared out over all comparisons that were made (Bonferroni)."""
_SMALLEST_RATIO = 1.15


@dataclass(frozen=True)
class Finding:
    """sentence: for people.  n: how many `counted` it rests on.  link_params: filters of the page that shows them."""

    sentence: str
    n: int
    link_params: Mapping[str, str] = field(default_factory=dict)
    counted: str = "posts"


@dataclass(frozen=True)
class _Post:
    account_id: int
    channel: str
    content_type: str
    has_picture: bool
    place_id: int | None
    published_at: datetime
    by_reach: bool
    rate: float


@dataclass(frozen=True)
class _Comparison:
    """Two groups of rates of the same account and content type, and how they differ in words."""

    channel: str
    content_type: str
    by_reach: bool
    first: Sequence[float]
    second: Sequence[float]
    first_words: str
    second_words: str

    @property
    def n(self) -> int:
        return len(self.first) + len(self.second)


def finding_of_the_week(session: Session, now: datetime) -> Finding | None:
    """What can be said of the twelve weeks before `now`; None when nothing was published in them."""
    posts = _posts(session, now)
    comparisons = list(_comparisons(posts, now))
    clear = [found for found in comparisons if _is_clear(found, len(comparisons))]
    if clear:
        return _tell(min(clear, key=lambda one: chance_of(one.first, one.second)))
    waiting = _unanswered(session, now)
    if waiting:
        return waiting
    if not posts:
        return None
    if not comparisons:
        return Finding(f"Too few to tell: no two groups of at least {ENOUGH_POSTS} like posts yet.", len(posts))
    n = sum(one.n for one in comparisons)
    return Finding("No clear difference between like posts in the last 12 weeks.", n)


def _posts(session: Session, now: datetime) -> list[_Post]:
    engagement: tuple[Any, ...] = (Facts.reactions, Facts.replies, Facts.shares, Facts.clicks, Facts.saves)
    columns: tuple[Any, ...] = (
        Facts.account_id, Facts.channel, Facts.content_type, Facts.has_picture, Facts.place_id, Facts.published_at,
        Facts.reach, Facts.impressions, *engagement,
    )  # fmt: skip
    query = select(*columns).where(
        col(Facts.published_at) >= now - LOOKED_AT,
        col(Facts.published_at) <= now - SETTLED_AFTER,
        col(Facts.content_type) != "",
        col(Facts.content_type).not_in(sorted(NEVER_RANKED)),
    )
    found = []
    for row in session.connection().execute(query):
        reported = [value for value in row[8:] if value is not None]
        by_reach = row.reach is not None
        value = rate(sum(reported), row.reach if by_reach else row.impressions) if reported else None
        if value is not None:
            found.append(_Post(*[*row[:6], by_reach, value]))
    return found


def _comparisons(posts: Sequence[_Post], now: datetime) -> Iterator[_Comparison]:
    def like(post: _Post) -> tuple[int, str, str, bool]:
        return post.account_id, post.channel, post.content_type, post.by_reach

    lately = now - timedelta(weeks=4)
    questions: tuple[tuple[Callable[[_Post], bool], str, str], ...] = (
        (lambda post: post.has_picture, "with a picture", "without one"),
        (lambda post: post.published_at >= lately, "of the last four weeks", "of the eight weeks before"),
        (lambda post: post.place_id is not None, "about one neighbourhood", "about none in particular"),
    )
    for (_, channel, content_type, by_reach), group in groupby(sorted(posts, key=like), key=like):
        alike = list(group)
        for is_first, first_words, second_words in questions:
            first = [post.rate for post in alike if is_first(post)]
            second = [post.rate for post in alike if not is_first(post)]
            if min(len(first), len(second)) >= ENOUGH_POSTS:
                yield _Comparison(channel, content_type, by_reach, first, second, first_words, second_words)


def _is_clear(found: _Comparison, comparisons: int) -> bool:
    low, high = sorted((median(found.first), median(found.second)))
    return low > 0 and high / low >= _SMALLEST_RATIO and chance_of(found.first, found.second) < CHANCE / comparisons


def _tell(found: _Comparison) -> Finding:
    groups = [
        (median(found.first), f"posts {found.first_words} ({len(found.first)})"),
        (median(found.second), f"posts {found.second_words} ({len(found.second)})"),
    ]
    (low, lower), (high, higher) = sorted(groups)
    network = CHANNEL_LABELS.get(found.channel, found.channel.capitalize())
    label = f"{content_type_label(found.content_type)} on {network}"
    what = "engagement rate" if found.by_reach else "engagement rate by times shown"
    sentence = f"{label}: {higher} had {high / low:.1f} times the {what} of {lower}."
    return Finding(sentence, found.n, {"channel": found.channel, "content_type": found.content_type})


def _unanswered(session: Session, now: datetime) -> Finding | None:
    columns: tuple[Any, ...] = (Facts.answered, Facts.unanswered)
    query = select(*columns).where(col(Facts.published_at) >= now - timedelta(weeks=1))
    rows = session.connection().execute(query).all()
    waiting = sum(row.unanswered for row in rows)
    asked = waiting + sum(row.answered for row in rows)
    if not waiting:
        return None
    verb = "waits" if waiting == 1 else "wait"
    return Finding(
        f"{waiting} of {asked} questions and complaints under the posts of the last 7 days still {verb} for an answer.",
        asked,
        {"kinds": "question,complaint"},
        "questions and complaints",
    )


def chance_of(first: Sequence[float], second: Sequence[float]) -> float:
    """How often chance alone would set two groups of one kind so far apart: two-sided Mann-Whitney, in [0, 1].

    first, second: at least one value each. Normal approximation with ties and continuity corrected."""
    values = sorted((value, which) for which, group in enumerate((first, second)) for value in group)
    n1, n2 = len(first), len(second)
    n = n1 + n2
    ranks_of_first, ties, position = 0.0, 0, 0
    for _, same in groupby(values, key=lambda pair: pair[0]):
        block = list(same)
        middle = position + (len(block) + 1) / 2
        ranks_of_first += middle * sum(which == 0 for _, which in block)
        ties += len(block) ** 3 - len(block)
        position += len(block)
    u = ranks_of_first - n1 * (n1 + 1) / 2
    spread = sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))) if n > 1 else 0.0
    if spread == 0.0:
        return 1.0
    z = max(0.0, abs(u - n1 * n2 / 2) - 0.5) / spread
    return min(1.0, erfc(z / sqrt(2)))
