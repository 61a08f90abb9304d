"""Small look-ups about an account for the page Accounts and health."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from social.accounts import Audience
from social.publications import CollectingState, Publication


def last_read(session: Session, account_id: int) -> datetime | None:
    """When replies or figures of this account were last read; None when never."""
    return session.exec(
        select(func.max(CollectingState.last_at))
        .join(Publication, col(Publication.id) == CollectingState.publication_id)
        .where(Publication.account_id == account_id)
    ).one()


def newest_audience(session: Session, account_id: int) -> Audience | None:
    """The followers as last reported; None when the network never said."""
    query = select(Audience).where(Audience.account_id == account_id).order_by(col(Audience.fetched_at).desc()).limit(1)
    return session.exec(query).first()


def reading_troubles(session: Session, account_id: int, limit: int = 3) -> list[str]:
    """What stands in the way of reading, each once: the last errors of posts whose last look failed."""
    rows = session.exec(
        select(CollectingState.last_error)
        .join(Publication, col(Publication.id) == CollectingState.publication_id)
        .where(Publication.account_id == account_id, CollectingState.failures > 0)
        .distinct()
        .limit(limit)
    )
    return [row for row in rows if row]
