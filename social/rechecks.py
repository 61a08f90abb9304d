"""What became of replies that are known: changed words are read again, hidden ones noted, and the words of those that
their writers took away are erased here too.

X asks for that of whoever stores its posts (https://docs.x.com/developer-terms/policy, content compliance); decency asks
it everywhere. It costs requests, and on X money, so it is done while a thread is young or somebody waits for an answer."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from social.attachments import ERASED, forget_attachments
from social.channels.base import HeardPage, Rechecked
from social.collect_budget import Cost, Left
from social.collect_plan import FINISHED_AFTER
from social.heard import store_heard
from social.interactions import EMERGENCY, OPEN, Interaction
from social.publications import CollectingState, Publication
from social.vault import Vault

YOUNG = timedelta(days=7)
FRESH = timedelta(days=1)
FRESH_EVERY = timedelta(hours=1)
EVERY = timedelta(days=1)
AT_ONCE = 100
"""Replies in one call of a channel; X looks up as many in one request."""
HELD_FOR_ENQUIRY = "law_enforcement"
"""A lead's words belong to the enquiry once it is one (R22, R24); it has a purge of its own."""


def next_recheck(
    published_at: datetime, now: datetime, *, waiting: bool, newest: datetime | None = None
) -> datetime | None:
    """When to look again what became of a thread's replies; None when that is over.

    waiting: somebody may still answer one of them. On the first day X charges nothing for a second look.  newest: when
    the newest of them was written, by which a thread is reckoned whose post is older than our looks."""
    age = now - published_at
    if age >= FINISHED_AFTER and newest is not None:
        age = now - newest
    if age >= FINISHED_AFTER or (age >= YOUNG and not waiting):
        return None
    return now + (FRESH_EVERY if age < FRESH else EVERY)


@dataclass(frozen=True)
class Thread:
    """A publication with the replies to look at.  replies: their platform ids.  recheck_at: when this look is due."""

    publication_id: int
    platform_id: str
    published_at: datetime
    replies: tuple[str, ...]
    recheck_at: datetime | None = None


def threads_due(session: Session, account_id: int, now: datetime, *, everything: bool) -> list[Thread]:
    """What is to be rechecked, the longest overdue first.  everything: due or not.

    All replies of a young thread; of an older one those that still wait for a person."""
    state = CollectingState
    columns: list[Any] = [Publication.id, Publication.platform_id, Publication.published_at, state.recheck_at]
    query = (
        select(*columns)
        .join(state, col(state.publication_id) == col(Publication.id))
        .where(
            col(Publication.account_id) == account_id,
            col(Publication.gone_at).is_(None),
            col(Publication.withdrawn_at).is_(None),
            col(Publication.erased_at).is_(None),
            col(state.recheck_at).is_not(None) if everything else col(state.recheck_at) <= now,
        )
        .order_by(col(state.recheck_at), col(Publication.id))
    )
    found = session.connection().execute(query).all()
    young = [row.id for row in found if now - row.published_at < YOUNG]
    known = _replies(session, [row.id for row in found], young)
    return [
        Thread(row.id, row.platform_id, row.published_at, tuple(known.get(row.id, ())), row.recheck_at) for row in found
    ]


def _replies(session: Session, publication_ids: Sequence[int], whole: Sequence[int]) -> Mapping[int, list[str]]:
    """Platform ids of what is there, by publication; of those not in `whole` only what waits for a person."""
    found: dict[int, list[str]] = defaultdict(list)
    columns: list[Any] = [Interaction.publication_id, Interaction.platform_id]
    query = (
        select(*columns)
        .where(
            col(Interaction.publication_id).in_(publication_ids),
            col(Interaction.gone_at).is_(None),
            col(Interaction.retention) != ERASED,
            or_(col(Interaction.publication_id).in_(whole), OPEN),
        )
        .order_by(col(Interaction.id))
    )
    for publication_id, platform_id in session.connection().execute(query) if publication_ids else ():
        found[publication_id].append(platform_id)
    return found


def affordable(threads: Sequence[Thread], cost: Cost, left: Left) -> list[Thread]:
    """Those that looking has left something for, in their order: every reply is reckoned as if it were paid for anew.

    What nobody has read yet goes before what is known, but for a small part of each day (`Left.kept`). A thread that
    the rest does not pay for stays due."""
    chosen: list[Thread] = []
    money, requests = left.today, left.requests
    for thread in threads:
        price, asked = cost.item * len(thread.replies), -(-len(thread.replies) // cost.page)
        if (money is not None and price > money) or (requests is not None and asked > requests):
            continue
        money = None if money is None else money - price
        requests = None if requests is None else requests - asked
        chosen.append(thread)
    return chosen


def batches(threads: Sequence[Thread]) -> Iterator[list[Thread]]:
    """Threads to be asked about in one call: as many as hold a hundred replies together, one at the least."""
    batch: list[Thread] = []
    for thread in threads:
        if batch and sum(len(one.replies) for one in batch) + len(thread.replies) > AT_ONCE:
            yield batch
            batch = []
        batch.append(thread)
    if batch:
        yield batch


def store_rechecked(
    session: Session, vault: Vault, account_id: int, batch: Sequence[Thread], found: Rechecked, now: datetime
) -> int:
    """Store what a recheck brought, in the caller's transaction, and say when the next one is.

    Returns how many replies were there until now and are gone."""
    ids = {thread.platform_id: thread.publication_id for thread in batch}
    publications = list(ids.values())
    store_heard(session, vault, account_id, ids, found.items, now)
    gone = note_replies_gone(session, account_id, found.gone, now)
    _erase_gone(session, col(Interaction.publication_id).in_(publications))
    waiting = _replies(session, publications, []).keys() | _kept_though_gone(session, publications)
    newest = _newest(session, [one.publication_id for one in batch if now - one.published_at >= FINISHED_AFTER])
    for thread in batch:
        number = thread.publication_id
        at = next_recheck(thread.published_at, now, waiting=number in waiting, newest=newest.get(number))
        plan_recheck(session, thread, at)
    return gone


def _newest(session: Session, publication_ids: Sequence[int]) -> dict[int, datetime]:
    """When the newest of residents' replies that are there was written."""
    columns: list[Any] = [Interaction.publication_id, func.max(col(Interaction.created_at))]
    theirs = (col(Interaction.ours).is_(False), col(Interaction.gone_at).is_(None))
    query = select(*columns).where(col(Interaction.publication_id).in_(publication_ids), *theirs)
    rows = session.connection().execute(query.group_by(col(Interaction.publication_id))) if publication_ids else ()
    return {row[0]: row[1] for row in rows}


def begin_where_heard(session: Session, publication_ids: Mapping[str, int], page: HeardPage, now: datetime) -> None:
    """Something new stands on the page, which no look at a post brought: what becomes of it is looked at as well."""
    numbers = {publication_ids[item.conversation] for item in page.items if item.conversation in publication_ids}
    for number in sorted(numbers):
        begin_rechecks(session, number, now + FRESH_EVERY)


def begin_rechecks(session: Session, publication_id: int, at: datetime | None) -> None:
    """Something was heard under it: look at that moment what became of it, unless a look is planned already."""
    state = update(CollectingState).where(
        col(CollectingState.publication_id) == publication_id, col(CollectingState.recheck_at).is_(None)
    )
    session.connection().execute(state.values(recheck_at=at))


def plan_recheck(session: Session, thread: Thread, at: datetime | None) -> None:
    """Look at it again at that moment; None for never.

    What a delivery asked for while we looked stays: it may tell of what changed behind our back."""
    state = update(CollectingState).where(
        col(CollectingState.publication_id) == thread.publication_id,
        col(CollectingState.recheck_at).is_not_distinct_from(thread.recheck_at),
    )
    session.connection().execute(state.values(recheck_at=at))


def note_replies_gone(session: Session, account_id: int, platform_ids: Sequence[str], now: datetime) -> int:
    """These are not to be seen any more: their words, the key that joins a thread and what was attached are erased.

    Kind, stance and moments are numbers of the figures and stay (M13). Our own words stay ours, and a lead's belong to
    the enquiry. An emergency's stay until a person has closed it (R19).  Returns how many were there until now."""
    columns: list[Any] = [Interaction.id, Interaction.publication_id]
    query = select(*columns).where(
        col(Interaction.account_id) == account_id,
        col(Interaction.platform_id).in_(platform_ids),
        col(Interaction.gone_at).is_(None),
    )
    rows = session.connection().execute(query).all() if platform_ids else []
    if not rows:
        return 0
    these = col(Interaction.id).in_([id_ for id_, _ in rows])
    session.connection().execute(update(Interaction).where(these).values(gone_at=now))
    _erase_gone(session, these)
    return len(rows)


def _erase_gone(session: Session, among: Any) -> None:
    """Erase the words of those that are gone, as far as nothing asks for them to stay.  among: a condition on them."""
    column: Any = Interaction.id
    query = select(column).where(
        among,
        col(Interaction.gone_at).is_not(None),
        col(Interaction.text) != "",
        col(Interaction.ours).is_(False),
        col(Interaction.purpose) != HELD_FOR_ENQUIRY,
        or_(col(Interaction.urgency) != EMERGENCY, col(Interaction.done_at).is_not(None)),
    )
    ids = list(session.connection().execute(query).scalars())
    if ids:
        erased = update(Interaction).where(col(Interaction.id).in_(ids))
        session.connection().execute(erased.values(text="", author_key=None, unread=False))
        forget_attachments(session, ids)


def _kept_though_gone(session: Session, publication_ids: Sequence[int]) -> set[int]:
    """Publications with an emergency whose writer took it away and that nobody has closed yet."""
    query = select(col(Interaction.publication_id)).where(
        col(Interaction.publication_id).in_(publication_ids), col(Interaction.gone_at).is_not(None), OPEN
    )
    return set(session.connection().execute(query).scalars())
