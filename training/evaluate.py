"""How often the analyser is right, beside TextBlob and VADER on the same machine: `python -m training.evaluate DATA`."""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from insights.reading import Analyser, ReadingResult, Stance, Tier, analyser_of
from training import behaviour
from training.given import TONE_CHECK, TONES, rows
from training.replies import LABELLED, UNSEEN, labelled
from training.reply_scores import ReplyScores, calibration_error, macro_f1, macro_recall

TONE_FILES = {
    "tweets (validation split of TweetEval)": TONE_CHECK,
    "comments to a health service, Britain": "nhs_nhft_dev.jsonl.gz",
    "members of parliament, Britain": "sentimp_uk_dev.jsonl",
}
FLAG_FILES = {
    "offensive": ("offensive_val.jsonl", ("not-offensive", "offensive")),
    "irony": ("irony_val.jsonl", ("non_irony", "irony")),
    "emotion": ("emotion_val.jsonl", ("anger", "joy", "optimism", "sadness")),
}
Reader = Callable[[Sequence[str]], Sequence[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    for line in figures(parser.parse_args().data):
        print(line, flush=True)


def figures(data: Path) -> Iterator[str]:
    vader = SentimentIntensityAnalyzer()
    tiers = list(Tier) if find_spec("onnxruntime") else [Tier.FAST]
    analysers = [analyser_of(tier) for tier in tiers]
    readers: dict[str, Reader] = {one.version: _tones_by(one) for one in analysers} | {
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
            yield f"  {reader:10} macro-recall {macro_recall(labels, said, TONES):.3f}   {speed:8,.0f} texts a second of one core"
    for analyser in analysers:
        yield from _calibration(analyser, data)
        yield from _flags(analyser, data)
        yield from _replies(analyser)
        yield from behaviour.lines(analyser)


def _tones_by(analyser: Analyser) -> Reader:
    return lambda texts: [(result.tone or Stance.NEUTRAL).value for result in analyser.read(texts)]


def _calibration(analyser: Analyser, data: Path) -> Iterator[str]:
    checked = rows(data, TONE_CHECK)
    results = [result.tone_p for result in analyser.read([text for text, _ in checked])]
    said = [(p.label() if p else Stance.NEUTRAL).value for p in results]
    sure = [max(p.negative, p.neutral, p.positive) if p else 1 / 3 for p in results]
    error = calibration_error([label for _, label in checked], said, sure)
    yield f"{analyser.version}: expected calibration error of the tone of tweets {error:.3f}"


def _flags(analyser: Analyser, data: Path) -> Iterator[str]:
    """Only of an analyser that looks for them."""
    for name, (file, answers) in FLAG_FILES.items():
        checked = rows(data, file)
        said = [_said_of(result, name, answers) for result in analyser.read([text for text, _ in checked])]
        if any(said):
            # What was not looked at, for its language, counts as the first answer: it raises nothing.
            score = macro_f1([label for _, label in checked], [one or answers[0] for one in said], answers)
            yield f"{analyser.version}: {name}, {len(checked):,} tweets: macro-F1 {score:.3f}"


def _said_of(result: ReadingResult, name: str, answers: Sequence[str]) -> str | None:
    if name == "emotion":
        emotions: Mapping[str, float] = result.emotions
        return max(emotions, key=lambda emotion: emotions[emotion]) if emotions else None
    p = result.offensive if name == "offensive" else result.irony
    return None if p is None else answers[p >= 0.5]


def _replies(analyser: Analyser) -> Iterator[str]:
    for title, path in {"Replies to police posts": LABELLED, "Replies that no lesson had in mind": UNSEEN}.items():
        scores = ReplyScores.of(analyser, labelled(path))
        yield f"{analyser.version}: {title} ({path.name}): {len(scores.rows)} texts, {len(scores.english)} of them English"
        yield from scores.lines()
        said = [_split(TextBlob(row["text"]).sentiment.polarity, 0.0) for row, _ in scores.english]
        yield f"  TextBlob's polarity as the stance: macro-recall {macro_recall(scores.stances[0], said, TONES):.3f}"


def _split(score: float, edge: float) -> str:
    return "positive" if score > edge else "negative" if score < -edge else "neutral"


if __name__ == "__main__":
    main()
