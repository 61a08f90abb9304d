"""How often the analyser is right, beside TextBlob and VADER on the same machine: `python -m training.evaluate DATA`."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from insights.reading.base import Kind, Stance
from insights.reading.fast import FastAnalyser
from training.given import TONE_CHECK, TONES, rows
from training.replies import LABELLED, labelled

TONE_FILES = {
    "tweets (validation split of TweetEval)": TONE_CHECK,
    "comments to a health service, Britain": "nhs_nhft_dev.jsonl.gz",
    "members of parliament, Britain": "sentimp_uk_dev.jsonl",
}
Reader = Callable[[Sequence[str]], Sequence[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    for line in figures(parser.parse_args().data):
        print(line, flush=True)


def figures(data: Path) -> Iterator[str]:
    analyser = FastAnalyser()
    vader = SentimentIntensityAnalyzer()
    readers: dict[str, Reader] = {
        analyser.version: lambda texts: [(result.tone or Stance.NEUTRAL).value for result in analyser.read(texts)],
        "VADER": lambda texts: [_split(vader.polarity_scores(text)["compound"], 0.05) for text in texts],
        "TextBlob": lambda texts: [_split(TextBlob(text).sentiment.polarity, 0.0) for text in texts],
    }
    for title, name in TONE_FILES.items():
        checked = rows(data, name)
        texts, labels = [text for text, _ in checked], [label for _, label in checked]
        yield f"Tone of {title}: {len(texts):,} texts"
        for reader, read in readers.items():
            started = time.process_time()
            said = read(texts)
            speed = len(texts) / (time.process_time() - started)
            yield f"  {reader:10} macro-recall {macro_recall(labels, said, TONES):.3f}   {speed:8,.0f} texts a second"
    yield from _replies(analyser)


def _replies(analyser: FastAnalyser) -> Iterator[str]:
    sample = [row for row in labelled(LABELLED) if row["lang"] == "en"]
    results = analyser.read([row["text"] for row in sample])
    stances, kinds = [row["sentiment"] for row in sample], [row["kind"] for row in sample]
    told = [result.stance.value for result in results]
    yield f"Replies to police posts ({LABELLED.name}): {len(sample)} texts"
    yield f"  stance     macro-recall {macro_recall(stances, told, TONES):.3f}"
    said = [result.kind.value for result in results]
    yield f"  kind       macro-F1     {macro_f1(kinds, said, [kind.value for kind in Kind]):.3f}"
    for kind in Kind:
        right = sum(a == b == kind.value for a, b in zip(kinds, said, strict=True))
        yield f"    {kind.value:10} recall {_share(right, kinds.count(kind.value))}  precision {_share(right, said.count(kind.value))}"
    angry = [at for at, row in enumerate(sample) if row["about"] == "offender_crime" and row["sentiment"] == "neutral"]
    wrong = sum(told[at] == "negative" for at in angry)
    yield f"  offenders' deeds taken for criticism of the police: {wrong} of {len(angry)}"
    sure = [max(result.p.negative, result.p.neutral, result.p.positive) if result.p else 0.0 for result in results]
    yield f"  expected calibration error of the stance: {calibration_error(stances, told, sure):.3f}"


def _split(score: float, edge: float) -> str:
    return "positive" if score > edge else "negative" if score < -edge else "neutral"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:4.0%}" if whole else " n/a"


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


if __name__ == "__main__":
    main()
