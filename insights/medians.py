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
from insights.figure_filters import Filters
from insights.figure_sums import COLUMNS, engagement_of_post, key_of
from insights.packed import Posts, together
from insights.packs import MEDIANS, posts_in
from social.sorting import NEVER_RANKED

if TYPE_CHECKING:
    from insights.packed import Numbers

FEW = 4_000
"""So many posts are read row by row: what reads packs takes a tenth of a second to load, once a process."""


MEASURED = ("reach", "impressions", "engagement", "response_minutes")
"""What of a post the medians are made of."""


class Medians(NamedTuple):
    """Over the posts of a group that have the value; None where none has.

    apart: one of the posts is of a kind that is never held against others, so the group is not either (R11)."""

    reach: float | None = None
    engagement: float | None = None
    engagement_rate: float | None = None
    engagement_rate_by_impressions: float | None = None
    response_minutes: float | None = None
    apart: bool = False


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
    measured: list[Any] = [Facts.reach, Facts.impressions, engagement_of_post(), Facts.response_minutes]
    values: list[Any] = [key, *measured, Facts.content_type]
    listed: dict[Any, list[Any]] = {}
    for row in session.connection().execute(select(*values).where(*filters.of_posts())):
        listed.setdefault(key_of(by, row[0]), []).append(row)
    return {
        group: Medians(
            _median([reach for _, reach, _, _, _, _ in rows]),
            _median([done for _, _, _, done, _, _ in rows]),
            _median([rate(done, reach) for _, reach, _, done, _, _ in rows]),
            _median([rate(done, shown) for _, _, shown, done, _, _ in rows]),
            _median([minutes for _, _, _, _, minutes, _ in rows]),
            any(kind in NEVER_RANKED for *_, kind in rows),
        )
        for group, rows in listed.items()
    }


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if known else None


def _of_packs(session: Session, by: str | None, filters: Filters) -> dict[Any, Medians]:
    import numpy as np

    key = COLUMNS.get(by, by) if by else None
    names = list(dict.fromkeys([*MEASURED, "content_type", *([key] if key else [])]))
    parts = list(posts_in(session, filters, MEDIANS, names))
    if not parts:
        return {}
    posts = together(parts, names)
    keys = posts.columns[key] if key else np.zeros(len(posts), dtype="<i4")
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    middles = [_middles(values[order], starts) for values in _measures(posts)]
    return {
        _key(posts, by, int(number)): Medians(*medians) for number, *medians in zip(keys[starts], *middles, strict=True)
    }


def _key(posts: Posts, by: str | None, number: int) -> Any:
    if by is None:
        return None
    if by == "week":
        return date.fromordinal(number)
    return key_of(by, posts.words[by][number] if by in posts.words else number)


def _measures(posts: Posts) -> "Iterator[Numbers]":
    import numpy as np

    reach, shown, done, minutes = (posts.columns[name] for name in MEASURED)
    yield reach
    yield done
    for whole in (reach, shown):
        yield done / np.where(whole == 0, np.nan, whole)
    yield minutes


def _middles(values: "Numbers", starts: "Numbers") -> list[float | None]:
    """The median of each group's values that are numbers, as `statistics.median` has it.

    starts: where each group begins; the groups lie one after another."""
    import numpy as np

    there = np.flatnonzero(~np.isnan(values))
    known = values[there]
    first = np.searchsorted(there, starts).tolist()
    found: list[float | None] = []
    for start, end in zip(first, [*first[1:], len(known)], strict=True):
        count = end - start
        if not count:
            found.append(None)
            continue
        half = count // 2
        parted = np.partition(known[start:end], half)
        upper = float(parted[half])
        found.append(upper if count % 2 else (float(parted[:half].max()) + upper) / 2)
    return found
