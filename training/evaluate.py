"""How often the analyser is right, beside TextBlob and VADER on the same machine: `python -m training.evaluate DATA`."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from textblob import TextBlob
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from insights.reading.base import Stance
from insights.reading.fast import FastAnalyser
from training.given import TONE_CHECK, TONES, rows
from training.replies import LABELLED, UNSEEN, labelled
from training.reply_scores import ReplyScores, macro_recall

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
    for title, path in {"Replies to police posts": LABELLED, "Replies that no lesson had in mind": UNSEEN}.items():
        scores = ReplyScores.of(analyser, labelled(path))
        yield f"{title} ({path.name}): {len(scores.rows)} texts, {len(scores.english)} of them English"
        yield from scores.lines()
        said = [_split(TextBlob(row["text"]).sentiment.polarity, 0.0) for row, _ in scores.english]
        yield f"  TextBlob's polarity as the stance: macro-recall {macro_recall(scores.stances[0], said, TONES):.3f}"


def _split(score: float, edge: float) -> str:
    return "positive" if score > edge else "negative" if score < -edge else "neutral"


if __name__ == "__main__":
    main()
