"""The labelled text that training is given: JSON lines in one folder, which is not part of Beatline.

docs/model-card.md says which sets, where they come from, and what their licences allow."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

TONES = ("negative", "neutral", "positive")
TONE_SETS = ("sentiment_train.jsonl.gz", "sentiment_extra2014.jsonl.gz")
TONE_CHECK = "sentiment_val.jsonl"


def rows(folder: Path, *names: str) -> list[tuple[str, str]]:
    """Text and label of every row of the named files."""
    found = []
    for name in names:
        path = folder / name
        content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        found += [(str(row["text"]), str(row["label"])) for row in map(json.loads, content.splitlines())]
    return found


def numbers(labels: Sequence[str], order: Sequence[str]) -> list[int]:
    """Each label's place in the order."""
    places = {label: place for place, label in enumerate(order)}
    return [places[label] for label in labels]
