"""Sums over posts, by group: whole weeks from the weekly sums, the days at the edges from the posts' own rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.facts import WeeklyFacts
from insights.figure_filters import Filters

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
    weekly = by != "post" and filters.weeks() is not None
    if weekly:
        yield from _grouped(session, by, WeeklyFacts, dict(_of_week()), list(filters.of_weeks()))
    conditions = filters.of_edges() if weekly else list(filters.of_posts())
    if conditions is not None:
        yield from _grouped(session, by, Facts, dict(_of_post()), conditions)


def _grouped(
    session: Session, by: str | None, table: Any, sums: dict[str, Any], conditions: list[Any]
) -> Iterator[Any]:
    amounts = [sums[name] for name in _NAMES]
    if by is None:
        yield (None, *session.connection().execute(select(*amounts).where(*conditions)).one())
        return
    key = col(getattr(table, COLUMNS.get(by, by)))
    yield from session.connection().execute(select(key, *amounts).where(*conditions).group_by(key))


def _of_week() -> Iterator[tuple[str, Any]]:
    actions: tuple[Any, ...] = (
        WeeklyFacts.reactions, WeeklyFacts.replies, WeeklyFacts.shares, WeeklyFacts.clicks, WeeklyFacts.saves,
    )  # fmt: skip
    for name in _NAMES:
        if name != "engagement":
            yield name, func.sum(getattr(WeeklyFacts, name))
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
