"""The accurate analyser, and the cascade that asks it only where the fast one is unsure.

The network of `encoder` reads the reply and the post above it; language and flags stay the fast analyser's, and of
stance and tone the two opinions are weighed together. What a language that was not learnt says stays unknown (R34)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from insights.reading.base import About, Kind, Probabilities, ReadingResult
from insights.reading.encoder import EncoderNetwork
from insights.reading.fast import WEIGHTS, FastAnalyser
from insights.reading.heads import Floats
from insights.reading.long_texts import is_long

ACCURATE_VERSION, AUTO_VERSION = "accurate-2", "auto-2"
"""A change of any weight or threshold raises them; so does a new version of the fast analyser, on which they rest."""
EMERGENCY_FROM, EMERGENCY_FOR_BOTH = 0.2, 0.02
"""The probability from which a reply is called an emergency, whatever else it may be (R19); and where the fast analyser
calls it one too."""
OWN_SHARE = {"stance": 0.7, "tone": 0.8}
"""What the network's opinion weighs; the rest is the fast analyser's."""
SURE_FROM = {"stance": 0.5, "tone": 0.6, "kind": 0.25}
"""The cascade asks the network unless the fast analyser is this sure of each; and of every emergency."""
EMOTIONS = ("anger", "joy", "optimism", "sadness")
_KINDS, _ABOUT = tuple(Kind), tuple(About)


class AccurateAnalyser:
    """See the module.  weights: folder with the files that `make train` and `make train-accurate` write.

    workers: see EncoderNetwork."""

    version = ACCURATE_VERSION
    scored_languages = FastAnalyser.scored_languages

    def __init__(self, weights: Path = WEIGHTS, workers: int | None = None) -> None:
        self._fast = FastAnalyser(weights)
        self._network = EncoderNetwork(weights, workers)

    def read(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> list[ReadingResult]:
        results = self._fast.read(texts, posts)
        asked = [row for row, result in enumerate(results) if result.p is not None and self._asks(result)]
        above = [posts[row] for row in asked] if posts else None
        answers = self._network.probabilities([texts[row] for row in asked], above) if asked else {}
        for at, row in enumerate(asked):
            first = results[row]
            results[row] = _read_again(first, {name: found[at] for name, found in answers.items()})
            # The network weighs a long reply as a whole, or does not see its end: an emergency that was found there stays
            # one (R19).
            missed = first.kind is Kind.EMERGENCY and results[row].kind is not Kind.EMERGENCY
            if missed and (is_long(texts[row]) or not self._network.sees_all_of(texts[row])):
                results[row] = replace(results[row], kind=first.kind, kind_p=first.kind_p)
        return results

    def _asks(self, result: ReadingResult) -> bool:  # noqa: ARG002 - the cascade looks at it
        return True


class CascadeAnalyser(AccurateAnalyser):
    """The fast analyser's readings where it is sure, the accurate one's elsewhere."""

    version = AUTO_VERSION

    def _asks(self, result: ReadingResult) -> bool:
        sure = {"stance": _most(result.p), "tone": _most(result.tone_p), "kind": result.kind_p}
        return result.kind is Kind.EMERGENCY or any(sure[name] < least for name, least in SURE_FROM.items())


def _most(p: Probabilities | None) -> float:
    return max(p.negative, p.neutral, p.positive) if p else 0.0


def _read_again(first: ReadingResult, answers: Mapping[str, Floats]) -> ReadingResult:
    """The fast analyser's reading with what the network says in its place."""
    p, tone_p = (
        _together(answers[name], before, OWN_SHARE[name])
        for name, before in (("stance", first.p), ("tone", first.tone_p))
    )
    kinds, abouts = answers["kind"], answers["about"]
    kind, kind_p = _KINDS[int(kinds.argmax())], min(1.0, float(kinds.max()))
    both = first.kind is Kind.EMERGENCY
    if kinds[0] >= (EMERGENCY_FOR_BOTH if both else EMERGENCY_FROM):
        kind, kind_p = Kind.EMERGENCY, max(float(kinds[0]), first.kind_p if both else 0.0)
    return replace(
        first,
        stance=p.label(), p=p, tone=tone_p.label(), tone_p=tone_p,
        kind=kind, kind_p=kind_p,
        about=_ABOUT[int(abouts.argmax())], about_p=min(1.0, float(abouts.max())),
        offensive=float(answers["offensive"][1]), irony=float(answers["irony"][1]),
        emotions=dict(zip(EMOTIONS, map(float, answers["emotion"]), strict=True)),
    )  # fmt: skip


def _together(own: Floats, before: Probabilities | None, share: float) -> Probabilities:
    """Both opinions weighed by their logarithms, as plain numbers that add up to 1."""
    other = np.array([before.negative, before.neutral, before.positive]) if before else np.full(3, 1 / 3)
    logs = share * np.log(np.maximum(own.astype(float), 1e-9)) + (1 - share) * np.log(np.maximum(other, 1e-9))
    powers = np.exp(logs - logs.max())
    negative, neutral, positive = (float(value) for value in powers / powers.sum())
    return Probabilities(negative, neutral, positive)
