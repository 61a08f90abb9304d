"""Reach week by week on each network, at one age of the posts. A metric that is retired or redefined breaks the line:
what was counted in two ways is never joined, and the weeks beside a gap stay (issue of 2025 and 2026, when Facebook took
its reach metrics away one by one)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from insights.chosen import EVERY_POST, Chosen
from insights.facts import AGES
from insights.figures import week_of
from insights.packed import NONE
from insights.reach import by_channel, channel_label, plain, spread
from insights.reach_posts import ReachPosts, Source, posts_of, source_of

if TYPE_CHECKING:
    from insights.packed import Numbers

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
    posts = posts_of(session, wanted, metric=metric)
    posts = posts.where(posts.column("week") >= starts[0].toordinal())
    return [_series(name, part, starts, until, age) for name, part in by_channel(posts)]


def _series(name: str, posts: ReachPosts, starts: tuple[date, ...], until: datetime, age: str) -> Series:
    segments: list[tuple[int, list[Point]]] = []
    gaps: list[Gap] = []
    open_: set[int] = set()
    """Whose line reaches up to the week before."""
    for start, mine in _by_week(posts, starts):
        by_source = _values(mine, age)
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
    made = tuple(Segment(source_of(posts.sources[source]) or Source(""), tuple(points)) for source, points in segments)
    changes = tuple(b.points[0].week for a, b in pairwise(made) if a.source != b.source)
    return Series(name, channel_label(name), posts.metric, age, starts, made, tuple(gaps), changes)


def _by_week(posts: ReachPosts, starts: Sequence[date]) -> Iterator[tuple[date, ReachPosts]]:
    """The posts of each week, of some without any."""
    import numpy as np

    weeks = posts.column("week")
    order = np.argsort(weeks, kind="stable")
    bounds = np.searchsorted(weeks[order], [start.toordinal() for start in starts])
    for start, first, last in zip(starts, bounds, [*bounds[1:], len(order)], strict=True):
        yield start, posts.where(order[first:last])


def _values(posts: ReachPosts, age: str) -> "dict[int, Numbers]":
    """The week's counts by how they were made, in order of their first post."""
    import numpy as np

    values, sources = (posts.value, posts.source) if age == LATEST else (posts.at(age), posts.source_at(age))
    there = ~np.isnan(values) & (sources != NONE)
    places = {code: np.flatnonzero(there & (sources == code)) for code in set(sources[there].tolist())}
    return {code: values[places[code]] for code in sorted(places, key=lambda one: posts.published_first(places[one]))}


def _why(posts: ReachPosts, until: datetime, age: str) -> str:
    if not len(posts):
        return "no post"
    if age != LATEST and not posts.is_old(age, until).any():
        return "too young"
    return "not reported" if (posts.source == NONE).all() else "not looked at"
