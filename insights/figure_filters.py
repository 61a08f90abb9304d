"""Which posts a figure is of, as conditions on the rows of facts, on weekly sums, and on packed weeks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col

from insights.facts import NO_PLACE
from insights.facts import PublicationFacts as Facts
from insights.packed import Posts
from insights.weeks import start_of, whole_weeks
from social.places import places_within

ALERTS = "alert"
"""Another measure of other people: beside social figures, never in them (M08)."""


@dataclass(frozen=True)
class Filters:
    """Posts published in [since, until); None lets everything through, of channels all but alerts.

    place_id: with what lies beneath it.  only_here: of the place itself; of no place at all where place_id is None."""

    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    place_id: int | None = None
    content_type: str | None = None
    only_here: bool = False
    inside: tuple[int, ...] | None = None
    """The place and what lies beneath it, where they were looked up (`looked_up`)."""

    def looked_up(self, session: Session) -> "Filters":
        """The same with the places by number: told only how to find them, PostgreSQL reads every post of the force."""
        if self.place_id is None or self.only_here:
            return self
        return replace(self, inside=tuple(sorted(session.connection().execute(places_within(self.place_id)).scalars())))

    def weeks(self) -> tuple[date | None, date | None] | None:
        """The whole weeks in it, [first, last); None bounds mean all.  None when not one week is whole."""
        first, last = whole_weeks(self.since, self.until)
        return None if first is not None and last is not None and last <= first else (first, last)

    def of_posts(self) -> Iterator[Any]:
        """Conditions on `PublicationFacts`."""
        if self.since is not None:
            yield col(Facts.published_at) >= self.since
        if self.until is not None:
            yield col(Facts.published_at) < self.until
        yield from self._alike(Facts, self.place_id)

    def of_weeks(self, table: Any) -> Iterator[Any]:
        """Conditions on `WeeklyFacts` or what is added up of it: the whole weeks."""
        first, last = self.weeks() or (None, None)
        if first is not None:
            yield col(table.week) >= first
        if last is not None:
            yield col(table.week) < last
        yield from self._alike(table, NO_PLACE if self.place_id is None else self.place_id)

    def narrowed(self) -> set[str]:
        """What it lets through only some of, beside time and channel."""
        of_places = {"place"} if self.only_here or self.place_id is not None else set()
        return of_places | ({"content_type"} if self.content_type is not None else set())

    def of_edges(self) -> list[Any] | None:
        """Conditions on `PublicationFacts` for what lies in no whole week; None where there is no such time."""
        first, last = self.weeks() or (None, None)
        edges = []
        if first is not None and self.since is not None and start_of(first) > self.since:
            edges.append(and_(col(Facts.published_at) >= self.since, col(Facts.published_at) < start_of(first)))
        if last is not None and self.until is not None and start_of(last) < self.until:
            edges.append(and_(col(Facts.published_at) >= start_of(last), col(Facts.published_at) < self.until))
        return [or_(*edges), *self._alike(Facts, self.place_id)] if edges else None

    def _alike(self, table: Any, place_id: int | None) -> Iterator[Any]:
        yield col(table.channel) == self.channel if self.channel is not None else col(table.channel) != ALERTS
        if self.only_here:
            yield col(table.place_id) == place_id  # IS NULL for None
        elif self.place_id is not None:
            yield col(table.place_id).in_(places_within(self.place_id) if self.inside is None else self.inside)
        if self.content_type is not None:
            yield col(table.content_type) == self.content_type

    def alike_posts(self) -> list[Any]:
        """Conditions on `PublicationFacts` without those on time."""
        return list(self._alike(Facts, self.place_id))

    def places(self, session: Session) -> set[int] | None:
        """The places it is of, `NO_PLACE` for none; None for all."""
        if self.only_here:
            return {self.place_id or NO_PLACE}
        if self.place_id is None:
            return None
        return set(self.looked_up(session).inside or ()) if self.inside is None else set(self.inside)

    def those_of(self, parts: Iterable[Posts], places: set[int] | None) -> Iterator[Posts]:
        """Of each part what is let through, where anything is.  places: what `places` says."""
        for part in parts:
            chosen = self.let_through(part, places)
            if len(chosen):
                yield chosen

    def let_through(self, rows: Posts, places: set[int] | None) -> Posts:
        """Those of packed rows that pass all but the filter on time.  places: what `places` says."""
        import numpy as np

        if self.channel is not None:
            chosen = rows.columns["channel"] == rows.place_of("channel", self.channel)
        else:
            chosen = rows.columns["channel"] != rows.place_of("channel", ALERTS)
        if self.content_type is not None:
            chosen &= rows.columns["content_type"] == rows.place_of("content_type", self.content_type)
        if places is not None:
            chosen &= np.isin(rows.columns["place_id"], sorted(places))
        return rows if chosen.all() else rows.where(chosen)
