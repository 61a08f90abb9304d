"""Draws what groups show towards no difference, the more the less sure it is (partial pooling, by empirical Bayes)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from insights.distributions import normal_share

Numbers = NDArray[np.float64]

_SPREADS = np.linspace(0.0, 1.5, 61)
"""How far groups may truly differ, on the logarithm's scale; before anything is known of them, each as likely."""


def drawn_in(effect: Numbers, error: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Effects as drawn towards 0, with their 95% intervals: middle, low, high.

    effect: log ratios, finite.  error: their standard errors, > 0; very large for one of which nothing is known.
    How far the groups truly differ is not known: every spread counts by how well it fits all of them
    (docs/methods/comparisons.md)."""
    error = np.maximum(error, 1e-6)
    variance = error[None, :] ** 2 + _SPREADS[:, None] ** 2
    fits: Any = -0.5 * (np.log(variance) + effect[None, :] ** 2 / variance).sum(axis=1)
    weights = np.exp(fits - fits.max())
    weights /= weights.sum()
    kept = _SPREADS[:, None] ** 2 / variance
    middles = kept * effect[None, :]
    middle = weights @ middles
    inner = np.sqrt(kept) * error[None, :]
    return middle, _quantile(weights, middles, inner, 0.025), _quantile(weights, middles, inner, 0.975)


def _quantile(weights: Numbers, middles: Numbers, spreads: Numbers, share: float) -> Numbers:
    """The point of each column under which `share` of its mixture of normal curves lies, by bisection."""
    low = (middles - 6 * spreads).min(axis=0) - 1e-9
    high = (middles + 6 * spreads).max(axis=0) + 1e-9
    for _ in range(30):
        point = (low + high) / 2
        under = weights @ normal_share((point[None, :] - middles) / np.maximum(spreads, 1e-9))
        low, high = np.where(under < share, point, low), np.where(under < share, high, point)
    return np.asarray((low + high) / 2)
