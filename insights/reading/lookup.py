"""Turns texts into numbers of words: each spelling is looked into once, remembered, and looked up from then on.

What `features.seen_in` says of a text, said of many at once: the parts that need a loop are a regular expression and one
look-up a word; negation, pairs and counts are array arithmetic. tests/insights/test_lookup.py holds the two together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insights.reading.features import (
    NEGATION_MARK,
    NEGATION_REACH,
    Spelling,
    raw_tokens,
    spelling_of,
)
from insights.reading.languages import signs_of

Ints = NDArray[np.int64]
MOST_SPELLINGS = 60_000
"""Spellings that are remembered; then they are forgotten, so that a stream of any length fits in memory."""

PLAIN, NEGATED, PAIRED, ENDS, NEGATES, CAPS, BANGS, ASKS, DOTS, DIGITS, WORD, ENGLISH, WELSH, POLISH, COMMON = range(15)
"""Columns of what is known of a spelling.  PLAIN, NEGATED: numbers of its keys.  PAIRED: its number in pairs, -1 for
none.  ENDS, NEGATES: of a negation's reach.  WORD to COMMON: what it says of a text's language."""


@dataclass(frozen=True)
class Looked:
    """keys: number of each token's key, all texts' one after another.  starts, counts: where each text's tokens begin
    and how many they are.  pairs: left * width + right for every pair of neighbours, -1 where none can be; a text has
    one more than tokens.  facts: tokens x columns, see above.  last: the facts of each text's last token; zeros without."""

    keys: Ints
    starts: Ints
    counts: Ints
    pairs: Ints
    facts: Ints
    last: Ints

    def summed(self, column: int) -> Ints:
        """Of each text."""
        ends = np.concatenate([[0], np.cumsum(self.facts[:, column])])
        return np.asarray(ends[self.starts + self.counts] - ends[self.starts], np.int64)


class Spellings(dict[str, int]):
    """Spelling -> its row in `facts`.  key_of: key -> number; a key that is new to it gets one.  in_pairs: word -> number
    in pairs.  common: words that a text in English has."""

    def __init__(self, key_of: "Keys", in_pairs: dict[str, int], common: frozenset[str]) -> None:
        super().__init__()
        self._key_of, self._in_pairs, self._common = key_of, in_pairs, common
        self.facts = np.zeros((4096, COMMON + 1), np.int64)

    def __missing__(self, token: str) -> int:
        at = len(self)
        if at == len(self.facts):
            self.facts = np.concatenate([self.facts, np.zeros_like(self.facts)])
        found = spelling_of(token)
        self.facts[at] = (*self._keys(found), *found.marks, *self._language(found))
        self[token] = at
        return at

    def _keys(self, found: Spelling) -> tuple[int, int, int]:
        pair = self._in_pairs.get(found.word, -1)
        return self._key_of[found.word], self._key_of[NEGATION_MARK + found.word], pair

    def _language(self, found: Spelling) -> tuple[int, ...]:
        if not found.word[0].isalpha() or found.word == "http":
            return (0, 0, 0, 0, 0)
        return (1, *signs_of(found.word), found.word in self._common)

    def look(self, texts: Sequence[str]) -> Looked:
        if len(self) > MOST_SPELLINGS:
            self.clear()
            self._key_of.forget()
        numbers: list[int] = []
        ends: list[int] = []
        for text in texts:
            numbers.extend(map(self.__getitem__, raw_tokens(text)))
            ends.append(len(numbers))
        at = np.asarray(numbers, np.int64)
        stops = np.asarray(ends, np.int64)
        starts = np.concatenate([[0], stops[:-1]]).astype(np.int64)
        counts = stops - starts
        facts = self.facts[at]
        keys = np.where(_negated(facts, np.repeat(starts, counts)), facts[:, NEGATED], facts[:, PLAIN])
        last = (
            np.where(counts[:, None] > 0, self.facts[at[np.maximum(stops - 1, 0)]], 0) if len(at) else _nothing(texts)
        )
        return Looked(keys, starts, counts, self._pairs(facts[:, PAIRED], starts, counts), facts, last)

    def _pairs(self, words: Ints, starts: Ints, counts: Ints) -> Ints:
        """Each text's tokens between its two edges, and each with the next."""
        width = len(self._in_pairs)
        text_of = np.repeat(np.arange(len(starts)), counts)
        place = np.arange(len(words)) + text_of
        left = np.full(len(words) + len(starts), self._in_pairs.get("^", -1), np.int64)
        right = np.full(len(left), self._in_pairs.get("$", -1), np.int64)
        left[place + 1], right[place] = words, words
        return np.where((left >= 0) & (right >= 0), left * width + right, -1)


class Keys(dict[str, int]):
    """Key -> its number; subclasses say what becomes of a key that is new."""

    def forget(self) -> None:
        """Forget the keys that were new."""


def _negated(facts: Ints, begin: Ints) -> NDArray[np.bool_]:
    """Whether a negation stands up to NEGATION_REACH tokens before, in the same text, with no mark that ends it between."""
    count = len(facts)
    place = np.arange(count)
    ended = np.maximum.accumulate(np.where(facts[:, ENDS] > 0, place, -1)) if count else place
    before = np.maximum.accumulate(np.where(facts[:, NEGATES] > 0, place, -1)) if count else place
    before = np.concatenate([[-1], before[:-1]]) if count else before
    return np.asarray((before >= np.maximum(place - NEGATION_REACH, begin)) & (before > ended))


def _nothing(texts: Sequence[str]) -> Ints:
    return np.zeros((len(texts), COMMON + 1), np.int64)
