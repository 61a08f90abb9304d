"""How many replies wait, by what anybody asks first: the numbers above the list and on Today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from social.clocks import ANSWER_WITHIN
from social.inbox_query import Wanted, where_of_the_post, where_of_the_reply
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
    """Count in one walk along the index of what is open.

    wanted: of it counts what is about the reply and its post, not how it was read.  person_id: whose are 'mine'."""
    urgency, assignee = col(Interaction.urgency), col(Interaction.assignee_id)
    late = (urgency == ON_CLOCK) & (col(Interaction.created_at) < now - ANSWER_WITHIN)

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counted = (urgency == EMERGENCY, urgency == LEAD, late, assignee == person_id, assignee.is_(None))
    query = select(func.count(), *map(number, counted)).select_from(Interaction)
    row = session.execute(query.where(OPEN, *where_of_the_reply(wanted), *where_of_the_post(wanted))).one()
    return DeskCounts(*map(int, row))
