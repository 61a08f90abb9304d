"""Findings on how far posts go beyond an account's own followers (M05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chosen import Chosen
from insights.facts import PublicationFacts as Facts
from insights.figures import ENOUGH_POSTS
from insights.findings.base import Finding, Mark
from insights.labels import CHANNEL_LABELS, content_type_label
from social.sorting import NEVER_RANKED

METHOD = "docs/methods/reach.md"


@dataclass(frozen=True)
class Reached:
    """One post.  times: accounts reached for each follower that its account had when it was published, >= 0."""

    channel: str
    content_type: str
    times: float


def posts_reached(session: Session, chosen: Chosen) -> list[Reached]:
    """The chosen posts with both figures.  Never appeals for missing people (R11); alerts report no reach (M08)."""
    columns: list[Any] = [Facts.channel, Facts.content_type, Facts.reach, Facts.followers]
    query = select(*columns).where(
        *chosen.where(), col(Facts.reach).is_not(None), col(Facts.followers) > 0,
        col(Facts.content_type).not_in(sorted(NEVER_RANKED)),
    )  # fmt: skip
    return [Reached(row[0], row[1], row[2] / row[3]) for row in session.connection().execute(query)]


def reached(posts: Sequence[Reached], period: str) -> list[Finding]:
    """One for each network with enough posts: counted.  period: in words, such as 'in the last 12 weeks'."""
    channels = sorted({post.channel for post in posts})
    made = [_one(channel, [post for post in posts if post.channel == channel], period) for channel in channels]
    return [one for one in made if one is not None]


def _one(channel: str, posts: Sequence[Reached], period: str) -> Finding | None:
    if len(posts) < ENOUGH_POSTS:
        return None
    label = CHANNEL_LABELS.get(channel, channel.capitalize())
    every = [post.times for post in posts]
    beyond, middle = sum(times > 1 for times in every), median(every)
    kinds = sorted({post.content_type for post in posts}, key=content_type_label)
    groups = [(content_type_label(kind), [p.times for p in posts if p.content_type == kind]) for kind in kinds]
    rows = [(name, len(times), round(median(times), 2)) for name, times in groups if len(times) >= ENOUGH_POSTS]
    few = sum(len(times) for _, times in groups if len(times) < ENOUGH_POSTS)
    shown = [*rows, ("All of these posts", len(every), round(middle, 2))]
    return Finding(
        key=f"reached {channel}", kind="reached",
        sentence=f"On {label}, {beyond or 'none'} of {len(every)} posts {period} whose reach and followers are known reached more "
        f"accounts than follow the account; half reached {100 * middle:,.0f} or more for every 100 followers.",
        n=len(every), counted="posts", substance=f"{round(middle * 4) / 4}",
        headings=("Kind of post", "Posts", "Accounts reached for each follower, median"),
        rows=(*shown, *((("Kinds with fewer than 5 posts", few, "too few to tell"),) if few else ())),
        chart="bars", marks=tuple(Mark(name, times, f"{times:.2f}", n) for name, n, times in shown),
        measure=f"Accounts reached for each follower, median over posts, {label}, {period}; posts in brackets",
        limits="Counted, not estimated. Young posts still gather reach. Kinds of posts have different aims, so that none is "
        "better than another; whether those reached live here, networks do not tell. Appeals for missing people are left out.",
        method=METHOD, link_params={"i_part": "Reach", "i_period": "Last 12 weeks", "i_net": label},
    )  # fmt: skip
