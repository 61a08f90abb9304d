"""Areas side by side: what was posted about each, what came of it, and how that stands to the number of its residents.

Networks do not tell where readers live: all of this counts posts about an area. A missing-person appeal is among the
posts and in nothing that is compared (R11); without a population there is no rate (D09)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.denominators import Residents, per_1000, residents_of
from insights.facts import NO_PLACE, WeeklyFacts
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.figures import ENOUGH_POSTS, FigureRow, figures_by
from social.places import Place, list_places
from social.sorting import NEVER_RANKED

NOTE = "Networks do not tell us where readers live: this counts posts about an area, not what its residents saw."


@dataclass(frozen=True)
class AreaRow:
    """One area that holds no other.

    within: name of what it lies in, '' for nothing.  residents: None where nobody knows how many (D09).
    figures: of all its posts, by `insights.figures`.  compared_posts, reactions: of posts that may be compared, so
    without missing-person appeals; reactions None where none was reported.  per_1000: reactions per 1,000 residents,
    >= 0; None without either.  rank: 1 for the highest rate among the areas that may be ranked, None for the others."""

    place_id: int
    name: str
    kind: str
    within: str
    residents: Residents | None
    figures: FigureRow
    compared_posts: int = 0
    reactions: int | None = None
    per_1000: float | None = None
    rank: int | None = None


@dataclass(frozen=True)
class AreaFigures:
    """areas: ranked ones first, from the highest rate, then the others by name.  wider: posts about an area that holds
    others.  nowhere: posts about no area.  All three add up to every post of the period."""

    areas: tuple[AreaRow, ...]
    wider: int
    nowhere: int

    @property
    def ranked(self) -> tuple[AreaRow, ...]:
        return tuple(row for row in self.areas if row.rank is not None)


def area_figures(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    within: Collection[int] | None = None,
) -> AreaFigures:
    """Every area that holds no other, with what came of the posts of [since, until) about it.

    channel: one network, None for all but alerts (M08).  within: only areas of these; None for every area."""
    places = list_places(session)
    names: dict[int | None, str] = {place.id: place.name for place in places}
    holders = {place.parent_id for place in places}
    figures = figures_by(session, "place", since=since, until=until, channel=channel)
    by_place = {int(row.group): row for row in figures if row.group}
    counted = _reactions(session, since, until, channel)
    leaves = [place for place in places if place.id not in holders and (within is None or place.id in within)]
    residents = residents_of(session, [place.id or 0 for place in leaves])
    rows = [
        _row(place, names.get(place.parent_id, ""), residents.get(place.id or 0), by_place.get(place.id or 0),
             counted.get(place.id or 0, (0, None)))
        for place in leaves
    ]  # fmt: skip
    inside = [row.posts for place_id, row in by_place.items() if within is None or place_id in within]
    return AreaFigures(
        tuple(_ordered(rows)),
        wider=sum(inside) - sum(row.figures.posts for row in rows),
        nowhere=sum(row.posts for row in figures if not row.group) if within is None else 0,
    )


def _row(
    place: Place,
    within: str,
    residents: Residents | None,
    figures: FigureRow | None,
    counted: tuple[int, int | None],
) -> AreaRow:
    posts, reactions = counted
    figures = figures or FigureRow(str(place.id), place.name)
    rate = per_1000(reactions, residents)
    return AreaRow(place.id or 0, place.name, place.kind, within, residents, figures, posts, reactions, rate)


def _ordered(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """Ranked from `ENOUGH_POSTS` posts on (M09), where there are at least two to hold against each other."""
    able = [row for row in rows if row.per_1000 is not None and row.compared_posts >= ENOUGH_POSTS]
    able.sort(key=lambda row: (-(row.per_1000 or 0.0), row.name))
    able = able if len(able) > 1 else []
    ranks: dict[int, int] = {}
    for place, row in enumerate(able, 1):  # the same rate is the same rank
        before = able[place - 2] if place > 1 else None
        ranks[row.place_id] = ranks[before.place_id] if before and before.per_1000 == row.per_1000 else place
    rest = sorted((row for row in rows if row.place_id not in ranks), key=lambda row: row.name)
    return [replace(row, rank=ranks.get(row.place_id)) for row in (*able, *rest)]


def reactions_of(
    session: Session, areas: Collection[int], *, since: datetime, channel: str | None = None
) -> tuple[int, int | None]:
    """The same of several areas together: posts that may be compared, and their reactions."""
    counted = [one for place_id, one in _reactions(session, since, None, channel).items() if place_id in areas]
    reported = [reactions for _, reactions in counted if reactions is not None]
    return sum(posts for posts, _ in counted), sum(reported) if reported else None


def _reactions(
    session: Session, since: datetime | None, until: datetime | None, channel: str | None
) -> dict[int, tuple[int, int | None]]:
    """Area -> posts that may be compared, and their reactions, None where none was reported (M04).

    As `insights.figures` does it: whole weeks from the weekly sums, the days at the edges from the posts' own rows."""
    found: dict[int, list[int]] = {}
    for table, amounts, conditions in _rows(Filters(since, until, channel)):
        place_id: Any = col(table.place_id)
        about = (place_id.is_not(None), place_id != NO_PLACE, col(table.content_type).not_in(sorted(NEVER_RANKED)))
        query = select(place_id, *amounts).where(*about, *conditions).group_by(place_id)
        for place, *counted in session.connection().execute(query):
            found[place] = [a + (b or 0) for a, b in zip(found.get(place, [0, 0, 0]), counted, strict=True)]
    return {place: (posts, total if reported else None) for place, (posts, reported, total) in found.items()}


def _rows(filters: Filters) -> Iterator[tuple[Any, tuple[Any, Any, Any], list[Any]]]:
    """Where they stand: the table, how to count posts, those that report reactions, and these, and the conditions."""
    posts = (func.count(), func.count(col(Facts.reactions)), func.sum(Facts.reactions))
    if filters.weeks() is None:
        yield Facts, posts, list(filters.of_posts())
        return
    weeks = tuple(func.sum(one) for one in (WeeklyFacts.posts, WeeklyFacts.reactions_posts, WeeklyFacts.reactions))
    yield WeeklyFacts, (weeks[0], weeks[1], weeks[2]), list(filters.of_weeks(WeeklyFacts))
    edges = filters.of_edges()
    if edges is not None:
        yield Facts, posts, edges
