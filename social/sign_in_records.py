"""What is kept so that people can sign in: hashes of passwords, of one-time links and of sessions, and a count of tries.

No token and no password is here: whoever reads this table can sign in as nobody."""

import hashlib
from datetime import datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class Password(SQLModel, table=True):
    """A local account: its person's password as argon2 writes it, parameters included."""

    __tablename__ = "password"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    hash: str = Field(repr=False)
    changed_at: datetime = Field(sa_type=UTCDateTime)


class SetUpLink(SQLModel, table=True):
    """A one-time link.  person_id: whose password it sets; None for the first administrator, who says who they are."""

    __tablename__ = "set_up_link"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, repr=False)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignedIn(SQLModel, table=True):
    """One sign-in that may still hold.  token_hash: of the cookie's token, or of what the provider said.

    seen_at: last use, to a minute.  ended_at: signed out; the row stays until its time is up, so that the same word of
    a provider does not open it again."""

    __tablename__ = "signed_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, repr=False)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignInTry(SQLModel, table=True):
    """One try that has not succeeded.  who: keyed digest of the account or machine that it counts against."""

    __tablename__ = "sign_in_try"

    id: int | None = Field(default=None, primary_key=True)
    who: str = Field(index=True)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


def hash_of(token: str) -> str:
    """What is kept of a random token: enough to know it again. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
