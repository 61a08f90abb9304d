"""The model for measures that are large: a linear model of their logarithm with a random effect of the week, and a spread
of each group of its own that is drawn towards that of all (docs/methods/comparisons.md)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.comparison_model import (
    Codes,
    Estimates,
    Numbers,
    Sample,
    by_student,
    can_be_told,
    contrasts,
    design,
    inverse,
    sum_by,
)

BORROWED = 6.0
"""Degrees of freedom that a group's spread borrows from that of all posts (Smyth 2004, with this number fixed)."""
_SHARES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.22, 0.3, 0.4, 0.55, 0.75, 1.0, 1.5, 2.5)
"""Variance of the weeks over that of posts within one: those that are weighed against each other."""
_LEAST = 0.01
"""A share of weeks that counts for less is left out: it would cost as much as the others."""


@dataclass(frozen=True)
class _Fit:
    """Of one share of weeks, an entry a group.  spread: of posts, as in `Estimates`."""

    effect: Numbers
    variance: Numbers
    freedom: Numbers
    known: NDArray[np.bool_]
    spread: float


def by_logs(sample: Sample) -> Estimates:
    """Groups against each other on the logarithm of count (and a half) or rate.

    How much weeks differ is not known: each share of theirs counts by how well it fits, and what the effect varies over
    them is part of how unsure it is. With the likeliest alone intervals come out too short where posts are few."""
    outcome = np.log(sample.counts + 0.5)
    if sample.exposure is not None:
        outcome = outcome - np.log(sample.exposure)
    columns = design(sample)
    fits = [
        (weight, _solve(sample, *_within(columns, outcome, sample.weeks, share)))
        for share, weight in _shares_of_weeks(columns, outcome, sample.weeks)
    ]
    effect = sum((weight * fit.effect for weight, fit in fits), np.zeros(sample.size))
    variance = sum(
        (weight * (fit.variance + (fit.effect - effect) ** 2) for weight, fit in fits), np.zeros(sample.size)
    )
    freedom = 1 / sum((weight / fit.freedom for weight, fit in fits), np.zeros(sample.size))
    known = np.all([fit.known for _, fit in fits], axis=0)
    hidden = np.where(known, 0.0, np.nan)
    low, high, chance = by_student(effect + hidden, np.sqrt(variance), freedom)
    spread = float(sum(weight * fit.spread for weight, fit in fits))
    return Estimates(effect + hidden, low, high, chance, known, "log", spread)


def _shares_of_weeks(columns: Numbers, outcome: Numbers, weeks: Codes) -> list[tuple[float, float]]:
    """Variance of the weeks over that within, with how much each counts: by restricted likelihood, every share alike
    before anything is known. The weights add up to 1."""
    count = int(weeks.max()) + 1
    sizes = np.bincount(weeks, minlength=count).astype(np.float64)
    both = np.concatenate((columns, outcome[:, None]), axis=1)
    whole, of_weeks = both.T @ both, sum_by(both, weeks, count)
    n, width = len(outcome), columns.shape[1]
    unlikely = np.zeros(len(_SHARES))
    for place, share in enumerate(_SHARES):
        less = share / (1 + share * sizes)
        crossed = whole - (of_weeks * less[:, None]).T @ of_weeks
        inverted, rank, log_size = inverse(crossed[:width, :width])
        towards = crossed[:width, width]
        left = max(float(crossed[width, width] - towards @ inverted @ towards), 1e-12)
        unlikely[place] = float(np.log1p(share * sizes).sum()) + log_size + (n - rank) * np.log(left)
    weights = np.exp((unlikely.min() - unlikely) / 2)
    weights[weights < _LEAST * weights.sum()] = 0.0
    weights /= weights.sum()
    return [(share, float(weight)) for share, weight in zip(_SHARES, weights, strict=True) if weight]


def _within(columns: Numbers, outcome: Numbers, weeks: Codes, share: float) -> tuple[Numbers, Numbers]:
    """Columns and outcome with part of each week's mean taken out, so that what is left is alike and apart."""
    if share == 0.0:
        return columns, outcome
    count = int(weeks.max()) + 1
    sizes = np.maximum(np.bincount(weeks, minlength=count), 1).astype(np.float64)
    part = (1 - 1 / np.sqrt(1 + share * sizes)) / sizes
    both = np.concatenate((columns, outcome[:, None]), axis=1)
    both = both - (sum_by(both, weeks, count) * part[:, None])[weeks]
    return both[:, :-1], both[:, -1]


def _solve(sample: Sample, columns: Numbers, outcome: Numbers) -> _Fit:
    crossed = columns.T @ columns
    inverted, rank, _ = inverse(crossed)
    weights = contrasts(sample, columns.shape[1])
    spanned = columns @ inverted
    left = outcome - spanned @ (columns.T @ outcome)
    free = np.clip(1 - np.einsum("ij,ij->i", spanned, columns), 0.0, 1.0)
    pull = weights @ spanned.T
    by_group = sum_by(np.stack((left**2, free), axis=1), sample.groups, sample.size)
    total = max(float(free.sum()) - 1.0, 1.0)  # one for the share of the weeks, which was estimated as well
    overall = float((left**2).sum()) / max(float(free.sum()), 1e-9)
    freedom = np.minimum(by_group[:, 1] + BORROWED, total)
    spreads = (by_group[:, 0] + BORROWED * overall) / (by_group[:, 1] + BORROWED)
    parts = sum_by((pull**2).T, sample.groups, sample.size).T * spreads[None, :]
    variance = parts.sum(axis=1)
    known = can_be_told(weights, crossed, inverted) & (variance > 0) & (len(outcome) - rank >= 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        steady = np.minimum(variance**2 / (parts**2 / freedom[None, :]).sum(axis=1), total)
    steady = np.where(known, steady, 1.0)
    return _Fit(pull @ outcome, variance, steady, known, float(np.sqrt(overall)))
