"""From posts to a comparison: which groups can be compared, what is held alike, and what the model says of each."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from insights.comparison_model import Codes, Estimates, Sample, estimate
from insights.comparison_posts import Asked, Post
from insights.comparison_values import ENOUGH, Compared, Comparison
from insights.shrinking import drawn_in

NEVER = "Appeals for missing people and corrections are never compared."
NOTHING = "Too few to tell: fewer than two groups have 5 posts with this figure."
ALONE = "Too few to tell: no other group has posts of the same account to hold these against."
SAME = "Nothing to compare: each of these posts has the same figure."
CROWDED = "Too few to tell: too few posts for how much they differ in account, kind and time."
MODELS = {
    "log": "linear model of the logarithm, with a random effect of the week and each group's own spread",
    "negative binomial": "negative binomial regression, with intervals by the likelihood ratio",
}


def fitted(asked: Asked, posts: Sequence[Post], labels: Mapping[Any, str]) -> Comparison:
    """The comparison without its words and findings.  labels: a name for people for each group of the posts."""
    counted = Counter(post.group for post in posts)
    enough = {group for group, n in counted.items() if n >= ENOUGH}
    joined = enough if asked.by in ("account", "channel") else _joined(posts, enough)
    kept = [post for post in posts if post.group in joined]
    keys = sorted(joined, key=lambda group: (labels[group], str(group)))
    found: Estimates | None = None
    why = SAME if len({post.measure for post in kept}) == 1 else CROWDED
    if len(keys) > 1 and why != SAME:
        found = estimate(_sample(asked, kept, keys))
    rows = []
    told = _rows_of(found, keys) if found is not None else {}
    values = defaultdict(list)
    for post in posts:
        values[post.group].append(post.measure)
    for group, n in counted.items():
        raw: dict[str, Any] = _raw(values[group]) if n >= ENOUGH else {}
        row = told.get(group) or {"reason": _reason(n, group in joined, why if len(keys) > 1 else "")}
        rows.append(Compared(_key(group), labels[group], n, **raw, **row))
    rows.sort(key=lambda row: (row.cautious is None, -(row.cautious or 0.0), row.label))
    clear = [row.chance for row in rows if row.chance is not None]
    return Comparison(
        asked.by,
        asked.measure,
        asked.age,
        tuple(rows),
        n=len(kept) if clear else 0,
        model=MODELS[found.model] if found is not None and clear else "",
        adjusted_for=_allowed_for(asked) if clear else (),
        chance=min(1.0, min(clear) * (1 if len(clear) == 2 else len(clear))) if clear else None,
        reason="" if clear else (why if len(keys) > 1 else NOTHING),
    )


def _joined(posts: Sequence[Post], enough: set[Any]) -> set[Any]:
    """The groups of the largest set in which each shares an account with another: only those can be held alike."""
    leader: dict[Hashable, Hashable] = {}

    def first(one: Hashable) -> Hashable:
        leader.setdefault(one, one)
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    pairs = {(post.group, (post.account_id, post.source)) for post in posts if post.group in enough}
    for group, account in sorted(pairs, key=str):
        leader[first(("group", group))] = first(("account", account))
    sets: dict[Hashable, set[Any]] = defaultdict(set)
    for group in enough:
        sets[first(("group", group))].add(group)
    sizes = Counter(post.group for post in posts)
    return max(
        sets.values(), key=lambda one: (sum(sizes[group] for group in one), str(sorted(map(str, one)))), default=set()
    )


def _sample(asked: Asked, posts: Sequence[Post], keys: Sequence[Any]) -> Sample:
    order = {group: number for number, group in enumerate(keys)}
    factors: list[list[Hashable]] = []
    if asked.by == "channel":  # accounts lie within channels: they cannot be held alike
        pass
    elif asked.by == "account":
        factors.append([post.source for post in posts])
    else:
        factors.append([(post.account_id, post.source) for post in posts])
    if asked.by != "content_type":
        factors.append([post.content_type for post in posts])
    start = min(post.published_at for post in posts)
    weeks = np.array([(post.published_at - start).total_seconds() / 604_800 for post in posts])
    of = [post.of for post in posts]
    return Sample(
        counts=np.array([post.value for post in posts], dtype=np.float64),
        groups=np.array([order[post.group] for post in posts]),
        weeks=_codes([post.week for post in posts]),
        exposure=None if of[0] is None else np.array(of, dtype=np.float64),
        factors=tuple(_codes(values) for values in factors if len(set(values)) > 1),
        numbers=(weeks, (weeks - weeks.mean()) ** 2),
    )


def _codes(values: Sequence[Hashable]) -> Codes:
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values])


def _rows_of(found: Estimates, keys: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """What is said of each group that the model could tell apart."""
    there = np.flatnonzero(found.known)
    if not len(there):
        return {}
    effect, low, high = found.effect[there], found.low[there], found.high[there]
    error = np.where(np.isfinite(high - low), (high - low) / (2 * 1.96), 10.0)
    pair = len(keys) == 2
    chosen = slice(0, 1) if pair else slice(None)  # two groups are one difference, seen from either side
    drawn = [np.asarray(part) for part in drawn_in(effect[chosen], error[chosen])]
    if pair:
        drawn = [
            np.array([here[0], -there_[0]]) for here, there_ in zip(drawn, (drawn[0], drawn[2], drawn[1]), strict=True)
        ]
    columns = ("ratio", "low", "high", "cautious", "cautious_low", "cautious_high")
    numbers = np.exp(np.stack((effect, low, high, *drawn)))
    return {
        keys[which]: {
            **dict(zip(columns, map(float, numbers[:, place]), strict=True)),
            "chance": float(found.chance[which]),
        }
        for place, which in enumerate(map(int, there))
    }


def _raw(values: Sequence[float]) -> dict[str, float]:
    lower, median, upper = np.quantile(values, (0.25, 0.5, 0.75))
    return {"median": float(median), "lower": float(lower), "upper": float(upper)}


def _reason(n: int, is_joined: bool, why: str) -> str:
    if n < ENOUGH:
        return f"Too few to tell: {n} post{'' if n == 1 else 's'}, {ENOUGH} are needed."
    if not is_joined:
        return ALONE
    return why or "Too few to tell: there is no other group to hold it against."


def _allowed_for(asked: Asked) -> tuple[str, ...]:
    held = [] if asked.by == "channel" else ["account"] if asked.by != "account" else []
    held += ["content type"] if asked.by != "content_type" else []
    return (*held, "age of the post", "trend over time", "week")


def _key(group: Any) -> str:
    return "" if group is None else str(group)
