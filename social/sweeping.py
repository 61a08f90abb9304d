"""Listens to whole accounts every few minutes, so that an emergency under an old post is not found hours later (R16, R19).

A look at each post would cost hundreds of requests. Facebook tells of a hundred posts at once which of them have new
comments; those are read right away. What names the account, on X nearly every reply, is read in the same rhythm: see
`Round`. Both cost nothing in money while nothing is new. What is left over for want of requests, the oldest posts and the
quietest threads, `social.rotating` listens to in turns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlmodel import Session, col

from social.accounts import Account
from social.channels.base import Channel, Glanced
from social.collect_plan import SWEEP_AGAIN, SWEEP_EVERY, SWEPT_BACK
from social.context import Context
from social.interactions import Interaction
from social.publications import CollectingState, Publication

STILL_READ = (
    col(Publication.gone_at).is_(None),
    col(Publication.withdrawn_at).is_(None),
    col(Publication.erased_at).is_(None),
)
"""What holds of a post under which replies are still looked for."""
LISTED_AFTER = timedelta(minutes=10)
"""A post may be so young that the network's list does not tell of it yet."""
LIVELY = timedelta(days=1)
"""Somebody answered within this time: the talk may go on."""


def glance(context: Context, account: Account, channel: Channel) -> int:
    """Have every post be read now that has something new beneath it.  Returns how many that are.

    Raises ChannelError; what was learnt until then is kept."""
    assert account.id is not None
    now = context.clock.now()
    stirred, told = 0, set[str]()
    for marks in channel.glance(since=now - SWEPT_BACK):
        stirred += take_marks(context, account.id, marks)
        told |= marks.keys()
    note_listed(context, account.id, told, now - SWEPT_BACK, now - LISTED_AFTER)
    return stirred


def take_marks(context: Context, account_id: int, marks: Mapping[str, Glanced]) -> int:
    """Keep the marks; posts whose mark changed are due now.  Returns how many that are."""
    with context.database.read() as session:
        changed = _changed(session, account_id, marks)
    if not changed:
        return 0
    now = context.clock.now()
    news = [one.id for one in changed if one.has_news(now)]
    with context.database.write() as session:
        _keep(session, changed)
        stir(session, news, now)
    return len(news)


def note_listed(context: Context, account_id: int, told: Collection[str], since: datetime, until: datetime) -> None:
    """Of the account's posts of that time the network's list told of these; the others are asked for by themselves."""
    state = CollectingState
    columns: list[Any] = [Publication.id, Publication.platform_id, state.unlisted]
    query = (
        select(*columns)
        .join(state, col(state.publication_id) == col(Publication.id))
        .where(
            col(Publication.account_id) == account_id,
            col(Publication.published_at) >= since,
            col(Publication.published_at) <= until,
            *STILL_READ,
        )
    )
    with context.database.read() as session:
        rows = session.connection().execute(query).all()
    wrong = [(number, not unlisted) for number, name, unlisted in rows if (name not in told) != unlisted]
    if wrong:
        with context.database.write() as session:
            for value in (True, False):
                ids = [number for number, right in wrong if right is value]
                row = update(state).where(col(state.publication_id).in_(ids))
                session.connection().execute(row.values(unlisted=value))


@dataclass(frozen=True)
class _Changed:
    """A publication whose mark is another than it was.  known: the mark before, None for none.  finished: it is not
    looked at by itself any more.  last_at: the last look at it."""

    id: int
    told: Glanced
    known: str | None
    finished: bool
    last_at: datetime | None

    def has_news(self, now: datetime) -> bool:
        """The first mark of a post that is finished tells of news only where something was written since it was last
        looked at, and within a day: history wakes nobody."""
        if self.known is not None or not self.finished:
            return True
        newest = self.told.newest_at
        return newest is not None and newest > max(now - LIVELY, self.last_at or now - LIVELY)


def _changed(session: Session, account_id: int, marks: Mapping[str, Glanced]) -> list[_Changed]:
    state = CollectingState
    columns: list[Any] = [Publication.id, Publication.platform_id, state.glanced, state.next_at, state.last_at]
    query = (
        select(*columns)
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(
            col(Publication.account_id) == account_id,
            col(Publication.platform_id).in_(sorted(marks)),
            *STILL_READ,
        )
        .order_by(col(Publication.id))
    )
    rows = session.connection().execute(query).all() if marks else []
    return [
        _Changed(number, marks[platform_id], known, next_at is None, last_at)
        for number, platform_id, known, next_at, last_at in rows
        if known != marks[platform_id].mark
    ]


def _keep(session: Session, changed: Sequence[_Changed]) -> None:
    for one in changed:
        state = update(CollectingState).where(col(CollectingState.publication_id) == one.id)
        session.connection().execute(state.values(glanced=one.told.mark))


def unanswered(session: Session, publication_ids: Collection[int]) -> set[int]:
    """Those of them under which nobody is known to have written."""
    number, theirs = col(Interaction.publication_id), col(Interaction.ours).is_(False)
    query = select(number).where(number.in_(sorted(publication_ids)), theirs).distinct()
    return set(publication_ids) - set(session.connection().execute(query).scalars() if publication_ids else ())


def stir(session: Session, publication_ids: Sequence[int], now: datetime) -> None:
    """Due now, in the transaction that keeps their marks: a worker that dies afterwards has lost nothing."""
    due = col(CollectingState.next_at)
    state = update(CollectingState).where(
        col(CollectingState.publication_id).in_(publication_ids), or_(due.is_(None), due > now)
    )
    session.connection().execute(state.values(next_at=now))


def lively_threads(session: Session, account_id: int, now: datetime, most: int) -> dict[str, int]:
    """The account's posts under which residents are likeliest to be talking to each other, by platform id: first those
    that somebody answered within a day, the latest answer first, whatever their age; then the youngest that were
    answered at all."""
    columns: list[Any] = [Publication.platform_id, Publication.id]
    mine = (col(Publication.account_id) == account_id, *STILL_READ)
    theirs, written = col(Interaction.ours).is_(False), col(Interaction.created_at)
    lately: Any = (
        select(*columns)
        .join(Interaction, col(Interaction.publication_id) == col(Publication.id))
        .where(*mine, theirs, written > now - LIVELY)
        .group_by(*columns)
        .order_by(func.max(written).desc(), col(Publication.id))
        .limit(most)
    )
    answered = exists().where(col(Interaction.publication_id) == col(Publication.id), theirs)
    young: Any = (
        select(*columns)
        .where(*mine, answered)
        .order_by(col(Publication.published_at).desc(), col(Publication.id))
        .limit(most)
    )
    rows = [row for query in (lately, young) for row in session.connection().execute(query)]
    return dict(list({row[0]: row[1] for row in rows}.items())[:most])


def note_swept(context: Context, account: Account, *, went_well: bool) -> None:
    """Says when the next sweep is. The account was listened to as a whole at this moment, or could not be, and then it is soon tried again."""
    now = context.clock.now()
    at: datetime = now if went_well else now - SWEEP_EVERY + SWEEP_AGAIN
    with context.database.write() as session:
        row = update(Account).where(col(Account.id) == account.id).values(swept_at=at)
        session.connection().execute(row)
