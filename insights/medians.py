"""Medians of posts, by group: exact, over a handful of posts or over hundreds of thousands (M09).

Few are read row by row. Of many the weeks that have come to rest are read packed (`insights.packs`), and only what still
changes comes from the rows."""

from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import null, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.figure_filters import ALERTS, Filters
from insights.figure_sums import COLUMNS, engagement_of_post, key_of
from insights.folds import weeks_without
from insights.packs import Posts, columns_wanted, from_rows, packs_of, together, unpack

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

FEW = 4_000
"""So many posts are read row by row: what reads packs takes a tenth of a second to load, once a process."""


class Medians(NamedTuple):
    """Over the posts of a group that have the value; None where none has."""

    reach: float | None = None
    engagement: float | None = None
    engagement_rate: float | None = None
    engagement_rate_by_impressions: float | None = None
    response_minutes: float | None = None


def rate(part: int | None, whole: int | None) -> float | None:
    """part / whole; None when either is not reported or the whole is 0 (M04: 'n/a', not 0)."""
    return None if part is None or not whole else part / whole


def medians_by(session: Session, by: str | None, filters: Filters, posts: int) -> dict[Any, Medians]:
    """Medians by key.  posts: how many the filters let through."""
    if posts <= FEW or by == "post":
        return _of_rows(session, by, filters)
    return _of_packs(session, by, filters)


def _of_rows(session: Session, by: str | None, filters: Filters) -> dict[Any, Medians]:
    key: Any = col(getattr(Facts, COLUMNS.get(by, by))) if by else null()
    values: list[Any] = [key, Facts.reach, Facts.impressions, engagement_of_post(), Facts.response_minutes]
    listed: dict[Any, list[Any]] = {}
    for row in session.connection().execute(select(*values).where(*filters.of_posts())):
        listed.setdefault(key_of(by, row[0]), []).append(row)
    return {
        group: Medians(
            _median([reach for _, reach, _, _, _ in rows]),
            _median([done for _, _, _, done, _ in rows]),
            _median([rate(done, reach) for _, reach, _, done, _ in rows]),
            _median([rate(done, shown) for _, _, shown, done, _ in rows]),
            _median([minutes for _, _, _, _, minutes in rows]),
        )
        for group, rows in listed.items()
    }


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None


def _of_packs(session: Session, by: str | None, filters: Filters) -> dict[Any, Medians]:
    import numpy as np

    parts = list(_parts(session, by, filters))
    if not parts:
        return {}
    posts = together([part for part, _ in parts])
    keys = np.concatenate([numbers for _, numbers in parts]) if by == "week" else _keys(posts, by)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    measures = [values[order] for values in _measures(posts)]
    found = {}
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        medians = Medians(*(_middle(values[start:end]) for values in measures))
        found[_key(posts, by, int(keys[start]))] = medians
    return found


def _parts(session: Session, by: str | None, filters: Filters) -> "Iterator[tuple[Posts, Numbers]]":
    """Posts, with the ordinal of their week where weeks are asked for."""
    import numpy as np

    first, last = filters.weeks() or (date.max, date.max)
    packs = packs_of(session, first, last) if first != date.max else {}
    places = filters.places(session)
    for week, (count, body) in packs.items():
        posts = _chosen(unpack(body, count), filters, places)
        if len(posts):
            yield posts, np.full(len(posts) if by == "week" else 0, week.toordinal())
    for conditions in _unpacked(session, filters, set(packs)):
        wanted = [*columns_wanted(), *([col(Facts.week)] if by == "week" else [])]
        rows = session.connection().execute(select(*wanted).where(*conditions)).all()
        if rows and by == "week":
            yield from_rows([row[:-1] for row in rows]), np.array([row[-1].toordinal() for row in rows])
        elif rows:
            yield from_rows(rows), np.array([])


def _unpacked(session: Session, filters: Filters, packed: set[date]) -> Iterator[list[Any]]:
    """Conditions on the posts that no pack holds: those of weeks without one, and those of no whole week."""
    edges = filters.of_edges()
    if edges is not None:
        yield edges
    bounds = filters.weeks()
    if bounds is None:
        yield list(filters.of_posts())
        return
    missing = weeks_without(session, packed, *bounds)
    if missing:
        yield [col(Facts.week).in_(missing), *filters.alike_posts()]


def _chosen(posts: Posts, filters: Filters, places: set[int] | None) -> Posts:
    import numpy as np

    channels, types = posts.words["channel"], posts.words["content_type"]
    if filters.channel is not None:
        chosen = posts.columns["channel"] == _place_in(channels, filters.channel)
    else:
        chosen = posts.columns["channel"] != _place_in(channels, ALERTS)
    if filters.content_type is not None:
        chosen &= posts.columns["content_type"] == _place_in(types, filters.content_type)
    if places is not None:
        chosen &= np.isin(posts.columns["place_id"], sorted(places))
    return posts if chosen.all() else posts.where(chosen)


def _place_in(words: list[str], word: str) -> int:
    return words.index(word) if word in words else -1


def _keys(posts: Posts, by: str | None) -> "Numbers":
    import numpy as np

    return posts.columns[COLUMNS.get(by, by)] if by else np.zeros(len(posts), dtype="<i4")


def _key(posts: Posts, by: str | None, number: int) -> Any:
    if by is None:
        return None
    if by == "week":
        return date.fromordinal(number)
    return key_of(by, posts.words[by][number] if by in posts.words else number)


def _measures(posts: Posts) -> "Iterator[Numbers]":
    import numpy as np

    reach, shown, done, minutes = (
        posts.columns[name] for name in ("reach", "impressions", "engagement", "response_minutes")
    )
    yield reach
    yield done
    for whole in (reach, shown):
        yield done / np.where(whole == 0, np.nan, whole)
    yield minutes


def _middle(values: "Numbers") -> float | None:
    """The median of those that are numbers, as `statistics.median` has it."""
    import numpy as np

    known = values[~np.isnan(values)]
    if not len(known):
        return None
    half = len(known) // 2
    if len(known) % 2:
        return float(np.partition(known, half)[half])
    parted = np.partition(known, [half - 1, half])
    return float((parted[half - 1] + parted[half]) / 2)
