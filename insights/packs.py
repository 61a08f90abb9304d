"""What medians are taken over, packed week by week (`insights.packed`): the medians of weeks do not add up to a median.

A pack goes in the transaction that changes any of its numbers, and `pack_weeks` makes it anew when the week has come to
rest; meanwhile the rows themselves are read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.facts import AGES, NO_PLACE, ReachPack, WeekPack
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.figure_sums import engagement_of_post
from insights.folds import weeks_without
from insights.kept import Store, packed_weeks
from insights.packed import BETWEEN, Posts, Shape, from_query, moment_number
from insights.weeks import RESTS_AFTER, week_of
from social.context import Context

_GROUPED = ("content_type", "channel", "campaign")
_OF_PLACES = {"place_id": "<i4", "account_id": "<i4"}
SOURCED = ("reach", "impressions")
"""Metrics that are told with how they were counted, and at every age."""


@dataclass(frozen=True)
class Kind:
    """One kind of pack.  table: where it is kept.  shape: its columns."""

    table: Any
    shape: Shape

    def wanted(self, session: Session) -> list[Any]:
        """Its columns as those of a query on the rows themselves."""
        elsewhere = {"place_id": func.coalesce(Facts.place_id, NO_PLACE), "engagement": engagement_of_post()}
        # The one word of a post that people type: what stands between values would shift all that follow.
        elsewhere["campaign"] = func.replace(col(Facts.campaign), BETWEEN, " ")
        for name in _MOMENTS.intersection(self.shape.kinds):
            elsewhere[name] = moment_number(session, col(getattr(Facts, name)))
        return [elsewhere[name] if name in elsewhere else col(getattr(Facts, name)) for name in self.shape.kinds]

    @property
    def store(self) -> Store:
        return Store(self.table, "posts", self.shape)

    def only(self, names: Collection[str]) -> "Kind":
        """The same with fewer columns, to read rows by: never to pack or unpack."""
        numbers = {name: kind for name, kind in self.shape.numbers.items() if name in names}
        return Kind(self.table, Shape(tuple(name for name in self.shape.words if name in names), numbers))


MEDIANS = Kind(
    WeekPack,
    Shape(_GROUPED, {**_OF_PLACES, **dict.fromkeys(("reach", "impressions", "engagement", "response_minutes"), "<f8")}),
)
REACH = Kind(
    ReachPack,
    Shape(
        (*_GROUPED, *(f"{metric}_source{which}" for metric in SOURCED for which in ("", "_before"))),
        {
            **_OF_PLACES, "publication_id": "<i4", "published_at": "<i8", "followers": "<i4", "shares": "<i4",
            "engagement": "<i8", **{f"{metric}_changed_at": "<i8" for metric in SOURCED},
            **{name: "<i4" for metric in SOURCED for name in (metric, *(f"{metric}_{age}" for age in AGES))},
        },
    ),
)  # fmt: skip
_KINDS = (MEDIANS, REACH)
_MOMENTS = frozenset({"published_at", *(f"{metric}_changed_at" for metric in SOURCED)})


def pack_weeks(context: Context) -> int:
    """Pack the weeks that have come to rest and are not packed.  Returns how many were packed."""
    rested = week_of(context.clock.now() - RESTS_AFTER)
    query: Any = select(col(Facts.week)).where(col(Facts.week) < rested).distinct()
    with context.database.read() as session:
        packed = set.intersection(*(kind.store.weeks(session) for kind in _KINDS))
        weeks = sorted(set(session.connection().execute(query).scalars()) - packed)
    for week in weeks:
        # Whoever changes a post of this week meanwhile waits, and then finds the packs and takes them away. Both at once:
        # the database takes a pack of reach away with the other one.
        with context.database.write() as session:
            for kind in _KINDS:
                _pack(session, kind, week)
    return len(weeks)


def _pack(session: Session, kind: Kind, week: date) -> None:
    if kind.store.has(session, week):
        return
    posts = from_query(session, kind.shape, select(*kind.wanted(session)).where(col(Facts.week) == week))
    if len(posts):
        kind.store.add(session, week, posts)


def posts_in(session: Session, filters: Filters, kind: Kind, names: Collection[str]) -> Iterator[Posts]:
    """The posts that the filters let through, in parts: packed weeks, and the rows of what is not packed.

    names: of the kind's columns, those that are needed. 'week', the ordinal of its Monday, is there beside them."""
    bounds = filters.weeks()
    places, wanted = filters.places(session), {*names, "channel", "content_type", "place_id"}
    packed: frozenset[date] = frozenset()
    if bounds is not None:
        weeks = packed_weeks(session, kind.store, *bounds, wanted)
        packed = weeks.days
        yield from filters.those_of(weeks.parts, places)
    few = kind.only(wanted)
    shape = Shape(few.shape.words, {**few.shape.numbers, "week": "<i4"})
    for conditions in _unpacked(session, filters, packed):
        posts = from_query(session, shape, select(*few.wanted(session), col(Facts.week)).where(*conditions))
        if len(posts):
            yield posts


def _unpacked(session: Session, filters: Filters, packed: Collection[date]) -> Iterator[list[Any]]:
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
