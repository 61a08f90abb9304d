"""What happened to an account, for the story of its posts: waits that a network asked for, budgets that stopped, tokens
that were renewed. Never words of a network or a resident: only sentences of ours."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime


class What(StrEnum):
    LIMIT = "limit"
    BUDGET = "budget"
    TOKEN = "token"  # noqa: S105  (the name of a kind of event)
    OWNER = "owner"
    DELIVERS = "delivers"


class AccountEvent(SQLModel, table=True):
    """One thing that happened.  text: a sentence for people, without a secret."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_account", "account_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UTCDateTime)
    what: str
    text: str


SAME_FOR = timedelta(minutes=5)
"""The same sentence within this time is not noted again."""


def note(session: Session, account_id: int, now: datetime, what: What, text: str) -> None:
    """Keep the sentence, unless it was kept a moment ago."""
    query = (
        select(AccountEvent)
        .where(AccountEvent.account_id == account_id, col(AccountEvent.at) > now - SAME_FOR)
        .where(AccountEvent.what == what.value, AccountEvent.text == text)
    )
    if session.exec(query.limit(1)).first() is None:
        session.add(AccountEvent(account_id=account_id, at=now, what=what.value, text=text))


def events_between(session: Session, account_id: int, since: datetime, until: datetime) -> list[AccountEvent]:
    """What happened to the account in that span, oldest first."""
    query = (
        select(AccountEvent)
        .where(AccountEvent.account_id == account_id)
        .where(col(AccountEvent.at) >= since, col(AccountEvent.at) <= until)
        .order_by(col(AccountEvent.at), col(AccountEvent.id))
    )
    return list(session.exec(query))
