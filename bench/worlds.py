"""Invented posts and weeks with known truths, skewed as real ones are, to hold the methods of insights against."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from insights.comparison_posts import Post
from insights.light_data import AROUND, Appeal, Week, more_than_usual

START = datetime(2025, 1, 6, tzinfo=UTC)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """How posts come about.  sizes: posts of each group.  family: 'log-normal' or 'negative binomial' around the mean.

    spread: standard deviation of the logarithm, or the dispersion.  typical: of the measure.  differ: standard deviation
    of the groups' own effects where there are any.  accounts, kinds: how many, with effects of 0.6 and 0.5 on the
    logarithm.  week_spread: of what a week does to all its posts.  trend: over the whole time.  bursts: each group's posts lie in
    four weeks, as a campaign's do.  local: each group posts on an account of its own, and a third of its posts on a shared one.
    viral: share of posts that go twenty times as far.  rate: the measure is taken of a reach that varies as much."""

    name: str
    sizes: tuple[int, ...]
    family: str = "log-normal"
    spread: float = 1.0
    typical: float = 800.0
    differ: float = 0.4
    accounts: int = 3
    kinds: int = 4
    weeks: int = 26
    week_spread: float = 0.15
    trend: float = 0.3
    bursts: bool = False
    local: bool = False
    viral: float = 0.0
    rate: bool = False


_MIXED = (5, 5, 6, 8, 10, 12, 15, 20, 40, 80)
WORLDS = (
    World("two groups of 20", (20, 20)),
    World("two groups of 6", (6, 6), accounts=2, kinds=2),
    World("5 posts against 60, very skewed", (5, 60), spread=1.2),
    World("ten groups, 5 to 80 posts", _MIXED),
    World("forty groups, 5 to 30 posts", (5,) * 20 + (10,) * 15 + (30,) * 5),
    World("ten groups, negative binomial", _MIXED, "negative binomial", 0.8),
    World("ten groups, dispersion 1.5", _MIXED, "negative binomial", 1.5),
    World("each group on its own account and a shared one", (12, 15, 20, 30, 40), local=True, accounts=6),
    World(
        "campaigns: each group in four weeks, weeks that differ",
        (5, 8, 8, 10, 15, 20, 30),
        week_spread=0.3,
        bursts=True,
    ),
    World("one post in thirty goes viral", (6, 10, 20, 40), viral=1 / 30),
    World("a rate", (6, 10, 20, 40), "negative binomial", 0.6, 0.05, rate=True),
    World("small counts, about 4, ten groups", _MIXED, "negative binomial", 1.0, 4.0),
    World("small counts, about 4, log-normal", _MIXED, "log-normal", 1.0, 4.0),
    World("small counts, about 3, two groups of 12", (12, 12), "negative binomial", 1.0, 3.0, accounts=2, kinds=2),
    World("small counts, about 3, 5 posts against 60", (5, 60), "negative binomial", 1.5, 3.0),
    World("next to nothing: most posts have none", (10, 20, 40), "negative binomial", 1.5, 0.8),
)


def with_no_difference(world: World) -> World:
    """The same where groups do not differ."""
    return replace(world, differ=0.0)


def posts_of(world: World, chance: np.random.Generator) -> tuple[list[Post], Numbers]:
    """One set of posts, their groups 0, 1, ..., and each group's own effect on the logarithm."""
    groups = np.repeat(np.arange(len(world.sizes)), world.sizes)
    n = len(groups)
    effects = chance.normal(0, world.differ, len(world.sizes)) if world.differ else np.zeros(len(world.sizes))
    account = chance.integers(0, world.accounts, n)
    if world.local:
        account = np.where(chance.random(n) < 1 / 3, 0, 1 + groups % (world.accounts - 1))
    kind = chance.integers(0, world.kinds, n)
    week = chance.integers(0, world.weeks, n)
    if world.bursts:
        week = chance.integers(0, world.weeks - 4, len(world.sizes))[groups] + chance.integers(0, 4, n)
    towards = (
        np.log(world.typical)
        + effects[groups]
        + chance.normal(0, 0.6, world.accounts)[account]
        + chance.normal(0, 0.5, world.kinds)[kind]
        + chance.normal(0, world.week_spread, world.weeks)[week]
        + world.trend * week / world.weeks
        + np.where(chance.random(n) < world.viral, np.log(20), 0.0)
    )
    if world.family == "log-normal":
        noise = np.exp(chance.normal(0, world.spread, n))
    else:
        noise = chance.gamma(1 / world.spread, world.spread, n)
    of = np.maximum(1, chance.poisson(np.exp(chance.normal(6.5, 0.8, n)))) if world.rate else np.ones(n)
    value = chance.poisson(np.exp(towards) * noise * of)
    hours = chance.uniform(0, 168, n)
    posts = [
        Post(
            int(groups[i]), int(value[i]), int(of[i]) if world.rate else None, int(account[i]), f"kind {kind[i]}", "",
            START + timedelta(weeks=int(week[i]), hours=float(hours[i])), _monday(int(week[i])),
        )
        for i in range(n)
    ]  # fmt: skip
    return posts, effects


def against_others(effects: Numbers, sizes: Numbers) -> Numbers:
    """The true log ratio of each group to the posts of the others."""
    whole = float((sizes * effects).sum())
    return np.asarray(effects - (whole - sizes * effects) / (sizes.sum() - sizes))


def _monday(week: int) -> date:
    return (START + timedelta(weeks=week)).date()


@dataclass(frozen=True)
class LightWorld:
    """Weeks of accounts with light posts, appeals and followers.

    light, appeals: posts of an account a week.  helps: what more light posts than usual in the 14 days before do to the
    logarithm of an appeal's reach.  gains: what they do to the followers that a week gains, for every 1,000."""

    name: str
    weeks: int = 60
    accounts: int = 2
    light: float = 0.6
    appeals: float = 1.2
    helps: float = 0.0
    gains: float = 0.0
    noise: float = field(default=0.8)


LIGHT_WORLDS = (
    LightWorld("two accounts, 60 weeks"),
    LightWorld("one account, a year", weeks=52, accounts=1),
    LightWorld("two accounts, half a year", weeks=30),
    LightWorld("light posts are rare", weeks=80, light=0.2),
)


def weeks_of(world: LightWorld, chance: np.random.Generator) -> tuple[list[Week], list[Appeal]]:
    """One set of weeks and appeals; seasons drift, weeks have shocks of their own and followers come in bursts."""
    season = np.cumsum(chance.normal(0, 0.1, world.weeks))
    weeks: list[Week] = []
    drawn: list[tuple[Appeal, float]] = []
    for account in range(world.accounts):
        shock, level = chance.normal(0, 0.2, world.weeks), chance.normal(6, 1)
        light, appeals, others = (_times(chance, world.weeks, rate) for rate in (world.light, world.appeals, 4.0))
        of_week = [np.bincount((times // 168).astype(int), minlength=world.weeks) for times in (light, appeals, others)]
        usual = float(np.median(of_week[0]))
        for week in range(world.weeks):
            gained = chance.gamma(1.0, 2.0) + 2 * season[week] + chance.pareto(2.5) * 2
            gained += world.gains * (of_week[0][week] > usual)
            rest = int(of_week[1][week] + of_week[2][week])
            weeks.append(Week(account, _monday(week), float(gained), int(of_week[0][week]), rest, 5000))
        window = AROUND.total_seconds() / 3600
        for time in appeals:
            around = [int(((times > time + start) & (times < time + end)).sum())
                      for times, start, end in ((light, -window, 0.0), (light, 0.0, window), (others, -window, 0.0))]  # fmt: skip
            week = int(time // 168)
            reach = level + season[week] + shock[week] + chance.normal(0, world.noise)
            kind = "appeal_cctv" if chance.random() < 0.5 else "appeal_witness"
            drawn.append((Appeal(account, kind, START + timedelta(hours=float(time)), 0, *around), reach))
    more = more_than_usual([appeal.light_before for appeal, _ in drawn], [appeal.account_id for appeal, _ in drawn])
    made = [
        replace(appeal, reach=int(chance.poisson(np.exp(reach + world.helps * is_more))))
        for (appeal, reach), is_more in zip(drawn, more, strict=True)
    ]
    return weeks, made


def _times(chance: np.random.Generator, weeks: int, rate: float) -> Numbers:
    return np.sort(chance.uniform(0, weeks * 168, chance.poisson(rate * weeks)))
