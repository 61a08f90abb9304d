"""Reading replies. The only folder that may import TextBlob."""

from insights.reading.base import CURRENT_VERSION, Analyser, Kind, Probabilities, ReadingResult, Stance

__all__ = ["CURRENT_VERSION", "Analyser", "Kind", "Probabilities", "ReadingResult", "Stance", "default_analyser"]

_made: list[Analyser] = []


def default_analyser() -> Analyser:
    """The analyser in force, made at its first use: its library takes a second to import."""
    if not _made:
        from insights.reading.textblob_analyser import TextBlobAnalyser

        _made.append(TextBlobAnalyser())
    return _made[0]
