"""How an analyser does on labelled replies: the figures of `training.evaluate`, the model card and its test.

Apart from `training.evaluate`, which needs the other analysers that it stands beside."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from insights.reading.base import Analyser, Kind, ReadingResult, Stance

SCORED = ("negative", "neutral", "positive")
KINDS = tuple(kind.value for kind in Kind)


@dataclass(frozen=True)
class ReplyScores:
    """rows: the labelled replies, each a column's name to its text.  results: one a row, in order.

    Stance and kind are scored on the replies labelled English; the shares are 0 to 1, None where nothing is counted."""

    rows: Sequence[Mapping[str, str]]
    results: Sequence[ReadingResult]

    @classmethod
    def of(cls, analyser: Analyser, rows: Sequence[Mapping[str, str]]) -> "ReplyScores":
        return cls(rows, analyser.read([row["text"] for row in rows], [row.get("post") or None for row in rows]))

    @cached_property
    def english(self) -> list[tuple[Mapping[str, str], ReadingResult]]:
        return [pair for pair in zip(self.rows, self.results, strict=True) if pair[0]["lang"] == "en"]

    @cached_property
    def stances(self) -> tuple[list[str], list[str]]:
        """Labels and readings."""
        return [row["sentiment"] for row, _ in self.english], [result.stance.value for _, result in self.english]

    @cached_property
    def kinds(self) -> tuple[list[str], list[str]]:
        """Labels and readings."""
        return [row["kind"] for row, _ in self.english], [result.kind.value for _, result in self.english]

    @property
    def stance_recall(self) -> float:
        return macro_recall(*self.stances, SCORED)

    @property
    def kind_f1(self) -> float:
        return macro_f1(*self.kinds, KINDS)

    def recall(self, kind: str) -> float | None:
        """The share of this kind that was found."""
        return _share(self._right(kind), self.kinds[0].count(kind))

    def precision(self, kind: str) -> float | None:
        """The share that is of this kind, of those said to be."""
        return _share(self._right(kind), self.kinds[1].count(kind))

    def _right(self, kind: str) -> int:
        return sum(label == said == kind for label, said in zip(*self.kinds, strict=True))

    @property
    def missed_emergencies(self) -> list[str]:
        """Ids of emergencies, in any language, that were read as something else."""
        return [
            row["reply_id"]
            for row, result in zip(self.rows, self.results, strict=True)
            if row["kind"] == Kind.EMERGENCY and result.kind is not Kind.EMERGENCY
        ]

    @property
    def anger_taken_for_criticism(self) -> tuple[int, int]:
        """Neutral replies about offenders and their deeds that were called negative; and how many there are (M06)."""
        angry = [
            result for row, result in self.english if (row["about"], row["sentiment"]) == ("offender_crime", "neutral")
        ]
        return sum(result.stance is Stance.NEGATIVE for result in angry), len(angry)

    @property
    def sarcasm_seen(self) -> tuple[int, int]:
        """Sarcastic criticism that was called negative; and how much of it there is."""
        meant = [result for row, result in self.english if (row["sarcasm"], row["sentiment"]) == ("1", "negative")]
        return sum(result.stance is Stance.NEGATIVE for result in meant), len(meant)

    @property
    def others_scored(self) -> tuple[int, int]:
        """Replies in a language that cannot be scored which got a stance all the same; and how many there are (R34)."""
        others = [result for row, result in zip(self.rows, self.results, strict=True) if row["lang"] != "en"]
        return sum(result.stance is not Stance.UNKNOWN for result in others), len(others)

    @property
    def calibration(self) -> float:
        """The expected calibration error of the stance, over ten bins; a stance that is unknown counts as unsure."""
        sure = [max(r.p.negative, r.p.neutral, r.p.positive) if r.p else 0.0 for _, r in self.english]
        return calibration_error(*self.stances, sure)

    def lines(self) -> Iterator[str]:
        """The figures, for a person to read."""
        yield f"  stance     macro-recall {self.stance_recall:.3f}"
        yield from _confusion(*self.stances, (*SCORED, "unknown"))
        yield f"  kind       macro-F1     {self.kind_f1:.3f}"
        for kind in KINDS:
            yield f"    {kind:10} recall {percent(self.recall(kind)):>5}  precision {percent(self.precision(kind)):>5}"
        yield from _confusion(*self.kinds, KINDS)
        yield f"  emergencies missed: {' '.join(self.missed_emergencies) or 'none'}"
        yield "  offenders' deeds taken for criticism of the police: {} of {}".format(*self.anger_taken_for_criticism)
        yield "  sarcastic criticism seen as criticism: {} of {}".format(*self.sarcasm_seen)
        yield "  other languages given a stance all the same: {} of {}".format(*self.others_scored)
        yield f"  expected calibration error of the stance: {self.calibration:.3f}"


def _confusion(labels: Sequence[str], said: Sequence[str], order: Sequence[str]) -> Iterator[str]:
    pairs = Counter(zip(labels, said, strict=True))
    yield " " * 4 + "label \\ read".ljust(13) + "".join(f"{name[:9]:>10}" for name in order)
    for label in order:
        if label in labels:
            yield f"    {label:13}" + "".join(f"{pairs[label, name]:10}" for name in order)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def percent(share: float | None) -> str:
    """'86 %', or a dash where there is nothing to count."""
    return "–" if share is None else f"{100 * share:.0f} %"


def macro_recall(labels: Sequence[str], said: Sequence[str], order: Sequence[str]) -> float:
    """The mean over labels of the share found, 0 to 1 (TweetEval's measure)."""
    return float(
        np.mean([np.mean([s == name for la, s in zip(labels, said, strict=True) if la == name]) for name in order])
    )


def macro_f1(labels: Sequence[str], said: Sequence[str], order: Sequence[str]) -> float:
    """The mean over labels of the harmonic mean of recall and precision."""
    scores = []
    for name in order:
        right = sum(la == s == name for la, s in zip(labels, said, strict=True))
        scores.append(2 * right / max(1, list(labels).count(name) + list(said).count(name)))
    return float(np.mean(scores))


def calibration_error(labels: Sequence[str], said: Sequence[str], sure: Sequence[float], bins: int = 10) -> float:
    """The distance between how sure it was and how often it was right, over ten equal bins."""
    right = np.array([la == s for la, s in zip(labels, said, strict=True)], float)
    place = np.minimum((np.asarray(sure) * bins).astype(int), bins - 1)
    gaps = [
        (place == one).mean() * abs(right[place == one].mean() - np.asarray(sure)[place == one].mean())
        for one in range(bins)
        if (place == one).any()
    ]
    return float(sum(gaps))
