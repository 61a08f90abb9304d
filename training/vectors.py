"""What words mean, as numbers, from a pre-trained MiniLM: `python -m training.vectors DATA MINILM` writes `vectors.npz`.

Needs torch, so what it makes stands in the repository and `make train` reads it. Each word goes through the encoder by
itself; of its 384 numbers the main directions are kept. They let the fast analyser judge a word that stands in no lesson
by words like it, at no cost when reading: in its table all of this is folded into the word's own row."""

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from insights.reading.features import tokens_of
from training.given import rows
from training.replies import practice_replies, replies
from training.written import written

STORED = Path(__file__).with_name("vectors.npz")
SETS = (
    "sentiment_train.jsonl.gz", "sentiment_extra2014.jsonl.gz", "goemotions3_train.jsonl.gz", "offensive_train.jsonl.gz",
    "crisis26_train.jsonl.gz",
)  # fmt: skip
LEAST = 8
"""Texts of the sets that a word must stand in, unless a lesson has it."""
KEPT = 96
"""Directions."""


def vectors(path: Path = STORED) -> Mapping[str, NDArray[np.float32]]:
    """Word -> its numbers, of length 1."""
    with np.load(path, allow_pickle=False) as stored:
        words = bytes(stored["words"]).decode("utf-8").split("\n")
        return dict(zip(words, stored["numbers"].astype(np.float32) / 127, strict=True))


def vocabulary(data: Path) -> list[str]:
    """The words of all lessons, then the common ones of the sets."""
    told = [*(lesson.text for lesson in written()), *(reply.text for reply in replies(12, 1) + practice_replies(6, 2))]
    seen = Counter(word for text, _ in rows(data, *SETS) for word in set(_words(text)))
    return list(
        dict.fromkeys([*(word for text in told for word in _words(text)), *(w for w in seen if seen[w] >= LEAST)])
    )


def _words(text: str) -> list[str]:
    return [token.lower().replace("’", "'") for token in tokens_of(text) if "\n" not in token]


def reduced(numbers: NDArray[np.float32]) -> NDArray[np.int8]:
    """Words x KEPT, each of length 127: the directions along which words differ most, weighed a little more evenly."""
    centred = numbers - numbers.mean(axis=0)
    _, _, directions = np.linalg.svd(centred[::2], full_matrices=False)
    kept = centred @ directions[:KEPT].T
    kept /= np.sqrt(kept.std(axis=0))
    return np.round(127 * kept / (np.linalg.norm(kept, axis=1, keepdims=True) + 1e-6)).astype(np.int8)


def made(words: list[str], minilm: Path) -> NDArray[np.float32]:
    """Words x 384."""
    import torch

    from insights.reading.pieces import WordPieces
    from training.encoder import tensors
    from training.encoder_data import Row
    from training.encoder_model import pretrained

    pieces = (minilm / "vocab.txt").read_text(encoding="utf-8").splitlines()
    model = pretrained(minilm, list(range(len(pieces))), {}).eval()
    cut = WordPieces(pieces)
    order = sorted(range(len(words)), key=lambda at: len(words[at]))
    found = np.zeros((len(words), 384), np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 128):
            here = order[start : start + 128]
            found[here] = model(*tensors([Row(words[at], {}) for at in here], cut)).numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("minilm", type=Path, help="folder with model.safetensors and vocab.txt of all-MiniLM-L6-v2")
    given = parser.parse_args()
    words = vocabulary(given.data)
    stored = np.frombuffer("\n".join(words).encode(), np.uint8)
    np.savez_compressed(STORED, words=stored, numbers=reduced(made(words, given.minilm)))


if __name__ == "__main__":
    main()
