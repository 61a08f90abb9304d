"""What came back from networks, sorted and written down: many that went out in one transaction, anything else by itself.

The senders only sort (`judged`); the thread that runs the round writes (`record`, `sent_together`)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from scheduler import outcomes
from scheduler.group_moves import confirm_group
from scheduler.leaving_behind import publication_of
from scheduler.queue import Claim
from scheduler.work import Work
from social.channels.base import Channel, Draft, Published
from social.context import Context
from social.errors import ChannelError, Refused, bare
from social.given import NUMBER, WORDS, dialect_of, given_table, given_values
from social.publications import KNOWN_AT_ONCE, Publication, record_publications
from social.upsert import table_of

log = logging.getLogger("beatline.worker")

_LIVE = (("account_id", NUMBER), ("platform_id", WORDS))


@dataclass(frozen=True)
class Repeat:
    """The network refused it because it has these words already.  found: where, None when a look did not find them."""

    error: Refused
    found: Published | None


@dataclass(frozen=True)
class Lost:
    """Nobody knows whether it arrived.  detail: what happened, a sentence."""

    detail: str


class Arrived(NamedTuple):
    """What came of one request."""

    held: Claim
    attempt: int
    work: Work
    draft: Draft
    answer: Published | ChannelError | Repeat | Lost

    @property
    def is_live(self) -> bool:
        """The whole post; a part of a thread is written down by itself."""
        return isinstance(self.answer, Published) and not self.draft.is_part


def judged(work: Work, channel: Channel, draft: Draft, error: Exception) -> ChannelError | Repeat | Lost:
    """What a failed request comes to.  Asks the network again where it says that it has these words already."""
    if isinstance(error, Refused) and error.reason == "duplicate" and channel.can.finds_own_posts:
        try:
            return Repeat(error, channel.find(draft, since=work.entry.created_at - outcomes.LOOK_BACK))
        except ChannelError as failure:
            return Lost(f"{error.detail} Looking for it failed: {failure.detail}")
        except Exception as failure:
            log.error("looking for entry %s broke off", work.entry.id, exc_info=bare(failure))
            return Lost(f"{error.detail} Looking for it broke off ({type(failure).__name__}).")
    if isinstance(error, ChannelError):
        return error
    log.error("publishing entry %s broke off", work.entry.id, exc_info=bare(error))
    return Lost(f"The request broke off ({type(error).__name__}).")


def record(context: Context, one: Arrived) -> int:
    """Write down what came of one request.  Returns how many entries moved."""
    held, attempt, work, draft = one.held, one.attempt, one.work, one.draft
    match one.answer:
        case Published() as published:
            return outcomes.sent(context, held, attempt, work, draft, published)
        case Lost(detail):
            return outcomes.unknown(context, held, attempt, detail)
        case Repeat(error, found):
            return outcomes.repeated(context, held, attempt, work, draft, error, found)
        case error:
            return outcomes.record_failure(context, held, attempt, work, draft, error)


def sent_together(context: Context, live: Sequence[Arrived]) -> int:
    """They are live: their entries and publications, in one transaction.  Returns how many entries moved.

    What needs a second thought is left to `outcomes.sent`: entries that somebody else has moved meanwhile, and posts
    that a history import saw first."""
    with context.database.write(together=True) as session:
        now = context.clock.now()
        plain = _plain(session, live, now)
        done = _confirm(session, plain, now) if plain else set()
    rest = [one for one in live if one.held.entry_id not in done]
    return len(done) + sum(record(context, one) for one in rest)


def _plain(session: Session, live: Sequence[Arrived], now: datetime) -> list[tuple[Arrived, Published]]:
    """Those of which no publication is known and whose answer came at once."""
    at_once = [(one, one.answer) for one in live
               if isinstance(one.answer, Published) and now - one.answer.published_at <= KNOWN_AT_ONCE]  # fmt: skip
    dialect = dialect_of(session)
    asked = given_values(dialect, _LIVE, [(one.held.account_id, answer.platform_id) for one, answer in at_once])
    found = session.connection().execute(_known(dialect), asked)
    known = {tuple(row) for row in found}
    return [(one, answer) for one, answer in at_once if (one.held.account_id, answer.platform_id) not in known]


@cache
def _known(dialect: str) -> Any:
    """Which of the given posts there is a publication of."""
    publication, rows = table_of(Publication).c, given_table(dialect, _LIVE)
    both = (publication.account_id == rows.c.account_id, publication.platform_id == rows.c.platform_id)
    return select(publication.account_id, publication.platform_id).where(*both)


def _confirm(session: Session, plain: Sequence[tuple[Arrived, Published]], now: datetime) -> set[int]:
    sent = [
        (one.held.entry_id, one.held.fence, one.attempt, answer.platform_id, answer.url, answer.published_at)
        for one, answer in plain
    ]
    moved = confirm_group(session, sent, plain[0][0].held.worker, now)
    publications = [publication_of(one.work, one.draft, answer) for one, answer in plain if one.held.entry_id in moved]
    if publications:
        record_publications(session, publications, now)
    return moved
