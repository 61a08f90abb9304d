"""What reach is told from: a number of each post by column, of how it was counted too, from rows or from packed weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.chosen import GROUP_COLUMNS, Chosen, column_of
from insights.facts import AGES
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.packed import NONE, Posts, Shape, from_query, microseconds, together
from insights.packs import REACH, SOURCED, posts_in
from insights.reach_told import Told

if TYPE_CHECKING:
    from insights.packed import Numbers

FEW = 4_000
"""So many posts are read from their rows in any case: of packed weeks every post is read, chosen or not."""


@dataclass(frozen=True)
class Source:
    """metric: the network's own name.  definition: the version of ours, >= 1; None where it was not kept."""

    metric: str
    definition: int | None = None


@dataclass(frozen=True)
class ReachPosts:
    """Some publications, in no order.  metric: which of `SOURCED` is asked for.

    A figure that was not reported is not a number. A source is a place in `sources`, `NONE` where the metric is not
    reported; before: the source that it had until `changed`, `NONE` where it has had but one."""

    posts: Posts
    metric: str

    def __len__(self) -> int:
        return len(self.posts)

    def where(self, chosen: "Numbers") -> "ReachPosts":
        """chosen: True or False of each."""
        return ReachPosts(self.posts.where(chosen), self.metric)

    def column(self, name: str) -> "Numbers":
        """A column as it is kept."""
        return self.posts.columns[name]

    def words(self, column: str) -> list[str]:
        """The words that the numbers of a column stand for, those of other posts among them."""
        return self.posts.words[column]

    def number(self, name: str) -> "Numbers":
        """A column of counts."""
        import numpy as np

        return np.where(self.column(name) < 0, np.nan, self.column(name))

    @cached_property
    def value(self) -> "Numbers":
        """The latest count of the metric."""
        return self.number(self.metric)

    @cached_property
    def source(self) -> "Numbers":
        import numpy as np

        return np.where(np.isnan(self.value), NONE, self.column("source"))

    @property
    def sources(self) -> list[str]:
        return self.words("source")

    def at(self, age: str) -> "Numbers":
        """The metric as it was counted at that age, a key of `AGES`."""
        return self.number(f"{self.metric}_{age}")

    def source_at(self, age: str) -> "Numbers":
        """By what the count at that age was made: by the metric before, where it was redefined later."""
        import numpy as np

        due = self.column("published_at") + _of(AGES[age].after)
        then = (self.column("before") != NONE) & (due < self.column(f"{self.metric}_changed_at"))
        return np.where(then, self.column("before"), self.source)

    def is_old(self, age: str, now: datetime) -> "Numbers":
        """Which posts have reached that age."""
        return np_bool(self.column("published_at") + _of(AGES[age].after) <= microseconds(now))

    def newest(self, among: "Numbers") -> int:
        """The place of the one published last, of equals that with the highest number.  among: places, one at least."""
        moments = self.column("published_at")[among]
        return int(max(among[moments == moments.max()].tolist(), key=self._published))

    def oldest(self, among: "Numbers") -> int:
        """The place of the one published first, of equals that with the lowest number."""
        moments = self.column("published_at")[among]
        return int(min(among[moments == moments.min()].tolist(), key=self._published))

    def published_first(self, among: "Numbers") -> tuple[int, int]:
        """When the first of them was published, and its number."""
        return self._published(self.oldest(among))

    def _published(self, place: int) -> tuple[int, int]:
        return int(self.column("published_at")[place]), int(self.column("publication_id")[place])

    def told(self, place: int) -> Told:
        """One count as a figure with where it came from; its moment is looked up where it is shown (`with_moments`)."""
        code = int(self.source[place])
        source = (source_of(self.sources[code]) if code != NONE else None) or Source("")
        number = int(self.column("publication_id")[place])
        return Told(int(self.value[place]), True, source.metric, source.definition, None, number)


def np_bool(values: Any) -> "Numbers":
    import numpy as np

    return np.asarray(values, dtype=np.bool_)


def _of(age: timedelta) -> int:
    return age // timedelta(microseconds=1)


def posts_of(session: Session, chosen: Chosen, by: str | None = None, metric: str = "reach") -> ReachPosts:
    """The chosen posts.  by: a column that they will be grouped by is there.  metric: one of `SOURCED`.

    Raises ValueError for another metric or grouping."""
    if metric not in SOURCED:
        raise ValueError(f"a series is of {' or '.join(SOURCED)}, not of {metric}")
    if by:
        column_of(by)  # says what there is to group by
    names = _names(metric, by)
    parts = list(_parts(session, chosen, names))
    return _alike(together(parts, [*names, "week"]), metric)


def _names(metric: str, by: str | None) -> list[str]:
    key = [GROUP_COLUMNS[by]] if by and by != "week" else []
    of_metric = [metric, f"{metric}_source", f"{metric}_source_before", f"{metric}_changed_at"]
    ages = [f"{metric}_{age}" for age in AGES]
    always = [
        "channel",
        "content_type",
        "publication_id",
        "published_at",
        "followers",
        "impressions",
        "shares",
        "engagement",
    ]
    return list(dict.fromkeys([*always, *key, *of_metric, *ages]))


def _parts(session: Session, chosen: Chosen, names: list[str]) -> Iterator[Posts]:
    """One part at least, though it may be of no post."""
    where = chosen.where()
    if chosen.campaign is None and chosen.publication_id is None:
        filters = Filters(chosen.since, chosen.until, chosen.channel, chosen.place_id, chosen.content_type)
        filters = filters.looked_up(session)
        where = list(filters.of_posts())
        if _are_many(session, where):
            yield from posts_in(session, filters, REACH, names)
            return
    few = REACH.only(names)
    shape = Shape(few.shape.words, {**few.shape.numbers, "week": "<i4"})
    yield from_query(session, shape, select(*few.wanted(session), col(Facts.week)).where(*where))


def _are_many(session: Session, where: list[Any]) -> bool:
    some = select(col(Facts.publication_id)).where(*where).limit(FEW + 1).subquery()
    return int(session.connection().execute(select(func.count()).select_from(some)).scalar_one()) > FEW


def _alike(posts: Posts, metric: str) -> ReachPosts:
    """Sources and those before them as places in one list of words; '' is none."""
    import numpy as np

    columns, words = dict(posts.columns), dict(posts.words)
    known: dict[str, int] = {}
    for name, kept in (("source", f"{metric}_source"), ("before", f"{metric}_source_before")):
        anew = [known.setdefault(word, len(known)) if word else NONE for word in words.pop(kept)]
        columns[name] = np.array([*anew, NONE], dtype="<i4")[columns.pop(kept)]
    words["source"] = list(known)
    return ReachPosts(Posts(columns, words), metric)


def day_of(ordinal: int) -> date:
    """A week's Monday as it is kept."""
    return date.fromordinal(ordinal)


def source_of(text: str | None) -> Source | None:
    """'post_media_view v1' taken apart; None for none."""
    if not text:
        return None
    metric, mark, version = text.rpartition(" v")
    return Source(metric, int(version)) if mark and version.isdecimal() else Source(text)
