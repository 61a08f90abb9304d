"""The statistics of comparing groups of posts: how many times the measure of the others a group has, like with like.

Two models, chosen by the data alone (docs/methods/comparisons.md): on the logarithm of the measure where it is large,
negative binomial where it is small. Numbers in, numbers out: nothing here knows of posts or a database."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insights.distributions import student_quantile, two_sided

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

LEVEL = 0.95
ZEROS = 0.2
"""So large a share of zeros and the negative binomial model is taken: a zero has no logarithm."""


@dataclass(frozen=True)
class Sample:
    """Posts to compare, one entry of each array a post, no value missing.

    counts: the measure, >= 0.  exposure: what a rate is taken of, > 0; None for a count.  groups: 0 .. G-1, each there at
    least once, G >= 2.  factors: what is held alike, each as codes 0 .. K-1.  numbers: what is allowed for along a line.
    weeks: posts of one week share what happened in it, codes 0 .. W-1."""

    counts: Numbers
    groups: Codes
    weeks: Codes
    exposure: Numbers | None = None
    factors: tuple[Codes, ...] = ()
    numbers: tuple[Numbers, ...] = ()

    @property
    def size(self) -> int:
        """How many groups there are."""
        return int(self.groups.max()) + 1


@dataclass(frozen=True)
class Estimates:
    """One entry of each array a group: the group against all posts of the other groups, on the logarithm's scale.

    effect: log ratio.  low, high: its 95% interval.  chance: two-sided p of effect 0.  known: False where nothing alike
    is there to hold the group against; the others are nan there.  model: 'log' or 'negative binomial'."""

    effect: Numbers
    low: Numbers
    high: Numbers
    chance: Numbers
    known: NDArray[np.bool_]
    model: str = "log"
    spread: float = field(default=float("nan"))
    """Of posts of one group, alike in all else, on the logarithm's scale (log model), or the dispersion (the other)."""


def estimate(sample: Sample) -> Estimates:
    """Every group of the sample against the posts of the others."""
    from insights.comparison_counts import by_counts
    from insights.comparison_logs import by_logs

    small = float(np.mean(sample.counts == 0)) > ZEROS
    return by_counts(sample) if small else by_logs(sample)


def design(sample: Sample) -> Numbers:
    """One row a post: a column a group, a column a level of each factor, a column a number (its mean and spread taken out).

    Factors make columns that depend on each other: whoever solves takes the pseudo-inverse."""
    parts = [_indicators(codes) for codes in (sample.groups, *sample.factors)]
    for number in sample.numbers:
        spread = float(number.std())
        if spread > 0:
            parts.append(((number - number.mean()) / spread)[:, None])
    return np.concatenate(parts, axis=1)


def _indicators(codes: Codes) -> Numbers:
    return np.asarray(codes[:, None] == np.arange(int(codes.max()) + 1)[None, :], dtype=np.float64)


def contrasts(sample: Sample, columns: int) -> Numbers:
    """One row a group: itself less the other groups, each weighted by its posts; nothing for what is held alike."""
    n = np.bincount(sample.groups, minlength=sample.size).astype(np.float64)
    weights = np.zeros((sample.size, columns))
    weights[:, : sample.size] = -n[None, :] / (n.sum() - n)[:, None]
    weights[np.arange(sample.size), np.arange(sample.size)] = 1.0
    return weights


def inverse(matrix: Numbers) -> tuple[Numbers, int, float]:
    """Pseudo-inverse of a symmetric matrix, its rank, and the logarithm of its determinant over what it spans."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > max(float(values.max()), 1e-12) * 1e-9
    made = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return made, int(kept.sum()), float(np.log(values[kept]).sum())


def can_be_told(weights: Numbers, matrix: Numbers, inverted: Numbers) -> NDArray[np.bool_]:
    """Which contrasts the posts can tell at all: those within what the columns span."""
    missed = weights - weights @ inverted @ matrix
    return np.asarray(np.abs(missed).max(axis=1) < 1e-6)


def sum_by(values: Numbers, codes: Codes, size: int) -> Numbers:
    """Sums of the rows of each code, one row a code."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(size))
    filled = np.bincount(codes, minlength=size) > 0
    sums: Any = np.zeros((size, *values.shape[1:]))
    sums[filled] = np.add.reduceat(values[order], starts[filled], axis=0)
    return np.asarray(sums, dtype=np.float64)


def by_student(effect: Numbers, error: Numbers, freedom: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Interval and chance of effects with their standard errors by Student's t: low, high, p."""
    wide = student_quantile(freedom, 0.5 + LEVEL / 2) * error
    return effect - wide, effect + wide, two_sided(freedom, effect / error)
