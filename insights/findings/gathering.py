"""Looks at everything that may be a finding, and keeps what can be told, most telling first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chosen import Chosen
from insights.comparisons import compare_many, usual_age
from insights.coverage import coverage, old_priorities
from insights.facts import PublicationFacts as Facts
from insights.findings.answers import answers
from insights.findings.areas import areas
from insights.findings.base import Finding, hold_together
from insights.findings.differences import LOOKED_AT, differences
from insights.findings.light import light
from insights.findings.reached import posts_reached, reached
from insights.findings.times import times
from insights.findings.tone import tone
from insights.light_serious import light_serious
from insights.response_times import response_times
from insights.sentiment import sentiment_change, sentiment_of
from insights.timing import timing
from social.places import Place

PERIOD = timedelta(weeks=12)
PERIOD_WORDS = "in the last 12 weeks"
LATELY = timedelta(weeks=4)
PERIODS = ("in the 8 weeks before", "in the last 4 weeks")
LONG_PERIOD = timedelta(weeks=52)
"""Whether light posts help serious ones shows over a year or not at all."""


def work_out(session: Session, now: datetime, place_id: int | None = None) -> list[Finding]:
    """Every finding that stands as of `now`: first what was tested and stands, surest first, then what was counted.

    place_id: of posts about that area and what lies in it; None for the whole force.  Each list is held together by
    itself: whoever reads the lists of many areas has to expect a false one in 20 of them (docs/findings.md)."""
    found = hold_together(_candidates(session, now, place_id))
    if place_id is not None:
        found = [_of_area(one, session.get_one(Place, place_id)) for one in found]
    return sorted(found, key=lambda one: 2.0 if one.chance is None else one.chance)


def _of_area(one: Finding, place: Place) -> Finding:
    limits = f"Of posts about {place.name} and what lies in it alone. {one.limits}"
    return replace(one, limits=limits, link_params={**one.link_params, "i_area": place.name})


def _candidates(session: Session, now: datetime, place_id: int | None) -> Iterator[Finding]:
    since = now - PERIOD
    measure = _measure(session, Chosen(since=since, until=now, place_id=place_id))
    if measure is not None:
        filters: dict[str, Any] = {"since": since, "until": now, "place_id": place_id}
        # At the age at which the pages begin, so that the finding and the page it leads to say the same.
        age = usual_age(session, measure, **filters)
        yield from differences(compare_many(session, [(by, measure) for by in LOOKED_AT], age=age, **filters))
        yield from times(timing(session, measure, age=age, **filters))
        yield from light(light_serious(session, since=now - LONG_PERIOD, until=now, place_id=place_id))
    yield from _tone(session, now, place_id)
    yield from answers(response_times(session, now, since=since, place_id=place_id), f"written {PERIOD_WORDS}")
    yield from areas(coverage(session, now, place_id), old_priorities(session, now, place_id))
    yield from reached(posts_reached(session, Chosen(since=since, until=now, place_id=place_id)), PERIOD_WORDS)


def _tone(session: Session, now: datetime, place_id: int | None) -> list[Finding]:
    earlier = Chosen(since=now - PERIOD, until=now - LATELY, place_id=place_id)
    later = Chosen(since=now - LATELY, until=now, place_id=place_id)
    change = sentiment_change(session, earlier, later)
    return tone(sentiment_of(session, earlier), sentiment_of(session, later), change, PERIODS)


def _measure(session: Session, chosen: Chosen) -> str | None:
    """Reach where any post reports it, else times shown; None where there is no post at all."""
    columns = (Facts.reach, Facts.impressions)
    for column, name in zip(columns, ("reach", "impressions"), strict=True):
        query = select(col(Facts.publication_id)).where(*chosen.where(), col(column).is_not(None)).limit(1)
        if session.connection().execute(query).first() is not None:
            return name
    return None
