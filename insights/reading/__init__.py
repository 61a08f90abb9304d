"""Reading replies. The only folder that may import TextBlob."""

from insights.reading.base import CURRENT_VERSION, About, Analyser, Flag, Kind, Probabilities, ReadingResult, Stance
from insights.reading.tiers import Tier, analyser_of, version_of

__all__ = [
    "CURRENT_VERSION",
    "About",
    "Analyser",
    "Flag",
    "Kind",
    "Probabilities",
    "ReadingResult",
    "Stance",
    "Tier",
    "analyser_of",
    "default_analyser",
    "version_of",
]


def default_analyser() -> Analyser:
    """The fast analyser, which reads wherever no other tier is asked for."""
    return analyser_of(Tier.FAST)
