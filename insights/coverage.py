"""Which areas are left out: nothing posted for a fortnight, priorities that nobody looked at for three months, no officer
who can be contacted by name (M15).

The areas are those at the ends of the map: neighbourhoods, and teams where nothing lies beneath them. A post counts for
the area that it is about; one about a wider area counts for none of the areas within it. Alerts are no posts (M08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Integer, func
from sqlmodel import Session, col, select

from insights.facts import PublicationFacts as Facts
from insights.figure_filters import ALERTS
from social.accounts import Account
from social.clock import as_local
from social.places import Place, PlaceKind, list_places, places_within
from social.police_data_areas import police_data_areas
from social.priorities import OLD_AFTER, Priority, is_old, priorities_of
from social.publications import Publication

SILENT_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class AreaCoverage:
    """One area.  posts: different posts about it in the last 14 days, on however many networks, >= 0.

    last_post_at: aware UTC; days_since: whole days since then; both None where there was never one.  silent: none in
    14 days.  priorities: in force.  old_priorities: of these, set more than 90 days ago; undated_priorities: nobody knows
    when.  contactable: officers named with a way to reach them; None where nobody asked."""

    place_id: int
    name: str
    kind: str
    posts: int
    last_post_at: datetime | None
    days_since: int | None
    silent: bool
    priorities: int
    old_priorities: int
    undated_priorities: int
    contactable: int | None


@dataclass(frozen=True)
class OldPriority:
    """A priority that was set more than 90 days ago.  area: its name.  days: its age."""

    place_id: int
    area: str
    issue: str
    issued_on: date
    days: int


@dataclass(frozen=True)
class Coverage:
    """as_of: aware UTC.  areas: by name.  The rest counts areas.

    silent: no post in 14 days.  with_old_priorities: at least one older than 90 days.  without_priorities: none in
    force.  named_officer, no_named_officer: with and without one who can be contacted; officer_unknown: nobody asked."""

    as_of: datetime
    areas: tuple[AreaCoverage, ...]

    @property
    def silent(self) -> int:
        return sum(one.silent for one in self.areas)

    @property
    def with_old_priorities(self) -> int:
        return sum(one.old_priorities > 0 for one in self.areas)

    @property
    def without_priorities(self) -> int:
        return sum(one.priorities == 0 for one in self.areas)

    @property
    def named_officer(self) -> int:
        return sum(bool(one.contactable) for one in self.areas)

    @property
    def no_named_officer(self) -> int:
        return sum(one.contactable == 0 for one in self.areas)

    @property
    def officer_unknown(self) -> int:
        return sum(one.contactable is None for one in self.areas)


def coverage(session: Session, now: datetime, place_id: int | None = None) -> Coverage:
    """How well the areas are looked after.  place_id: those that lie in it, or it alone; None for all."""
    places = end_areas(session, place_id)
    ids = [place.id or 0 for place in places]
    last, posts = _last_posts(session, now), _posts_since(session, now)
    priorities: dict[int, list[Priority]] = {}
    for one in priorities_of(session, ids):
        priorities.setdefault(one.place_id, []).append(one)
    joined, today = police_data_areas(session, ids), as_local(now).date()
    areas = []
    for place in places:
        number = place.id or 0
        at, own = last.get(number), priorities.get(number, [])
        ages = [is_old(one, today) for one in own]
        areas.append(
            AreaCoverage(
                number, place.name, place.kind, posts.get(number, 0), at, None if at is None else (now - at).days,
                number not in posts, len(own), ages.count(True), ages.count(None),
                joined[number].contactable if number in joined else None,
            )
        )  # fmt: skip
    return Coverage(now, tuple(areas))


def old_priorities(session: Session, now: datetime, place_id: int | None = None) -> tuple[OldPriority, ...]:
    """Every priority in force that was set more than 90 days ago (M15), the oldest first.

    place_id: of that area and all within it; None for all."""
    inside = set(session.exec(places_within(place_id))) if place_id is not None else None
    today, names = as_local(now).date(), {place.id: place.name for place in list_places(session)}
    found = [
        OldPriority(one.place_id, names.get(one.place_id, ""), one.issue, one.issued_on, (today - one.issued_on).days)
        for one in priorities_of(session, inside)
        if one.issued_on is not None and today - one.issued_on > OLD_AFTER
    ]
    return tuple(sorted(found, key=lambda one: (-one.days, one.area, one.issue)))


def end_areas(session: Session, place_id: int | None = None) -> Sequence[Place]:
    """Teams and neighbourhoods with nothing beneath them, by name.  place_id: that lie in it, or are it; None for all."""
    places = list_places(session)
    parents = {place.parent_id for place in places}
    inside = set(session.exec(places_within(place_id))) if place_id is not None else None
    local = (PlaceKind.TEAM, PlaceKind.NEIGHBOURHOOD)
    return [
        place
        for place in places
        if place.id not in parents and place.kind in local and (inside is None or place.id in inside)
    ]


def social_post() -> Any:
    """The condition on a publication that it is no alert: those are counted beside posts, never among them (M08)."""
    alerts = select(Account.id).where(Account.channel == ALERTS)
    return col(Publication.account_id).not_in(alerts)


def _last_posts(session: Session, now: datetime) -> dict[int, datetime]:
    """Area -> when something was last posted about it; what was taken down does not count.

    Each area looks at its newest rows of facts alone: over all posts the databases would read every one of them."""
    newest = (
        sqlalchemy.select(col(Facts.published_at))
        .join(Publication, col(Publication.id) == col(Facts.publication_id))
        .where(col(Facts.place_id) == col(Place.id), col(Facts.published_at) <= now, col(Facts.channel) != ALERTS)
        .where(col(Publication.withdrawn_at).is_(None))
        .order_by(col(Facts.published_at).desc())
        .limit(1)
        .correlate(Place)
        .scalar_subquery()
    )
    columns: list[Any] = [Place.id, newest]
    return {number: at for number, at in session.connection().execute(sqlalchemy.select(*columns)) if at is not None}


def _posts_since(session: Session, now: datetime) -> dict[int, int]:
    """Area -> different posts about it in the last 14 days; those of before Beatline count as one each."""
    query = (
        select(
            Publication.place_id,
            func.count(func.distinct(col(Publication.post_id))),
            func.sum((col(Publication.post_id).is_(None)).cast(Integer)),
        )
        .where(col(Publication.place_id).is_not(None), col(Publication.withdrawn_at).is_(None))
        .where(Publication.published_at > now - SILENT_AFTER, Publication.published_at <= now, social_post())
        .group_by(col(Publication.place_id))
    )
    return {number: planned + int(past or 0) for number, planned, past in session.exec(query) if number is not None}
