"""Beatline's reading for anybody who has TextBlob: an analyser of its own kind, to be handed to `Blobber`.

from textblob import Blobber
from insights.reading.blob import PoliceStanceAnalyzer
Blobber(analyzer=PoliceStanceAnalyzer())("Nobody ever came").sentiment
Blobber(analyzer=PoliceStanceAnalyzer("accurate"))("Disgusting. Hope they catch them").sentiment
"""

from typing import NamedTuple

from textblob.base import DISCRETE, BaseSentimentAnalyzer

from insights.reading import Tier, analyser_of
from insights.reading.base import ReadingResult


class PoliceStance(NamedTuple):
    """classification: negative, neutral, positive or unknown, toward the police or the post; p_*: None when unknown."""

    classification: str
    p_negative: float | None
    p_neutral: float | None
    p_positive: float | None
    kind: str
    kind_p: float


class PoliceStanceAnalyzer(BaseSentimentAnalyzer):  # type: ignore[misc]  # the library ships no types
    """See the module.  tier: fast, accurate or auto.  Raises InputError where what the tier needs is not installed."""

    kind = DISCRETE

    def __init__(self, tier: str = Tier.FAST) -> None:
        super().__init__()
        self._analyser = analyser_of(Tier(tier))

    def analyze(self, text: str) -> PoliceStance:
        """What the analyser says of the text."""
        result: ReadingResult = self._analyser.read([text])[0]
        negative, neutral, positive = (p.negative, p.neutral, p.positive) if (p := result.p) else (None, None, None)
        return PoliceStance(result.stance.value, negative, neutral, positive, result.kind.value, result.kind_p)
