"""Takes in what was delivered: the posts it is about are looked at now instead of at their time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import col

from social.accounts import Account
from social.context import Context
from social.jobs import Job
from social.publications import CollectingState, Publication
from social.webhooks import WAITING, Delivery

AT_ONCE = 500
KEPT = timedelta(days=7)
"""How long a delivery is remembered, so that a repeated one is known; ids and times only."""
_TOLD: tuple[Any, ...] = (Delivery.id, Delivery.page, Delivery.post, Delivery.verb)
_KNOWN: tuple[Any, ...] = (Publication.id, Account.platform_id, Publication.platform_id)
_CHANGES = ("edit", "edited", "remove", "hide", "unhide")


def take_in(context: Context) -> int:
    """Have every post that was told of read at the next look, and what became of its replies as well where one was
    changed.  Returns how many deliveries were taken in.

    What is about a post that we do not know is done with: looking by ourselves finds what it missed."""
    with context.database.read() as session:
        if not session.connection().execute(select(*_TOLD).where(WAITING).limit(1)).first():
            return 0
    with context.database.write() as session:
        now, connection = context.clock.now(), session.connection()
        waiting = select(*_TOLD).where(WAITING)
        rows = connection.execute(waiting.order_by(col(Delivery.id)).limit(AT_ONCE)).all()
        if not rows:
            return 0
        known = select(*_KNOWN).where(
            col(Publication.platform_id).in_({row.post for row in rows}),
            col(Account.id) == Publication.account_id,
            col(Account.channel) == "facebook",
        )
        found = {(page, post): number for number, page, post in connection.execute(known)}
        told = {found[row.page, row.post]: row.verb for row in rows if (row.page, row.post) in found}
        changed = {found[row.page, row.post] for row in rows if (row.page, row.post) in found and row.verb in _CHANGES}
        for ids, values in ((set(told), {"next_at": now}), (changed, {"recheck_at": now})):
            if ids:
                state = update(CollectingState).where(col(CollectingState.publication_id).in_(ids))
                connection.execute(state.values(**values))
        connection.execute(update(Delivery).where(col(Delivery.id).in_([row.id for row in rows])).values(done_at=now))
        connection.execute(
            delete(Delivery).where(col(Delivery.received_at) < now - KEPT, col(Delivery.done_at).is_not(None))
        )
        return len(rows)


JOBS: tuple[Job, ...] = (Job("deliveries", 1.0, take_in),)
