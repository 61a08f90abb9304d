"""Which replies a list shows and in which order, as queries that go along an index however many replies there are.

A list is made of segments, one query each: one query that sorts by urgency would read every reply there is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, literal, not_, or_, select, text
from sqlmodel import Session, col

from social.accounts import Account
from social.clocks import ANSWER_WITHIN
from social.interactions import EMERGENCY, LEAD, ON_CLOCK, OPEN, REST, Interaction, Reading, ReadingFlag
from social.kinds import Kind
from social.labels import KIND, STANCE, YES, Label, has_flag
from social.places import places_within
from social.publications import Publication
from social.urgency import urgency_of


class State(StrEnum):
    """OPEN: needs a person.  CLOSED: answered, done or hidden.  ALL: both."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What to list; None is all.

    overdue_at: only what was to be answered before that instant (R18).  assignee_id: only that person's.  unassigned:
    only nobody's.  channel: name of the network.  langs: ISO 639-1, or 'und'.  since: written at or after that
    instant; until: before it.  areas: under posts about these places alone, as `staff.areas_of` says for a person.
    leads: also what is kept for law enforcement (R24)."""

    state: State = State.ALL
    kinds: Collection[str] | None = None
    stances: Collection[str] | None = None
    flags: Collection[str] | None = None
    langs: Collection[str] | None = None
    channel: str | None = None
    place_id: int | None = None
    publication_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    overdue_at: datetime | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    areas: Collection[int] | None = None
    leads: bool = True


EVERYTHING = Wanted()

Segment = int | None
"""How urgent: open replies of one urgency.  None: those that are closed."""

_NOT_OPEN = text(f"NOT {OPEN.text}")
_RARE = frozenset({Kind.EMERGENCY.value, Kind.LEAD.value})


def segments(wanted: Wanted) -> list[Segment]:
    """The parts of the list, the most urgent first."""
    asked = [EMERGENCY, LEAD, ON_CLOCK, REST]
    if wanted.kinds is not None:
        # A question of before its account was connected has no clock: it is among the rest.
        urgent = {urgency_of(kind) for kind in wanted.kinds}
        asked = sorted(urgent | {REST} if ON_CLOCK in urgent else urgent)
    if wanted.overdue_at is not None:
        asked = [ON_CLOCK] if ON_CLOCK in asked else []
    open_ = asked if wanted.state is not State.CLOSED else []
    closed = wanted.state is not State.OPEN and wanted.overdue_at is None and wanted.kinds != []
    return [*open_, *([None] if closed and asked else [])]


def ids_of(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> list[int]:
    """The numbers of the replies to list, in order."""
    found: list[int] = []
    for segment in segments(wanted):
        if len(found) >= limit:
            break
        query = select(col(Interaction.id)).where(*where_of(segment, wanted)).order_by(*_order(segment))
        rows = list(session.execute(query.limit(limit - len(found)).offset(offset)).scalars())
        found += [int(number or 0) for number in rows]
        if rows:
            offset = 0
        elif offset:
            count = select(func.count()).select_from(Interaction).where(*where_of(segment, wanted))
            offset -= min(offset, int(session.execute(count).scalar_one()))
    return found


def _order(segment: Segment) -> tuple[ColumnElement[Any], ...]:
    """By the time on the network; the id settles ties, so that paging shows nothing twice."""
    if segment == ON_CLOCK:  # all have the same time to be answered in: the oldest is due first
        return col(Interaction.created_at).asc(), col(Interaction.id).asc()
    return col(Interaction.created_at).desc(), col(Interaction.id).desc()


def where_of(segment: Segment, wanted: Wanted) -> list[Any]:
    """The conditions on `Interaction` of one part of the list."""
    found: list[Any] = [not_(col(Interaction.ours)), col(Interaction.gone_at).is_(None), _NOT_OPEN]
    if segment is not None:
        found = [OPEN, col(Interaction.urgency) == segment]
    return [*found, *where_of_the_reply(wanted), *where_of_the_post(wanted), *_of_the_reading(segment, wanted)]


def where_of_the_reply(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.publication_id is not None:
        found.append(col(Interaction.publication_id) == wanted.publication_id)
    if wanted.since is not None:
        found.append(col(Interaction.created_at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(Interaction.created_at) < wanted.until)
    if wanted.overdue_at is not None:
        found.append(col(Interaction.created_at) < wanted.overdue_at - ANSWER_WITHIN)
    if wanted.assignee_id is not None:
        found.append(col(Interaction.assignee_id) == wanted.assignee_id)
    if wanted.unassigned:
        found.append(col(Interaction.assignee_id).is_(None))
    if not wanted.leads:
        found.append(col(Interaction.purpose) != "law_enforcement")
    return found


def where_of_the_post(wanted: Wanted) -> list[Any]:
    """Asked for each reply in its turn: a join would let the database start from the posts and sort what it finds."""
    found: list[Any] = []
    if wanted.channel is not None:
        found.append(_there(Account, Account.id == Interaction.account_id, col(Account.channel) == wanted.channel))
    about: list[Any] = []
    if wanted.place_id is not None:
        about.append(col(Publication.place_id).in_(places_within(wanted.place_id)))
    if wanted.areas is not None:
        about.append(col(Publication.place_id).in_(sorted(wanted.areas)))
    if about:
        found.append(_there(Publication, Publication.id == Interaction.publication_id, *about))
    return found


def _there(model: Any, *conditions: Any) -> Any:
    return exists(select(literal(1)).select_from(model).where(*conditions).correlate(Interaction))


def _of_the_reading(segment: Segment, wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.kinds is not None and segment not in (EMERGENCY, LEAD):
        found.append(effective(KIND, _last(Reading.kind)).in_(sorted(wanted.kinds)))
        if segment is None and _RARE.issuperset(wanted.kinds):
            found.append(col(Interaction.id).in_(_ever(KIND, wanted.kinds)))
    if wanted.stances is not None:
        found.append(effective(STANCE, _last(Reading.stance)).in_(sorted(wanted.stances)))
    if wanted.langs is not None:
        found.append(_last(Reading.lang).in_(sorted(wanted.langs)))
    if wanted.flags is not None:
        # The quick question first: few replies ever had the flag.
        found.append(col(Interaction.id).in_(_ever_flagged(wanted.flags)))
        found.append(or_(*(has_flag(flag) for flag in sorted(wanted.flags))) if wanted.flags else literal(False))
    return found


def effective(aspect: str, read: Any) -> Any:
    """What a person said of an aspect of a reply, else what was read.  read: a column or query of the latest reading."""
    return func.coalesce(_said(aspect), read)


def as_read(aspect: str, column: Any) -> Any:
    """A column of the latest reading; NULL where a person said otherwise of the aspect."""
    return case((_said(aspect).is_(None), column))


def _said(aspect: str) -> Any:
    said = select(col(Label.right)).where(
        col(Label.interaction_id) == col(Interaction.id), col(Label.aspect) == aspect, col(Label.in_force)
    )
    return said.correlate(Interaction).scalar_subquery()


def _last(column: Any) -> Any:
    """A column of the latest reading."""
    mine = select(func.max(col(Reading.id))).where(col(Reading.interaction_id) == col(Interaction.id))
    query = select(column).where(col(Reading.id) == mine.correlate(Interaction).scalar_subquery())
    return query.correlate(Interaction).scalar_subquery()


def _ever(aspect: str, kinds: Collection[str]) -> Any:
    """Replies that were ever read or said to be of these rare kinds: where to start from among all that is closed."""
    read = select(col(Reading.interaction_id)).where(col(Reading.kind).in_(sorted(kinds)))
    said = select(col(Label.interaction_id)).where(col(Label.aspect) == aspect, col(Label.right).in_(sorted(kinds)))
    return read.union(said)


def _ever_flagged(flags: Collection[str]) -> Any:
    read = select(col(Reading.interaction_id)).join(ReadingFlag, col(ReadingFlag.reading_id) == col(Reading.id))
    said = select(col(Label.interaction_id)).where(col(Label.aspect).in_(sorted(flags)), col(Label.right) == YES)
    return read.where(col(ReadingFlag.flag).in_(sorted(flags))).union(said)
