"""Reads flags: a weight for each word, pair and cue, added up, and made a probability. NumPy alone; nothing unpickled.

Each flag is raised from a probability of its own on, chosen for recall: a flag is a hint to look, and what is missed
costs more than a look too many (docs/model-card.md has both figures). Criticism alone is meant to raise none (R20); a name or an address does (R21)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from insights.reading.base import Flag
from insights.reading.cues import keys_of

FLAGS = tuple(Flag)
RAISED_FROM: Mapping[Flag, float] = {
    Flag.NAMES_PERSON: 0.3,
    Flag.PERSONAL_DATA: 0.3,
    Flag.PREJUDICIAL: 0.3,
    Flag.THREAT: 0.15,
    Flag.SPAM: 0.3,
    Flag.POLITICAL: 0.1,
    Flag.TAKEDOWN_REQUEST: 0.3,
    Flag.WELFARE: 0.2,
}
"""The probability from which a flag is shown and stored."""


class FlagReader:
    """See the module.  path: the file that `make train` writes."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            keys = bytes(stored["keys"]).decode("utf-8").split("\n")
            self._rows: NDArray[np.float32] = stored["rows"].astype(np.float32) * stored["scale"]
            self._constant: NDArray[np.float32] = stored["constant"]
            self._factor: NDArray[np.float32] = stored["factor"]
            self._shift: NDArray[np.float32] = stored["shift"]
        self._place = {key: place for place, key in enumerate(keys)}

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts x flags, in the order of `Flag`; each in [0, 1], and they need not add up to anything."""
        places: list[int] = []
        starts: list[int] = []
        for text in texts:
            starts.append(len(places))
            places.extend(place for place in map(self._place.get, keys_of(text)) if place is not None)
        scores = np.zeros((len(texts), len(FLAGS)), np.float32)
        filled = np.flatnonzero(np.diff([*starts, len(places)]))
        if len(filled):
            scores[filled] = np.add.reduceat(self._rows[places], np.asarray(starts)[filled], axis=0)
        logits = (scores + self._constant) * self._factor + self._shift
        found: NDArray[np.float32] = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
        return found


def told(row: NDArray[np.float32]) -> tuple[dict[Flag, float], frozenset[Flag]]:
    """The probability of each flag, and the flags that are raised."""
    flags = {flag: float(p) for flag, p in zip(FLAGS, row, strict=True)}
    return flags, frozenset(flag for flag, p in flags.items() if p >= RAISED_FROM[flag])
