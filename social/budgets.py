"""What an account may spend in a month, counted before it is spent.

A request is paid for before it leaves: what it may cost at the most is added to the month, in one guarded update that
refuses to pass the budget. Afterwards what it did not cost is given back. So a worker that dies in between, and a
request of which nobody knows what came of it, count as spent.

Reading shares the budget with publishing and may take only its own part of it: an appeal that has to go out today must
not find the month's money read away. What takes a post down, and what looks whether a post is there, is counted and
never stopped.

Money is kept in thousandths of a penny, because what is bought costs fractions of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, cast, exists, false, or_, update
from sqlmodel import Field, Session, SQLModel, col, delete, select

from social.accounts import Account
from social.clock import LONDON, as_local
from social.database import UTCDateTime
from social.errors import InputError
from social.given import NUMBER, dialect_of, given_table, given_values
from social.upsert import insert_into, put_rows

_IDS = (("id", NUMBER),)
MILLI = 1000
"""Thousandths of a penny in a penny."""
KEPT_FOR_POSTS = 50
"""Per cent of the month's money that reading leaves alone, unless somebody sets another share."""
NEAR = 80
"""Per cent of a budget from which people are told that it comes to its end."""


class Bought(StrEnum):
    """POST: publishing.  READ: reading what others wrote and what was counted.  NEEDED: never stopped, only counted."""

    POST = "post"
    READ = "read"
    NEEDED = "needed"


class Budget(SQLModel, table=True):
    """What somebody allowed.  pence, posts, reads: a month at the most, None for no such limit.

    kept_for_posts: per cent of the money that reading may not touch."""

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    pence: int | None = None
    posts: int | None = None
    reads: int | None = None
    kept_for_posts: int = KEPT_FOR_POSTS
    set_at: datetime = Field(sa_type=UTCDateTime)


class Spending(SQLModel, table=True):
    """What a month came to so far, requests under way included.  month: as '2026-11', UK time.  money: thousandths of a
    penny, all in all; read_money: the part of it that reading took.  posts, reads: counts of posts sent and posts read.
    stopped_at: when a budget last stopped something.  day: the last day (UTC) on which reading was planned, and
    read_before: what reading had taken when that day began."""

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    month: str = Field(primary_key=True)
    money: int = Field(default=0, sa_type=BigInteger)
    read_money: int = Field(default=0, sa_type=BigInteger)
    posts: int = 0
    reads: int = 0
    stopped_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    day: str | None = None
    read_before: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class ReadToday(SQLModel, table=True):
    """A post that was paid for on this day (UTC): X charges for reading it again only on another day."""

    __tablename__ = "read_today"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    day: str = Field(primary_key=True)
    platform_id: str = Field(primary_key=True)


@dataclass(frozen=True)
class Price:
    """What a request may cost at the most.  money: thousandths of a penny.  count: posts sent, or posts read."""

    bought: Bought
    money: int
    count: int = 1


@dataclass(frozen=True)
class Stop:
    """A budget forbids it.  reason: a sentence.  opens_at: when the next month begins, UTC."""

    reason: str
    opens_at: datetime


def month_of(now: datetime) -> str:
    return f"{as_local(now):%Y-%m}"


def next_month(now: datetime) -> datetime:
    """The first instant of the next month in the force's area, UTC."""
    local = as_local(now)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return datetime(year, month, 1, tzinfo=LONDON).astimezone(UTC)


def reserve(session: Session, account_id: int, price: Price, now: datetime) -> Stop | None:
    """Count what the request may cost at the most, before it leaves; None when it may go.

    One guarded update: two workers that ask at once cannot both take the last of it."""
    if _counted(session, account_id, price, now):
        return None
    month = {"account_id": account_id, "month": month_of(now)}
    first = insert_into(session, Spending).values(**month, money=0, read_money=0, posts=0, reads=0)
    if session.connection().execute(first.on_conflict_do_nothing()).rowcount and _counted(
        session, account_id, price, now
    ):
        return None
    row = update(Spending).where(col(Spending.account_id) == account_id, col(Spending.month) == month_of(now))
    session.exec(row.values(stopped_at=now).execution_options(synchronize_session=False))
    return _stop(session, account_id, price, now)


def reserve_alike(session: Session, account_ids: Collection[int], price: Price, now: datetime) -> set[int]:
    """`reserve` for several accounts at once, each for one request of this price.

    Returns those for which it was counted; of the others `reserve` says why not."""
    counted = _counted_alike(session, account_ids, price, now)
    rest = sorted(set(account_ids) - counted)
    if not rest:
        return counted
    # Their month has no row yet, or their budget forbids it.
    first = [{"account_id": one, "month": month_of(now), "money": 0, "read_money": 0, "posts": 0, "reads": 0}
             for one in rest]  # fmt: skip
    put_rows(session, Spending, first, lambda insert: insert.on_conflict_do_nothing())
    return counted | _counted_alike(session, rest, price, now)


def _counted_alike(session: Session, account_ids: Collection[int], price: Price, now: datetime) -> set[int]:
    dialect = dialect_of(session)
    given = given_values(dialect, _IDS, [(one,) for one in account_ids])
    counting = session.connection().execute(_counting(dialect, price), {**given, "of": month_of(now)})
    return set(counting.scalars().all())


# A statement is built once for a price: building it costs more than running it.
@lru_cache(maxsize=64)
def _counting(dialect: str, price: Price) -> Any:
    ids = given_table(dialect, _IDS)
    these = (col(Spending.account_id).in_(select(ids.c.id)), col(Spending.month) == bindparam("of"))
    return (
        update(Spending).where(*these, ~_passes(price)).values(**_added(price, 1)).returning(col(Spending.account_id))
    )


def _counted(session: Session, account_id: int, price: Price, now: datetime) -> bool:
    """Whether it fitted and was counted; False also where the month has no row yet."""
    guarded = update(Spending).where(
        col(Spending.account_id) == account_id, col(Spending.month) == month_of(now), ~_passes(price)
    )
    return session.exec(guarded.values(**_added(price, 1)).execution_options(synchronize_session=False)).rowcount == 1


def give_back_money(session: Session, account_id: int, price: Price, now: datetime) -> None:
    """The request did not cost this much.  now: any moment of the month in which it was reserved."""
    row = update(Spending).where(col(Spending.account_id) == account_id, col(Spending.month) == month_of(now))
    session.exec(row.values(**_added(price, -1)).execution_options(synchronize_session=False))


def _added(price: Price, sign: int) -> dict[str, object]:
    def changed(column: str, by: int) -> object:
        after = col(getattr(Spending, column)) + sign * by
        return case((after < 0, 0), else_=after)

    values: dict[str, object] = {"money": changed("money", price.money)}
    if price.bought is Bought.POST:
        values["posts"] = changed("posts", price.count)
    if price.bought is Bought.READ:
        values |= {"read_money": changed("read_money", price.money), "reads": changed("reads", price.count)}
    return values


def _allowed() -> ColumnElement[int]:
    """A month's money in thousandths of a penny, wide enough for a share of it to be worked out: PostgreSQL's plain number
    would be full at £215."""
    return cast(col(Budget.pence), BigInteger) * MILLI


def _passes(price: Price) -> ColumnElement[bool]:
    """In SQL: the account has a budget that this would pass. A limit that was never set is NULL and passes nothing."""
    allowed = _allowed()
    over: list[ColumnElement[bool]] = [col(Spending.money) + price.money > allowed]
    if price.bought is Bought.POST:
        over.append(col(Spending.posts) + price.count > col(Budget.posts))
    if price.bought is Bought.READ:
        over.append(col(Spending.read_money) + price.money > allowed * (100 - col(Budget.kept_for_posts)) / 100)
        over.append(col(Spending.reads) + price.count > col(Budget.reads))
    if price.bought is Bought.NEEDED:
        return false()
    return exists().where(col(Budget.account_id) == col(Spending.account_id), or_(*over))


def _for_reading(budget: Budget) -> int:
    """Thousandths of a penny that reading may take of the month."""
    return (budget.pence or 0) * MILLI * (100 - budget.kept_for_posts) // 100


def closed_to_posts(session: Session, now: datetime, least: int) -> set[int]:
    """Accounts that have no room this month even for the cheapest post.  least: its price, thousandths of a penny."""
    run = session.connection().execute
    full, none_yet = _closed(least)
    return {*run(full, {"of": month_of(now)}).scalars().all(), *run(none_yet).scalars().all()}


@lru_cache(maxsize=64)
def _closed(least: int) -> tuple[Any, Any]:
    passed = (col(Spending.month) == bindparam("of"), _passes(Price(Bought.POST, least)))
    none_yet = select(Budget.account_id).where(or_(col(Budget.posts) == 0, _allowed() < least))
    return select(Spending.account_id).where(*passed), none_yet


def would_stop(session: Session, account_id: int, price: Price, now: datetime) -> Stop | None:
    """Whether the budget forbids it at this moment. Counts nothing."""
    budget = session.get(Budget, account_id)
    if budget is None:
        return None
    spent = spending_of(session, account_id, now)
    money, left = price.money, (budget.pence or 0) * MILLI - spent.money
    reads_left = _for_reading(budget) - spent.read_money
    stopped = (
        (budget.pence is not None and money > left)
        or (budget.pence is not None and price.bought is Bought.READ and money > reads_left)
        or (price.bought is Bought.POST and budget.posts is not None and spent.posts + price.count > budget.posts)
        or (price.bought is Bought.READ and budget.reads is not None and spent.reads + price.count > budget.reads)
    )
    return _stop(session, account_id, price, now) if stopped else None


def _stop(session: Session, account_id: int, price: Price, now: datetime) -> Stop:
    name = session.get_one(Account, account_id).name
    opens = next_month(now)
    what = "publish to" if price.bought is Bought.POST else "read from"
    reason = (
        f"The budget to {what} {name} in {as_local(now):%B} is used up. It opens again on {as_local(opens).day} "
        f"{as_local(opens):%B}, or when somebody raises it."
    )
    return Stop(reason, opens)


def left_for_reading(session: Session, account_id: int, now: datetime, each: int) -> int | None:
    """Thousandths of a penny that reading may still take this month; None for no limit.

    each: what reading one post costs, so that a number of posts can be told in money."""
    budget = session.get(Budget, account_id)
    if budget is None or each <= 0:
        return None
    spent = spending_of(session, account_id, now)
    left: list[int] = []
    if budget.pence is not None:
        left += [budget.pence * MILLI - spent.money, _for_reading(budget) - spent.read_money]
    if budget.reads is not None:
        left.append((budget.reads - spent.reads) * each)
    return max(min(left), 0) if left else None


def read_money_today(session: Session, account_id: int, now: datetime) -> int:
    """Thousandths of a penny that reading took on this day (UTC), as far as `begin_day` knows it to have begun."""
    spent = spending_of(session, account_id, now)
    return spent.read_money - spent.read_before if spent.day == _day(now) else 0


def begin_day(session: Session, account_id: int, now: datetime) -> None:
    """What reading takes from now on is of this day; the same day begins once."""
    another = or_(col(Spending.day).is_(None), col(Spending.day) != _day(now))
    row = update(Spending).where(col(Spending.account_id) == account_id, col(Spending.month) == month_of(now), another)
    values = {"day": _day(now), "read_before": col(Spending.read_money)}
    session.exec(row.values(**values).execution_options(synchronize_session=False))


def has_begun(session: Session, account_id: int, now: datetime) -> bool:
    """Whether `begin_day` has nothing to do: the day has begun, or the month has no row yet."""
    known = session.get(Spending, (account_id, month_of(now)))
    return known is None or known.day == _day(now)


def spending_of(session: Session, account_id: int, now: datetime) -> Spending:
    """The month's row; one of nothing when nothing was spent yet."""
    month = month_of(now)
    return session.get(Spending, (account_id, month)) or Spending(account_id=account_id, month=month)


@dataclass(frozen=True)
class Standing:
    """How an account stands in this month.  pence, posts, reads: the budget, None for no limit.  spent_pence and
    read_pence: pence with a fraction.  used: per cent of the limit that is nearest to its end, None without any.
    opens_at: when the next month begins, UTC."""

    account: str
    month: str
    pence: int | None
    posts: int | None
    reads: int | None
    kept_for_posts: int
    spent_pence: float
    read_pence: float
    spent_posts: int
    spent_reads: int
    used: int | None
    read_used: int | None
    opens_at: datetime


def standing(session: Session, account: Account, now: datetime) -> Standing:
    """What was allowed and what was spent, this month."""
    assert account.id is not None
    found = session.get(Budget, account.id)
    budget = found or Budget(account_id=account.id, set_at=now)
    spent = spending_of(session, account.id, now)
    return Standing(
        account.name, spent.month, budget.pence, budget.posts, budget.reads, budget.kept_for_posts,
        spent.money / MILLI, spent.read_money / MILLI, spent.posts, spent.reads,
        _share((spent.money, _money(budget.pence), MILLI), (spent.posts, budget.posts, 1)),
        _share((spent.read_money, None if budget.pence is None else _for_reading(budget), MILLI), (spent.reads, budget.reads, 1)),
        next_month(now),
    )  # fmt: skip


def _money(pence: int | None) -> int | None:
    return None if pence is None else pence * MILLI


def _share(*pairs: tuple[int, int | None, int]) -> int | None:
    """Per cent of the limit that is nearest to its end.  pairs: used, the limit, and the least that is worth having:
    with less than that left it is used up."""
    return max(
        (100 if most - used < least else used * 100 // most for used, most, least in pairs if most is not None),
        default=None,
    )


def set_budget(
    session: Session,
    account_id: int,
    now: datetime,
    *,
    pence: int | None,
    posts: int | None,
    reads: int | None,
    kept_for_posts: int = KEPT_FOR_POSTS,
) -> Budget:
    """Allow so much a month from now on; what this month came to already counts.

    Raises InputError for what is below 0 or no share."""
    wrong = [f"{name} must be 0 or more." for name, value in (("The money", pence), ("The number of posts", posts),
             ("The number of reads", reads)) if value is not None and not 0 <= value <= 10**8]  # fmt: skip
    if not 0 <= kept_for_posts <= 100:
        wrong.append("The share kept for posts is a percentage, 0 to 100.")
    if wrong:
        raise InputError(*wrong)
    fresh = Budget(
        account_id=account_id, pence=pence, posts=posts, reads=reads, kept_for_posts=kept_for_posts, set_at=now
    )
    return session.merge(fresh)


def unread_today(session: Session, account_id: int, now: datetime, platform_ids: set[str]) -> set[str]:
    """Those of the posts that were not paid for on this day (UTC)."""
    query = select(ReadToday.platform_id).where(
        ReadToday.account_id == account_id, ReadToday.day == _day(now), col(ReadToday.platform_id).in_(platform_ids)
    )
    return platform_ids - {str(platform_id) for platform_id in session.exec(query)}


def note_read(session: Session, account_id: int, now: datetime, platform_ids: set[str]) -> None:
    """These are paid for; what was noted on earlier days is forgotten."""
    session.exec(delete(ReadToday).where(col(ReadToday.account_id) == account_id, col(ReadToday.day) < _day(now)))
    if platform_ids:
        rows = [{"account_id": account_id, "day": _day(now), "platform_id": one} for one in sorted(platform_ids)]
        session.connection().execute(insert_into(session, ReadToday).on_conflict_do_nothing(), rows)


def _day(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%d}"
