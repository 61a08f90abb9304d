"""Shares of stance from counts of readings alone, so that a year of a force costs as much as a post.

Of the replies that are of class t the analyser reads the share C[t, r] as r: its known errors. How large the group's own
mix m is follows from how many it reads as each (Tenenbein 1970, Journal of the American Statistical Association 65; Rogan
and Gladen 1978, American Journal of Epidemiology 107). Both are uncertain, so both are drawn, and the labels with them;
what people judged stands as they said. docs/methods/sentiment-shares.md has the formulas and how this was tried."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from insights.shares import BASE, CLASSES, SEED, WEIGHT, Share, dirichlet, draw_mix

Floats = npt.NDArray[np.float64]
Three = tuple[int, int, int]
Table = tuple[tuple[float, ...], ...]

DRAWS, STEPS = 200, 8
DOUBT = 1.25
"""As `insights.shares.DOUBT`, for counts: chosen by the trials in the documentation."""
HELD = 20.0
"""How many judgements of one reading outweigh half of what is known of the analyser elsewhere."""
_NEVER_SEEN = 0.3
"""Added to every cell of the known errors: what was never seen may happen."""


@dataclass(frozen=True)
class Errors:
    """What is known of the analyser's errors.

    known: replies of class t (row) that were read as r (column), as trials found it; it may hold parts of replies.
    judged: this force's judgements by reading (row) and what people said (column).  read: this force's readings by class,
    from which its own mix is inferred.  judgements: how many of `judged` there are."""

    known: Table
    judged: tuple[Three, ...] = ((0, 0, 0),) * 3
    read: Three = (0, 0, 0)

    @property
    def judgements(self) -> int:
        return sum(map(sum, self.judged))


def shares_of_counts(read: Three, judged: Three, errors: Errors) -> dict[str, Share]:
    """The shares of CLASSES among a group's replies; {} of none.

    read: replies by class as pages count them, what people judged included.  judged: those that people judged, by what
    they said: they are certain.  The same counts give the same answer.  Raises ValueError for a negative count."""
    if min(*read, *judged) < 0:
        raise ValueError("a count of replies cannot be negative")
    return dict(_shares(read, judged, errors))


@dataclass(frozen=True)
class Change:
    """How the share of one class differs between two groups: later less earlier, each in [0, 1].

    low, high: 95 % interval.  chance: how often chance alone would set the two so far apart, two-sided, at least 1 / 200."""

    estimate: float
    low: float
    high: float
    chance: float


def change_of_counts(
    earlier: tuple[Three, Three], later: tuple[Three, Three], errors: Errors, name: str = "negative"
) -> Change | None:
    """Whether residents' replies changed between two groups, each given as (read, judged); None where one has no reply.

    Compared are the mixes that the replies came from, so that who happened to reply is chance too. Both are read by one
    analyser with the same errors, which are drawn once for both: what they have in common is no difference. Their mixes are
    drawn apart: drawn alike, two groups of nearly the same counts would seem far surer than they are."""
    if not sum(earlier[0]) or not sum(later[0]):
        return None
    place = CLASSES.index(name)
    apart = _drawn(*later, errors, chain=1).mix[:, place] - _drawn(*earlier, errors).mix[:, place]
    low, high = np.quantile(apart, [0.025, 0.975])
    beyond = min(float((apart <= 0).mean()), float((apart >= 0).mean()))
    return Change(float(apart.mean()), float(low), float(high), min(1.0, max(2 * beyond, 1 / DRAWS)))


class _Drawn(NamedTuple):
    """expected: mean shares.  shares, mix: draws by classes, of these replies and of what they came from."""

    expected: Floats
    shares: Floats
    mix: Floats


@lru_cache(maxsize=20_000)
def _shares(read: Three, judged: Three, errors: Errors) -> tuple[tuple[str, Share], ...]:
    if not sum(read):
        return ()
    expected, shares, _ = _drawn(read, judged, errors)
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return tuple(
        (name, Share(float(expected[n]), float(min(low[n], expected[n])), float(max(high[n], expected[n]))))
        for n, name in enumerate(CLASSES)
    )


def _drawn(read: Three, judged: Three, errors: Errors, *, chain: int = 0) -> _Drawn:
    """chain: another one draws labels and mix apart from this one, with the same errors."""
    rng = np.random.default_rng([SEED, chain])
    total = sum(read)
    certain = np.minimum(np.asarray(judged), np.asarray(read))
    counts = np.asarray(read) - certain
    odds = _odds(errors, tuple(counts))
    mix = np.tile(np.asarray(BASE), (DRAWS, 1))
    for _ in range(STEPS):
        likely = odds * mix[:, None, :]
        likely /= likely.sum(axis=2, keepdims=True)
        drawn = rng.multinomial(counts, likely).sum(axis=1) + certain
        mix = draw_mix(rng, drawn, mix)
    expected = ((likely * counts[None, :, None]).sum(axis=(0, 1)) / DRAWS + certain) / total
    return _Drawn(expected, drawn / total, mix)


def _odds(errors: Errors, counts: tuple[int, ...]) -> Floats:
    """For each draw and reading, how probable it is in a reply of each class: draws by readings by classes.

    Where the group's readings lie farther from those of the usual mix than chance takes them, the errors are doubted as
    far (as in `insights.shares`): replies unlike those that were tried on are read less surely."""
    chances = drawn_errors(errors)
    size = sum(counts)
    usual = np.asarray(BASE) @ chances.mean(axis=0)
    shifts = np.random.default_rng(SEED).normal(0.0, 1.0, (DRAWS, 3))
    away = 0.0
    if size:
        by_chance = 0.5 * float(np.sqrt(2 / np.pi) * np.sqrt(usual * (1 - usual) / size).sum())
        away = max(0.0, 0.5 * float(np.abs(np.asarray(counts) / size - usual).sum()) - by_chance)
    doubted: Floats = np.transpose(chances, (0, 2, 1)) * np.exp(shifts * DOUBT * away)[:, None, :]
    return doubted


@lru_cache(maxsize=64)
def drawn_errors(errors: Errors) -> Floats:
    """C, drawn: draws by classes by readings, each row of readings adding up to 1.

    First as trials found it. Then, where people here judged readings, by what they said: of the replies read as r they
    found the share Q[r, t] to be t. People choose what they judge by how it was read (emergencies and complaints first),
    and this asks only that among those read alike they choose without knowing what it really is. With the force's
    readings by class s, C[t, r] is in proportion to s[r] Q[r, t]."""
    rng = np.random.default_rng(SEED)
    known = np.asarray(errors.known) + _NEVER_SEEN
    chances = np.stack([dirichlet(rng, np.tile(row, (DRAWS, 1))) for row in known], axis=1)
    if not errors.judgements or not sum(errors.read):
        return chances
    read = (np.asarray(errors.read) + 0.5) / (sum(errors.read) + 1.5)
    right = _right_when_read(chances, read)
    for r, said in enumerate(np.asarray(errors.judged, dtype=np.float64)):
        if said.sum():
            weight = said.sum() / (said.sum() + HELD)
            right[:, r] = (1 - weight) * right[:, r] + weight * dirichlet(rng, said + right[:, r])
    joint = np.transpose(right * read[None, :, None], (0, 2, 1))
    here: Floats = joint / joint.sum(axis=2, keepdims=True)
    return here


def _right_when_read(chances: Floats, read: Floats) -> Floats:
    """What replies are, by how they were read, in a force that reads so many as each: draws by readings by classes.

    Its mix is found by expectation-maximisation (Saerens, Latinne and Decaestecker 2002), held by the prior at BASE."""
    mix = np.tile(np.asarray(BASE), (len(chances), 1))
    weight = WEIGHT / 200  # as if of two hundred readings: the force's many would let the prior do nothing
    for _ in range(40):
        likely = np.transpose(chances, (0, 2, 1)) * mix[:, None, :]
        likely /= likely.sum(axis=2, keepdims=True)
        mix = ((likely * read[None, :, None]).sum(axis=1) + weight * np.asarray(BASE)) / (1 + weight)
    found: Floats = likely
    return found
