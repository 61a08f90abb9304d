"""The fast analyser's table: what each word, pair of neighbours or piece of a word adds to every score.

The scores of a text are the sum of its features' rows divided by the root of the sum of their squared weights, plus a
constant: a linear model over tf-idf, worked out by look-ups alone. Lexicon columns are plain sums. The arrays lie in
one `.npz` file; nothing is unpickled and nothing is fetched."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insights.reading.features import pieces_of, seen_in

Floats = NDArray[np.float32]

MOST_UNKNOWN_WORDS = 20_000
"""Words outside the table that are remembered; then they are forgotten, so that a stream of any length fits in memory."""


class Table:
    """names: of the scores, in order of the columns; those that begin with `lexicon` are sums as they are."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            keys = bytes(stored["keys"]).decode("utf-8").split("\n")
            self.names: tuple[str, ...] = tuple(bytes(stored["names"]).decode("utf-8").split("\n"))
            self._rows: Floats = stored["rows"].astype(np.float32) * stored["scale"]
            self._squares: Floats = stored["squares"].astype(np.float32)
            self._constant: Floats = stored["constant"]
        self._place = {key: place for place, key in enumerate(keys)}
        self._weighed = sum(not name.startswith("lexicon") for name in self.names)
        self._unknown: dict[str, tuple[Floats, float]] = {}
        self._nothing = np.zeros(len(self.names), np.float32)

    def score(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Scores (texts x names) and, for each text, words, share of words in capitals, and share that is known."""
        scores = np.zeros((len(texts), len(self.names)), np.float32)
        facts = np.zeros((len(texts), 3), np.float32)
        places: list[int] = []
        ends: list[int] = []
        extra: list[tuple[int, Floats, float]] = []
        for number, text in enumerate(texts):
            seen = seen_in(text)
            missing = 0
            for word in seen.words:
                place = self._place.get(word)
                if place is not None:
                    places.append(place)
                    continue
                missing += 1
                extra.append((number, *self._from_pieces(word)))
            places.extend(place for place in map(self._place.get, seen.pairs) if place is not None)
            ends.append(len(places))
            words = len(seen.words)
            facts[number] = (words, seen.caps / max(words, 1), 1 - missing / max(words, 1))
        squares = np.zeros(len(texts), np.float32)
        self._add_up(places, ends, scores, squares)
        for number, row, square in extra:
            scores[number] += row
            squares[number] += square
        scores[:, : self._weighed] /= np.sqrt(np.maximum(squares, 1e-6))[:, None]
        return scores + self._constant, facts

    def _add_up(self, places: list[int], ends: list[int], scores: Floats, squares: Floats) -> None:
        at = np.asarray(places, np.int64)
        starts = np.asarray([0, *ends[:-1]], np.int64)
        filled = np.flatnonzero(np.asarray(ends) > starts)
        if len(filled):
            scores[filled] = np.add.reduceat(self._rows[at], starts[filled], axis=0)
            squares[filled] = np.add.reduceat(self._squares[at], starts[filled])

    def _from_pieces(self, word: str) -> tuple[Floats, float]:
        if word in self._unknown:
            return self._unknown[word]
        if len(self._unknown) >= MOST_UNKNOWN_WORDS:
            self._unknown.clear()
        found: list[Any] = [place for place in map(self._place.get, pieces_of(word)) if place is not None]
        made = (self._rows[found].sum(axis=0), float(self._squares[found].sum())) if found else (self._nothing, 0.0)
        self._unknown[word] = made
        return made
