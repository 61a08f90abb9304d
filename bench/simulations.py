"""Whether the intervals of insights hold what they promise: invented posts with known truths, drawn again and again.

`python -m bench.simulations [RUNS [SEED]]` prints for each world how often the 95% intervals held the truth, with and without a
difference, and how often a finding was claimed where there is none. Deterministic for the same seed."""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from math import exp, sqrt

import numpy as np

from bench.worlds import LIGHT_WORLDS, WORLDS, LightWorld, World, against_others, posts_of, weeks_of, with_no_difference
from insights.comparison_fitting import fitted
from insights.comparison_posts import Asked, band_of
from insights.comparison_values import Comparison
from insights.comparisons import held_together
from insights.light_serious import Estimate, answered
from social.clock import as_local

RUNS = 1000
SEED = 20260622


@dataclass
class Tally:
    """What came of many runs.  held: intervals that held the truth.  drawn: of those drawn towards no difference."""

    held: list[bool] = field(default_factory=list)
    drawn: list[bool] = field(default_factory=list)
    claimed: list[bool] = field(default_factory=list)
    models: Counter[str] = field(default_factory=Counter)

    @property
    def coverage(self) -> float:
        return float(np.mean(self.held))

    @property
    def claims(self) -> float:
        """In which share of runs something was claimed."""
        return float(np.mean(self.claimed))


def compared(world: World, run: int, seed: int = SEED) -> tuple[Comparison, list[float]]:
    """The comparison of one drawn set of posts and the truth of each of its groups, in the order of the groups."""
    posts, effects = posts_of(world, np.random.default_rng((seed, run)))
    asked = Asked("place", "engagement_rate" if world.rate else "reach", "7d")
    found = held_together([fitted(asked, posts, {number: str(number) for number in range(len(effects))})])[0]
    told = [int(group.group) for group in found.groups if not group.reason]
    truth = (
        dict(zip(told, against_others(effects[told], np.array(world.sizes, dtype=float)[told]), strict=True))
        if told
        else {}
    )
    return found, [exp(truth.get(int(group.group), 0.0)) for group in found.groups]


def tally_of(world: World, runs: int, seed: int = SEED) -> Tally:
    """What came of `runs` drawn sets."""
    tally = Tally()
    for run in range(runs):
        found, truths = compared(world, run, seed)
        for group, truth in zip(found.groups, truths, strict=True):
            if group.low is not None and group.high is not None:
                tally.held.append(group.low <= truth <= group.high)
                tally.drawn.append((group.cautious_low or 0.0) <= truth <= (group.cautious_high or 0.0))
        tally.claimed.append(bool(found.findings))
        tally.models[found.model.split(" ")[0]] += 1
    return tally


def timing_tally(runs: int, evening: float = 1.0, posts: int = 200, seed: int = SEED) -> Tally:
    """Posts at hours and days drawn by lot.  evening: how many times the measure of other hours that of 6pm to 9pm is."""
    world = World("hours and days", (posts,), differ=0.0)
    tally = Tally()
    for run in range(runs):
        drawn, _ = posts_of(world, np.random.default_rng((seed, run)))
        by_hour = [replace(one, group=band_of(one.published_at)) for one in drawn]
        by_hour = [replace(one, value=round(one.value * (evening if one.group == 18 else 1.0))) for one in by_hour]
        by_day = [replace(one, group=as_local(one.published_at).weekday()) for one in by_hour]
        found = held_together(
            [
                fitted(Asked(by, "reach", "7d"), part, {one.group: str(one.group) for one in part})
                for by, part in (("hour", by_hour), ("weekday", by_day))
            ]
        )
        tally.claimed.append(any(comparison.findings for comparison in found))
    return tally


def light_tally(world: LightWorld, runs: int, seed: int = SEED) -> dict[str, Tally]:
    """What came of `runs` drawn sets, for each of the three estimates."""
    truths = {"followers": world.gains, "reach": exp(world.helps), "before": 1.0}
    tallies = {name: Tally() for name in truths}
    for run in range(runs):
        found = answered(*weeks_of(world, np.random.default_rng((seed, run))))
        for name, truth in truths.items():
            one: Estimate = getattr(found, name)
            if one.low is not None and one.high is not None:
                tallies[name].held.append(one.low <= truth <= one.high)
                tallies[name].claimed.append(one.is_clear)
    return tallies


def _error(share: float, runs: int) -> float:
    return sqrt(max(share * (1 - share), 1e-4) / runs)


def main(runs: int, seed: int) -> None:
    """Print every world, one line each."""
    print(
        f"Comparisons: {runs} runs a world with differences and {runs} without. 95% intervals should hold the truth in 93% to 97%,"
    )
    print(
        "and something be claimed in under 5% of runs where there is no difference. Monte Carlo error (one standard error) in brackets;"
    )
    print("intervals of one run hang together, so that of coverage is by runs.")
    print(f"{'World':<56} {'held':>15} {'no difference':>15} {'drawn':>7} {'false claims':>15} {'true claims':>12}")
    for world in WORLDS:
        with_, without = tally_of(world, runs, seed), tally_of(with_no_difference(world), runs, seed)
        print(
            f"{world.name:<56} {with_.coverage:>7.1%} ({_error(with_.coverage, runs):.1%}) "
            f"{without.coverage:>7.1%} ({_error(without.coverage, runs):.1%}) {float(np.mean(with_.drawn)):>7.1%} "
            f"{without.claims:>7.1%} ({_error(without.claims, runs):.1%}) {with_.claims:>12.0%}",
            flush=True,
        )
    fewer = max(1, runs // 2)
    none, some = timing_tally(fewer, seed=seed), timing_tally(fewer, evening=2.0, seed=seed)
    print(f"\nHours and days together, 200 posts: {fewer} runs. True claims where evenings have double.")
    print(
        f"false claims {none.claims:.1%} ({_error(none.claims, fewer):.1%}), true claims {some.claims:.0%}", flush=True
    )
    print(
        f"\nLight and serious: {fewer} runs a world. True claims where reach is half as much again and 2 in 1,000 more follow."
    )
    print(f"{'World':<30} {'of':<10} {'held':>15} {'false claims':>15} {'true claims':>12}")
    for light in LIGHT_WORLDS:
        idle = light_tally(light, fewer, seed)
        helping = light_tally(replace(light, helps=0.405, gains=2.0), fewer, seed)
        for name, tally in idle.items():
            true = "" if name == "before" else f"{helping[name].claims:.0%}"
            print(
                f"{light.name:<30} {name:<10} {tally.coverage:>7.1%} ({_error(tally.coverage, fewer):.1%}) "
                f"{tally.claims:>7.1%} ({_error(tally.claims, fewer):.1%}) {true:>12}",
                flush=True,
            )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else RUNS, given[1] if len(given) > 1 else SEED)
