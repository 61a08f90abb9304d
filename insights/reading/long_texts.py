"""Hears what a long reply ends in: many friendly words must not drown a cry for help in the last few (R19).

Scores are averages over a text's words, so an emergency weighs less the more is said before it. The end of a long reply
is therefore read once more by itself, and what is said of an emergency there holds where it is more than of the whole."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LONG_FROM, END = 45, 30
"""Words from which a reply is long, and how many at its end are read once more."""
_SHORTER = 2 * LONG_FROM - 1
"""Letters and gaps that LONG_FROM words have at least: most replies need not be cut into words."""


def ends_too(texts: Sequence[str], kinds: Floats, read: Callable[[list[str], list[int]], Floats]) -> Floats:
    """Probabilities of kinds (texts x kinds, an emergency's first), with those of long replies' ends.

    read(ends, rows): the kinds of other texts in place of those in these rows. Rows add up to 1 as before."""
    ends = {row: words[-END:] for row, text in enumerate(texts) if (words := _words(text))}
    if not ends:
        return kinds
    rows = list(ends)
    heard = read([" ".join(words) for words in ends.values()], rows)[:, 0]
    found = kinds.copy()
    before = kinds[rows, 0]
    after = np.maximum(before, heard)
    found[rows, 1:] *= ((1 - after) / np.maximum(1 - before, 1e-9))[:, None]
    found[rows, 0] = after
    return found


def is_long(text: str) -> bool:
    """Whether the end of a text is read once more."""
    return bool(_words(text))


def _words(text: str) -> list[str]:
    """Of a long text; [] of any other."""
    if len(text) < _SHORTER:
        return []
    words = text.split()
    return words if len(words) >= LONG_FROM else []
