"""Renews credentials that end, once, whoever asks for it.

X's refresh tokens are good for one use: each renewal brings a new one, and a second use of the old one ends them all.
So one worker renews, under a lease in the database, and the others wait and take the new ones."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class TokenRenewal(SQLModel, table=True):
    """Who renews an account's token.  holder, lease_until: None when nobody does.  tries: of the present renewal that
    may have reached the network.  renewed_at: the last that succeeded."""

    __tablename__ = "token_renewal"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    holder: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    tries: int = 0
    renewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
