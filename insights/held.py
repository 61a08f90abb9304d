"""From when on posts are held at all: before it a count of them is not 0 but not known (M04)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.figure_filters import ALERTS

NOT_HELD = "not held"


def held_since(session: Session) -> datetime | None:
    """When the oldest post that is held went out, on any network and about any area; None where none is held."""
    query: Any = select(func.min(col(Facts.published_at))).where(col(Facts.channel) != ALERTS)
    found: datetime | None = session.connection().execute(query).scalar()
    return found


def nothing_held(session: Session, until: datetime | None) -> bool:
    """Whether the force's history begins after `until`, so that nothing can be said of the time before."""
    oldest = held_since(session)
    return oldest is None or (until is not None and oldest >= until)
