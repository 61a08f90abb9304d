"""What share of a group of replies is negative, neutral, positive: an estimate and an interval, not a count of labels.

A count of an analyser's labels is off by ten points a class for a dozen replies, whichever analyser it is, and stays
wrong for ten thousand, since its mistakes do not cancel out. So the group's own mix is inferred from the probabilities of
all its replies (M06; docs/shares.md has the formulas, what they take for granted, and how they were tried).

    p(class | reply) of the analyser holds for the mix it was calibrated on, BASE. In a group of another mix the odds
    shift by the ratio of the two (prior probability shift: Saerens, Latinne and Decaestecker 2002). The mix is drawn from
    its posterior, with a prior half near BASE and half anywhere, by Gibbs sampling; the labels drawn on the way give the
    interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CLASSES = ("negative", "neutral", "positive")
BASE = (0.2, 0.6, 0.2)
"""The mix for which the stance's probabilities hold: their mean over replies that they were calibrated on."""
WEIGHT = 10.0
"""How many replies the prior at BASE weighs in a group of the usual kind. Fewer follow a small group's noise."""
USUAL = 0.5
"""How likely a group is of the usual kind, before a reply of it is read. Of others every mix is as likely as any other: with
BASE alone small groups unlike it seem far surer than they are."""
DOUBT = 2.0
"""Doubt about calibration, in log-odds, for each unit by which a group's mean lies farther from BASE than chance takes it:
what is unlike the replies that were learnt from is read less surely than the probabilities say."""
DRAWS, STEPS = 400, 8
SEED = 20261122
_GRID = 48
"""Probabilities are put together to this fineness, so that a hundred thousand replies cost as much as two thousand."""
_PRIOR_BIAS = 0.5
"""Standard deviation in log-odds of how far a force's replies may lie from those learnt from, before any correction."""


@dataclass(frozen=True)
class Share:
    """Of the replies that could be read, each from 0 to 1.  low, high: 95 % interval, about `estimate`."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Correction:
    """A reply whose stance somebody judged.  p: the analyser's three probabilities.  right: place in CLASSES."""

    p: tuple[float, float, float]
    right: int


@dataclass(frozen=True)
class Bias:
    """How the analyser errs with this force's replies, in log-odds of negative and positive against neutral.

    mean: two numbers.  covariance: two by two; zeros where nothing is known and nothing is doubted."""

    mean: tuple[float, float] = (0.0, 0.0)
    covariance: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))


UNJUDGED = Bias(covariance=((0.04, 0.0), (0.0, 0.04)))
"""Where nobody judged: a standard deviation of 0.2, which is how far replies under posts that were not learnt from lie
(docs/shares.md)."""


def estimate_shares(
    p: Sequence[tuple[float, float, float]], *, of: int | None = None, bias: Bias | None = None
) -> dict[str, Share] | None:
    """The shares of CLASSES among these replies; None for no reply.

    p: the analyser's probabilities, one row a reply, each adding up to 1.  of: how many replies these were drawn from by
    chance, where they are a sample: then the shares are of all of those.  bias: from `learn_bias`; None where nobody judged any.
    The same replies give the same answer.  Raises ValueError when `of` is smaller than the number of replies."""
    if not len(p):
        return None
    if of is not None and of < len(p):
        raise ValueError("a sample cannot be larger than what it was drawn from")
    rng = np.random.default_rng(SEED)
    given: Floats = np.clip(np.asarray(p, dtype=np.float64), 1e-6, 1.0)
    given /= given.sum(axis=1, keepdims=True)
    cells, counts = _cells(given)
    base = np.asarray(BASE)
    odds = cells[None] * np.exp(_shifts(rng, given, bias))[:, None, :]
    mix = np.tile(given.mean(axis=0), (DRAWS, 1))
    for _ in range(STEPS):
        likely = odds * (mix / base)[:, None, :]
        likely /= likely.sum(axis=2, keepdims=True)
        drawn = rng.multinomial(counts, likely).sum(axis=1)
        mix = draw_mix(rng, drawn, mix)
    expected = (likely * counts[None, :, None]).sum(axis=(0, 1)) / (DRAWS * len(given))
    shares = drawn / len(given)
    if of is not None and of > len(given):
        # Those that were not drawn are of the same mix; how many of each class they are is chance again.
        rest = np.asarray([rng.multinomial(of - len(given), row) for row in mix])
        shares = (drawn + rest) / of
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return {
        name: Share(float(expected[n]), float(min(low[n], expected[n])), float(max(high[n], expected[n])))
        for n, name in enumerate(CLASSES)
    }


def learn_bias(corrections: Sequence[Correction], mix: tuple[float, float, float] = BASE) -> Bias:
    """What this force's own judgements say of how the analyser errs there.

    mix: shares of CLASSES, each above 0, among the replies that the judged ones were taken from: where more is criticism,
    more of what is judged is, and that is no error of the analyser.

    Two log-odds are fitted by Newton's method with a normal prior about none (a ridge), and their doubt is the curvature
    at the end (Laplace). Fifty judgements outweigh the prior; few change little. They have to be of replies taken as they
    came, right readings confirmed as well as wrong ones mended: those that only mend mistakes would say that all is wrong."""
    if not corrections:
        return Bias()
    logs: Floats = np.log(np.clip(np.asarray([c.p for c in corrections], dtype=np.float64), 1e-6, 1.0))
    logs += np.log(np.asarray(mix) / np.asarray(BASE))
    right = np.zeros((len(corrections), 3))
    right[np.arange(len(corrections)), [c.right for c in corrections]] = 1.0
    bias: Floats = np.zeros(2)
    precision: Floats = np.eye(2) / _PRIOR_BIAS**2
    for _ in range(25):
        likely = np.exp(logs + np.asarray([bias[0], 0.0, bias[1]]))
        likely /= likely.sum(axis=1, keepdims=True)
        ends = likely[:, [0, 2]]
        slope = (right[:, [0, 2]] - ends).sum(axis=0) - bias / _PRIOR_BIAS**2
        precision = np.diag(ends.sum(axis=0)) - ends.T @ ends + np.eye(2) / _PRIOR_BIAS**2
        step = np.linalg.solve(precision, slope)
        bias = bias + step
        if float(np.abs(step).max()) < 1e-8:
            break
    (a, b), (c, d) = np.linalg.inv(precision)
    return Bias((float(bias[0]), float(bias[1])), ((float(a), float(b)), (float(c), float(d))))


def _cells(p: Floats) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Distinct rows and how often each is there, after rounding to the grid; of a small group every row is its own."""
    if len(p) <= 512:
        return p, np.ones(len(p), dtype=np.int64)
    keys = np.rint(p * _GRID).astype(np.int64)
    _, where, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), 3))
    np.add.at(sums, where.reshape(-1), p)
    return sums / counts[:, None], counts.astype(np.int64)


# Named in quotes: else every command would load numpy.random as it starts.
def _shifts(rng: "np.random.Generator", p: Floats, bias: Bias | None) -> Floats:
    """One shift of the log-odds for each draw: this force's bias with its doubt, and the doubt of a strange mix."""
    away = 0.5 * float(np.abs(p.mean(axis=0) - np.asarray(BASE)).sum())
    by_chance = 0.5 * float(np.sqrt(2 / np.pi) * np.sqrt(p.var(axis=0) / len(p)).sum())
    shifts = rng.normal(0.0, 1.0, (DRAWS, 3)) * DOUBT * max(0.0, away - by_chance)
    known = bias or UNJUDGED
    ends = rng.multivariate_normal(known.mean, known.covariance, DRAWS)
    shifts[:, 0] += ends[:, 0]
    shifts[:, 2] += ends[:, 1]
    centred: Floats = shifts - shifts.mean(axis=1, keepdims=True)
    return centred


def draw_mix(rng: "np.random.Generator", counts: Floats, mix: Floats) -> Floats:
    """A mix for each draw, given how many replies are of each class.  mix: as it was drawn last.

    Whether the group is of the usual kind is drawn first, by how much likelier that makes the last mix than any other kind."""
    near = WEIGHT * np.asarray(BASE)
    log_near = ((near - 1) * np.log(np.maximum(mix, 1e-12))).sum(axis=1) + lgamma(WEIGHT) - sum(map(lgamma, near))
    log_any = lgamma(3.0)  # the density of every mix, where all are alike
    log_odds = np.log(USUAL / (1 - USUAL)) + log_near - log_any
    is_usual = rng.random(len(mix)) < 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))
    return dirichlet(rng, counts + np.where(is_usual[:, None], near, 1.0))


def dirichlet(rng: "np.random.Generator", weights: Floats) -> Floats:
    """One draw from a Dirichlet distribution for each row."""
    drawn = rng.gamma(weights)
    mixes: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return mixes
