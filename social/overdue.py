"""Questions and complaints whose 72 hours are over, or nearly so, and that nobody has answered (R18)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from social.accounts import Account
from social.clocks import ANSWER_WITHIN
from social.interactions import ON_CLOCK, OPEN, Interaction
from social.publications import Publication

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Owed:
    """A reply that is still owed an answer.  due_at: until when it was, or is, to be answered."""

    interaction_id: int
    publication_id: int
    place_id: int | None
    due_at: datetime


@dataclass(frozen=True)
class Clocks:
    """How many answers are overdue, and how many more are due within the next 24 hours; >= 0."""

    overdue: int
    due_soon: int


def overdue(session: Session, now: datetime, areas: Collection[int] | None = None, *, limit: int = 200) -> list[Owed]:
    """What is overdue, the longest first.  areas: under posts about these places alone; None for all.  limit: most."""
    columns: list[Any] = [Interaction.id, Interaction.publication_id, Publication.place_id, Interaction.created_at]
    query = _owed(select(*columns), areas).where(col(Interaction.created_at) < now - ANSWER_WITHIN)
    rows = session.connection().execute(query.order_by(col(Interaction.created_at), col(Interaction.id)).limit(limit))
    return [Owed(row[0], row[1], row[2], row[3] + ANSWER_WITHIN) for row in rows]


def count_clocks(session: Session, now: datetime, areas: Collection[int] | None = None) -> Clocks:
    """How many are overdue or soon will be, of those that `overdue` looks at."""
    counted = _owed(select(func.count()), areas)
    late, soon = now - ANSWER_WITHIN, now - ANSWER_WITHIN + SOON
    run = session.connection().execute
    over = run(counted.where(col(Interaction.created_at) < late)).scalar_one()
    near = run(counted.where(col(Interaction.created_at) >= late, col(Interaction.created_at) < soon)).scalar_one()
    return Clocks(int(over), int(near))


def _owed(query: Any, areas: Collection[int] | None) -> Any:
    """Open questions and complaints that were written since their account was connected: the history that an account
    brings in was never anybody's to answer."""
    query = (
        query.select_from(Interaction)
        .join(Publication, col(Publication.id) == Interaction.publication_id)
        .join(Account, col(Account.id) == Interaction.account_id)
        .where(OPEN, col(Interaction.urgency) == ON_CLOCK, col(Interaction.created_at) >= col(Account.added_at))
    )
    return query if areas is None else query.where(col(Publication.place_id).in_(sorted(areas)))
