"""Sums over posts, by group: whole weeks from the weekly sums, added up as far as may be, the days at the
edges from the posts' own rows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from insights.facts import PublicationFacts as Facts
from insights.facts import WeeklyFacts, WeeklyOfKinds
from insights.figure_filters import Filters
from insights.folds import OF_PLACES, STORE, fold_for, folded_weeks, sums_of, weeks_without
from insights.kept import packed_weeks
from insights.packed import Posts, together

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
    found: dict[Any, list[int]] = {}
    for key, *amounts in _rows(session, by, filters):
        if amounts[0]:
            known = found.setdefault(key_of(by, key), [0] * len(_NAMES))
            found[key_of(by, key)] = [one + (more or 0) for one, more in zip(known, amounts, strict=True)]
    return {key: Sums(*map(int, amounts)) for key, amounts in found.items()}


def _rows(session: Session, by: str | None, filters: Filters) -> Iterator[Any]:
    bounds = filters.weeks()
    if by == "post" or bounds is None:
        yield from _grouped(session, by, Facts, dict(_of_post()), list(filters.of_posts()))
        return
    fold = fold_for(by, filters.narrowed())
    done: Collection[date] = ()
    if fold == "places":
        weeks = packed_weeks(session, STORE, *bounds, OF_PLACES.kinds)
        done = weeks.days
        yield from _of_places(by, list(filters.those_of(weeks.parts, filters.places(session))))
    elif fold == "kinds":
        done = folded_weeks(session, *bounds)
        if done:
            # These and no others: a week that is folded between two looks is counted below, by its own rows.
            added_up = col(WeeklyOfKinds.week).in_(sorted(done))
            conditions = [added_up, *filters.of_weeks(WeeklyOfKinds)]
            yield from _grouped(session, by, WeeklyOfKinds, dict(sums_of(WeeklyOfKinds)), conditions)
    missing = weeks_without(session, done, *bounds) if done else None
    if missing is None or missing:
        of_these = [] if missing is None else [col(WeeklyFacts.week).in_(missing)]
        conditions = [*of_these, *filters.of_weeks(WeeklyFacts)]
        yield from _grouped(session, by, WeeklyFacts, dict(sums_of(WeeklyFacts)), conditions)
    edges = filters.of_edges()
    if edges is not None:
        yield from _grouped(session, by, Facts, dict(_of_post()), edges)


def _of_places(by: str | None, parts: list[Posts]) -> Iterator[Any]:
    """Sums by key of the folded weeks, from what is packed by place."""
    import numpy as np

    if not parts:
        return
    key = COLUMNS.get(by, by) if by else None
    rows = together(parts, ["channel", "week", "place_id", "account_id", *_NAMES])
    keys = rows.columns[key] if key else np.zeros(len(rows), dtype="<i4")
    known, place = np.unique(keys, return_inverse=True)
    sums = [np.zeros(len(known), dtype="<i8") for _ in _NAMES]
    for amount, name in zip(sums, _NAMES, strict=True):
        np.add.at(amount, place, rows.columns[name].astype("<i8"))
    for number, *amounts in zip(known.tolist(), *(amount.tolist() for amount in sums), strict=True):
        word: Any = rows.words["channel"][number] if by == "channel" else number
        yield (None if by is None else date.fromordinal(number) if by == "week" else word, *amounts)


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
