"""Medians of posts, by group: exact, over a handful of posts or over hundreds of thousands (M09).

Few are read row by row. Of many the weeks that have come to rest are read packed (`insights.packs`), and only what still
changes comes from the rows."""

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import null, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.figure_sums import COLUMNS, engagement_of_post, key_of
from insights.packed import Posts, sorted_by, together
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
    parts = list(posts_in(session, filters, MEDIANS, [*MEASURED, *([key] if key else [])]))
    if not parts:
        return {}
    posts = together(parts, list(dict.fromkeys(["content_type", *([key] if key else [])])))
    keys = posts.columns[key] if key else np.zeros(len(posts), dtype="<i4")
    order: Any = sorted_by(keys) if key else slice(None)
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1))
    middles = [_middles(values, starts) for values in _measures(parts, order)]
    apart = np.logical_or.reduceat(_never_ranked(posts)[order], starts).tolist()
    return {
        _key(posts, by, int(number)): Medians(*medians)
        for number, *medians in zip(keys[starts], *middles, apart, strict=True)
    }


def _never_ranked(posts: Posts) -> "Numbers":
    """Of each post whether it is of a kind that is never held against others (R11)."""
    import numpy as np

    return np.array([word in NEVER_RANKED for word in posts.words["content_type"]])[posts.columns["content_type"]]


def _key(posts: Posts, by: str | None, number: int) -> Any:
    if by is None:
        return None
    if by == "week":
        return date.fromordinal(number)
    return key_of(by, posts.words[by][number] if by in posts.words else number)


def _measures(parts: Sequence[Posts], order: Any) -> "Iterator[Numbers]":
    """What medians are taken of, post by post in this order: one after another, for all of them at once take room that
    the system hands out page by page."""
    import numpy as np

    def column(name: str) -> "Numbers":
        values: Numbers = np.concatenate([part.columns[name] for part in parts])[order]
        return values

    reach, done = column("reach"), column("engagement")
    yield reach
    yield done
    yield _rates(done, reach)
    del reach
    yield _rates(done, column("impressions"))
    del done
    yield column("response_minutes")


def _rates(part: "Numbers", whole: "Numbers") -> "Numbers":
    """part / whole; not a number where the whole is 0 or either is not reported."""
    import numpy as np

    rates: Numbers = np.full(len(part), np.nan)
    np.divide(part, whole, out=rates, where=whole != 0)
    return rates


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
