"""Which analyser reads: fast, accurate, or auto, where the fast one reads everything and the accurate one what is unsure.

The accurate ones are imported only when they are asked for."""

from enum import StrEnum

from insights.reading.base import CURRENT_VERSION, Analyser

__all__ = ["Tier", "analyser_of", "version_of"]


class Tier(StrEnum):
    FAST = "fast"
    ACCURATE = "accurate"
    AUTO = "auto"


_made: dict[Tier, Analyser] = {}


def version_of(tier: Tier) -> str:
    """The version of a tier's readings, told without loading it."""
    if tier is Tier.FAST:
        return CURRENT_VERSION
    from insights.reading.accurate import ACCURATE_VERSION, AUTO_VERSION

    return ACCURATE_VERSION if tier is Tier.ACCURATE else AUTO_VERSION


def analyser_of(tier: Tier) -> Analyser:
    """The analyser of a tier, made at its first use: its weights take a moment to load.

    Raises InputError that names what to install, where the tier needs what is not there."""
    if tier not in _made:
        _made[tier] = _new(tier)
    return _made[tier]


def _new(tier: Tier) -> Analyser:
    if tier is Tier.FAST:
        from insights.reading.fast import FastAnalyser

        return FastAnalyser()
    from insights.reading.accurate import AccurateAnalyser, CascadeAnalyser

    return AccurateAnalyser() if tier is Tier.ACCURATE else CascadeAnalyser()
