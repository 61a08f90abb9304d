"""Listens to whole accounts every few minutes, so that an emergency under an old post is not found hours later (R16, R19).

A look at each post would cost hundreds of requests. Facebook tells of a hundred posts at once which of them have new
comments; those are read right away. What names the account, on X nearly every reply, is read in the same rhythm: see
`Round`. Both cost nothing in money while nothing is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlmodel import Session, col

from social.accounts import Account
from social.channels.base import Channel
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


def glance(context: Context, account: Account, channel: Channel) -> int:
    """Have every post be read now that has something new beneath it.  Returns how many that are.

    Raises ChannelError; what was learnt until then is kept."""
    assert account.id is not None
    stirred = 0
    for marks in channel.glance(since=context.clock.now() - SWEPT_BACK):
        with context.database.read() as session:
            changed = _changed(session, account.id, marks)
        if changed:
            with context.database.write() as session:
                _keep(session, changed)
                news = [one.id for one in changed if not (one.finished and one.known is None)]
                _stir(session, news, context.clock.now())
            stirred += len(news)
    return stirred


@dataclass(frozen=True)
class _Changed:
    """A publication whose mark is another than it was.  known: the mark before, None for none.  finished: it is not
    looked at by itself any more; the first mark of one tells of nothing new."""

    id: int
    mark: str
    known: str | None
    finished: bool


def _changed(session: Session, account_id: int, marks: Mapping[str, str]) -> list[_Changed]:
    columns: list[Any] = [Publication.id, Publication.platform_id, CollectingState.glanced, CollectingState.next_at]
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
        _Changed(number, marks[platform_id], known, next_at is None)
        for number, platform_id, known, next_at in rows
        if known != marks[platform_id]
    ]


def _keep(session: Session, changed: Sequence[_Changed]) -> None:
    for one in changed:
        state = update(CollectingState).where(col(CollectingState.publication_id) == one.id)
        session.connection().execute(state.values(glanced=one.mark))


def _stir(session: Session, publication_ids: Sequence[int], now: datetime) -> None:
    """Due now, in the transaction that keeps their marks: a worker that dies afterwards has lost nothing."""
    due = col(CollectingState.next_at)
    state = update(CollectingState).where(
        col(CollectingState.publication_id).in_(publication_ids), or_(due.is_(None), due > now)
    )
    session.connection().execute(state.values(next_at=now))


def answered_posts(session: Session, account_id: int, since: datetime, most: int) -> dict[str, int]:
    """The account's posts from `since` on that somebody answered, by platform id, the youngest first: only beneath these
    can residents be talking to each other."""
    answered = exists().where(col(Interaction.publication_id) == col(Publication.id), col(Interaction.ours).is_(False))
    query: Any = (
        select(col(Publication.platform_id), col(Publication.id))
        .where(
            col(Publication.account_id) == account_id,
            col(Publication.published_at) > since,
            *STILL_READ,
            answered,
        )
        .order_by(col(Publication.published_at).desc(), col(Publication.id))
        .limit(most)
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def note_swept(context: Context, account: Account, *, went_well: bool) -> None:
    """Says when the next sweep is. The account was listened to as a whole at this moment, or could not be, and then it is soon tried again."""
    now = context.clock.now()
    at: datetime = now if went_well else now - SWEEP_EVERY + SWEEP_AGAIN
    with context.database.write() as session:
        row = update(Account).where(col(Account.id) == account.id).values(swept_at=at)
        session.connection().execute(row)
