"""One page or profile on a network, as a record. Its credentials are sealed by `social.vault` before they come here."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, func, select

from social.database import UTCDateTime
from social.errors import InputError


class AccountState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


class Account(SQLModel, table=True):
    """One account.

    name: what people and commands call it, unique.  handle: with no @, or None.  platform_id: the network's id of
    the page or profile, None until it is known.  base_url: address that stands in for the network's own, or None.
    paused_reason: a sentence, when state is paused.  reading_paused_reason: a sentence, when only
    reading waits for a person: networks limit and permit what is read apart from what is published, and an urgent
    post must not wait for a reading's trouble.  agreement_reference: the written agreement with the network
    that allows collecting, where the network's terms ask for one."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    channel: str
    handle: str | None = None
    platform_id: str | None = None
    base_url: str | None = None
    credentials_sealed: bytes
    state: str = AccountState.ACTIVE.value
    paused_reason: str | None = None
    added_at: datetime = Field(sa_type=UTCDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Nothing is published before this moment: the network asked us to wait."""
    reading_not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Nothing is read before this moment."""
    reading_paused_reason: str | None = None
    mentions_cursor: str | None = None
    swept_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the whole account was last listened to, whatever the age of its posts; None while nothing is known to be
    published there."""
    agreement_reference: str | None = None
    agreement_recorded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    owner_id: int | None = None
    """The person who answers for the account and is told when something is wrong with it."""
    paused_by: str | None = None
    """Who ordered the pause; None when trouble did, or when it is not paused."""
    app_key: str | None = None
    """A keyed hash of the network's app that the credentials belong to; None where it is not known. Accounts of one app
    share some of the network's limits."""


class Audience(SQLModel, table=True):
    """An account's followers at a moment.  followers: count, >= 0.  source_metric: the network's own name for it."""

    __table_args__ = (Index("ix_audience_account_fetched", "account_id", "fetched_at"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    followers: int
    source_metric: str
    fetched_at: datetime = Field(sa_type=UTCDateTime)


def followers_of(session: Session, account_ids: Collection[int]) -> dict[int, Audience]:
    """The newest count of each account's followers, by account; accounts that were never counted are left out."""
    newest = select(Audience.account_id, func.max(Audience.fetched_at).label("at")).where(
        col(Audience.account_id).in_(account_ids)
    )
    last = newest.group_by(col(Audience.account_id)).subquery()
    rows = select(Audience).join(
        last, (col(Audience.account_id) == last.c.account_id) & (Audience.fetched_at == last.c.at)
    )
    return {one.account_id: one for one in session.exec(rows)}


def list_accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    return list(session.exec(select(Account).order_by(Account.name)))


def channels_of(session: Session, names: Collection[str]) -> set[str]:
    """The channels of the accounts with these names."""
    return set(session.exec(select(Account.channel).where(col(Account.name).in_(names))))


def account_named(session: Session, name: str) -> Account:
    """The account of that name.  Raises InputError that lists the names there are."""
    account = session.exec(select(Account).where(Account.name == name)).first()
    if account is None:
        names = ", ".join(a.name for a in list_accounts(session)) or "none yet: run `beatline accounts add`"
        raise InputError(f"There is no account '{name}'. Accounts: {names}.")
    return account
