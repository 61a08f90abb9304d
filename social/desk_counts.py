"""How many replies wait, by what anybody asks first: the numbers above the list and on Today."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from social.clocks import ANSWER_WITHIN
from social.inbox_query import State, Wanted, segments, where_of, where_of_the_post, where_of_the_reply
from social.interactions import EMERGENCY, LEAD, ON_CLOCK, OPEN, Interaction


@dataclass(frozen=True)
class DeskCounts:
    """Open replies.  overdue: questions and complaints that were to be answered by now (R18).  mine: the person's own.
    nobody: given to no one."""

    open: int
    emergencies: int
    leads: int
    overdue: int
    mine: int
    nobody: int


def count_desk(session: Session, wanted: Wanted, now: datetime, person_id: int | None) -> DeskCounts:
    """Count the open ones among what is wanted: in one walk along the index of what is open, and where it is asked how
    they were read, in one for each urgency.  person_id: whose are 'mine'."""
    urgency, assignee = col(Interaction.urgency), col(Interaction.assignee_id)
    late = (urgency == ON_CLOCK) & (col(Interaction.created_at) < now - ANSWER_WITHIN)

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counted = (urgency == EMERGENCY, urgency == LEAD, late, assignee == person_id, assignee.is_(None))
    query = select(func.count(), *map(number, counted)).select_from(Interaction)
    rows = [tuple(session.execute(query.where(*where)).one()) for where in _walks(replace(wanted, state=State.OPEN))]
    return DeskCounts(*(sum(map(int, column)) for column in zip((0,) * 6, *rows, strict=True)))


def _walks(wanted: Wanted) -> list[list[Any]]:
    """The conditions of each walk."""
    if wanted.kinds is wanted.stances is wanted.flags is wanted.langs is None:
        return [[OPEN, *where_of_the_reply(wanted), *where_of_the_post(wanted)]]
    return [where_of(segment, wanted) for segment in segments(wanted)]
