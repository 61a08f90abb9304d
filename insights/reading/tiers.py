"""Which analyser reads: fast, accurate, or auto, where the fast one reads everything and the accurate one what is unsure.

The accurate ones are imported only when they are asked for."""

from collections.abc import Sequence
from enum import StrEnum
from importlib.util import find_spec

from insights.reading.base import CURRENT_VERSION, Analyser
from social.context import Context
from social.doctor import Finding, Level
from social.errors import InputError

MISSING = (
    "Reading with the tier '{}' needs ONNX Runtime, which is not installed. Install Beatline with its extra 'accurate' "
    "(pip install 'beatline[accurate]'), or read with the tier 'fast'."
)


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
        if not can_read(tier):
            raise InputError(MISSING.format(tier))
        _made[tier] = _new(tier)
    return _made[tier]


def can_read(tier: Tier) -> bool:
    """Whether what the tier needs is installed."""
    return tier is Tier.FAST or find_spec("onnxruntime") is not None


def tier_that_reads(context: Context) -> Tier:
    """The one that the setting names, or the fast one until what that needs is installed: an emergency must not wait (R19)."""
    tier = Tier(context.settings.reading_tier)
    return tier if can_read(tier) else Tier.FAST


def findings(context: Context) -> Sequence[Finding]:
    """What `beatline doctor` says of the tier that the setting names; the fast one always reads."""
    tier = Tier(context.settings.reading_tier)
    if tier is Tier.FAST:
        return ()
    if can_read(tier):
        return (Finding(Level.OK, f"Replies are read with the tier '{tier}' ({version_of(tier)})."),)
    return (
        Finding(Level.WRONG, f"Replies are not read with the tier '{tier}' but with 'fast'.", MISSING.format(tier)),
    )


def _new(tier: Tier) -> Analyser:
    if tier is Tier.FAST:
        from insights.reading.fast import FastAnalyser

        return FastAnalyser()
    from insights.reading.accurate import AccurateAnalyser, CascadeAnalyser

    return AccurateAnalyser() if tier is Tier.ACCURATE else CascadeAnalyser()
