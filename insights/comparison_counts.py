"""The model for measures that are small, zeros among them: negative binomial with what a rate is taken of as offset, and
intervals that hold every ratio which a score test does not refuse (docs/methods/comparisons.md)."""

from dataclasses import dataclass

import numpy as np

from insights.comparison_logs import BORROWED, by_logs
from insights.comparison_model import (
    LEVEL,
    Estimates,
    Numbers,
    Sample,
    can_be_told,
    contrasts,
    design,
    inverse,
    sum_by,
)
from insights.distributions import log_gamma, student_quantile, two_sided

_STEPS = 25
_FAR = 12.0
"""On the logarithm's scale: a ratio of e**12 is as good as none."""
_HOLD = 1e-3
"""A trace of a penalty, so that a group of nothing but zeros has an end."""


@dataclass(frozen=True)
class _Fit:
    """Of one negative binomial regression.  towards: the linear predictor.  dispersion: variance = mean + this * mean²."""

    columns: Numbers
    coefficients: Numbers
    towards: Numbers
    dispersion: float
    inverted: Numbers


def by_counts(sample: Sample) -> Estimates:
    """Groups against each other in the mean of counts or rates."""
    columns = design(sample)
    crossed = columns.T @ columns
    inverted, rank, _ = inverse(crossed)
    weights = contrasts(sample, columns.shape[1])
    free = len(sample.counts) - rank
    known = can_be_told(weights, crossed, inverted) & (free >= 3)
    fit = _fit(sample, columns, max(free, 1))
    effect = weights @ fit.coefficients
    variance = np.einsum("gi,ij,gj->g", weights, fit.inverted, weights)
    low, high, chance = _Scores(sample, fit, effect, variance, max(free, 1)).told()
    hidden = np.where(known, 0.0, np.nan)
    # Ratios of means of few skewed counts go astray more often than they should: a difference has to show on the
    # logarithm as well, where they do not.
    chance = np.maximum(chance, by_logs(sample).chance)
    return Estimates(
        effect + hidden, low + hidden, high + hidden, chance + hidden, known, "negative binomial", fit.dispersion
    )


def _fit(sample: Sample, columns: Numbers, free: int) -> _Fit:
    """By iterated weighted least squares; the dispersion is that which makes Pearson's statistic what it should be."""
    y = sample.counts
    offset = np.zeros(len(y)) if sample.exposure is None else np.log(sample.exposure)
    start = float(np.log(max(y.sum(), 0.5) / np.exp(offset).sum()))
    towards, dispersion, penalty = offset + start, 1.0, np.eye(columns.shape[1]) * _HOLD
    coefficients, inverted = np.zeros(columns.shape[1]), penalty
    for _ in range(_STEPS):
        mean = np.exp(np.clip(towards, -_FAR, 25.0))
        weight = mean / (1 + dispersion * mean)
        weighted = columns * weight[:, None]
        inverted = np.asarray(np.linalg.inv(columns.T @ weighted + penalty), dtype=np.float64)
        now = inverted @ (weighted.T @ (towards - offset + np.clip((y - mean) / mean, -5, 5)))
        moved = float(np.abs(columns @ (now - coefficients)).max())
        coefficients = now
        towards = offset + columns @ coefficients
        dispersion = _dispersion(y, np.exp(np.clip(towards, -_FAR, 25.0)), free)
        if moved < 1e-5:
            break
    return _Fit(columns, coefficients, towards, dispersion, inverted)


def _dispersion(y: Numbers, mean: Numbers, free: int) -> float:
    """The larger of two estimates: the one by Pearson's statistic and the likeliest, each for what the fit used up.

    Each alone is too small too often where counts are skewed, and intervals with it too short."""
    steps = np.exp(np.linspace(np.log(0.01), np.log(30), 60))
    spread = mean[None, :] * (1 + steps[:, None] * mean[None, :])
    pearson = ((y - mean)[None, :] ** 2 / spread).sum(axis=1)
    by_pearson = float(steps[pearson > free][-1]) if (pearson > free).any() else 0.0
    whole, counts = np.unique(y, return_counts=True)
    return max(by_pearson, _likeliest(y, mean, steps, whole, np.asarray(counts, dtype=np.float64)) * len(y) / free)


def _likeliest(y: Numbers, mean: Numbers, steps: Numbers, whole: Numbers, counts: Numbers) -> float:
    size = 1 / steps[:, None]
    of_counts = (log_gamma(whole[None, :] + size) - log_gamma(size)) @ counts
    rest = (
        y[None, :] * np.log(mean[None, :] / (mean[None, :] + size)) + size * np.log(size / (mean[None, :] + size))
    ).sum(axis=1)
    return float(steps[int(np.argmax(of_counts + rest))])


@dataclass(frozen=True)
class _Scores:
    """The score test of every ratio of a group, with what is not known of the others allowed for."""

    sample: Sample
    fit: _Fit
    effect: Numbers
    variance: Numbers
    free: int

    def told(self) -> tuple[Numbers, Numbers, Numbers]:
        """low, high and chance of every group."""
        groups = np.bincount(self.sample.groups, minlength=self.sample.size)
        freedom = np.minimum(groups - 1 + BORROWED, float(self.free))
        most = student_quantile(freedom, 0.5 + LEVEL / 2)
        own = self._information(self.effect)
        others = np.maximum(self.variance - 1 / np.maximum(own, 1e-12), 0.0)
        stretch = self._shared_weeks()
        low = self._where(most, -1, others, stretch)
        high = self._where(-most, 1, others, stretch)
        z = self._z(np.zeros_like(self.effect), others, stretch)
        return low, high, two_sided(freedom, z)

    def _parts(self, effect: Numbers) -> tuple[Numbers, Numbers]:
        groups = self.sample.groups
        mean = np.exp(np.clip(self.fit.towards + (effect - self.effect)[groups], -30, 25))
        down = 1 + self.fit.dispersion * mean
        size = self.sample.size
        score = np.bincount(groups, (self.sample.counts - mean) / down, size)
        return np.asarray(score), np.asarray(np.bincount(groups, mean / down, size))

    def _information(self, effect: Numbers) -> Numbers:
        return self._parts(effect)[1]

    def _z(self, effect: Numbers, others: Numbers, stretch: float) -> Numbers:
        fallen = np.maximum(self._likelihood(self.effect) - self._likelihood(effect), 0.0)
        between = (self._information(effect) + self._information(self.effect)) / 2
        return np.asarray(np.sign(self.effect - effect) * np.sqrt(2 * fallen / (1 + between * others) / stretch))

    def _likelihood(self, effect: Numbers) -> Numbers:
        groups, dispersion = self.sample.groups, max(self.fit.dispersion, 1e-9)
        towards = np.clip(self.fit.towards + (effect - self.effect)[groups], -30, 25)
        y = self.sample.counts
        each = y * towards - (y + 1 / dispersion) * np.log1p(dispersion * np.exp(towards))
        return np.asarray(np.bincount(groups, each, self.sample.size))

    def _where(self, z: Numbers, way: int, others: Numbers, stretch: float) -> Numbers:
        """The ratio at which the test comes to z, below (-1) or above (1) the estimate; endless where it never does."""
        near, far = self.effect.copy(), np.full_like(self.effect, way * _FAR) + self.effect
        reached = (self._z(far, others, stretch) - z) * way <= 0
        for _ in range(34):
            middle = (near + far) / 2
            beyond = (self._z(middle, others, stretch) - z) * way <= 0
            far, near = np.where(beyond, middle, far), np.where(beyond, near, middle)
        return np.where(reached, far, way * np.inf)

    def _shared_weeks(self) -> float:
        """How much more the estimates vary because posts of a week share what happened in it; 1 or more."""
        weeks, fit = self.sample.weeks, self.fit
        mean = np.exp(fit.towards)
        pull = contrasts(self.sample, fit.columns.shape[1]) @ fit.inverted @ fit.columns.T
        moved = pull * ((self.sample.counts - mean) / (1 + fit.dispersion * mean))[None, :]
        together = sum_by(moved.T, weeks, int(weeks.max()) + 1)
        return max(1.0, float((together**2).sum() / max(float((moved**2).sum()), 1e-12)))
