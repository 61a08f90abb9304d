"""The fast analyser's table: what each word, pair of neighbours or piece of a word adds to every score.

The scores of a text are the sum of its features' rows divided by the root of the sum of their squared weights, plus a
constant: a linear model over tf-idf, worked out by look-ups alone. Lexicon columns are plain sums. The arrays lie in
one `.npz` file; nothing is unpickled and nothing is fetched."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insights.reading import lookup
from insights.reading.features import pieces_of
from insights.reading.languages import plain_english
from insights.reading.lookup import Keys, Looked, Spellings

Floats = NDArray[np.float32]
AT_ONCE = 512
"""Texts that are looked up together."""
COMMON_UP_TO = 7.5
"""The weight of a word by its rarity up to which it is common in English: one text in five hundred or more."""


class _Rows(Keys):
    """Key -> row of the table. A word outside the table gets a row made of its pieces."""

    def __init__(self, keys: Sequence[str], rows: Floats) -> None:
        super().__init__(zip(keys, range(len(keys)), strict=True))
        self.known = len(keys)
        self._new: dict[str, int] = {}
        self.rows = np.concatenate([rows, np.zeros((4096, rows.shape[1]), np.float32)])

    def __missing__(self, key: str) -> int:
        at = self._new.get(key)
        if at is None:
            at = self.known + len(self._new)
            if at == len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            found: list[Any] = [self[piece] for piece in pieces_of(key) if piece in self]
            self.rows[at] = self.rows[found].sum(axis=0)
            self._new[key] = at
        return at

    def forget(self) -> None:
        self._new.clear()


class Table:
    """names: of the scores, in order of the columns; those that begin with `lexicon` are sums as they are."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            keys = bytes(stored["keys"]).decode("utf-8").split("\n")
            self.names: tuple[str, ...] = tuple(bytes(stored["names"]).decode("utf-8").split("\n"))
            rows: Floats = stored["rows"].astype(np.float32) * stored["scale"]
            squares: Floats = stored["squares"].astype(np.float32)
            own: Floats = stored["own"].astype(np.float32)
            self._constant: Floats = stored["constant"]
        self._rows = _Rows(keys, np.hstack([rows, squares[:, None]]))
        self._weighed = sum(not name.startswith("lexicon") for name in self.names)
        pairs = [(key, at) for at, key in enumerate(keys) if " " in key]
        in_pairs = {word: at for at, word in enumerate(sorted({word for key, _ in pairs for word in key.split(" ")}))}
        codes = np.asarray([_code(key, in_pairs) for key, _ in pairs], np.int64)
        order = np.argsort(codes)
        self._pair_codes = codes[order]
        self._pair_rows = np.asarray([at for _, at in pairs], np.int64)[order]
        common = frozenset(key for key, weight in zip(keys, own, strict=True) if 0 < weight <= COMMON_UP_TO)
        self._spellings = Spellings(self._rows, in_pairs, common)
        # Replies, letters and surveys are read by threads of their own: two at once would give two words one place.
        self._one_at_a_time = Lock()

    def score(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Scores (texts x names) and facts (texts x 8): words, share of words in capitals, share that is known,
        exclamation marks, question marks, whether there are dots, figures, whether it ends in a question mark."""
        scores, facts, _ = self.read(texts)
        return scores, facts

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.float64]]:
        """As `score`, and how sure it is that each text is English, 0 where more has to be asked."""
        parts = [self._read(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        scores, facts, english = zip(*parts, strict=True)
        return np.concatenate(scores), np.concatenate(facts), np.concatenate(english)

    def _read(self, texts: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.float64]]:
        with self._one_at_a_time:
            seen = self._spellings.look(texts)
            added = self._added(seen)
        scores = added[:, :-1]
        scores[:, : self._weighed] /= np.sqrt(np.maximum(added[:, -1:], 1e-6))
        counted = (lookup.WORD, lookup.ENGLISH, lookup.WELSH, lookup.POLISH, lookup.COMMON)
        english = plain_english(*(seen.summed(column) for column in counted))
        return scores + self._constant, self._facts(seen), english

    def _added(self, seen: Looked) -> Floats:
        """The sum of all rows of each text: its tokens' and its pairs'."""
        found = np.searchsorted(self._pair_codes, seen.pairs)
        found = np.minimum(found, len(self._pair_codes) - 1)
        is_one = np.flatnonzero(self._pair_codes[found] == seen.pairs)
        texts = np.arange(len(seen.starts))
        of_pairs = np.repeat(texts, seen.counts + 1)[is_one]
        of_tokens = np.repeat(texts, seen.counts)
        at = np.concatenate([seen.keys, self._pair_rows[found[is_one]]])
        of = np.concatenate([of_tokens, of_pairs])
        order = np.argsort(of, kind="stable")
        sums = np.zeros((len(texts), self._rows.rows.shape[1]), np.float32)
        if len(at):
            here, first = np.unique(of[order], return_index=True)
            sums[here] = np.add.reduceat(self._rows.rows[at[order]], first, axis=0)
        return sums

    def _facts(self, seen: Looked) -> Floats:
        words = np.maximum(seen.counts, 1)
        caps, bangs, asks, dots, digits = (
            seen.summed(column) for column in (lookup.CAPS, lookup.BANGS, lookup.ASKS, lookup.DOTS, lookup.DIGITS)
        )
        ends = np.concatenate([[0], np.cumsum(seen.keys < self._rows.known)])
        known = ends[seen.starts + seen.counts] - ends[seen.starts]
        asking = seen.last[:, lookup.ASKS] > 0
        told = [seen.counts, caps / words, known / words, bangs, asks, dots, digits, asking]
        return np.stack(told, axis=1).astype(np.float32)


def _code(key: str, in_pairs: dict[str, int]) -> int:
    left, right = key.split(" ")
    return in_pairs[left] * len(in_pairs) + in_pairs[right]
