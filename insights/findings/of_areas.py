"""Tells each week one finding to every area that somebody acts for: of its own posts, so that a team reads of itself first.

One area takes seconds to work out. The worker does a few in a round, and a page only reads what was kept."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.figures import week_of
from insights.findings.base import Finding, from_text
from insights.findings.choosing import Told, choose
from insights.findings.gathering import work_out
from insights.findings.kept import FindingOfArea
from social.context import Context
from social.places import Place, PlaceKind
from social.staff import Membership, Person
from social.upsert import insert_into

AREAS_A_ROUND = 5
_log = logging.getLogger("beatline.findings")


@dataclass(frozen=True)
class AreaWeek:
    """What a week is told of an area.  finding: None where nothing stands, or nothing new.  told_at: when it was worked out."""

    place_id: int
    finding: Finding | None
    told_at: datetime


def keep_area_findings(context: Context) -> int:
    """Work out the week's finding of a few areas that have none yet.  Returns how many were looked at."""
    now = context.clock.now()
    with context.database.read() as session:
        due = _due(session, now)
    chosen: dict[int, Finding | None] = {}
    for place_id in due:
        # One that cannot be worked out holds up none behind it; it is tried again in the next round.
        try:
            with context.database.read() as session:
                chosen[place_id] = choose(work_out(session, now, place_id), _told(session, now, place_id))
        except Exception as error:
            _log.error("the finding of area %s could not be worked out: %s", place_id, type(error).__name__)
        if len(chosen) == AREAS_A_ROUND:
            break
    if not chosen:
        return 0
    with context.database.write() as session:
        rows = [_row(place_id, one, now) for place_id, one in chosen.items()]
        # Of two workers that do this at once, the first one's choice stands.
        session.connection().execute(insert_into(session, FindingOfArea).values(rows).on_conflict_do_nothing())
    return len(chosen)


def findings_of_areas(session: Session, now: datetime, place_ids: Sequence[int]) -> list[AreaWeek]:
    """What this week is told of these areas, those with a finding first, then in the order given; areas that no worker has
    looked at this week are left out."""
    query: Any = select(col(FindingOfArea.place_id), col(FindingOfArea.body), col(FindingOfArea.told_at)).where(
        col(FindingOfArea.week) == week_of(now), col(FindingOfArea.place_id).in_(place_ids)
    )
    rows = session.connection().execute(query)
    found = [AreaWeek(row[0], from_text(row[1]) if row[1] else None, row[2]) for row in rows]
    return sorted(found, key=lambda one: (one.finding is None, place_ids.index(one.place_id)))


def areas_told(session: Session, person: Person | None = None) -> list[int]:
    """The areas that this person acts for, or anybody, in the order in which they came in; the force itself is none."""
    query: Any = (
        select(col(Membership.place_id))
        .join(Place, col(Place.id) == col(Membership.place_id))
        .where(col(Place.kind) != PlaceKind.FORCE.value)
        .distinct()
    )
    if person is not None:
        query = query.where(col(Membership.person_id) == person.id)
    return sorted(session.connection().execute(query).scalars())


def _due(session: Session, now: datetime) -> list[int]:
    done = select(col(FindingOfArea.place_id)).where(col(FindingOfArea.week) == week_of(now))
    known = set(session.connection().execute(done).scalars())
    return [place_id for place_id in areas_told(session) if place_id not in known]


def _told(session: Session, now: datetime, place_id: int) -> list[Told]:
    """What the weeks before were told of it."""
    query: Any = select(col(FindingOfArea.week), col(FindingOfArea.key), col(FindingOfArea.substance)).where(
        col(FindingOfArea.place_id) == place_id, col(FindingOfArea.week) < week_of(now), col(FindingOfArea.key) != ""
    )
    return [Told(row[0], row[1], row[2]) for row in session.connection().execute(query)]


def _row(place_id: int, one: Finding | None, now: datetime) -> dict[str, Any]:
    """A week of which nothing can be told has a row as well, so that it is not worked out again."""
    return {
        "place_id": place_id, "week": week_of(now), "told_at": now, "key": one.key if one else "",
        "substance": one.substance if one else "", "body": one.as_text() if one else "",
    }  # fmt: skip
