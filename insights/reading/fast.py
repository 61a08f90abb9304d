"""The fast analyser: look-ups in one table, small arithmetic, and no library but NumPy.

Stance and kind are learnt from replies to police posts, the tone from tweets (docs/model-card.md). An emergency is said
from a lower probability on than any other kind (R19): a false alarm costs a glance, a missed one may cost more. A
language that was not learnt is unknown, never neutral (R34)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from insights.reading.base import CURRENT_VERSION, About, Analyser, Flag, Kind, Probabilities, ReadingResult, Stance
from insights.reading.flags import FlagReader, told
from insights.reading.heads import Floats, Head, Weighing, inputs_of
from insights.reading.languages import detect_language
from insights.reading.long_texts import ends_too
from insights.reading.posts import marked
from insights.reading.table import Table
from insights.shares import BASE

WEIGHTS = Path(__file__).with_name("weights")
EMERGENCY_FROM = 0.2
"""The probability from which a reply is called an emergency, whatever else it may be."""
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
        self._stance, self._kind, self._about = (Weighing(arrays, name) for name in ("stance", "kind", "about"))

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        if not texts:
            return []
        scores, facts, english = self._table.read(texts)
        inputs, above = inputs_of(scores, facts), marked(posts, len(texts))
        tones = _rows(self._tone.probabilities(inputs))
        stances, abouts = (_rows(head.probabilities(inputs, above)) for head in (self._stance, self._about))
        kinds = _rows(ends_too(texts, self._kind.probabilities(inputs, above), partial(self._kinds_of, above)))
        flags = self._flags.probabilities(texts)
        return [
            self._told(text, sure, stance, kind, about, tone, *told(flagged))
            for text, sure, stance, kind, about, tone, flagged in zip(
                texts, english.tolist(), stances, kinds, abouts, tones, flags, strict=True
            )
        ]

    def _kinds_of(self, above: Floats, texts: list[str], rows: list[int]) -> Floats:
        """Kinds of texts under the posts of these rows."""
        scores, facts, _ = self._table.read(texts)
        return self._kind.probabilities(inputs_of(scores, facts), above[rows])

    def of_usual_mix(self, p: Sequence[float]) -> tuple[float, float, float]:
        """A stance's probabilities as they hold for replies of the mix BASE, together 1: so they add up over many replies.
        Those of a reading hold for a mix in which criticism and praise are commoner, so that both are found.

        p: of negative, neutral and positive."""
        parts = [one * usual / held for one, usual, held in zip(p, BASE, self._stance.mix.tolist(), strict=True)]
        negative, neutral, positive = (part / sum(parts) for part in parts)
        return negative, neutral, positive

    def _told(
        self,
        text: str,
        english: float,
        stance: list[float],
        kinds: list[float],
        abouts: list[float],
        tone: list[float],
        flags: dict[Flag, float],
        raised: frozenset[Flag],
    ) -> ReadingResult:
        """flags, raised: in whatever language it is: some are told by their shape, Welsh words are learnt too."""
        lang, lang_p = ("en", english) if english else detect_language(text)
        place = 0 if kinds[0] >= EMERGENCY_FROM else kinds.index(max(kinds))
        # Hearts and thumbs need no language; anything else that has none cannot be scored.
        if lang not in self.scored_languages and not (lang == "und" and _has_signs(text)):
            unknown = ReadingResult(Stance.UNKNOWN, None, _KINDS[place], kinds[place], lang, lang_p)
            return replace(unknown, flags=flags, raised=raised)
        p, tone_p = Probabilities(*stance), Probabilities(*tone)
        about = abouts.index(max(abouts))
        return ReadingResult(
            p.label(), p, _KINDS[place], kinds[place], lang, lang_p, tone_p.label(), tone_p, _ABOUT[about], abouts[about],
            flags, raised,
        )  # fmt: skip


def summable(analyser: Analyser, p: Probabilities) -> tuple[float, float, float]:
    """What `insights.shares` adds up: see `of_usual_mix`; of another analyser than the fast one its probabilities."""
    parts = (p.negative, p.neutral, p.positive)
    return analyser.of_usual_mix(parts) if isinstance(analyser, FastAnalyser) else parts


def _has_signs(text: str) -> bool:
    """Whether a text without words says something by pictures."""
    return any(ord(character) >= 0x2190 for character in text)


def _rows(p: Floats) -> list[list[float]]:
    """As plain numbers that add up to 1, whatever single precision made of them."""
    exact = p.astype(np.float64)
    found: list[list[float]] = (exact / exact.sum(axis=1, keepdims=True)).tolist()
    return found
