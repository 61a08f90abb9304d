"""Collects what residents wrote and what the networks counted, account by account, without missing or doubling any.

`collect` looks at what is due; `import_history` brings in what was there before Beatline. Both may be stopped at any
moment and run again: everything is stored under the network's own ids."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from social.accounts import Account, AccountState, list_accounts
from social.accounts_admin import may_collect
from social.budgets import Bought, Price, would_stop
from social.channels.base import PastPost
from social.channels.prices import CHARGING, milli
from social.clock import as_local
from social.collect_plan import FINISHED_AFTER
from social.context import Context
from social.errors import BeatlineError
from social.limits import Purpose, holders_of, waits
from social.places import Place, list_places
from social.publications import CollectingState, Publication, record_publication
from social.rounds import CollectReport, Due, Progress, Round, note_trouble, publications_by_platform_id
from social.sorting import guess_content_type, guess_place

__all__ = ["CollectReport", "HistoryReport", "collect", "import_history"]

_POSTS_AT_ONCE = 100


@dataclass(frozen=True)
class HistoryReport:
    """What an account's past brought that was not stored before.  problems: sentences for people."""

    posts: int
    replies: int
    figures: int
    problems: tuple[str, ...] = ()


def collect(context: Context, *, everything: bool = False, progress: Progress | None = None) -> CollectReport:
    """Look at every publication that is due and store what is new.

    everything: look at all of the last 28 days that are still there, due or not.  One account's trouble never holds
    up another's: it becomes a sentence in `problems`, and an error nobody foresaw is raised after the last account."""
    report = CollectReport()
    now = context.clock.now()
    with context.database.read() as session:
        by_account = _due(session, now, everything=everything)
        work = [(account, by_account[account.id]) for account in list_accounts(session) if account.id in by_account]
    step = _stepper(progress, sum(len(due) for _, due in work))
    unforeseen: list[Exception] = []
    for account, due in work:
        reason = _why_not(context, account)
        if reason is not None:
            report.problems.append(reason)
            continue
        try:
            Round(context, account, report).run(due, step)
        except Exception as error:  # a fault of ours in one channel must not keep the others from being heard
            unforeseen.append(error)
    if unforeseen:
        raise unforeseen[0]
    return report


def import_history(
    context: Context, account: Account, *, since: datetime, progress: Progress | None = None
) -> HistoryReport:
    """Bring in the account's own posts from `since` on, with their replies and figures.

    Run again it brings only what is new. A post that is known, whether planned here or brought in before, is left as
    it is. What trouble cuts short is taken up by `collect`, for which every post brought in is due."""
    if reason := _why_not(context, account):
        return HistoryReport(0, 0, 0, (reason,))
    report = CollectReport()
    posts = 0
    try:
        channel = context.channel(account)
        if channel.can.tells_history:
            past = channel.history(since=since)
            while batch := list(islice(past, _POSTS_AT_ONCE)):
                posts += _store_past(context, account, batch)
    except BeatlineError as error:
        report.problems.append(note_trouble(context, account, error))
    else:
        with context.database.read() as session:
            due = _imported(session, account, since)
        Round(context, account, report).run(due, _stepper(progress, len(due)))
    return HistoryReport(posts, report.replies, report.figures, tuple(report.problems))


def _why_not(context: Context, account: Account) -> str | None:
    """Why nothing may be collected from this account now, as a sentence; None when it may."""
    now = context.clock.now()
    if account.state == AccountState.PAUSED.value:
        return f"{account.name} is paused: {account.paused_reason or 'somebody paused it'}"
    if account.reading_paused_reason is not None:
        return f"Nothing is read from {account.name}: {account.reading_paused_reason}"
    try:
        allowed = may_collect(account, context.channel(account))
    except BeatlineError as error:
        return f"{account.name}: {error}"
    if not allowed:
        return (
            f"{account.name}: nothing is collected, because the network's terms ask a public body for a written "
            f"agreement first. When there is one, record it with `beatline accounts agree`."
        )
    asked = [until for until in (account.not_before, account.reading_not_before) if until is not None and until > now]
    if asked:
        return f"{account.name}: the network asked us to wait until {as_local(max(asked)):%H:%M}."
    return _used_up(context, account, now)


def _used_up(context: Context, account: Account, now: datetime) -> str | None:
    """Why a limit that any worker met, or the month's money, forbids reading now; None when neither does."""
    with context.database.read() as session:
        closed = waits(session, Purpose.READ, now)
        until = max((closed[name] for name in holders_of(account) if name in closed), default=None)
        if until is not None:
            return f"{account.name}: the network's limit for reading is used up until {as_local(until):%H:%M}."
        if account.channel not in CHARGING:
            return None
        assert account.id is not None
        least = Price(Bought.READ, milli(context.settings.x_own_read_pence))
        stop = would_stop(session, account.id, least, now)
    return f"{account.name}: {stop.reason}" if stop is not None else None


_DUE: tuple[Any, ...] = (
    Publication.id,
    Publication.platform_id,
    Publication.published_at,
    CollectingState.cursor,
    CollectingState.failures,
)
"""In the order of `Due`'s fields."""


def _publications(*columns: Any) -> Any:
    return (
        select(*_DUE, *columns)
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(
            col(Publication.gone_at).is_(None),
            col(Publication.withdrawn_at).is_(None),
            col(Publication.erased_at).is_(None),
        )
        # What failed before comes last, so that one bad post does not stop the rest; else the youngest first.
        .order_by(col(CollectingState.failures), col(Publication.published_at).desc(), col(Publication.id))
    )


def _due(session: Session, now: datetime, *, everything: bool) -> dict[int, list[Due]]:
    """What to look at, by account.  One query for all accounts: narrowed to one, SQLite would read its whole past."""
    query = _publications(col(Publication.account_id))
    if everything:
        query = query.where(col(Publication.published_at) > now - FINISHED_AFTER)
    else:
        query = query.where(col(CollectingState.next_at) <= now)
    by_account: dict[int, list[Due]] = defaultdict(list)
    for *row, account_id in session.connection().execute(query):
        by_account[account_id].append(Due(*row))
    return dict(by_account)


def _imported(session: Session, account: Account, since: datetime) -> list[Due]:
    """Posts brought in, of that time, that were never looked at to the end; all of them when none is left over.

    The second run of an import looks at all again: somebody asked for it."""
    query = _publications().where(
        col(Publication.account_id) == account.id,
        col(Publication.imported).is_(True),
        col(Publication.published_at) >= since,
    )
    left = [Due(*row) for row in session.connection().execute(query.where(col(CollectingState.last_at).is_(None)))]
    return left or [Due(*row) for row in session.connection().execute(query)]


def _store_past(context: Context, account: Account, batch: Sequence[PastPost]) -> int:
    """Store past posts that are not known yet.  Returns how many that were."""
    assert account.id is not None
    with context.database.write() as session:
        known = publications_by_platform_id(session, account.id, {post.platform_id for post in batch})
        places = list_places(session)
        new = {post.platform_id: post for post in batch if post.platform_id not in known}
        for post in new.values():
            record_publication(session, _publication(account.id, post, places), context.clock.now())
    return len(new)


def _publication(account_id: int, post: PastPost, places: Sequence[Place]) -> Publication:
    content_type = guess_content_type(post.text)
    return Publication(
        account_id=account_id,
        platform_id=post.platform_id,
        url=post.url,
        text=post.text,
        published_at=post.published_at,
        content_type=content_type,
        content_type_guessed=bool(content_type),
        place_id=guess_place(post.text, places),
        has_picture=post.has_picture,
        imported=True,
    )


def _stepper(progress: Progress | None, total: int) -> Callable[[], None]:
    """A function that counts its calls and tells `progress` of each."""
    counted = count(1)

    def step() -> None:
        done = next(counted)
        if progress:
            progress(done, total)

    return step
