"""Reading replies. The only folder that may import TextBlob."""

from insights.reading.base import CURRENT_VERSION, About, Analyser, Flag, Kind, Probabilities, ReadingResult, Stance

__all__ = [
    "CURRENT_VERSION",
    "About",
    "Analyser",
    "Flag",
    "Kind",
    "Probabilities",
    "ReadingResult",
    "Stance",
    "default_analyser",
]

_made: list[Analyser] = []


def default_analyser() -> Analyser:
    """The analyser in force, made at its first use: its table takes a moment to load."""
    if not _made:
        from insights.reading.fast import FastAnalyser

        _made.append(FastAnalyser())
    return _made[0]
