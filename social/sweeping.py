"""Listens to whole accounts every few minutes, so that an emergency under an old post is not found hours later (R16, R19).

A look at each post would cost hundreds of requests. Facebook tells of a hundred posts at once which of them have new
comments; those are read right away. What names the account, on X nearly every reply, is read in the same rhythm: see
`Round`. Both cost nothing in money while nothing is new."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from social.accounts import Account
from social.channels.base import Channel
from social.collect_plan import FINISHED_AFTER, SWEEP_AGAIN, SWEEP_EVERY
from social.context import Context
from social.publications import CollectingState, Publication


def glance(context: Context, account: Account, channel: Channel) -> int:
    """Have every post be read now that has something new beneath it.  Returns how many that are.

    Raises ChannelError; what was learnt until then is kept."""
    assert account.id is not None
    stirred = 0
    for marks in channel.glance(since=context.clock.now() - FINISHED_AFTER):
        with context.database.read() as session:
            changed = _changed(session, account.id, marks)
        if changed:
            with context.database.write() as session:
                _stir(session, changed, context.clock.now())
            stirred += len(changed)
    return stirred


def _changed(session: Session, account_id: int, marks: Mapping[str, str]) -> dict[int, str]:
    """The new marks of those publications whose mark is another than it was."""
    columns: list[Any] = [Publication.id, Publication.platform_id, CollectingState.glanced]
    query = (
        select(*columns)
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(
            col(Publication.account_id) == account_id,
            col(Publication.platform_id).in_(sorted(marks)),
            col(CollectingState.next_at).is_not(None),
        )
    )
    rows = session.connection().execute(query).all() if marks else []
    return {number: marks[platform_id] for number, platform_id, known in rows if known != marks[platform_id]}


def _stir(session: Session, changed: Mapping[int, str], now: datetime) -> None:
    """Due now; the mark is kept in the same transaction, so a worker that dies afterwards has lost nothing."""
    state = update(CollectingState)
    for number, mark in sorted(changed.items()):
        row = state.where(col(CollectingState.publication_id) == number)
        session.connection().execute(row.values(glanced=mark))
    later = state.where(col(CollectingState.publication_id).in_(sorted(changed)), col(CollectingState.next_at) > now)
    session.connection().execute(later.values(next_at=now))


def note_swept(context: Context, account: Account, *, went_well: bool) -> None:
    """Says when the next sweep is. The account was listened to as a whole at this moment, or could not be, and then it is soon tried again."""
    now = context.clock.now()
    at: datetime = now if went_well else now - SWEEP_EVERY + SWEEP_AGAIN
    with context.database.write() as session:
        row = update(Account).where(col(Account.id) == account.id).values(swept_at=at)
        session.connection().execute(row)
