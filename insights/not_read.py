"""Accounts whose figures stand still because nobody has read them: what is shown of them is older than it looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from social.accounts import Account
from social.publications import CollectingState, Publication
from social.words import say_moment

BEHIND_AFTER = timedelta(hours=26)
"""A post that is still read is looked at once a day at least; two hours more are no news."""


@dataclass(frozen=True)
class NotRead:
    """since: the last look that went well; None when there never was one."""

    account: str
    since: datetime | None

    def in_words(self) -> str:
        when = f"since {say_moment(self.since)}" if self.since else "yet"
        return f"{self.account} has not been read {when}: its figures stand as they were then."


def not_read(session: Session, now: datetime, account_ids: Iterable[int]) -> list[NotRead]:
    """The accounts with posts that should be read still and were not, for more than a day, by name."""
    last = func.max(col(CollectingState.last_at))
    oldest = func.min(col(Publication.published_at))
    query: Any = (
        select(col(Account.name), last, oldest)
        .join(Publication, col(Publication.account_id) == col(Account.id))
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(col(Account.id).in_(list(account_ids)), col(CollectingState.next_at).is_not(None))
        .group_by(col(Account.id), col(Account.name))
        .order_by(col(Account.name))
    )
    return [
        NotRead(name, looked)
        for name, looked, published in session.connection().execute(query)
        if now - (looked or published) > BEHIND_AFTER
    ]
