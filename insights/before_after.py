"""How much a number changed from before to after, and how much more than in a place that it is compared with.

Difference in differences, with a 95 % interval for three kinds of numbers; docs/methods/before-and-after.md has the
formulas, their sources, what they take for granted and the simulation that tries them. An interval is given from five
periods on each side on (of shares, from ten people), and nothing is claimed of what brought a change about (M14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from social.campaigns import MeasureKind
from social.intervals import student_t, wilson

ENOUGH_PERIODS = 5
"""In each of the two or four groups: below, a spread is too unsure for Student's t to make up for."""
ENOUGH_EVENTS = 10
"""Of counts, in each group: below, the logarithm of a count is far from normal."""
ENOUGH_PEOPLE = 10
"""Of shares, asked in each group."""
FOLLOWS = 0.25
"""From this lag-one correlation on, periods that follow each other are too alike to count as so many, and intervals widen."""
ALIKE_FROM, ALIKE_MOST = 12, 0.9
"""Numbers in all from which that correlation is asked for at all, and the most that is believed of it."""
MANY = 40
"""Numbers in all from which it is taken a standard error higher than it comes out: with fewer that would widen every
interval, with more the correlation that is overlooked costs more than the one that is imagined."""
LEAST_LEFT = 1 / 3
"""The least that periods' own scatter is taken to show of their variance where they are alike."""


@dataclass(frozen=True)
class Number:
    """One period's number.  of: of how many; None for a plain count (one period) and for a plain number."""

    value: float
    of: float | None = None


@dataclass(frozen=True)
class Estimate:
    """Of a COUNT, after / before (of two such, their ratio); of a SHARE, points of a hundred; of a NUMBER, its unit.

    low, high: 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """own: of the campaign's area alone.  other: of the comparison area, None without one.  beyond: own set against
    other, None without one.  before, after: periods (or people) of the campaign's area.

    follow: how alike neighbouring periods are (lag-one correlation of what is left, about -1 to 1); None below 12."""

    kind: MeasureKind
    own: Estimate
    other: Estimate | None
    beyond: Estimate | None
    before: int
    after: int
    follow: float | None


@dataclass(frozen=True)
class _Group:
    """One group of periods.  centre: log of the rate, share, or mean.  variance: of it.  freedom: of the variance.

    low, high: of a share alone, its own interval."""

    centre: float
    variance: float = 0.0
    freedom: int = 0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class _Alike:
    """How periods that follow each other hang together.  neighbours: correlation of two of them, 0 where they count as
    apart.  carried: what of it is left with each period more between them."""

    neighbours: float = 0.0
    carried: float = 0.0

    def of_mean(self, n: int) -> float:
        """How many times the variance of the mean of n periods is that of n periods apart from each other, >= 1."""
        return 1 + 2 * sum((1 - k / n) * self.neighbours * self.carried ** (k - 1) for k in range(1, n))


def change(
    kind: MeasureKind,
    before: Sequence[Number],
    after: Sequence[Number],
    other_before: Sequence[Number] = (),
    other_after: Sequence[Number] = (),
) -> Change | None:
    """The change from before to after, and beyond that of the other place where enough is known of it.

    None: too few to tell.  Numbers of one kind: counts all with `of` or all without; shares with it; numbers without."""
    own = [_group(kind, one) for one in (before, after)]
    first, last = own
    if first is None or last is None:
        return None
    other_first, other_last = (_group(kind, one) for one in (other_before, other_after))
    compared = other_first is not None and other_last is not None
    sides = (before, after, other_before, other_after) if compared else (before, after)
    follow = _follow(kind, sides)
    alike = _alike(kind, sides, follow)
    alone = _contrast(kind, (last,), (first,), alike)
    if alone is None:
        return None
    other = beyond = None
    if other_first is not None and other_last is not None:
        beyond = _contrast(kind, (last, other_first), (first, other_last), alike)
        other = _contrast(kind, (other_last,), (other_first,), alike)
    if other is None or beyond is None:
        other = beyond = None
    sizes = [_size(kind, side) for side in (before, after)]
    return Change(kind, alone, other, beyond, sizes[0], sizes[1], follow)


def _size(kind: MeasureKind, numbers: Sequence[Number]) -> int:
    return sum(int(one.of or 0) for one in numbers) if kind is MeasureKind.SHARE else len(numbers)


def _group(kind: MeasureKind, numbers: Sequence[Number]) -> _Group | None:
    """None: too few to tell."""
    if kind is MeasureKind.SHARE:
        said, asked = round(sum(one.value for one in numbers)), round(sum(one.of or 0.0 for one in numbers))
        if asked < ENOUGH_PEOPLE:
            return None
        low, high = wilson(said, asked)
        return _Group(said / asked, low=low, high=high)
    n = len(numbers)
    if n < ENOUGH_PERIODS:
        return None
    total = sum(one.value for one in numbers)
    exposure = sum(_exposure(one) for one in numbers)
    rate = total / exposure
    spread = sum((one.value - rate * _exposure(one)) ** 2 for one in numbers) * n / (n - 1)
    if kind is MeasureKind.NUMBER:
        return _Group(rate, spread / exposure**2, n - 1)
    if total < ENOUGH_EVENTS:
        return None
    # Counts that are all alike still come by chance: then they spread as Poisson counts would.
    return _Group(log(rate), (spread or total) / total**2, n - 1)


def _exposure(one: Number) -> float:
    return 1.0 if one.of is None else one.of


def _contrast(kind: MeasureKind, plus: Sequence[_Group], minus: Sequence[_Group], alike: _Alike) -> Estimate | None:
    """The sum of some less the sum of the others, with its interval; None where nothing varies."""
    value = sum(one.centre for one in plus) - sum(one.centre for one in minus)
    if (
        kind is MeasureKind.SHARE
    ):  # Newcombe (1998), Zou and Donner (2008): each share's own distances, squared and added
        down = sum((one.centre - one.low) ** 2 for one in plus) + sum((one.high - one.centre) ** 2 for one in minus)
        up = sum((one.high - one.centre) ** 2 for one in plus) + sum((one.centre - one.low) ** 2 for one in minus)
        return Estimate(100 * value, 100 * (value - down**0.5), 100 * (value + up**0.5))
    parts = [_of_alike(one, alike) for one in (*plus, *minus)]
    variance = sum(part for part, _ in parts)
    if variance <= 0.0:
        return None
    freedom = variance**2 / sum(part**2 / free for part, free in parts)
    half = student_t(max(ENOUGH_PERIODS - 1, int(freedom + 1e-9))) * variance**0.5
    if kind is MeasureKind.NUMBER:
        return Estimate(value, value - half, value + half)
    return Estimate(exp(value), exp(value - half), exp(value + half))


def _of_alike(group: _Group, alike: _Alike) -> tuple[float, float]:
    """Variance of the group's centre and its degrees of freedom, where its periods hang together as they do.

    Periods that are alike scatter less about their own level than about the true one, which is put back."""
    if not alike.neighbours:
        return group.variance, group.freedom
    n = group.freedom + 1
    times = alike.of_mean(n)
    left = max((n - times) / (n - 1), LEAST_LEFT)
    return group.variance * times / left, max(1.0, n / times - 1)


def _alike(kind: MeasureKind, sides: Sequence[Sequence[Number]], follow: float | None) -> _Alike:
    """What is taken of the correlation that was seen.

    Counts scatter by chance as well, which no period carries on to the next: what drifts beneath is more alike than the
    counts are, and stays so longer."""
    many = sum(map(len, sides))
    if follow is None:
        return _Alike()
    taken = min(follow + (many**-0.5 if many >= MANY else 0.0), ALIKE_MOST)
    if taken < FOLLOWS:
        return _Alike()
    drifts = 1 - _by_chance(sides) if kind is MeasureKind.COUNT else 1.0
    return _Alike(taken, max(taken, min(taken / max(drifts, 1e-9), ALIKE_MOST)))


def _by_chance(sides: Sequence[Sequence[Number]]) -> float:
    """The share of the counts' variance that chance alone would bring (Poisson's), in [0, 1]."""
    chance = spread = 0.0
    for side in sides:
        rate = sum(one.value for one in side) / sum(_exposure(one) for one in side)
        spread += sum((one.value - rate * _exposure(one)) ** 2 for one in side) * len(side) / (len(side) - 1)
        chance += sum(one.value for one in side)
    return min(1.0, chance / spread) if spread > 0 else 1.0


def _follow(kind: MeasureKind, sides: Sequence[Sequence[Number]]) -> float | None:
    """Lag-one correlation of what is left of each side once its own level is taken off, over all sides.

    Levels that are themselves worked out from few numbers pull it down by about (1 + 3r) / n, which is put back."""
    many = sum(map(len, sides))
    if kind is MeasureKind.SHARE or many < ALIKE_FROM:
        return None
    pairs = 0.0
    for side in sides:
        level = sum(one.value for one in side) / sum(_exposure(one) for one in side)
        left = [one.value - level * _exposure(one) for one in side]
        spread = sum(a * a for a in left) / len(left)
        pairs += sum(a * b for a, b in pairwise(left)) / spread if spread > 0 else 0.0
    n = many / len(sides)
    return (pairs / many + 1 / n) / (1 - 3 / n)
