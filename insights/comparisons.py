"""Which posts reach more people than other posts like them, with how sure that is: like with like, or 'too few to tell'.

Counts are skewed and small groups deceive (M09), kinds of posts and accounts differ by nature (M10): so posts are held
against posts of the same account and kind, at the same age, with the time and the week allowed for
(docs/methods/comparisons.md). Missing-person appeals are never in it (R11), alerts neither (M08)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from insights.chance import stand_together
from insights.comparison_fitting import NEVER, NOTHING, fitted
from insights.comparison_posts import Asked, count_for, labels_for, posts_for
from insights.comparison_values import (
    AGES,
    CHANCE,
    ENOUGH,
    GROUPINGS,
    LATEST,
    MEASURES,
    SMALLEST,
    Compared,
    Comparison,
)
from insights.comparison_words import say_posts, worded
from social.errors import InputError
from social.sorting import NEVER_RANKED

__all__ = ["AGES", "CHANCE", "ENOUGH", "GROUPINGS", "MEASURES", "Compared", "Comparison", "compare", "compare_many"]


def compare(
    session: Session,
    by: str,
    measure: str = "reach",
    *,
    age: str = "7d",
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
    content_type: str | None = None,
) -> Comparison:
    """Hold the groups of posts published in [since, until) against each other, like with like.

    by: one of GROUPINGS, measure: of MEASURES, age: of AGES; raises InputError for another.  place_id: with what lies
    beneath it.  'latest' leaves out posts of the last seven days before `until`, or before the newest."""
    asked = Asked(by, measure, age, since, until, channel, place_id, content_type)
    _check(asked)
    return held_together([_compared(session, asked)])[0]


def compare_many(session: Session, asked: Sequence[tuple[str, str]], **filters: Any) -> list[Comparison]:
    """`compare` for several (by, measure), where a finding has to stand against all of them together.

    filters: age, since, until, channel, place_id, content_type, as for `compare`."""
    questions = [Asked(by, measure, **{"age": "7d", **filters}) for by, measure in asked]
    for question in questions:
        _check(question)
    return held_together([_compared(session, question) for question in questions])


def held_together(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons with what can be told as a difference marked, all that was looked at allowed for (Holm), and with
    their sentences.  The two groups of a yes or no say one thing, and count once."""
    tests = {
        (number, group.group): group.chance
        for number, comparison in enumerate(comparisons)
        for group in _tested(comparison)
        if group.chance is not None
    }
    clear = stand_together(tests, CHANCE)
    made = []
    for number, comparison in enumerate(comparisons):
        keys = {group for which, group in clear if which == number}
        pair = len(_told(comparison)) == 2
        groups = tuple(
            replace(group, is_finding=_is_large(group) and (group.group in keys or (pair and bool(keys))))
            for group in comparison.groups
        )
        made.append(worded(replace(comparison, groups=groups)))
    return made


def _told(comparison: Comparison) -> list[Compared]:
    return [group for group in comparison.groups if not group.reason]


def _tested(comparison: Comparison) -> list[Compared]:
    told = _told(comparison)
    return told[:1] if len(told) == 2 else told


def _is_large(group: Compared) -> bool:
    return group.ratio is not None and (group.ratio >= SMALLEST or group.ratio <= 1 / SMALLEST)


def _check(asked: Asked) -> None:
    for name, value, known in (
        ("by", asked.by, GROUPINGS),
        ("measure", asked.measure, MEASURES),
        ("age", asked.age, AGES),
    ):
        if value not in known:
            raise InputError(f"'{value}' is not known as {name}. Choose one of: {', '.join(known)}.")


def _compared(session: Session, asked: Asked) -> Comparison:
    if asked.content_type is not None and asked.content_type in NEVER_RANKED:
        return Comparison(asked.by, asked.measure, asked.age, (), reason=NEVER)
    posts, is_cut = posts_for(session, asked)
    labels = labels_for(session, asked.by, list({post.group for post in posts}))
    found = replace(fitted(asked, posts, labels), is_cut=is_cut)
    if found.reason == NOTHING and asked.age != LATEST:
        later, _ = posts_for(session, replace(asked, age=LATEST))
        if len(later) > len(posts):
            found = replace(found, reason=f"{NOTHING} {say_posts(len(later))} have one so far: look at that instead.")
    return found


def usual_age(session: Session, measure: str = "reach", **filters: Any) -> str:
    """The age to begin with: '7d', or 'latest' where next to no post has the figure at seven days and more have one so
    far, as posts of before Beatline do.  filters: since, until, channel, place_id, content_type."""
    young, old = (count_for(session, Asked("account", measure, age, **filters)) for age in ("7d", LATEST))
    return LATEST if young < 2 * ENOUGH <= old else "7d"
