"""The few columns of each post that reach is told from, and by which metric and definition it was counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chosen import Chosen, column_of
from insights.facts import ACTIONS, AGES
from insights.facts import PublicationFacts as Facts
from insights.reach_told import Told

METRICS = ("reach", "impressions")
_FIXED = 9
"""Columns before the actions in a row of `posts_of`."""


@dataclass(frozen=True)
class Source:
    """metric: the network's own name.  definition: the version of ours, >= 1; None where it was not kept."""

    metric: str
    definition: int | None = None


@dataclass(slots=True)
class Post:
    """One publication.  key: of its group, None for none.  reach: the latest count of `METRICS` that was asked for.

    source: by which metric and definition, as `source_of` takes it apart; None where it is not reported.  reach_at: by
    age, as counted then.  before, changed_at: the source that it had until then; None where it has had but one.
    actions: reactions, replies, shares, clicks and saves as far as they are reported; None when none of them is."""

    key: Any
    publication_id: int
    channel: str
    published_at: datetime
    week: Any
    followers: int | None
    impressions: int | None
    shares: int | None
    content_type: str
    actions: int | None
    reach: int | None
    source: str | None
    reach_at: dict[str, int | None]
    before: str | None = None
    changed_at: datetime | None = None

    def source_at(self, age: str) -> str | None:
        """By what the count at that age was made: by the metric before, where it was redefined later."""
        if self.before and self.changed_at and self.published_at + AGES[age].after < self.changed_at:
            return self.before
        return self.source

    def told(self) -> Told:
        """The count as a figure with where it came from; its moment is looked up where it is shown (`with_moment`)."""
        source = source_of(self.source) or Source("")
        return Told(self.reach, True, source.metric, source.definition, None, self.publication_id)


def posts_of(session: Session, chosen: Chosen, by: str | None = None, metric: str = "reach") -> list[Post]:
    """The chosen posts, oldest first.  by: what their `key` is; None for no key.  metric: one of `METRICS`.

    Raises ValueError for another metric or grouping."""
    if metric not in METRICS:
        raise ValueError(f"a series is of {' or '.join(METRICS)}, not of {metric}")
    key: Any = column_of(by) if by else col(Facts.publication_id)
    actions: list[Any] = [col(getattr(Facts, action)) for action in ACTIONS]
    of_metric: list[Any] = [
        col(getattr(Facts, name))
        for name in (metric, f"{metric}_source", f"{metric}_source_before", f"{metric}_changed_at")
    ]
    ages: list[Any] = [col(getattr(Facts, f"{metric}_{age}")) for age in AGES]
    columns: list[Any] = [
        key, Facts.publication_id, Facts.channel, Facts.published_at, Facts.week, Facts.followers, Facts.impressions,
        Facts.shares, Facts.content_type, *actions, *of_metric, *ages,
    ]  # fmt: skip
    query = select(*columns).where(*chosen.where()).order_by(col(Facts.published_at), col(Facts.publication_id))
    return [_post(row, keyed=by is not None) for row in session.connection().execute(query)]


def _post(row: Any, *, keyed: bool) -> Post:
    key, publication_id, channel, published_at, week, followers, impressions, shares, content_type = row[:_FIXED]
    actions = [value for value in row[_FIXED : _FIXED + len(ACTIONS)] if value is not None]
    value, source, before, changed_at, *ages = row[_FIXED + len(ACTIONS) :]
    return Post(
        key=key if keyed else None, publication_id=publication_id, channel=channel, published_at=published_at,
        week=week, followers=followers, impressions=impressions, shares=shares, content_type=content_type,
        actions=sum(actions) if actions else None, reach=value,
        source=source if value is not None else None, reach_at=dict(zip(AGES, ages, strict=True)),
        before=before, changed_at=changed_at,
    )  # fmt: skip


def source_of(text: str | None) -> Source | None:
    """'post_media_view v1' taken apart; None for none."""
    if not text:
        return None
    metric, mark, version = text.rpartition(" v")
    return Source(metric, int(version)) if mark and version.isdecimal() else Source(text)
