"""Reach week by week on each network, at one age of the posts. A metric that is retired or redefined breaks the line:
what was counted in two ways is never joined, and the weeks beside a gap stay (issue of 2025 and 2026, when Facebook took
its reach metrics away one by one)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from insights.chosen import EVERY_POST, Chosen
from insights.facts import AGES
from insights.figures import week_of
from insights.labels import CHANNEL_LABELS
from insights.reach import plain, spread
from insights.reach_posts import Post, Source, posts_of, source_of

LATEST = "now"
"""In place of an age: the latest count, whatever the age of the post. Young posts look smaller by it."""


@dataclass(frozen=True)
class Point:
    """week: its Monday.  value: median over `n` posts at the series' age.  posts: published in that week."""

    week: date
    value: float
    n: int
    posts: int


@dataclass(frozen=True)
class Segment:
    """Weeks one after the other that were counted by one metric and definition: one line."""

    source: Source
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Gap:
    """A week without a point.  why: 'no post', 'not reported', 'too young' or 'not looked at'."""

    week: date
    why: str


@dataclass(frozen=True)
class Series:
    """One network over the weeks.  metric: reach or impressions.  age: key of `AGES`, or `LATEST`.

    segments: in order of time; a week in which the metric changed has a point in two of them.  gaps: weeks without any
    point.  changes: weeks in which another metric or definition came in force."""

    channel: str
    label: str
    metric: str
    age: str
    weeks: tuple[date, ...]
    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    changes: tuple[date, ...]

    def as_row(self) -> dict[str, Any]:
        """For JSON: weeks as text."""
        row: dict[str, Any] = plain(asdict(self))
        return row


def reach_series(
    session: Session, *, weeks: int, until: datetime, age: str = "7d", metric: str = "reach",
    chosen: Chosen = EVERY_POST,
) -> list[Series]:  # fmt: skip
    """The `weeks` local weeks up to the one that holds `until`, one series a network that posts were on, by name.

    weeks: >= 1.  age: key of `AGES`, or `LATEST`.  metric: reach or impressions.  chosen: its since and until are not
    used.  Raises ValueError for an age or metric that there is not."""
    if age != LATEST and age not in AGES:
        raise ValueError(f"an age is one of {', '.join(AGES)} or {LATEST}, not {age}")
    last = week_of(until)
    starts = tuple(last - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))
    # A day of slack on the left: the filter speaks of instants, the weeks of local days.
    since = until - timedelta(weeks=weeks, days=1)
    wanted = Chosen(since, until, chosen.channel, chosen.place_id, chosen.content_type, chosen.campaign)
    first = starts[0]
    posts = [post for post in posts_of(session, wanted, metric=metric) if post.week >= first]
    names = sorted({post.channel for post in posts}, key=lambda name: CHANNEL_LABELS.get(name, name))
    return [_series(name, [p for p in posts if p.channel == name], starts, until, age, metric) for name in names]


def _series(
    name: str, posts: Sequence[Post], starts: tuple[date, ...], until: datetime, age: str, metric: str
) -> Series:
    segments: list[tuple[str, list[Point]]] = []
    gaps: list[Gap] = []
    open_: set[str] = set()
    """Whose line reaches up to the week before."""
    by_week: dict[date, list[Post]] = {}
    for post in posts:
        by_week.setdefault(post.week, []).append(post)
    for start in starts:
        mine = by_week.get(start, [])
        by_source: dict[str, list[int]] = {}
        for post in mine:
            value, source = _value(post, age)
            if value is not None and source is not None:
                by_source.setdefault(source, []).append(value)
        if not by_source:
            gaps.append(Gap(start, _why(mine, until, age)))
        for source, values in by_source.items():
            there = spread(values)
            point = Point(start, there.median or 0.0, there.n, len(mine))
            if source in open_:
                next(points for known, points in reversed(segments) if known == source).append(point)
            else:
                segments.append((source, [point]))
        open_ = set(by_source)
    made = tuple(Segment(source_of(source) or Source(""), tuple(points)) for source, points in segments)
    changes = tuple(b.points[0].week for a, b in pairwise(made) if a.source != b.source)
    return Series(name, CHANNEL_LABELS.get(name, name.capitalize()), metric, age, starts, made, tuple(gaps), changes)


def _value(post: Post, age: str) -> tuple[int | None, str | None]:
    if age == LATEST:
        return post.reach, post.source
    return post.reach_at[age], post.source_at(age)


def _why(posts: Sequence[Post], until: datetime, age: str) -> str:
    if not posts:
        return "no post"
    if age != LATEST and all(post.published_at + AGES[age].after > until for post in posts):
        return "too young"
    return "not reported" if all(post.source is None for post in posts) else "not looked at"
