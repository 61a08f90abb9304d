"""What reads a reply: a stance toward the police, a kind, a language and flags, each with how sure the analyser is.

An analyser is a version and a function from texts to results. Whatever comes later (a trained model, officers'
corrections) stands behind this protocol; readings of different versions are never counted together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from social.kinds import Flag, Kind, Stance

__all__ = ["CURRENT_VERSION", "About", "Analyser", "Flag", "Kind", "Probabilities", "ReadingResult", "Stance"]

CURRENT_VERSION = "fast-5"
"""The version whose readings figures count. A change of any weight, list or threshold raises it."""


class About(StrEnum):
    """Whom or what a reply is about."""

    POLICE = "police"
    CRIME = "crime"
    OTHER = "other"


@dataclass(frozen=True)
class Probabilities:
    """Of the three stances; each in [0, 1], together 1."""

    negative: float
    neutral: float
    positive: float

    def label(self) -> Stance:
        """The likeliest; neutral wins a tie."""
        top = max(self.negative, self.neutral, self.positive)
        if self.neutral == top:
            return Stance.NEUTRAL
        return Stance.NEGATIVE if self.negative == top else Stance.POSITIVE


@dataclass(frozen=True)
class ReadingResult:
    """What was read.  p: None exactly when the stance is unknown.  kind_p, lang_p, about_p: in [0, 1].

    lang: ISO 639-1, or 'und' when the text does not say.  tone, tone_p: the mood of the text, whoever it is aimed at;
    None with the stance.  about: None with the stance.  flags: the probability of each flag, in [0, 1]; {} from an
    analyser that reads none.  raised: those that are probable enough to be shown.
    offensive, irony: the probability of each; emotions: of anger, joy, optimism and sadness, together 1. None and {} from
    an analyser that does not look for them."""

    stance: Stance
    p: Probabilities | None
    kind: Kind
    kind_p: float
    lang: str
    lang_p: float
    tone: Stance | None = None
    tone_p: Probabilities | None = None
    about: About | None = None
    about_p: float | None = None
    flags: Mapping[Flag, float] = field(default_factory=dict)
    raised: frozenset[Flag] = frozenset()
    offensive: float | None = None
    irony: float | None = None
    emotions: Mapping[str, float] = field(default_factory=dict)


class Analyser(Protocol):
    version: str

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        """One result a text, in order. Never raises for a text, however odd.

        posts: the post that each text answers, None where it is not known; None for none of them."""
        ...
