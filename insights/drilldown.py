"""Totals from the force down to a single post, one level at a time, that add up at every level.

Only what may be added up is here: reach never is, since the same people see several posts (M03). What is about an area
itself and about nothing beneath it has a row of its own, so that no post is lost on the way down and none counts twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.figures import FigureRow, figures_by
from social.places import areas_above, list_places
from social.publications import Publication

MOST_POSTS = 100
"""Posts that are listed one by one, newest first; the rest stands together in one row."""
AREA, ITSELF, NOWHERE, POST, EARLIER = "area", "itself", "nowhere", "post", "earlier"


@dataclass(frozen=True)
class Counts:
    """What may be added up over posts.  Each as in `FigureRow`; None where no post reports it."""

    posts: int = 0
    impressions: int | None = None
    engagement: int | None = None
    replies: int = 0
    answered: int = 0
    unanswered: int = 0


@dataclass(frozen=True)
class DrillRow:
    """One line of a level.  what: AREA (an area with all beneath it), ITSELF (about the area of the level and nothing
    beneath it), NOWHERE (about no area), POST, or EARLIER (posts that are not listed one by one).

    number: of the area, or of the publication; None for the others.  post_id: the post here that a publication is of,
    None for one of before Beatline."""

    what: str
    label: str
    counts: Counts
    number: int | None = None
    post_id: int | None = None


@dataclass(frozen=True)
class Level:
    """place_id, label: of the area, None and 'Everything' for all there is.  above: areas over it, the largest first, as
    (number, name).  rows: add up to total."""

    place_id: int | None
    label: str
    above: tuple[tuple[int, str], ...]
    rows: tuple[DrillRow, ...]
    total: Counts

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Tree:
    """The areas by number: their names and what each lies in."""

    names: Mapping[int, str]
    parents: Mapping[int, int | None]

    def beneath(self, place_id: int) -> list[int]:
        """The areas right beneath it, by name."""
        found = [number for number, parent in self.parents.items() if parent == place_id and number != place_id]
        return sorted(found, key=lambda number: self.names[number])

    def tops(self) -> list[int]:
        """The areas that lie in no other, by name."""
        found = [number for number, parent in self.parents.items() if parent not in self.parents]
        return sorted(found, key=lambda number: self.names[number])

    def branch(self, place_id: int | None, ends: Iterable[int]) -> int | None:
        """Which of `ends` the area is or lies in; the first on the way up. None where the way up meets none."""
        wanted, seen = set(ends), set[int]()
        while place_id is not None and place_id not in seen:  # an area that is its own ancestor ends the walk
            if place_id in wanted:
                return place_id
            seen.add(place_id)
            place_id = self.parents.get(place_id)
        return None


def drill_down(session: Session, place_id: int | None = None, *, only_here: bool = False, **filters: Any) -> Level:
    """One level: the areas right beneath `place_id`, or its posts where it has none beneath it.

    place_id: None is all there is; where one area holds all others its areas are shown at once.  only_here: the posts
    of the area itself, or about no area where it is None.  filters: since, until, channel, content_type as in
    `figures_by`."""
    places = list_places(session)
    tree = Tree({p.id: p.name for p in places if p.id}, {p.id: p.parent_id for p in places if p.id})
    above = _above(session, tree, place_id)
    label = "Everything" if place_id is None else tree.names.get(place_id, "An area that is no more")
    if only_here or (place_id is not None and not tree.beneath(place_id)):
        rows = _posts(session, place_id, filters)
    else:
        by_place = {
            int(row.group) if row.group else None: counts_of(row)
            for row in figures_by(session, "place", place_id=place_id, **filters)
        }
        rows = split(tree, place_id, by_place)
    return Level(place_id, label, above, tuple(rows), add_up(row.counts for row in rows))


def split(tree: Tree, here: int | None, by_place: Mapping[int | None, Counts]) -> list[DrillRow]:
    """The counts of each place put together to a row for each area right beneath `here`, and what is left over.

    by_place: counts of posts about each place itself, of `here` and what lies beneath it alone; all for None."""
    tops = tree.tops()
    head = here if here is not None else (tops[0] if len(tops) == 1 else None)
    areas = tops if head is None else tree.beneath(head)
    parts: dict[int | None, list[Counts]] = {}
    for place_id, counts in by_place.items():
        ends = areas if head is None else [*areas, head]
        parts.setdefault(tree.branch(place_id, ends), []).append(counts)
    rows = [DrillRow(AREA, tree.names[area], add_up(parts.pop(area, [])), area) for area in areas]
    if head is not None and head in parts:
        rows.append(DrillRow(ITSELF, _itself(tree, head), add_up(parts.pop(head)), head))
    if parts:
        rows.append(DrillRow(NOWHERE, _itself(tree, None), add_up(one for left in parts.values() for one in left)))
    return rows


def _itself(tree: Tree, place_id: int | None) -> str:
    if place_id is None:
        return "About no area"
    return f"About {tree.names.get(place_id, 'an area')}, no single area below"


def _posts(session: Session, place_id: int | None, filters: Mapping[str, Any]) -> list[DrillRow]:
    """The newest posts one by one; those before them in one row."""
    here: dict[str, Any] = {**filters, "place_id": place_id, "only_here": True}
    moments = _newest(session, here)
    if not moments:
        return []
    until = filters.get("until")
    listed = figures_by(session, "post", **{**here, "since": moments[-1]})
    order = _published(session, [int(row.group) for row in listed])
    listed.sort(key=lambda row: (order[int(row.group)][0], int(row.group)), reverse=True)
    rows = [DrillRow(POST, row.label, counts_of(row), int(row.group), order[int(row.group)][1]) for row in listed]
    before = figures_by(session, "place", **{**here, "until": min(moments[-1], until) if until else moments[-1]})
    earlier = add_up(counts_of(row) for row in before)
    return [*rows, DrillRow(EARLIER, "Earlier posts", earlier)] if earlier.posts else rows


def _newest(session: Session, here: Mapping[str, Any]) -> list[datetime]:
    """When the newest posts were published, newest first, at most `MOST_POSTS` of them."""
    query: Any = select(col(Facts.published_at)).where(col(Facts.place_id) == here["place_id"])
    if here.get("since"):
        query = query.where(col(Facts.published_at) >= here["since"])
    if here.get("until"):
        query = query.where(col(Facts.published_at) < here["until"])
    if here.get("content_type"):
        query = query.where(col(Facts.content_type) == here["content_type"])
    channel = here.get("channel")
    query = query.where(col(Facts.channel) == channel if channel else col(Facts.channel) != "alert")
    newest = query.order_by(col(Facts.published_at).desc()).limit(MOST_POSTS)
    return list(session.connection().execute(newest).scalars())


def _published(session: Session, numbers: Sequence[int]) -> dict[int, tuple[datetime, int | None]]:
    """When each publication went out, and the post that it is of."""
    columns: list[Any] = [Publication.id, Publication.published_at, Publication.post_id]
    query = select(*columns).where(col(Publication.id).in_(numbers))
    return {row[0]: (row[1], row[2]) for row in session.connection().execute(query)}


def _above(session: Session, tree: Tree, place_id: int | None) -> tuple[tuple[int, str], ...]:
    chain = areas_above(session, place_id)[1:]
    return tuple((number, tree.names[number]) for number in reversed(chain) if number in tree.names)


def counts_of(row: FigureRow) -> Counts:
    """What of the figures may be added up."""
    return Counts(row.posts, row.impressions, row.engagement, row.replies, row.answered, row.unanswered)


def add_up(counts: Iterable[Counts]) -> Counts:
    """The sum; a figure that none of them reports stays None (M04)."""
    every = list(counts)

    def known(values: Iterable[int | None]) -> int | None:
        there = [value for value in values if value is not None]
        return sum(there) if there else None

    return Counts(
        sum(one.posts for one in every),
        known(one.impressions for one in every),
        known(one.engagement for one in every),
        sum(one.replies for one in every),
        sum(one.answered for one in every),
        sum(one.unanswered for one in every),
    )
