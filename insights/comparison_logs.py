"""The model for measures that are large: a linear model of their logarithm with a random effect of the week, and a spread
of each group of its own that is drawn towards that of all (docs/methods/comparisons.md)."""

import numpy as np

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
"""Variance of the weeks over that of posts within one; the likeliest is taken."""


def by_logs(sample: Sample) -> Estimates:
    """Groups against each other on the logarithm of count (and a half) or rate."""
    outcome = np.log(sample.counts + 0.5)
    if sample.exposure is not None:
        outcome = outcome - np.log(sample.exposure)
    columns = design(sample)
    share = _share_of_weeks(columns, outcome, sample.weeks)
    columns, outcome = _within(columns, outcome, sample.weeks, share)
    return _solve(sample, columns, outcome)


def _share_of_weeks(columns: Numbers, outcome: Numbers, weeks: Codes) -> float:
    """Variance of the weeks over that within, by restricted maximum likelihood."""
    count = int(weeks.max()) + 1
    sizes = np.bincount(weeks, minlength=count).astype(np.float64)
    both = np.concatenate((columns, outcome[:, None]), axis=1)
    whole, of_weeks = both.T @ both, sum_by(both, weeks, count)
    n, width, best, found = len(outcome), columns.shape[1], float("inf"), 0.0
    for share in _SHARES:
        less = share / (1 + share * sizes)
        crossed = whole - (of_weeks * less[:, None]).T @ of_weeks
        inverted, rank, log_size = inverse(crossed[:width, :width])
        towards = crossed[:width, width]
        left = max(float(crossed[width, width] - towards @ inverted @ towards), 1e-12)
        unlikely = float(np.log1p(share * sizes).sum()) + log_size + (n - rank) * np.log(left)
        if unlikely < best - 1e-9:
            best, found = unlikely, share
    return found


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


def _solve(sample: Sample, columns: Numbers, outcome: Numbers) -> Estimates:
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
        effect = np.where(known, pull @ outcome, np.nan)
        low, high, chance = by_student(effect, np.sqrt(variance), steady)
    return Estimates(effect, low, high, chance, known, "log", float(np.sqrt(overall)))
