"""One round of looking at one account: listen, hear mentions, measure, count followers, and take trouble as it comes.

Requests are made with no transaction open; what a request brought is stored in one short transaction together with
how far we have read. Being killed between the two only means that the same page comes again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Never

from sqlalchemy import case, func, literal, select, update
from sqlmodel import Session, col

from social import gaps
from social.accounts import Account, Audience
from social.accounts_admin import verify_account
from social.channels.base import Channel, HeardPage, Rechecked
from social.clock import as_local
from social.collect_plan import SWEEP_SEARCHES, THREADS_BACK, is_final, next_read, next_try
from social.context import Context
from social.database import UTCDateTime
from social.errors import BeatlineError, ChannelError, NeedsPerson, Refused, TryLater
from social.figures_taken import store_figures
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import CollectingState, Publication
from social.rechecks import (
    YOUNG,
    Thread,
    batches,
    begin_rechecks,
    begin_where_heard,
    next_recheck,
    plan_recheck,
    store_rechecked,
)
from social.sweeping import lively_threads, stir, unanswered

MEASURE_BATCH = 100
_RECHECK_AGAIN = 6
"""Failures that a recheck is put off for: about half an hour."""
AUDIENCE_EVERY = timedelta(days=1)

Progress = Callable[[int, int], None]
"""Called as progress(done, of), in publications."""


@dataclass
class CollectReport:
    """What a round brought.  publications: looked at.  replies: new interactions, ours included.  figures: first or
    changed.  rechecked: known replies that were looked at again; gone: those that are not to be seen any more.
    left_unread: publications that were due and for which there was not enough left; left_unread_pence: about what
    reading them would cost.  problems: sentences for people; one account's trouble never holds up another's."""

    publications: int = 0
    replies: int = 0
    figures: int = 0
    rechecked: int = 0
    gone: int = 0
    left_unread: int = 0
    left_unread_pence: float = 0.0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Due:
    """A publication to look at.  cursor: how far it was read, None for not at all.  last_at: the last look that went
    well.  next_at: when this one is due.  appeal: it asks for the public's help.  most: so many replies are worth
    reading now, None for all; the rest stays due."""

    id: int
    platform_id: str
    published_at: datetime
    cursor: str | None
    failures: int
    last_at: datetime | None = None
    next_at: datetime | None = None
    appeal: bool = False
    most: int | None = None


class LeaveAccount(Exception):
    """Nothing more is to be asked of this account in this round; what is wrong is in the report."""


class Round:
    """One account's round.  `run` looks at the given publications; the report grows as it goes."""

    def __init__(self, context: Context, account: Account, report: CollectReport) -> None:
        assert account.id is not None
        self._context, self._account, self._report = context, account, report
        self._id: int = account.id
        self._ids: dict[str, int] = {}
        self._skipped = 0

    def run(
        self,
        due: Sequence[Due],
        step: Callable[[], None],
        threads: Sequence[Thread] = (),
        *,
        sweeping: bool = False,
    ) -> bool:
        """step: called after each publication.  threads: those whose known replies are looked at again.  sweeping: the
        account is listened to as a whole.

        Returns whether what is new was heard to its end; figures and known replies do not count for that."""
        heard = False
        self._ids = {one.platform_id: one.id for one in due}
        try:
            channel = self._context.channel(self._account)
            # Words before numbers: an emergency may stand among them (R19), and limits may cut the round short.
            for one in due:
                self._listen(channel, one)
                step()
            if channel.can.hears_mentions:
                self._mentions(channel)
            if sweeping and channel.can.hears_threads:
                self._threads(channel)
            heard = True
            # What is read again because somebody wrote under an old post keeps the figures of its 28 days.
            counting = [one for one in due if not is_final(one.published_at, one.last_at)]
            for start in range(0, len(counting), MEASURE_BATCH):
                self._measure(channel, counting[start : start + MEASURE_BATCH])
            if due:
                self._count_followers()
            if channel.can.rechecks:
                for batch in batches(threads):
                    self._recheck(channel, batch)
        except LeaveAccount:
            pass
        except BeatlineError as error:
            self._trouble(error)
        finally:
            if self._skipped:
                left_out = f"{self._account.name}: {self._skipped} replies could not be read and were left out."
                self._report.problems.append(left_out)
        return heard

    def _listen(self, channel: Channel, one: Due) -> None:
        self._report.publications += 1
        heard, whole = 0, True
        try:
            if channel.can.listens:
                pages = channel.listen(one.platform_id, cursor=one.cursor, published_at=one.published_at)
                for page in pages:
                    with self._context.database.write() as session:
                        self._store(session, page, {one.platform_id: one.id})
                        _set_state(session, one.id, cursor=page.cursor)
                    heard += len(page.items)
                    if one.most is not None and heard >= one.most:
                        whole = False
                        break
        except ChannelError as error:
            # Its turn comes later than the others', so that one bad post does not stop the rest for ever.
            with self._context.database.write() as session:
                _set_state(
                    session,
                    one.id,
                    failures=one.failures + 1,
                    last_error=error.detail,
                    next_at=next_try(self._context.clock.now(), one.failures + 1),
                )
            self._note_gap()
            if not isinstance(error, Refused):
                self._leave(error)
            self._report.problems.append(f"{self._account.name}: post {one.platform_id}: {error.detail}")
        else:
            with self._context.database.write() as session:
                now = self._context.clock.now()
                plan_next(session, one, now, whole=whole)
                if heard:
                    begin_rechecks(session, one.id, next_recheck(one.published_at, now, waiting=True, newest=now))

    def _note_gap(self) -> None:
        """The network would not let us read: that is a gap once it lasts."""
        now = self._context.clock.now()
        with self._context.database.read() as session:
            gap = gaps.silence_of_failing(session, self._id, now)
        if gap is not None:
            with self._context.database.write() as session:
                session.add(gap)

    def _recheck(self, channel: Channel, batch: Sequence[Thread]) -> None:
        """What became of known replies. What cannot be told now is asked again later, and holds up nothing else."""
        known = {thread.platform_id: thread.replies for thread in batch if thread.replies}
        try:
            found = channel.recheck(known) if known else Rechecked((), ())
        except ChannelError as error:
            later = next_try(self._context.clock.now(), _RECHECK_AGAIN)
            with self._context.database.write() as session:
                for thread in batch:
                    plan_recheck(session, thread, later)
            if not isinstance(error, Refused):
                self._leave(error)
            self._report.problems.append(f"{self._account.name}: what became of replies is not known. {error.detail}")
            return
        with self._context.database.write() as session:
            gone = store_rechecked(session, self._context.vault, self._id, batch, found, self._context.clock.now())
        self._report.rechecked += len(found.items) + len(found.gone)
        self._report.gone += gone

    def _mentions(self, channel: Channel) -> None:
        """Once an account; what belongs to no publication of ours is dropped unread (R26)."""
        cursor = self._account.mentions_cursor
        try:
            for page in channel.mentions(cursor=cursor):
                with self._context.database.write() as session:
                    self._store_any(session, page)
                    if session.get_one(Account, self._id).mentions_cursor != cursor:
                        return  # somebody asked meanwhile for all to be read again
                    _set_account(session, self._id, mentions_cursor=page.cursor)
                cursor = page.cursor
        except Refused as error:
            # An account's plan may not include mentions; that says nothing of its figures.
            self._report.problems.append(f"{self._account.name}: mentions cannot be read. {error.detail}")
        except ChannelError as error:
            self._leave(error)

    def _threads(self, channel: Channel) -> None:
        """What residents wrote to each other further down, without naming the account (R19)."""
        now, swept_at = self._context.clock.now(), self._account.swept_at or self._context.clock.now()
        since = min(swept_at, now) - THREADS_BACK
        with self._context.database.read() as session:
            ids = lively_threads(session, self._id, now, (SWEEP_SEARCHES - 1) * channel.limits.threads)
        self._together(channel.unnamed(since=since), self._store_any)
        if ids:
            self._together(
                channel.threads(list(ids), since=since), lambda session, page: self._store(session, page, ids)
            )

    def _together(self, pages: Iterable[HeardPage], store: Callable[[Session, HeardPage], None]) -> None:
        try:
            for page in pages:
                with self._context.database.write() as session:
                    store(session, page)
        except Refused as error:
            self._report.problems.append(f"{self._account.name}: threads cannot be read at once. {error.detail}")
        except ChannelError as error:
            self._leave(error)

    def _store_any(self, session: Session, page: HeardPage) -> None:
        """Store what stands under any post of ours."""
        now = self._context.clock.now()
        ids = publications_by_platform_id(session, self._id, {item.conversation for item in page.items})
        fresh = {item.conversation for item in page.items if now - item.created_at < YOUNG}
        quiet = unanswered(session, [number for name, number in ids.items() if name in fresh])
        self._store(session, page, ids)
        # Under these somebody may have left our name out before: turns would take them for read from now on.
        stir(session, sorted(quiet - unanswered(session, quiet)), now)

    def _store(self, session: Session, page: HeardPage, publication_ids: dict[str, int]) -> None:
        self._skipped += page.skipped
        now = self._context.clock.now()
        new = store_heard(session, self._context.vault, self._id, publication_ids, page.items, now)
        self._report.replies += new
        if new:
            begin_where_heard(session, publication_ids, page, now)

    def _measure(self, channel: Channel, batch: Sequence[Due]) -> None:
        try:
            measured = channel.measure([one.platform_id for one in batch])
        except ChannelError as error:
            self._leave(error)
        now = self._context.clock.now()
        gone = sorted(self._ids[platform_id] for platform_id in measured.gone if platform_id in self._ids)
        with self._context.database.write() as session:
            self._report.figures += store_figures(session, self._ids, measured.figures, now)
            if gone:
                note_gone(session, gone, now)

    def _count_followers(self) -> None:
        with self._context.database.read() as session:
            query = select(func.max(col(Audience.fetched_at))).where(col(Audience.account_id) == self._id)
            counted = session.connection().execute(query).scalar()
        moments = [moment for moment in (counted, self._account.verified_at) if moment is not None]
        if not moments or self._context.clock.now() - max(moments) >= AUDIENCE_EVERY:
            verify_account(self._context, self._account.name)

    def _leave(self, error: ChannelError) -> Never:
        self._trouble(error)
        raise LeaveAccount from error

    def _trouble(self, error: BeatlineError) -> None:
        self._report.problems.append(note_trouble(self._context, self._account, error))


def note_trouble(context: Context, account: Account, error: BeatlineError) -> str:
    """Store what trouble in reading asks for: a wait, or a pause until a person has acted.  Returns a sentence.

    Only reading stops: what is published has limits and permissions of its own, and meets its own trouble."""
    assert account.id is not None
    if isinstance(error, NeedsPerson):
        with context.database.write() as session:
            reason = f"{error.detail} {error.action}".strip()
            _set_account(session, account.id, reading_paused_reason=reason)
        return f"Nothing is read from {account.name}: {error.detail} {error.action}"
    if isinstance(error, TryLater) and error.not_before is not None:
        with context.database.write() as session:
            _set_account(session, account.id, reading_not_before=error.not_before)
        return f"{account.name}: {error.detail} It is tried again from {as_local(error.not_before):%H:%M}."
    detail = error.detail if isinstance(error, ChannelError) else str(error)
    return f"{account.name}: {detail}"


def publications_by_platform_id(session: Session, account_id: int, platform_ids: set[str]) -> dict[str, int]:
    """Ids of our publications among these."""
    columns: list[Any] = [Publication.platform_id, Publication.id]
    query = select(*columns).where(
        col(Publication.account_id) == account_id, col(Publication.platform_id).in_(sorted(platform_ids))
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def plan_next(session: Session, one: Due, now: datetime, *, whole: bool = True) -> None:
    """The look at `now` went well: say when the next one is.  whole: False when more is there to be read.

    What a delivery brought forward while we looked stays: it may tell of what was written behind our back."""
    newest = select(func.max(col(Interaction.created_at))).where(col(Interaction.publication_id) == one.id)
    last_heard = session.connection().execute(newest).scalar()
    next_at = next_read(one.published_at, now, last_heard) if whole else now
    planned, usual = col(CollectingState.next_at), literal(next_at, UTCDateTime())
    brought_forward = planned.is_distinct_from(one.next_at) & (usual.is_(None) | (planned < usual))
    at = case((brought_forward, planned), else_=usual)
    _set_state(session, one.id, failures=0, last_error=None, last_at=now, next_at=at)


def note_gone(session: Session, publication_ids: Sequence[int], now: datetime) -> None:
    """These are not to be seen any more: what was counted stays (M13), nothing more is asked."""
    session.connection().execute(
        update(Publication)
        .where(col(Publication.id).in_(publication_ids), col(Publication.gone_at).is_(None))
        .values(gone_at=now)
    )
    session.connection().execute(
        update(CollectingState).where(col(CollectingState.publication_id).in_(publication_ids)).values(next_at=None)
    )


def _set_state(session: Session, publication_id: int, **values: Any) -> None:
    session.connection().execute(
        update(CollectingState).where(col(CollectingState.publication_id) == publication_id).values(**values)
    )


def _set_account(session: Session, account_id: int, **values: Any) -> None:
    session.connection().execute(update(Account).where(col(Account.id) == account_id).values(**values))
