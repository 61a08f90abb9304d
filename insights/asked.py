"""Questions and complaints as columns of numbers: when each was written, answered or closed, and about which place.

A month of a force holds tens of thousands: the database finds them by an index of their own and hands them out column by
column (`insights.packed`)."""

from typing import Any

from sqlalchemy import Integer, case, cast, select
from sqlmodel import Session, col

from insights.chosen import Chosen, Columns
from insights.packed import Posts, Shape, from_query, moment_number, together
from social.accounts import Account
from social.interactions import ASKED, Interaction
from social.publications import Publication
from social.retention_tables import ReplyClock

SHAPE = Shape((), {"place_id": "<i4", "account_id": "<i4", "asked_at": "<i8", "answered_at": "<i8", "closed": "<i4"})
"""Moments as in `insights.packed`, `NONE` for no place and no answer.  closed: 1 where a person closed it, else 0."""


def asked_by_residents(session: Session, chosen: Chosen) -> Posts:
    """Columns of `SHAPE`, of what was written in the chosen time, those of which the words are over their time among them
    (R28); without what its writer deleted before there was an answer."""
    kept = (
        select(*_values(session, Interaction, col(Interaction.created_at)))
        .select_from(Interaction)
        .join(Publication, col(Publication.id) == col(Interaction.publication_id))
        .join(Account, col(Account.id) == col(Interaction.account_id))
        .where(ASKED, col(Interaction.gone_at).is_(None) | col(Interaction.answered_at).is_not(None))
    )
    forgotten = (
        select(*_values(session, ReplyClock, col(ReplyClock.asked_at)))
        .select_from(ReplyClock)
        .join(Publication, col(Publication.id) == col(ReplyClock.publication_id))
        .join(Account, col(Account.id) == col(Publication.account_id))
    )
    parts = [
        from_query(session, SHAPE, query.where(asked_at >= col(Account.added_at), *chosen.by(_columns(asked_at))))
        for query, asked_at in ((kept, col(Interaction.created_at)), (forgotten, col(ReplyClock.asked_at)))
    ]
    return together(parts, list(SHAPE.kinds))


def _values(session: Session, table: Any, asked_at: Any) -> list[Any]:
    account = Interaction.account_id if table is Interaction else Publication.account_id
    answered_at, closed = col(table.answered_at), case((col(table.done_at).is_not(None), 1), else_=0)
    return [
        col(Publication.place_id), col(account), moment_number(session, asked_at).label("asked_at"),
        moment_number(session, answered_at).label("answered_at"), cast(closed, Integer).label("closed"),
    ]  # fmt: skip


def _columns(asked_at: Any) -> Columns:
    return Columns(asked_at, Account.channel, Publication.place_id, Publication.content_type)
