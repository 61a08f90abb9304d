"""What would be read when, what is left unread, and what reading it would cost: for people, from the same plan that
collecting follows. Makes no request and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from social.accounts import list_accounts
from social.budgets import MILLI
from social.collect_budget import Candidate, Cost, Left, Look, Plan, Short, Unread, plan
from social.collect_budget_now import candidates_of, left_of
from social.collect_obstacles import Obstacle, obstacle_of
from social.collecting import due_by_account
from social.context import Context
from social.publications import Publication

AHEAD = timedelta(days=1)

_WHY: dict[Short, str] = {
    Short.REQUESTS: "the network's limit for reading leaves no more requests",
    Short.TODAY: "today's share of the month's money for reading is spent",
    Short.MONTH: "the month's money for reading is spent, or less is left than one request may cost",
}


@dataclass(frozen=True)
class PlannedLook:
    """One look to come.  publication: its id.  post: number of the post planned here, None for one of before Beatline.
    at: when.  why: in a few words.  replies: new ones expected.  pence:
    what it is expected to cost, with a fraction."""

    account: str
    publication: int
    published_at: datetime
    at: datetime
    why: str
    replies: float
    requests: int
    pence: float
    post: int | None = None


@dataclass(frozen=True)
class LeftUnread:
    """A post that is due and not read, or not to its end.  publication, post: as in `PlannedLook`.  replies: new ones expected there.  requests, pence: what
    reading them would cost.  why: a sentence without its full stop.  again_at: when there is more to spend, None when
    nobody knows."""

    account: str
    publication: int
    published_at: datetime
    replies: float
    requests: int
    pence: float
    why: str
    again_at: datetime | None
    post: int | None = None


@dataclass(frozen=True)
class ReadingPlan:
    """looks: in the order of their time.  unread: what stays unread meanwhile, the likeliest to hold replies first."""

    looks: tuple[PlannedLook, ...]
    unread: tuple[LeftUnread, ...]

    @property
    def unread_pence(self) -> float:
        """About what reading all that is left unread would cost."""
        return sum(one.pence for one in self.unread)


def reading_plan(context: Context) -> ReadingPlan:
    """What would be read in the next day, each post's next look, and what is left unread."""
    return _planned(context, AHEAD)


def left_unread(context: Context) -> list[LeftUnread]:
    """What is due at this moment and not read, because of a budget, a limit, or something that a person must mend."""
    return list(_planned(context, timedelta()).unread)


def _planned(context: Context, ahead: timedelta) -> ReadingPlan:
    now = context.clock.now()
    looks: list[PlannedLook] = []
    unread: list[LeftUnread] = []
    with context.database.read() as session:
        accounts = list_accounts(session)
        by_account = due_by_account(session, now + ahead)
    for account in accounts:
        due = by_account.get(account.id or 0, [])
        if not due:
            continue
        obstacle = obstacle_of(context, account)
        with context.database.read() as session:
            candidates = candidates_of(session, account, due, now)
            cost, left = left_of(session, account, context.settings, now)
            posts = _posts(session, [one.id for one in due])
        of_account = _Told(account.name, {one.id: one for one in candidates}, posts)
        if obstacle is not None:
            unread += of_account.stopped(obstacle, cost, now)
        else:
            planned = plan(candidates, cost, left)
            looks += of_account.looks(planned)
            unread += of_account.unread(planned)
    looks.sort(key=lambda one: one.at)  # stable: what is due now stays in the order of the plan
    unread.sort(key=lambda one: (-one.replies, one.account, one.publication))
    return ReadingPlan(tuple(looks), tuple(unread))


def _posts(session: Session, publication_ids: Sequence[int]) -> dict[int, int | None]:
    columns: list[Any] = [Publication.id, Publication.post_id]
    query = select(*columns).where(col(Publication.id).in_(publication_ids))
    return {row[0]: row[1] for row in session.connection().execute(query)}


@dataclass(frozen=True)
class _Told:
    """One account's plan in the words of the outside."""

    account: str
    by_id: dict[int, Candidate]
    posts: dict[int, int | None]

    def looks(self, planned: Plan) -> list[PlannedLook]:
        return [
            PlannedLook(
                self.account, one.id, self.by_id[one.id].published_at, one.at, one.why.value,
                round(one.replies, 2), one.requests, one.money / MILLI, self.posts.get(one.id),
            )
            for one in planned.looks
        ]  # fmt: skip

    def unread(self, planned: Plan) -> list[LeftUnread]:
        return [self._left(one, _WHY[one.short_of], one.again_at) for one in planned.unread]

    def stopped(self, obstacle: Obstacle, cost: Cost, now: datetime) -> list[LeftUnread]:
        """All that is due, where nothing may be read at all; the price is that of reading it now."""
        due = [one for one in self.by_id.values() if one.due_at <= now]
        why = (obstacle.brief or obstacle.sentence).removesuffix(".")
        return [self._left(one, why, None) for one in plan(due, cost, Left(now)).looks]

    def _left(self, one: Look | Unread, why: str, again_at: datetime | None) -> LeftUnread:
        published_at = self.by_id[one.id].published_at
        replies, pence = round(one.replies, 2), one.money / MILLI
        post = self.posts.get(one.id)
        return LeftUnread(self.account, one.id, published_at, replies, one.requests, pence, why, again_at, post)


@dataclass(frozen=True)
class UnreadSum:
    """What is left unread of one account for one reason.  posts: how many.  The rest as in `LeftUnread`."""

    account: str
    why: str
    posts: int
    replies: float
    pence: float
    again_at: datetime | None


def summed(unread: Sequence[LeftUnread]) -> list[UnreadSum]:
    """By account and reason, in the order in which they first come."""
    sums: dict[tuple[str, str], UnreadSum] = {}
    for one in unread:
        known = sums.get((one.account, one.why), UnreadSum(one.account, one.why, 0, 0.0, 0.0, one.again_at))
        sums[one.account, one.why] = replace(
            known, posts=known.posts + 1, replies=known.replies + one.replies, pence=known.pence + one.pence
        )
    return list(sums.values())
