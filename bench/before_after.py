"""Whether the intervals of a change before and after hold what they promise: invented series with known truths, drawn again
and again.

`python -m bench.before_after [RUNS]` prints for each world how often the 95% interval of the change beyond the comparison held
the truth, and how often one was given. Deterministic for the same number of runs."""

import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from insights.before_after import Number, change
from social.campaigns import MeasureKind

RUNS = 8_000
SEED = 20261122
Series = list[Number]
Draw = Callable[[random.Random], tuple[Series, Series, Series, Series]]


@dataclass(frozen=True)
class World:
    """draw: before and after of the campaign's area, then of the comparison.  truth: the change beyond the comparison."""

    kind: MeasureKind
    draw: Draw
    truth: float

    @property
    def none(self) -> float:
        """What no change beyond the comparison is."""
        return 1.0 if self.kind is MeasureKind.COUNT else 0.0


@dataclass(frozen=True)
class Told:
    """Of the runs in which an interval was given: how many held the truth, how many held no change.  given: of all runs."""

    held: float
    nothing: float
    given: float


def counts(rng: random.Random, mean: float, periods: int, spread: float) -> Series:
    """spread: how much the mean itself varies (negative binomial); 0 for Poisson counts."""
    return [
        Number(_poisson(rng, rng.gammavariate(1 / spread, spread * mean) if spread else mean)) for _ in range(periods)
    ]


def _poisson(rng: random.Random, mean: float) -> int:
    """By waiting: exact for any mean, and fast enough for small ones."""
    found, waited = 0, rng.expovariate(1.0)
    while waited < mean:
        waited += rng.expovariate(1.0)
        found += 1
    return found


def following(rng: random.Random, mean: float, periods: int, spread: float, alike: float) -> Series:
    """Counts whose mean drifts: lag-one correlation `alike` of its logarithm."""
    level, found = rng.gauss(0, 1), []
    for _ in range(periods):
        found.append(Number(_poisson(rng, mean * 2.718281828 ** (spread * level - spread**2 / 2))))
        level = alike * level + (1 - alike**2) ** 0.5 * rng.gauss(0, 1)
    return found


def shares(rng: random.Random, share: float, asked: int) -> Series:
    return [Number(sum(rng.random() < share for _ in range(asked)), asked)]


def plain(rng: random.Random, mean: float, periods: int, spread: float) -> Series:
    return [Number(rng.gauss(mean, spread)) for _ in range(periods)]


def _counted(means: tuple[float, float, float, float], periods: tuple[int, int], spread: float) -> World:
    before, after = periods

    def draw(rng: random.Random) -> tuple[Series, Series, Series, Series]:
        a, b, c, d = means
        return (counts(rng, a, before, spread), counts(rng, b, after, spread),
                counts(rng, c, before, spread), counts(rng, d, after, spread))  # fmt: skip

    return World(MeasureKind.COUNT, draw, (means[1] / means[0]) / (means[3] / means[2]))


def _drifting(alike: float, periods: tuple[int, int]) -> World:
    """The mean of each series drifts by itself, its logarithm with that lag-one correlation."""
    before, after = periods

    def draw(rng: random.Random) -> tuple[Series, Series, Series, Series]:
        return (following(rng, 20, before, 0.3, alike), following(rng, 14, after, 0.3, alike),
                following(rng, 12, before, 0.3, alike), following(rng, 12, after, 0.3, alike))  # fmt: skip

    return World(MeasureKind.COUNT, draw, 0.7)


WORLDS: Mapping[str, World] = {
    "counts by chance alone, 8 weeks and 6": _counted((20, 12, 9, 8), (8, 6), 0),
    "counts that spread wider, 8 weeks and 6": _counted((20, 12, 9, 8), (8, 6), 0.2),
    "both areas halve, nothing beyond": _counted((24, 12, 16, 8), (8, 8), 0.1),
    "few weeks and few reports": _counted((5, 4, 6, 6), (5, 5), 0.1),
    "two years of weeks": _counted((20, 14, 25, 24), (52, 52), 0.3),
    "shares of 45 to 70 people": World(
        MeasureKind.SHARE,
        lambda rng: (shares(rng, 0.35, 60), shares(rng, 0.5, 70), shares(rng, 0.4, 50), shares(rng, 0.42, 45)),
        13.0,
    ),
    "shares of few, near nought": World(
        MeasureKind.SHARE,
        lambda rng: (shares(rng, 0.05, 30), shares(rng, 0.15, 25), shares(rng, 0.1, 20), shares(rng, 0.1, 40)),
        10.0,
    ),
    "plain numbers, spreads that differ": World(
        MeasureKind.NUMBER,
        lambda rng: (plain(rng, 7, 6, 2), plain(rng, 5, 5, 1), plain(rng, 9, 6, 3), plain(rng, 9, 5, 3)),
        -2.0,
    ),
    "weeks that drift (0.3), 16 and 10": _drifting(0.3, (16, 10)),
    "weeks that drift (0.6), 16 and 10": _drifting(0.6, (16, 10)),
    "weeks that drift (0.6), 52 and 26": _drifting(0.6, (52, 26)),
    "weeks that drift (0.8), 26 and 13": _drifting(0.8, (26, 13)),
}
OUTSIDE: Mapping[str, World] = {
    "weeks that drift (0.6), 28 in all: too few to see it": _drifting(0.6, (8, 6)),
}
"""Where its assumptions do not hold: what is lost there is printed, and told on the method's page."""


def tried(world: World, runs: int) -> Told:
    """What came of so many draws."""
    rng = random.Random(SEED)
    held = nothing = given = 0
    for _ in range(runs):
        found = change(world.kind, *world.draw(rng))
        beyond = found.beyond if found is not None else None
        low, high = (beyond.low, beyond.high) if beyond is not None else (inf, -inf)
        given += beyond is not None
        held += low <= world.truth <= high
        nothing += low <= world.none <= high
    return Told(held / given, nothing / given, given / runs)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    for name, world in {**WORLDS, **OUTSIDE}.items():
        told = tried(world, runs)
        print(f"{name:66} {told.held:6.1%} hold the truth; given in {told.given:6.1%}")


if __name__ == "__main__":
    main()
