"""The fast analyser: look-ups in one table, small arithmetic, and no library but NumPy.

Stance and kind are learnt from replies to police posts, the tone from tweets (docs/model-card.md). An emergency is said
from a lower probability on than any other kind (R19): a false alarm costs a glance, a missed one may cost more. A
language that was not learnt is unknown, never neutral (R34)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from insights.reading.base import CURRENT_VERSION, About, Flag, Kind, Probabilities, ReadingResult, Stance
from insights.reading.flags import FlagReader, told
from insights.reading.heads import Floats, Head, inputs_of, softmax
from insights.reading.languages import detect_language
from insights.reading.table import Table

WEIGHTS = Path(__file__).with_name("weights")
EMERGENCY_FROM = 0.35
"""The probability from which a reply is called an emergency, whatever else it may be."""
_TONES = (Stance.NEGATIVE, Stance.NEUTRAL, Stance.POSITIVE)
_KINDS = tuple(Kind)
_ABOUT = tuple(About)


class FastAnalyser:
    """See the module.  weights: folder with the three files that `make train` writes."""

    version = CURRENT_VERSION
    scored_languages = frozenset({"en"})

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._table = Table(weights / "fast-table.npz")
        with np.load(weights / "fast-heads.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        self._tone = Head(arrays, "tone")
        self._flags = FlagReader(weights / "flags.npz")
        self._scales = {name: float(arrays[f"{name}_factor"]) for name in ("stance", "kind", "about")}
        self._columns = {
            name: [place for place, column in enumerate(self._table.names) if column.startswith(f"{name}:")]
            for name in self._scales
        }

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        if not texts:
            return []
        scores, facts = self._table.score(texts)
        tones = self._tone.probabilities(inputs_of(scores, facts, texts))
        stances, kinds, abouts = (self._likely(scores, name) for name in ("stance", "kind", "about"))
        flags = self._flags.probabilities(texts)
        results = [
            self._told(text, stances[row], kinds[row], abouts[row], tones[row]) for row, text in enumerate(texts)
        ]
        return [_flagged(result, *told(row)) for result, row in zip(results, flags, strict=True)]

    def _likely(self, scores: Floats, name: str) -> Floats:
        return softmax(scores[:, self._columns[name]] * self._scales[name])

    def _told(self, text: str, stance: Floats, kinds: Floats, abouts: Floats, tone: Floats) -> ReadingResult:
        lang, lang_p = detect_language(text)
        kind = Kind.EMERGENCY if kinds[0] >= EMERGENCY_FROM else _KINDS[int(kinds.argmax())]
        kind_p = min(1.0, float(kinds[_KINDS.index(kind)]))
        # Hearts and thumbs need no language; anything else that has none cannot be scored.
        if lang not in self.scored_languages and not (lang == "und" and _has_signs(text)):
            return ReadingResult(Stance.UNKNOWN, None, kind, kind_p, lang, lang_p)
        p, tone_p = _of_three(stance), _of_three(tone)
        about = _ABOUT[int(abouts.argmax())]
        about_p = min(1.0, float(abouts.max()))
        return ReadingResult(p.label(), p, kind, kind_p, lang, lang_p, tone_p.label(), tone_p, about, about_p)


def _flagged(result: ReadingResult, flags: dict[Flag, float], raised: frozenset[Flag]) -> ReadingResult:
    """The same with its flags, in whatever language it is: some are told by their shape, Welsh words are learnt too."""
    return replace(result, flags=flags, raised=raised)


def _has_signs(text: str) -> bool:
    """Whether a text without words says something by pictures."""
    return any(ord(character) >= 0x2190 for character in text)


def _of_three(row: Floats) -> Probabilities:
    """As plain numbers that add up to 1, whatever single precision made of them."""
    negative, neutral, positive = (float(value) for value in row)
    total = negative + neutral + positive
    return Probabilities(negative / total, neutral / total, positive / total)
