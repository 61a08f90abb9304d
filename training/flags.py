"""Teaches the flags and writes their weights: `python -m training.flags OUT`.

One linear model a flag over what `insights.reading.cues` sees. Its scores are made probabilities by lines that were not
learnt from, since replies made of one line are alike. The lessons are `flags.txt`, the lines of `replies.txt` and the
practice network's replies; no reply of the two sets that the flags are tried on comes close to one."""

import argparse
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from insights.reading.cues import keys_of
from training.flag_lessons import FLAGS, Lesson, lessons

FOLDS = 6
STRENGTH = 0.6
LEAST_LINES = 2
"""Lines that a feature must occur in."""
SMALLEST = 0.01
"""A feature all of whose weights are smaller is left out."""


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
