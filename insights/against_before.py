"""One period against the one before, young posts with young posts: what each had reached when it was a week old."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.chance import CHANCE, chance_of
from insights.chosen import Chosen
from insights.facts import PublicationFacts as Facts
from insights.figures import ENOUGH_POSTS
from social.words import say_count


def at_a_week(session: Session, chosen: Chosen) -> tuple[str, list[int]]:
    """What the posts had when they were a week old: what it is called, and one value a post that is so old.

    Accounts reached; times shown where the network reports no reach."""
    query: Any = select(col(Facts.reach_7d), col(Facts.impressions_7d)).where(*chosen.where())
    rows = session.connection().execute(query).all()
    reached = [row[0] for row in rows if row[0] is not None]
    if reached:
        return "had reached {} accounts", reached
    return "had been shown {} times", [row[1] for row in rows if row[1] is not None]


def _counted(posts: int) -> str:
    return say_count(posts, "post") if posts else "none"


def say_against(words: str, these: Sequence[int], before: Sequence[int], when: str) -> str:
    """How the two periods compare; no difference that chance often brings, and none of under five posts (M09).

    words: with a place for the number.  these, before: one value a post.  when: the earlier period in words."""
    if min(len(these), len(before)) < ENOUGH_POSTS:
        return (
            "Too few to tell how this period compares: posts are held against each other at the age of one week, and "
            f"{_counted(len(these))} of this period and {_counted(len(before))} {when} have a figure of that age."
        )
    now, then = median(these), median(before)
    said = (
        f"When it was a week old, half of the posts {words.format(f'{now:,.0f}')} or more ({len(these)} posts); "
        f"{when} {then:,.0f} ({len(before)} posts)"
    )
    if chance_of(these, before) >= CHANCE or now == then:
        return f"{said}: no clear difference."
    return f"{said}: that is {'more' if now > then else 'less'} than chance brings."
