"""The numbers of a campaign's measure, before and after its first day: typed by people, or read from our own facts.

Of our own facts, weeks count by the post that was replied to, the week in which the campaign began is left out, and
missing-person appeals and alerts stay out (R11, M08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from insights.assessment_values import Point
from insights.before_after import Change, Number, change
from insights.facts import PublicationFacts as Facts
from insights.figures import week_of
from social.campaigns import Campaign, CampaignMeasure, CampaignPoint, MeasureKind, areas_for, points_of
from social.places import places_within
from social.sorting import NEVER_RANKED

SERIES: dict[str, str] = {
    "complaint": "complaints under posts about the area, per 1,000 replies",
    "question": "questions under posts about the area, per 1,000 replies",
    "thanks": "thanks under posts about the area, per 1,000 replies",
    "lead": "replies that may help an enquiry, per 1,000 replies",
    "negative": "critical replies under posts about the area, per 1,000 replies",
    "positive": "supportive replies under posts about the area, per 1,000 replies",
}
"""What can be read from our own facts, by the column `n_...` that counts it."""
OWN_SOURCE = "Beatline: replies as read, by week of the post"
PER = 1_000
"""A count that is of so many is shown per 1,000 of them."""
LOOKS_BACK = timedelta(weeks=26)
"""How far before the first day our own facts are read."""
LAST = 4
"""A count's newest numbers jump about: where it stands now is the mean of so many."""


@dataclass(frozen=True)
class Series:
    """points: of both areas, oldest first.  change: None while too few are there.

    now: where the campaign's area stands, in the measure's unit, None without a number since the first day.
    now_of: how many numbers that is the mean of.  now_on: first day of the newest."""

    points: tuple[Point, ...]
    change: Change | None
    now: float | None
    now_of: int
    now_on: date | None


@dataclass(frozen=True)
class _Read:
    """One number as it was counted.  comparison: of the other area."""

    on: date
    number: Number
    comparison: bool
    source: str


def series_of(session: Session, campaign: Campaign, measure: CampaignMeasure, now: datetime) -> Series:
    """Its numbers up to now, or up to its close, and what they say.  Without a first day all count as before."""
    now = min(now, campaign.closed_at or now)
    read = (
        _from_facts(session, campaign, measure, now) if measure.facts else _typed(points_of(session, measure.id or 0))
    )
    kind = MeasureKind(measure.kind)
    first = campaign.starts_on or date.max
    groups: dict[tuple[bool, bool], list[Number]] = {}
    for one in read:
        groups.setdefault((one.comparison, one.on >= first), []).append(one.number)
    found = change(kind, *(groups.get(key, ()) for key in ((False, False), (False, True), (True, False), (True, True))))
    points = tuple(Point(one.on, in_unit(kind, one.number), one.comparison, one.source) for one in read)
    newest = [one for one in read if not one.comparison and one.on >= first][
        -(LAST if kind is MeasureKind.COUNT else 1) :
    ]
    return Series(points, found, _level(kind, newest), len(newest), newest[-1].on if newest else None)


def in_unit(kind: MeasureKind, number: Number) -> float:
    """As charts and baselines have it: a share in percent, a count of so many per 1,000, else the number itself."""
    if number.of is None:
        return number.value
    return (100 if kind is MeasureKind.SHARE else PER) * number.value / number.of


def _level(kind: MeasureKind, newest: Sequence[_Read]) -> float | None:
    if not newest:
        return None
    of = [one.number.of for one in newest]
    known = [one for one in of if one is not None]
    value = sum(one.number.value for one in newest)
    if len(known) == len(of):
        return in_unit(kind, Number(value, sum(known)))
    return value / len(newest)


def _typed(points: Sequence[CampaignPoint]) -> list[_Read]:
    return [_Read(one.starts_on, Number(one.value, one.of), one.comparison, one.source) for one in points]


def _from_facts(session: Session, campaign: Campaign, measure: CampaignMeasure, now: datetime) -> list[_Read]:
    if measure.facts not in SERIES or campaign.starts_on is None:
        return []
    areas = areas_for(session, campaign.id or 0)
    found = _weeks(session, measure.facts, campaign.starts_on, now, areas, comparison=False)
    if campaign.comparison_place_id is not None:
        found += _weeks(
            session, measure.facts, campaign.starts_on, now, (campaign.comparison_place_id,), comparison=True
        )
    return sorted(found, key=lambda one: (one.on, one.comparison))


def _weeks(
    session: Session, facts: str, first: date, now: datetime, areas: Sequence[int], *, comparison: bool
) -> list[_Read]:
    """One number a whole week; a week without replies that were read says nothing and is left out."""
    begun = first - timedelta(days=first.weekday())
    columns: tuple[Any, ...] = (Facts.week, func.sum(getattr(Facts, f"n_{facts}")), func.sum(col(Facts.replies_read)))
    query = select(*columns).where(
        col(Facts.week) >= begun - LOOKS_BACK,
        col(Facts.week) < week_of(now),
        col(Facts.channel) != "alert",
        col(Facts.content_type).not_in(NEVER_RANKED),
    )
    if areas:
        query = query.where(or_(*(col(Facts.place_id).in_(places_within(area)) for area in areas)))
    if first != begun:  # the campaign began within this week: it is neither before nor after
        query = query.where(col(Facts.week) != begun)
    rows = session.connection().execute(query.group_by(col(Facts.week)).order_by(col(Facts.week)))
    return [_Read(week, Number(n, read), comparison, OWN_SOURCE) for week, n, read in rows if read]
