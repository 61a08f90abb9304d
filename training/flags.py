"""Teaches the flags and writes their weights: `python -m training.flags OUT`.

One linear model a flag over what `insights.reading.cues` sees. Its scores are made probabilities by lines that were not
learnt from, since replies made of one line are alike. The lessons are `flags.txt`, the lines of `replies.txt` and the
practice network's replies; no reply of the two sets that the flags are tried on comes close to one."""

import argparse
import random
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from insights.reading.base import Flag
from insights.reading.cues import keys_of
from training.replies import (
    FLAGS_UNSEEN,
    LABELLED,
    UNSEEN,
    as_typed,
    bare,
    close,
    filled,
    labelled,
    practice_replies,
    replies,
)

SOURCE = Path(__file__).with_name("flags.txt")
FLAGS = tuple(flag.value for flag in Flag)
EACH, EACH_OF_REPLIES, EACH_OF_PRACTICE = 14, 10, 6
"""Replies made of each line."""
PEACEFUL = frozenset({"thanks", "question", "banter", "complaint"})
OF_THE_UNRULY = frozenset({"names_person", "personal_data", "prejudicial", "threat", "welfare"})
FOLDS = 6
STRENGTH = 0.6
LEAST_LINES = 2
"""Lines that a feature must occur in."""
SMALLEST = 0.01
"""A feature all of whose weights are smaller is left out."""


@dataclass(frozen=True)
class Lesson:
    """line: what it was made of; lessons of one line stay together.  flags: those that it has.  unsaid: flags that it
    may have or not; it teaches nothing about them."""

    line: str
    text: str
    flags: frozenset[str]
    unsaid: frozenset[str] = frozenset()


def lessons() -> list[Lesson]:
    """Everything to learn from, less what comes close to a reply that the flags are tried on."""
    told = [*_own(EACH, seed=5), *_others()]
    tried = [bare(row["text"]) for path in (LABELLED, UNSEEN, FLAGS_UNSEEN) for row in labelled(path)]
    tried = [words for words in tried if len(words) > 2]
    holding: dict[str, list[int]] = {}
    for number, words in enumerate(tried):
        for word in words:
            holding.setdefault(word, []).append(number)
    return [lesson for lesson in told if not _near(bare(lesson.text), tried, holding)]


def _near(words: frozenset[str], tried: Sequence[frozenset[str]], holding: Mapping[str, Sequence[int]]) -> bool:
    """Whether the words come close to one of the tried replies.  holding: word -> the tried replies that hold it."""
    shared = Counter(number for word in words for number in holding.get(word, ()))
    return any(2 * count > len(words) and close(words, tried[number]) for number, count in shared.items())


def _own(each: int, seed: int) -> list[Lesson]:
    words: dict[str, list[str]] = {}
    chance = random.Random(seed)
    found = []
    for number, row in enumerate(SOURCE.read_text(encoding="utf-8").splitlines(), 1):
        if row.startswith("= "):
            name, _, values = row[2:].partition(":")
            words[name.strip()] = [value.strip() for value in values.split("|")]
        elif row.strip() and not row.startswith("#"):
            head, _, pattern = row.partition(" | ")
            flags = frozenset() if head == "-" else frozenset(head.split(","))
            told: set[str] = set()
            for _ in range(3 * each):
                text = as_typed(filled(pattern, words, chance), chance)
                if len(told) < each and text and text.lower() not in told:
                    told.add(text.lower())
                    found.append(Lesson(f"flags {number}", text, flags))
    return found


def _others() -> list[Lesson]:
    """Lessons on kind and stance: what flags their lines have, mostly none. The practice network's lines do not say
    what flags they have: those of unruly kinds teach only what they cannot have."""
    made = [
        Lesson(f"reply {reply.line}", reply.text, frozenset(reply.flags) & set(FLAGS))
        for reply in replies(EACH_OF_REPLIES, seed=7)
    ]
    practice = [
        Lesson(f"reply {reply.line}", reply.text, frozenset(), frozenset() if reply.kind in PEACEFUL else OF_THE_UNRULY)
        for reply in practice_replies(EACH_OF_PRACTICE, seed=8)
    ]
    return made + practice


def fold_of(line: str) -> int:
    """The part of the lessons that a line, with all that is made of it, belongs to."""
    return zlib.crc32(line.encode()) % FOLDS


@dataclass(frozen=True)
class Seen:
    keys: list[str]
    x: sparse.csr_matrix
    y: np.ndarray
    said: np.ndarray
    folds: np.ndarray


def seen_of(told: Sequence[Lesson]) -> Seen:
    keys = [keys_of(lesson.text) for lesson in told]
    lines: dict[str, set[str]] = {}
    for lesson, found in zip(told, keys, strict=True):
        for key in found:
            lines.setdefault(key, set()).add(lesson.line)
    kept = sorted(key for key, where in lines.items() if len(where) >= LEAST_LINES)
    place = {key: at for at, key in enumerate(kept)}
    x = matrix(keys, place)
    y = np.array([[flag in lesson.flags for flag in FLAGS] for lesson in told])
    said = np.array([[flag not in lesson.unsaid for flag in FLAGS] for lesson in told])
    return Seen(kept, x, y, said, np.array([fold_of(lesson.line) for lesson in told]))


def matrix(keys: Sequence[Sequence[str]], place: dict[str, int]) -> sparse.csr_matrix:
    rows = [[place[key] for key in found if key in place] for found in keys]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([at for row in rows for at in row], np.int32)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), (len(rows), len(place)))


def fitted(x: sparse.csr_matrix, y: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=300).fit(x, y)


def out_of_fold(seen: Seen) -> np.ndarray:
    """Scores of every lesson by models that saw nothing of its line."""
    scores = np.zeros(seen.y.shape, np.float32)
    for fold in range(FOLDS):
        there, here = np.flatnonzero(seen.folds != fold), np.flatnonzero(seen.folds == fold)
        for column in range(len(FLAGS)):
            learnt = there[seen.said[there, column]]
            scores[here, column] = fitted(seen.x[learnt], seen.y[learnt, column]).decision_function(seen.x[here])
    return scores


def scaled(scores: np.ndarray, seen: Seen) -> tuple[np.ndarray, np.ndarray]:
    """Factor and shift of each flag that make its scores probabilities (Platt)."""
    models = []
    for at in range(len(FLAGS)):
        here = seen.said[:, at]
        models.append(LogisticRegression(C=100).fit(scores[here][:, [at]], seen.y[here, at]))
    return np.array([m.coef_[0, 0] for m in models]), np.array([m.intercept_[0] for m in models])


def train(out: Path) -> None:
    told = lessons()
    seen = seen_of(told)
    scores = out_of_fold(seen)
    factor, shift = scaled(scores, seen)
    models = [fitted(seen.x[here], seen.y[here, column]) for column, here in enumerate(seen.said.T)]
    rows = np.vstack([model.coef_[0] for model in models]).T
    heavy = np.abs(rows).max(axis=1) >= SMALLEST
    scale = np.abs(rows).max(axis=0) / 127
    np.savez_compressed(
        out / "flags.npz",
        keys=np.frombuffer(
            "\n".join(key for key, keep in zip(seen.keys, heavy, strict=True) if keep).encode(), np.uint8
        ),
        rows=np.round(rows[heavy] / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        constant=np.array([model.intercept_[0] for model in models], np.float32),
        factor=factor.astype(np.float32),
        shift=shift.astype(np.float32),
    )
    size = (out / "flags.npz").stat().st_size
    print(
        f"{len(told):,} replies of {len({lesson.line for lesson in told}):,} lines; {heavy.sum():,} features, {size / 1e6:.2f} MB"
    )
    _tell(1 / (1 + np.exp(-(scores * factor + shift))), seen.y)


def _tell(p: np.ndarray, y: np.ndarray) -> None:
    """Recall and precision over lines that were not learnt from, at some thresholds."""
    print("unseen lines of the lessons: recall/precision from a probability of")
    for column, flag in enumerate(FLAGS):
        parts = []
        for least in (0.1, 0.2, 0.3, 0.5):
            said = p[:, column] >= least
            right = (said & y[:, column]).sum()
            parts.append(f"{least}: {right / y[:, column].sum():.2f}/{right / max(1, said.sum()):.2f}")
        print(f"  {flag:17} {'   '.join(parts)}")
    print(f"  flags in all: {dict(Counter(flag for row in y for flag, has in zip(FLAGS, row, strict=True) if has))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    train(parser.parse_args().out)


if __name__ == "__main__":
    main()
