"""The first analyser: TextBlob's pattern polarity, bent toward the stance that matters here by a few rules.

Polarity is the mood of a text. The stance toward the police is something else: a furious reply about a burglar, a
cry for help and a lead are neutral, joining in with a light post is positive. The kind of reply decides how far
polarity counts; then an ordered logistic turns the score into three probabilities:

    P(negative) = 1 / (1 + exp(k (s - t_neg)))        P(positive) = 1 / (1 + exp(-k (s - t_pos)))
    P(neutral)  = 1 - P(negative) - P(positive)        with k = 9, t_neg = -0.13, t_pos = 0.21

A language that the lexicon does not know is unknown, never neutral (R34)."""

import math
import re
from collections.abc import Sequence

from textblob import Blobber
from textblob.base import CONTINUOUS, BaseSentimentAnalyzer
from textblob.sentiments import PatternAnalyzer

from insights.reading.base import CURRENT_VERSION, Kind, Probabilities, ReadingResult, Stance
from insights.reading.kinds import classify
from insights.reading.languages import detect_language

STEEPNESS = 9.0
NEGATIVE_BELOW = -0.13
POSITIVE_ABOVE = 0.21

_GOOD = re.compile("[❤💙👏👍😍🥰🙌💪😊😀😄🎉🫡👌]|:\\)|<3")
_BAD = re.compile("[😡🤬👎🙄🤡💩😠😤]|:\\(")
_NOT_POLICE = re.compile(
    r"\b(?:council|courts?|judges?|magistrates?|sentenc\w+|banks?|shops?|car makers?|manufacturers?|social services|"
    r"landlords?|highways|schools?|parents|government|hospital)\b",
    re.I,
)
_POLICE = re.compile(
    r"\b(?:police|policing|officers?|bobb(?:y|ies)|pcsos?|coppers?|cops|you(?:r|'re|'ve|'ll)?|ya|team|force|101|"
    r"patrols?|constables?|staff)\b",
    re.I,
)
_OFFENDER = re.compile(
    r"\b(?:scum\w*|low[- ]?lif\w+|thie(?:f|ves)|crooks?|criminals?|vermin|offenders?|robb\w+|burglars?|him|hang|rat|"
    r"thugs?|yobs?|disgust\w+|stealing|nicking|lock (?:him|them)|they(?:'ve| have) been done|spat|evil|sick in the head)\b",
    re.I,
)


class StanceAnalyzer(BaseSentimentAnalyzer):  # type: ignore[misc]  # the library ships no types
    """Scores a text in [-1, 1] by its stance, for TextBlob's `sentiment`."""

    kind = CONTINUOUS

    def __init__(self) -> None:
        super().__init__()
        self._pattern = PatternAnalyzer()

    def analyze(self, text: str) -> tuple[float, Kind, float]:
        """Score, kind of reply, how sure the kind is."""
        kind, sureness, points = classify(text)
        polarity = float(self._pattern.analyze(text).polarity)
        mood = polarity + 0.3 * len(_GOOD.findall(text)) - 0.3 * len(_BAD.findall(text))
        score = _bend(kind, max(-1.0, min(1.0, mood)), text, points)
        return max(-1.0, min(1.0, score)), kind, sureness


def _bend(kind: Kind, mood: float, text: str, points: dict[Kind, float]) -> float:
    """From the mood of the text to the stance toward the police or the post."""
    if kind in (Kind.EMERGENCY, Kind.LEAD):
        return 0.05 * mood
    if kind is Kind.QUESTION:
        return 0.1 * mood
    if kind is Kind.THANKS:
        return max(0.5, mood)
    if kind is Kind.COMPLAINT:
        elsewhere = (_NOT_POLICE.search(text) or _OFFENDER.search(text)) and not _POLICE.search(text)
        return 0.0 if elsewhere else min(-0.4, mood)
    if kind is Kind.ABUSE:
        at_offender = _OFFENDER.search(text) and not _POLICE.search(text)
        return 0.0 if at_offender else min(-0.3, mood)
    if kind is Kind.BANTER:
        return max(mood, 0.3) if mood > -0.1 else 0.3 * mood
    if _OFFENDER.search(text) and not _POLICE.search(text):
        return 0.1 * mood
    return mood - 0.05 * points[Kind.COMPLAINT] + 0.05 * points[Kind.THANKS]


def probabilities(score: float) -> Probabilities:
    """The three probabilities of a score in [-1, 1], by the ordered logistic above."""
    negative = 1 / (1 + math.exp(STEEPNESS * (score - NEGATIVE_BELOW)))
    positive = 1 / (1 + math.exp(-STEEPNESS * (score - POSITIVE_ABOVE)))
    return Probabilities(negative, 1 - negative - positive, positive)


class TextBlobAnalyser:
    """See the module.  Needs no corpus download: the pattern lexicon comes with the library."""

    version = CURRENT_VERSION
    scored_languages = frozenset({"en"})

    def __init__(self) -> None:
        self._blobber = Blobber(analyzer=StanceAnalyzer())

    def read(self, texts: Sequence[str]) -> list[ReadingResult]:
        return [self._read_one(text) for text in texts]

    def _read_one(self, text: str) -> ReadingResult:
        lang, lang_p = detect_language(text)
        score, kind, kind_p = self._blobber(text).sentiment
        # Hearts and thumbs need no language; anything else that has none cannot be scored.
        by_emoji = lang == "und" and bool(_GOOD.search(text) or _BAD.search(text))
        if lang not in self.scored_languages and not by_emoji:
            return ReadingResult(Stance.UNKNOWN, None, kind, kind_p, lang, lang_p)
        p = probabilities(score)
        return ReadingResult(p.label(), p, kind, kind_p, lang, lang_p)
