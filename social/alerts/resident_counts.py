"""How many members the alert service has, for staff: numbers alone, and none so small that it points at somebody (R27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import extract
from sqlalchemy import select as rows_of
from sqlmodel import Session, case, col, func

from social.alerts.joining import EVENT
from social.alerts.residents import Resident, ResidentArea, ResidentGroup, ResidentState, ResidentTopic
from social.alerts.residents_csv import IMPORT
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import FREQUENCIES, LANGUAGES
from social.places import Place

FEW = 5
MONTHS = 12


@dataclass(frozen=True)
class Source:
    """Where people signed up.  kind: Website, Officer, Event or Brought in.  name: of the event or the old system."""

    kind: str
    name: str
    signed_up: int
    confirmed: int


@dataclass(frozen=True)
class ResidentCounts:
    """members: confirmed and can be reached.  waiting: have not confirmed.  unreachable, left: as long as that is kept.

    The rows are label and count of members, the most first.  months: first day as 2026-06-01 and how many signed up in
    it, the last `MONTHS`, oldest first."""

    members: int
    waiting: int
    unreachable: int
    left: int
    areas: Sequence[tuple[str, int]]
    topics: Sequence[tuple[str, int]]
    groups: Sequence[tuple[str, int]]
    frequencies: Sequence[tuple[str, int]]
    ways: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]
    sources: Sequence[Source]
    months: Sequence[tuple[str, int]]


def few(count: int) -> str:
    """A count of an area or a group as it is shown (R27)."""
    return f"{count:,}" if count >= FEW else f"under {FEW}"


def resident_counts(session: Session, now: datetime, areas: frozenset[int] | None = None) -> ResidentCounts:
    """Counts of now.  areas: those that are told apart; None for every area that somebody chose."""
    states = dict(_counted(session, col(Resident.state), everybody=True))
    by_email = case((col(Resident.by_email), 1), else_=0)
    by_text = case((col(Resident.by_text), 1), else_=0)
    ways = session.connection().execute(rows_of(func.sum(by_email), func.sum(by_text)).where(_member())).one()
    return ResidentCounts(
        members=states.get(ResidentState.CONFIRMED.value, 0),
        waiting=states.get(ResidentState.UNCONFIRMED.value, 0),
        unreachable=states.get(ResidentState.UNREACHABLE.value, 0),
        left=states.get(ResidentState.LEFT.value, 0),
        areas=_areas(session, areas),
        topics=_named(_chosen(session, ResidentTopic, col(ResidentTopic.topic)), TOPICS),
        groups=_named(_chosen(session, ResidentGroup, col(ResidentGroup.group)), GROUPS),
        frequencies=_named(_counted(session, col(Resident.frequency)), FREQUENCIES),
        ways=(("E-mail", int(ways[0] or 0)), ("Text", int(ways[1] or 0))),
        languages=_named(_counted(session, col(Resident.lang)), LANGUAGES),
        sources=_sources(session),
        months=_months(session, now),
    )


def _member() -> Any:
    return col(Resident.state) == ResidentState.CONFIRMED.value


def _counted(session: Session, column: Any, *, everybody: bool = False) -> list[tuple[str, int]]:
    query = rows_of(column, func.count()).group_by(column)
    rows = session.connection().execute(query if everybody else query.where(_member()))
    return [(row[0], row[1]) for row in rows]


def _chosen(session: Session, table: Any, column: Any) -> list[tuple[str, int]]:
    query = rows_of(column, func.count()).join(Resident, col(Resident.id) == table.resident_id).where(_member())
    return [(row[0], row[1]) for row in session.connection().execute(query.group_by(column))]


def _named(counts: Sequence[tuple[str, int]], names: dict[str, str]) -> list[tuple[str, int]]:
    found = [(names.get(key, key.replace("_", " ").capitalize()), count) for key, count in counts]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _areas(session: Session, areas: frozenset[int] | None) -> list[tuple[str, int]]:
    query = (
        rows_of(col(Place.id), col(Place.name), func.count())
        .select_from(ResidentArea)
        .join(Place, col(Place.id) == col(ResidentArea.place_id))
        .join(Resident, col(Resident.id) == col(ResidentArea.resident_id))
        .where(_member())
        .group_by(col(Place.id), col(Place.name))
    )
    rows = session.connection().execute(query).all()
    return sorted(
        ((name, count) for number, name, count in rows if areas is None or number in areas),
        key=lambda pair: (-pair[1], pair[0]),
    )


def _sources(session: Session) -> list[Source]:
    confirmed = case((col(Resident.confirmed_at).is_not(None), 1), else_=0)
    query = rows_of(col(Resident.consent_source), func.count(), func.sum(confirmed)).group_by(
        col(Resident.consent_source)
    )
    found = [Source(*_kind(row[0]), int(row[1]), int(row[2] or 0)) for row in session.connection().execute(query)]
    return sorted(found, key=lambda one: (-one.signed_up, one.kind, one.name))


def _kind(source: str) -> tuple[str, str]:
    for start, kind in ((EVENT, "Event"), (IMPORT, "Brought in")):
        if source.startswith(start):
            return kind, source.removeprefix(start)
    return source.capitalize(), ""


def _months(session: Session, now: datetime) -> list[tuple[str, int]]:
    year, month = extract("year", col(Resident.joined_at)), extract("month", col(Resident.joined_at))
    wanted = [divmod(now.year * 12 + now.month - 1 - back, 12) for back in reversed(range(MONTHS))]
    since = now.replace(year=wanted[0][0], month=wanted[0][1] + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    query = rows_of(year, month, func.count()).where(col(Resident.joined_at) >= since).group_by(year, month)
    found = {(int(row[0]), int(row[1])): int(row[2]) for row in session.connection().execute(query)}
    return [(f"{y}-{m + 1:02}-01", found.get((y, m + 1), 0)) for y, m in wanted]
