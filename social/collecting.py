"""Collects what residents wrote and what the networks counted, account by account, without missing or doubling any.

`collect` looks at what is due; `import_history` brings in what was there before Beatline. Both may be stopped at any
moment and run again: everything is stored under the network's own ids."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from social import budgets, gaps
from social.accounts import Account, list_accounts
from social.channels.base import PastPost
from social.collect_budget_now import choose
from social.collect_obstacles import Obstacle, obstacle_of
from social.collect_plan import FINISHED_AFTER, is_sweep_due
from social.context import Context
from social.errors import BeatlineError, ChannelError
from social.places import Place, list_places
from social.publications import CollectingState, Publication, record_publication
from social.rechecks import affordable, threads_due
from social.rounds import CollectReport, Due, Progress, Round, note_trouble, publications_by_platform_id
from social.sorting import guess_content_type, guess_place
from social.sweeping import STILL_READ, glance, note_swept

__all__ = ["CollectReport", "HistoryReport", "collect", "import_history"]

_POSTS_AT_ONCE = 100
BY_HAND_AFTER = timedelta(minutes=2)
"""So old a post that we do not know is nobody's but a person's: one of ours is recorded by then, or looked for."""


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
        by_account = due_by_account(session, now, everything=everything)
        recheck = accounts_to_recheck(session, now, everything=everything)
        silent = gaps.unfilled(session)
        wanted = by_account.keys() | recheck | silent
        accounts = list_accounts(session)
        work = [one for one in accounts if one.id in wanted or is_sweep_due(one.swept_at, now)]
    step = _stepper(progress, sum(len(due) for due in by_account.values()))
    unforeseen: list[Exception] = []
    for account in work:
        assert account.id is not None
        try:
            _collect_from(context, account, by_account.get(account.id, []), report, step, everything=everything)
        except Exception as error:  # a fault of ours in one channel must not keep the others from being heard
            unforeseen.append(error)
    if unforeseen:
        raise unforeseen[0]
    return report


def _collect_from(
    context: Context,
    account: Account,
    due: Sequence[Due],
    report: CollectReport,
    step: Callable[[], None],
    *,
    everything: bool,
) -> None:
    """One account's part: notice a gap, read what the budget allows, recheck, and end the gap."""
    assert account.id is not None
    now = context.clock.now()
    obstacle = obstacle_of(context, account)
    _note_silence(context, account.id, due, obstacle, now)
    sweeping = everything or is_sweep_due(account.swept_at, now)
    if obstacle is not None:
        report.problems += [obstacle.sentence] if due else []
        if sweeping:
            note_swept(context, account, went_well=False)
        return
    _begin_day(context, account.id, now)
    glanced = True
    if sweeping and not everything and context.channel(account).can.glances:
        glanced, due = _with_stirred(context, account, due, report)
    with context.database.read() as session:
        choice = choose(session, account, due, context.settings, now)
        threads = affordable(threads_due(session, account.id, now, everything=everything), choice.cost, choice.left)
    if choice.plan is not None:
        report.left_unread += len(choice.plan.unread)
        report.left_unread_pence += sum(one.money for one in choice.plan.unread) / budgets.MILLI
    if due or threads or sweeping:
        went_well = Round(context, account, report).run(choice.due, step, threads, sweeping=sweeping)
        if sweeping:
            note_swept(context, account, went_well=went_well and glanced)
    _settle_gaps(context, account, context.clock.now())


def _with_stirred(
    context: Context, account: Account, due: Sequence[Due], report: CollectReport
) -> tuple[bool, Sequence[Due]]:
    """What is due, and those posts with it of which the network says that something new stands beneath them; and
    whether the network said it."""
    try:
        if not glance(context, account, context.channel(account)):
            return True, due
    except ChannelError as error:  # what is due is read as if nothing had been asked
        report.problems.append(note_trouble(context, account, error))
        return False, due
    with context.database.read() as session:
        return True, due_by_account(session, context.clock.now()).get(account.id or 0, [])


def _begin_day(context: Context, account_id: int, now: datetime) -> None:
    with context.database.read() as session:
        begun = budgets.has_begun(session, account_id, now)
    if not begun:
        with context.database.write() as session:
            budgets.begin_day(session, account_id, now)


def _note_silence(
    context: Context, account_id: int, due: Sequence[Due], obstacle: Obstacle | None, now: datetime
) -> None:
    """Store the gap if nothing was read for longer than expected; but nothing is expected where nothing may be read."""
    if obstacle is not None and obstacle.reason is None:
        return
    due_since = min((one.next_at for one in due if one.next_at is not None), default=now)
    with context.database.read() as session:
        gap = gaps.silence(session, account_id, due_since, now, obstacle.reason if obstacle is not None else None)
    if gap is not None:
        with context.database.write() as session:
            session.add(gap)


def _settle_gaps(context: Context, account: Account, now: datetime) -> None:
    assert account.id is not None
    with context.database.read() as session:
        news = gaps.settled(session, account.id, now, context.channel(account).can.reaches_back)
    if news:
        with context.database.write() as session:
            for gap in news:
                session.merge(gap)


def import_history(
    context: Context, account: Account, *, since: datetime, progress: Progress | None = None
) -> HistoryReport:
    """Bring in the account's own posts from `since` on, with their replies and figures.

    Run again it brings only what is new. A post that is known, whether planned here or brought in before, is left as
    it is. What trouble cuts short is taken up by `collect`, for which every post brought in is due."""
    if obstacle := obstacle_of(context, account):
        return HistoryReport(0, 0, 0, (obstacle.sentence,))
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


def adopt(context: Context, account: Account, *, since: datetime) -> int:
    """Take in what somebody posted on the account by hand from `since` on, for residents write under that as well. A post
    that may be ours, whose answer is still on its way, is left for the next time.  Returns how many there were.

    Raises ChannelError."""
    until = context.clock.now() - BY_HAND_AFTER
    past = (post for post in context.channel(account).history(since=since) if post.published_at <= until)
    posts = 0
    while batch := list(islice(past, _POSTS_AT_ONCE)):
        posts += _store_past(context, account, batch, mentions_again=False)
    return posts


_DUE: tuple[Any, ...] = (
    Publication.id,
    Publication.platform_id,
    Publication.published_at,
    CollectingState.cursor,
    CollectingState.failures,
    CollectingState.last_at,
    CollectingState.next_at,
    or_(
        col(Publication.appeal_ref).is_not(None),
        and_(col(Publication.content_type).startswith("appeal_"), col(Publication.content_type) != "appeal_closed"),
    ),
)
"""In the order of `Due`'s fields."""


def _publications(*columns: Any) -> Any:
    return (
        select(*_DUE, *columns)
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(*STILL_READ)
        # What failed before comes last, so that one bad post does not stop the rest; else the youngest first.
        .order_by(col(CollectingState.failures), col(Publication.published_at).desc(), col(Publication.id))
    )


def due_by_account(session: Session, now: datetime, *, everything: bool = False) -> dict[int, list[Due]]:
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


def accounts_to_recheck(session: Session, now: datetime, *, everything: bool) -> set[int]:
    """Accounts with known replies of which it is time to see what became.  everything: time or not."""
    due = col(CollectingState.recheck_at)
    query = (
        select(col(Publication.account_id))
        .join(CollectingState, col(CollectingState.publication_id) == col(Publication.id))
        .where(due.is_not(None) if everything else due <= now)
    )
    # Not DISTINCT: for that SQLite would walk all publications there ever were.
    return set(session.connection().execute(query).scalars())


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


def _store_past(context: Context, account: Account, batch: Sequence[PastPost], *, mentions_again: bool = True) -> int:
    """Store past posts that are not known yet, by the name that they have or one that they had.  Returns how many that
    were."""
    assert account.id is not None
    names = {name for post in batch for name in (post.platform_id, *post.before)}
    with context.database.read() as session:
        known = publications_by_platform_id(session, account.id, names)
    if all(known.keys() & {post.platform_id, *post.before} for post in batch):
        return 0
    with context.database.write() as session:
        known = publications_by_platform_id(session, account.id, names)
        places = list_places(session)
        new = {post.platform_id: post for post in batch if not known.keys() & {post.platform_id, *post.before}}
        for post in new.values():
            publication = _publication(account.id, post, places)
            record_publication(session, publication, context.clock.now(), mentions_again=mentions_again)
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
