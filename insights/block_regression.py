"""Least squares where neighbours in time share what happened: how sure an effect is by leaving out one block after another.

The jackknife over blocks (MacKinnon, Nielsen and Webb 2023, CV3) asks nothing of how posts within a block hang together
and keeps its level with few blocks of unequal size, where a bootstrap over them does not (docs/methods/light-and-serious.md)."""

from dataclasses import dataclass

import numpy as np

from insights.comparison_model import Codes, Numbers, inverse
from insights.distributions import student_quantile, two_sided

FEWEST_BLOCKS = 6
"""Under so many nothing is said."""


@dataclass(frozen=True)
class Effect:
    """effect: of the column.  low, high: its 95% interval.  chance: two-sided p of effect 0."""

    effect: float
    low: float
    high: float
    chance: float


def effects_of(outcome: Numbers, columns: Numbers, rest: Numbers, blocks: Codes) -> list[Effect | None]:
    """The effect of each of `columns` on the outcome, with `rest` held alike.

    outcome: one a row.  columns, rest: rows by columns; rest may hold columns that depend on each other.  blocks: codes
    0 .. B-1.  None for all where there are fewer than FEWEST_BLOCKS, or for one that the rows cannot tell."""
    count = int(blocks.max()) + 1 if len(blocks) else 0
    width = columns.shape[1]
    if count < FEWEST_BLOCKS:
        return [None] * width
    everything = np.concatenate((columns, rest), axis=1)
    whole = _solved(outcome, everything, width)
    if whole is None:
        return [None] * width
    left_out = [_solved(outcome[blocks != one], everything[blocks != one], width) for one in range(count)]
    told = [one for one in left_out if one is not None]
    if len(told) < count:
        return [None] * width
    spread = np.sqrt((count - 1) / count * ((np.stack(told) - whole) ** 2).sum(axis=0))
    wide = student_quantile(count - 1.0, 0.975) * spread
    chances = two_sided(count - 1.0, whole / np.maximum(spread, 1e-12))
    return [
        Effect(float(whole[n]), float(whole[n] - wide[n]), float(whole[n] + wide[n]), float(chances[n]))
        for n in range(width)
    ]


def _solved(outcome: Numbers, columns: Numbers, width: int) -> Numbers | None:
    """The first coefficients; None where the rows cannot tell them from the rest."""
    crossed = columns.T @ columns
    inverted, _, _ = inverse(crossed)
    told = np.eye(columns.shape[1])[:width]
    if np.abs(told - told @ inverted @ crossed).max() > 1e-6:
        return None
    return np.asarray((inverted @ (columns.T @ outcome))[:width])
