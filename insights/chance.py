"""How often chance alone would do it: the rank test behind a trend, and many tests held together."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from math import erfc, sqrt
from typing import TypeVar

CHANCE = 0.05
"""How often something may be claimed where there is nothing: over all that is looked at together, not for each."""
Key = TypeVar("Key", bound=Hashable)


def chance_of(first: Sequence[float], second: Sequence[float]) -> float:
    """How often chance alone would set two groups of one kind so far apart: two-sided Mann-Whitney, in [0, 1].

    first, second: at least one value each. Normal approximation with ties and continuity corrected."""
    values = sorted((value, which) for which, group in enumerate((first, second)) for value in group)
    n1, n2 = len(first), len(second)
    n = n1 + n2
    ranks_of_first, ties, position = 0.0, 0, 0
    for _, same in groupby(values, key=lambda pair: pair[0]):
        block = list(same)
        middle = position + (len(block) + 1) / 2
        ranks_of_first += middle * sum(which == 0 for _, which in block)
        ties += len(block) ** 3 - len(block)
        position += len(block)
    u = ranks_of_first - n1 * (n1 + 1) / 2
    spread = sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)))) if n > 1 else 0.0
    if spread == 0.0:
        return 1.0
    z = max(0.0, abs(u - n1 * n2 / 2) - 0.5) / spread
    return min(1.0, erfc(z / sqrt(2)))


def stand_together(chances: Mapping[Key, float], level: float = CHANCE) -> set[Key]:
    """Which of many tests may be believed, so that any false one among them comes in at most `level` of all cases.

    chances: p of each test that was made, in [0, 1], the unclear ones too. Returns keys.
    Holm, Scandinavian Journal of Statistics 6 (1979): the smallest p is held against level / m, the next against
    level / (m - 1), and so on until the first that does not hold. Asks nothing of how the tests hang together."""
    kept: set[Key] = set()
    ordered = sorted(chances.items(), key=lambda pair: pair[1])
    for place, (key, chance) in enumerate(ordered):
        if chance > level / (len(ordered) - place):
            break
        kept.add(key)
    return kept
