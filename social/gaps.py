"""Times in which nothing was read from an account although something was due: noticed, stored, filled, and shown.

A gap opens when what was due has waited for longer than a quarter of an hour and the account was not read in that time.
It ends with the first look that goes well. It is filled once every post that was due in it has been read again, each
from its cursor. What the network does not let anybody read any more is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Field, Session, SQLModel, col

from social.accounts import Account
from social.clock import as_local
from social.collect_plan import next_read
from social.context import Context
from social.database import UTCDateTime
from social.doctor import Finding, Level
from social.publications import CollectingState, Publication

LONGER_THAN_EXPECTED = timedelta(minutes=15)
SHOWN_FOR = timedelta(days=7)
"""How long a gap that is filled is still told of."""


TOLD = 20


class Reason(StrEnum):
    """Why nothing was read.  NOT_RUNNING: nobody even tried."""

    NOT_RUNNING = "not_running"
    NETWORK = "network"
    PAUSED = "paused"
    NEEDS_PERSON = "needs_person"
    LIMIT = "limit"
    BUDGET = "budget"


REASONS: dict[str, str] = {
    Reason.NOT_RUNNING: "no worker of Beatline was at work",
    Reason.NETWORK: "the network could not be reached or did not answer properly",
    Reason.PAUSED: "the account was paused",
    Reason.NEEDS_PERSON: "the network no longer took the account's token, or wanted something else of a person",
    Reason.LIMIT: "the network's limit for reading was used up",
    Reason.BUDGET: "the budget for reading was used up",
}


SILENT_REASONS = (Reason.NETWORK, Reason.LIMIT)
"""Reasons for which no other alarm speaks: a pause, a person's turn and a budget have their own."""


class ReadingGap(SQLModel, table=True):
    """One gap.  began_at: the last look before it that went well.  noticed_at: when it was found.  ended_at: the first
    look after it, None while it lasts.  reason: one of `Reason`.  filled_at: when all that was due in it was read.
    lost_until: what was written from began_at to then the network does not let anybody search any more; None for
    nothing."""

    __tablename__ = "reading_gap"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    began_at: datetime = Field(sa_type=UTCDateTime)
    noticed_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reason: str
    filled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lost_until: datetime | None = Field(default=None, sa_type=UTCDateTime)


def silence(
    session: Session, account_id: int, due_since: datetime, now: datetime, reason: Reason | None = None
) -> ReadingGap | None:
    """The gap to store, if the account was not read for longer than expected and nobody has noticed it yet.

    due_since: when the post that waits longest should have been read.  reason: None for what the failures tell.
    Call it before anything is read."""
    if now - due_since <= LONGER_THAN_EXPECTED or _lasts(session, account_id):
        return None
    last = _last_look(session, account_id)
    if last is not None and now - last <= LONGER_THAN_EXPECTED:
        return None  # others of its posts were read: what waits was put behind them, and is told as left unread
    if reason is None:
        reason = Reason.NETWORK if _failing(session, account_id) else Reason.NOT_RUNNING
    began = min(last or due_since, due_since)
    return ReadingGap(account_id=account_id, began_at=began, noticed_at=now, reason=reason.value)


def silence_of_failing(session: Session, account_id: int, now: datetime) -> ReadingGap | None:
    """`silence` of an account that the network would not let us read: what failed is put off again and again, so what
    counts is when it should have been read."""
    rows = _failing(session, account_id)
    due = [
        published_at if last_at is None else next_read(published_at, last_at, None) for published_at, last_at in rows
    ]
    due_since = min((moment for moment in due if moment is not None), default=now)
    return silence(session, account_id, due_since, now, Reason.NETWORK)


def unfilled(session: Session) -> set[int]:
    """Ids of accounts with a gap that lasts or waits to be filled."""
    query = select(col(ReadingGap.account_id)).where(col(ReadingGap.filled_at).is_(None))
    return set(session.connection().execute(query).scalars())


def silent_since(session: Session, account_id: int, reasons: Sequence[Reason]) -> datetime | None:
    """When the gap that lasts began, if it lasts for one of these reasons."""
    query = select(col(ReadingGap.began_at)).where(
        col(ReadingGap.account_id) == account_id,
        col(ReadingGap.ended_at).is_(None),
        col(ReadingGap.reason).in_([reason.value for reason in reasons]),
    )
    return session.connection().execute(query.limit(1)).scalar()


def settled(session: Session, account_id: int, now: datetime, reaches_back: timedelta | None) -> list[ReadingGap]:
    """Gaps of the account of which there is news after a round: ended, since something was read, or filled.

    reaches_back: how far into the past the network can be searched, None for all of it.  Stores nothing."""
    open_ = select(ReadingGap).where(col(ReadingGap.account_id) == account_id, col(ReadingGap.filled_at).is_(None))
    found: list[ReadingGap] = []
    for gap in session.execute(open_).scalars().all():
        last = _last_look(session, account_id)
        ended = gap.ended_at or (last if last is not None and last >= gap.noticed_at else None)
        if ended is None and not _still_waits(session, account_id, now):
            ended = now  # nothing is left there that could be read
        if ended is None:
            continue
        filled = None if _still_waits(session, account_id, ended) else now
        if filled is None and gap.ended_at is not None:
            continue
        lost = ended - reaches_back if reaches_back is not None else gap.began_at
        gap.ended_at, gap.filled_at, gap.lost_until = ended, filled, lost if lost > gap.began_at else None
        found.append(gap)
    return found


def _lasts(session: Session, account_id: int) -> bool:
    query = select(col(ReadingGap.id)).where(
        col(ReadingGap.account_id) == account_id, col(ReadingGap.ended_at).is_(None)
    )
    return session.connection().execute(query.limit(1)).first() is not None


def _read_from(account_id: int) -> list[Any]:
    """In SQL: publications of the account from which something is still read."""
    return [
        col(Publication.account_id) == account_id,
        col(Publication.gone_at).is_(None),
        col(Publication.withdrawn_at).is_(None),
        col(Publication.erased_at).is_(None),
        col(CollectingState.next_at).is_not(None),
    ]


def _failing(session: Session, account_id: int) -> list[Any]:
    """When the posts whose last look failed were published, and last read."""
    columns: list[Any] = [Publication.published_at, CollectingState.last_at]
    query = (
        select(*columns)
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(*_read_from(account_id), col(CollectingState.failures) > 0)
    )
    return list(session.connection().execute(query).all())


def _last_look(session: Session, account_id: int) -> datetime | None:
    query = (
        select(func.max(col(CollectingState.last_at)))
        .join(Publication, col(Publication.id) == col(CollectingState.publication_id))
        .where(col(Publication.account_id) == account_id)
    )
    return session.connection().execute(query).scalar()


def _still_waits(session: Session, account_id: int, ended_at: datetime) -> bool:
    """Whether a post that was due before the gap's end has not been read since."""
    state = CollectingState
    query = (
        select(col(state.publication_id))
        .join(Publication, col(Publication.id) == col(state.publication_id))
        .where(
            *_read_from(account_id),
            col(Publication.published_at) < ended_at,
            (col(state.last_at).is_(None)) | (col(state.last_at) < ended_at),
            (col(state.next_at) <= ended_at) | (col(state.failures) > 0),
        )
    )
    return session.connection().execute(query.limit(1)).first() is not None


@dataclass(frozen=True)
class GapView:
    """A gap as people are told of it.  sentence: what was not read, from when to when, and why.  state: what became of
    it.  lost: what of it cannot be read any more, '' for nothing.  open: it lasts, or waits to be filled."""

    account: str
    sentence: str
    state: str
    lost: str
    open: bool


def gaps_to_tell(session: Session, now: datetime) -> list[GapView]:
    """Gaps that last, that wait to be filled, or that were filled in the last week; what is not filled
    comes first, then the newest, TOLD at the most."""
    query = (
        select(ReadingGap, Account)
        .join(Account, col(Account.id) == col(ReadingGap.account_id))
        .where((col(ReadingGap.filled_at).is_(None)) | (col(ReadingGap.filled_at) > now - SHOWN_FOR))
        .order_by(col(ReadingGap.filled_at).is_not(None), col(ReadingGap.began_at).desc(), col(ReadingGap.id).desc())
        .limit(TOLD)
    )
    return [_view(gap, account) for gap, account in session.execute(query).all()]


def _view(gap: ReadingGap, account: Account) -> GapView:
    until = f"to {_moment(gap.ended_at)}" if gap.ended_at is not None else "until now"
    sentence = f"Nothing was read from {account.name} from {_moment(gap.began_at)} {until}: {REASONS[gap.reason]}."
    if gap.ended_at is None:
        state = "It lasts. What was written meanwhile is read from where reading stopped, once it goes on."
    elif gap.filled_at is None:
        state = "Reading goes on again. Not every post that was due in that time has been read yet."
    else:
        state = f"It was filled by {_moment(gap.filled_at)}: every post that was due in that time has been read since."
    return GapView(account.name, sentence, state, _lost(gap, account), gap.filled_at is None)


def _lost(gap: ReadingGap, account: Account) -> str:
    if gap.lost_until is None:
        return ""
    also = " Replies that name the account may still have come among its mentions." if account.channel == "x" else ""
    return (
        f"What was written from {_moment(gap.began_at)} to {_moment(gap.lost_until)} could not be searched any more, "
        f"because the network searches only the last seven days.{also} Look at the posts of that time on the network "
        f"itself."
    )


def _moment(moment: datetime) -> str:
    local = as_local(moment)
    return f"{local.day} {local:%B}, {local:%H:%M}"


def findings(context: Context) -> Sequence[Finding]:
    """What `beatline doctor` says of gaps."""
    with context.database.read() as session:
        gaps = gaps_to_tell(session, context.clock.now())
    return [
        Finding(
            Level.WRONG if gap.open else Level.NOTE,
            " ".join(part for part in (gap.sentence, gap.state, gap.lost) if part),
            "See that a worker runs and what the page Accounts and health says of the account." if gap.open else "",
        )
        for gap in gaps
    ]
