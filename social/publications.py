"""One post live on one account: a fact that publishing leaves behind and that insights reads.

A publication's words and place are copied here, so that figures never need the queue."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, false, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from social.accounts import Account
from social.database import UTCDateTime
from social.given import MOMENT, NUMBER, WORDS, YES_NO, dialect_of, given_table, given_values, insert_given

KNOWN_AT_ONCE = timedelta(seconds=5)
"""A post that is stored longer than this after it went out was found or brought in, not confirmed by its answer."""


class Publication(SQLModel, table=True):
    """One post live on one account.

    platform_id: the network's id.  url: where people see it, or None.  content_type: '' for a post of before
    Beatline that nobody has sorted; content_type_guessed: sorted by its words, not by a person.  place_id: the neighbourhood (or wider area) it is about, or None.
    imported: it was already there when the account was connected.  post_id, entry_id: the plan it came from,
    None when imported.  withdrawn_at: we took it down.  gone_at: a look found it missing.
    erased_at: its words and those of its replies were erased (R10), and no more are taken in.
    forgotten_to: what residents wrote until then is forgotten (R28) and is not taken in again; None for nothing."""

    __table_args__ = (UniqueConstraint("account_id", "platform_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    platform_id: str
    url: str | None = None
    text: str
    published_at: datetime = Field(sa_type=UTCDateTime, index=True)
    content_type: str = ""
    content_type_guessed: bool = False
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    campaign: str | None = Field(default=None, index=True)
    appeal_ref: str | None = None
    has_picture: bool = False
    imported: bool = False
    post_id: int | None = Field(default=None, index=True)
    entry_id: int | None = Field(default=None, unique=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    forgotten_to: datetime | None = Field(default=None, sa_type=UTCDateTime)


UNLISTED = text("unlisted")
"""Databases walk the partial index only for a query that holds this very word."""


class CollectingState(SQLModel, table=True):
    """How far one publication has been read.  cursor: opaque, the channel's own.  next_at: None when it is finished.

    recheck_at: when it is looked at what became of the replies that are known; None when nothing is to be rechecked.
    glanced: the mark that the last glance at many posts gave this one (`Channel.glance`); None before the first.
    unlisted: the network's list of our posts left this one out, so it is asked for by itself (`social.rotating`)."""

    __table_args__ = (
        Index("ix_collectingstate_unlisted", "publication_id", sqlite_where=UNLISTED, postgresql_where=UNLISTED),
    )

    publication_id: int = Field(primary_key=True, foreign_key="publication.id")
    cursor: str | None = None
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    last_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    failures: int = 0
    last_error: str | None = None
    recheck_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    glanced: str | None = None
    unlisted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


def record_publication(
    session: Session, publication: Publication, now: datetime, *, mentions_again: bool = True
) -> Publication:
    """Store a new publication and see to it that it is collected from and measured from now on.

    mentions_again: those read before it was known were dropped; a look at the post itself finds what is of a week.

    One that was brought in as a past post while its outcome was still unknown becomes the planned one: the fact is
    the same, and a second row for it would count everything twice."""
    known = session.exec(
        select(Publication).where(
            Publication.account_id == publication.account_id, Publication.platform_id == publication.platform_id
        )
    ).first()
    if known is not None:
        values = publication.model_dump(exclude={"id"})
        known.sqlmodel_update(values)
        session.add(known)
        assert known.id is not None
        return known
    session.add(publication)
    session.flush()
    assert publication.id is not None
    session.add(CollectingState(publication_id=publication.id, next_at=now))
    _listen_to(session, {publication.account_id}, now)
    if mentions_again and now - publication.published_at > KNOWN_AT_ONCE:
        # Mentions read meanwhile belonged to no post of ours and were dropped: they are read again.
        again = update(Account).where(col(Account.id) == publication.account_id).values(mentions_cursor=None)
        session.connection().execute(again)
    return publication


def _listen_to(session: Session, account_ids: Collection[int], now: datetime) -> None:
    """From its first post on an account is listened to as a whole (`social.sweeping`)."""
    dialect = dialect_of(session)
    given = given_values(dialect, _IDS, [(one,) for one in sorted(account_ids)])
    session.connection().execute(_listening(dialect), {**given, "moment": now})


@cache
def _listening(dialect: str) -> Any:
    ids = given_table(dialect, _IDS)
    first = update(Account).where(col(Account.id).in_(select(ids.c.id)), col(Account.swept_at).is_(None))
    return first.values(swept_at=bindparam("moment", type_=UTCDateTime))


_IDS = (("id", NUMBER),)
_FRESH = (
    ("account_id", NUMBER), ("platform_id", WORDS), ("text", WORDS), ("published_at", MOMENT), ("url", WORDS),
    ("content_type", WORDS), ("content_type_guessed", YES_NO), ("place_id", NUMBER), ("campaign", WORDS),
    ("appeal_ref", WORDS), ("has_picture", YES_NO), ("imported", YES_NO), ("post_id", NUMBER), ("entry_id", NUMBER),
)  # fmt: skip
_in_order = itemgetter(*(name for name, _ in _FRESH))
_FIRST = (("publication_id", NUMBER),)


def record_publications(session: Session, publications: Sequence[dict[str, Any]], now: datetime) -> None:
    """`record_publication` for many of which none was known and that went out just now, in a few statements.

    publications: the columns of each, those of `_FRESH`."""
    ids = sorted(insert_given(session, Publication, _FRESH, [_in_order(one) for one in publications], ("id",)))
    insert_given(session, CollectingState, _FIRST, ids, ("publication_id",), next_at=now, failures=0)
    _listen_to(session, {one["account_id"] for one in publications}, now)
