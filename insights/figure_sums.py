"""Sums over posts, by group: whole weeks from the weekly sums, added up as far as may be, the days at the
edges from the posts' own rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from insights.facts import ACTIONS, FoldedWeek, WeeklyFacts
from insights.facts import PublicationFacts as Facts
from insights.figure_filters import Filters
from insights.folds import fold_for, folded_weeks, weeks_without

COLUMNS = {"place": "place_id", "account": "account_id", "post": "publication_id"}
"""The column of a grouping, where it has another name."""
_ACTIONS: tuple[Any, ...] = (Facts.reactions, Facts.replies, Facts.shares, Facts.clicks, Facts.saves)


@dataclass
class Sums:
    """Of a group of posts.  *_posts: how many of them report it; a sum over none is not reported (M04)."""

    posts: int = 0
    reach_posts: int = 0
    impressions: int = 0
    impressions_posts: int = 0
    engagement: int = 0
    engagement_posts: int = 0
    shares: int = 0
    shares_posts: int = 0
    engagement_where_shares: int = 0
    replies_stored: int = 0
    replies_read: int = 0
    n_negative: int = 0
    n_neutral: int = 0
    n_positive: int = 0
    n_unknown: int = 0
    answered: int = 0
    unanswered: int = 0

    def add(self, more: Sequence[Any]) -> None:
        for name, amount in zip(_NAMES, more, strict=True):
            setattr(self, name, getattr(self, name) + (amount or 0))


_NAMES = tuple(one.name for one in fields(Sums))


def engagement_of_post() -> Any:
    """Actions on a post as far as they are reported; None when none of them is."""
    reported = sum((func.coalesce(action, 0) for action in _ACTIONS[1:]), func.coalesce(_ACTIONS[0], 0))
    return case((func.coalesce(*_ACTIONS).is_not(None), reported), else_=None)


def key_of(by: str | None, key: Any) -> Any:
    """A group's key as the rows of facts have it: None for no place and no campaign, whichever table it came from."""
    return key or None if by in ("place", "campaign") else key


def sums_by(session: Session, by: str | None, filters: Filters) -> dict[Any, Sums]:
    """Sums by key; by None: one group of all, none where there is no post."""
    found: dict[Any, Sums] = {}
    for key, *amounts in _rows(session, by, filters):
        if amounts[0]:
            found.setdefault(key_of(by, key), Sums()).add(amounts)
    return found


def _rows(session: Session, by: str | None, filters: Filters) -> Iterator[Any]:
    bounds = filters.weeks()
    if by == "post" or bounds is None:
        yield from _grouped(session, by, Facts, dict(_of_post()), list(filters.of_posts()))
        return
    fold = fold_for(by, filters.narrowed())
    folded = folded_weeks(session, *bounds) if fold is not None else set()
    if folded:
        added_up = col(fold.week).in_(select(col(FoldedWeek.week)))
        yield from _grouped(session, by, fold, dict(_of_week(fold)), [added_up, *filters.of_weeks(fold)])
        missing = weeks_without(session, folded, *bounds)
        rest = [col(WeeklyFacts.week).in_(missing), *filters.of_weeks(WeeklyFacts)] if missing else None
    else:
        rest = list(filters.of_weeks(WeeklyFacts))
    if rest is not None:
        yield from _grouped(session, by, WeeklyFacts, dict(_of_week(WeeklyFacts)), rest)
    edges = filters.of_edges()
    if edges is not None:
        yield from _grouped(session, by, Facts, dict(_of_post()), edges)


def _grouped(
    session: Session, by: str | None, table: Any, sums: dict[str, Any], conditions: list[Any]
) -> Iterator[Any]:
    amounts = [sums[name] for name in _NAMES]
    if by is None:
        yield (None, *session.connection().execute(select(*amounts).where(*conditions)).one())
        return
    key: Any = col(getattr(table, COLUMNS.get(by, by)))
    if by != "week":
        # As an expression: SQLite would walk a whole index in the order of the groups, however short the time asked for.
        key = func.coalesce(key, "" if by in ("content_type", "channel", "campaign") else 0)
    yield from session.connection().execute(select(key, *amounts).where(*conditions).group_by(key))


def _of_week(table: Any) -> Iterator[tuple[str, Any]]:
    actions = [getattr(table, metric.value) for metric in ACTIONS]
    for name in _NAMES:
        if name != "engagement":
            yield name, func.sum(getattr(table, name))
    yield "engagement", func.sum(sum(actions[1:], actions[0]))


def _of_post() -> Iterator[tuple[str, Any]]:
    engagement = engagement_of_post()
    yield "posts", func.count()
    reported: dict[str, Any] = {"reach": Facts.reach, "impressions": Facts.impressions, "shares": Facts.shares}
    for name, column in reported.items():
        yield f"{name}_posts", func.count(column)
        yield name, func.sum(column)
    yield "engagement", func.sum(engagement)
    yield "engagement_posts", func.count(engagement)
    yield "engagement_where_shares", func.sum(case((col(Facts.shares).is_not(None), engagement), else_=None))
    for name in _NAMES[9:]:
        yield name, func.sum(getattr(Facts, name))
