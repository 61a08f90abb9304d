"""Trains the fast analyser's table and heads, and writes them as arrays: `python -m training.fast DATA OUT`.

Two stages. A linear model over tf-idf (words, pairs, pieces of words) for each question, folded into one table; then
small networks over its scores, which decide. The second stage learns from scores that the first gave to texts it had
not seen (out of fold), or it would trust them too much."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from insights.reading.base import About, Kind
from insights.reading.features import NEGATION_MARK, pieces_of, seen_in
from insights.reading.heads import inputs_of
from insights.reading.table import Table
from training.given import TONE_CHECK, TONE_SETS, TONES, numbers, rows
from training.lexicons import COLUMNS as LEXICON_COLUMNS
from training.lexicons import lexicons
from training.replies import lessons

KINDS = tuple(kind.value for kind in Kind)
ABOUT = tuple(about.value for about in About)
FOLDS = 4
EACH, EACH_OF_PRACTICE = 24, 12
"""Replies made of each line."""
LEAST = {"word": 2, "pair": 2, "piece": 4}
"""Texts that a feature must occur in."""
SMALLEST = 0.015
"""A pair or piece all of whose weights are smaller, as a share of the largest of its column, is left out."""


@dataclass(frozen=True)
class Space:
    """place: of each feature.  idf: its weight."""

    place: dict[str, int]
    idf: np.ndarray

    def matrix(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        for keys in texts:
            counts = Counter(self.place[key] for key in keys if key in self.place)
            length = sum(n * self.idf[at] ** 2 for at, n in counts.items()) ** 0.5 or 1.0
            columns += counts
            data += [n * self.idf[at] / length for at, n in counts.items()]
            ends.append(len(columns))
        return sparse.csr_matrix((data, columns, ends), (len(texts), len(self.place)), dtype=np.float32)


def keys_of(text: str) -> list[str]:
    seen = seen_in(text)
    return [*seen.words, *seen.pairs, *(piece for word in seen.words for piece in pieces_of(word))]


def sort_of(key: str) -> str:
    return "piece" if key[0] == "~" and len(key) > 1 else "pair" if " " in key else "word"


def make_space(texts: Sequence[Sequence[str]]) -> Space:
    seen = Counter(key for keys in texts for key in set(keys))
    kept = [key for key, count in seen.items() if count >= LEAST[sort_of(key)]]
    idf = np.array([np.log((1 + len(texts)) / (1 + seen[key])) + 1 for key in kept], np.float32)
    return Space({key: place for place, key in enumerate(kept)}, idf)


@dataclass
class Question:
    """name: of its scores.  x, y: what is learnt from.  groups: rows of one group stay in one fold."""

    name: str
    labels: Sequence[str]
    x: sparse.csr_matrix
    y: np.ndarray
    groups: np.ndarray
    strength: float
    balanced: bool


def fitted(question: Question, rows_: Any) -> LinearSVC:
    weight = "balanced" if question.balanced else None
    model = LinearSVC(C=question.strength, class_weight=weight, random_state=0)
    return model.fit(question.x[rows_], question.y[rows_])


def out_of_fold(asked: Question, seen: sparse.csr_matrix, groups: np.ndarray) -> np.ndarray:
    """Scores of `seen`, each row by a model that saw nothing of its group."""
    scores = np.zeros((seen.shape[0], len(asked.labels)), np.float32)
    for fold in range(FOLDS):
        model = fitted(asked, np.flatnonzero(asked.groups % FOLDS != fold))
        here = np.flatnonzero(groups % FOLDS == fold)
        scores[here] = model.decision_function(seen[here])
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, help="npz of texts' keys and a teacher's scores, see training.encoder")
    given = parser.parse_args()
    train(given.data, given.out, given.teacher)


def train(data: Path, out: Path, teacher: Path | None) -> None:
    tone_rows = rows(data, *TONE_SETS)
    told = lessons(EACH, EACH_OF_PRACTICE)
    taught = list(_taught(teacher)) if teacher else []
    tone_keys = [keys_of(text) for text, _ in tone_rows]
    told_keys = [keys_of(reply.text) for reply in told]
    taught_keys = [keys_of(text) for text, _ in taught]
    space = make_space([*tone_keys, *told_keys, *taught_keys])
    tone_x, told_x = space.matrix(tone_keys), space.matrix(told_keys)
    tone_y = np.array(numbers([label for _, label in tone_rows], TONES))
    groups = np.array([reply.line * 7919 % 101 for reply in told])
    spread = np.arange(len(tone_rows))
    tone = Question("tone", TONES, tone_x, tone_y, spread, 0.2, balanced=False)
    said_about = np.flatnonzero([bool(reply.about) for reply in told])
    own = [
        Question("stance", TONES, told_x, np.array(numbers([r.stance for r in told], TONES)), groups, 0.3, balanced=True),
        Question("kind", KINDS, told_x, np.array(numbers([r.kind for r in told], KINDS)), groups, 0.3, balanced=True),
        Question("about", ABOUT, told_x[said_about], np.array(numbers([r.about for r in told if r.about], ABOUT)),
                 groups[said_about], 0.3, balanced=True),
    ]  # fmt: skip
    print(f"{len(space.place):,} features, {len(tone_rows):,} tweets, {len(told):,} replies")
    models = [fitted(question, slice(None)) for question in (tone, *own)]
    names = [f"{question.name}:{label}" for question in (tone, *own) for label in question.labels]
    coefficients = [np.vstack([model.coef_ for model in models])]
    constants = [np.concatenate([model.intercept_ for model in models])]
    tone_scores = [out_of_fold(tone, tone_x, spread), *(m.decision_function(tone_x) for m in models[1:])]
    told_scores = [out_of_fold(question, question.x, question.groups) for question in own]
    if taught:
        ridge = Ridge(alpha=1.5).fit(space.matrix(taught_keys), np.array([scores for _, scores in taught]))
        names += [f"taught:{label}" for label in TONES]
        coefficients.append(ridge.coef_)
        constants.append(ridge.intercept_)
        tone_scores.append(ridge.predict(tone_x))
    _write_table(out / "fast-table.npz", space, names, np.vstack(coefficients), np.concatenate(constants))
    table = Table(out / "fast-table.npz")
    heads: dict[str, np.ndarray] = {}
    tone_in = _inputs(table, [text for text, _ in tone_rows], tone_scores)
    _add_head(heads, "tone", tone_in, tone_y)
    for question, unseen in zip(own, told_scores, strict=True):
        _add_scale(heads, question.name, unseen, question.y)
    np.savez_compressed(out / "fast-heads.npz", **heads)  # type: ignore[arg-type]  # names to arrays
    size = sum(path.stat().st_size for path in out.glob("fast-*.npz"))
    print(f"{size / 1e6:.2f} MB; tone on {TONE_CHECK}: {_check(table, heads, data):.4f} macro-recall")


def _taught(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    with np.load(path, allow_pickle=False) as stored:
        texts = bytes(stored["texts"]).decode("utf-8").split("\x1e")
        yield from zip(texts, stored["scores"], strict=True)


def _inputs(table: Table, texts: Sequence[str], unseen: Sequence[np.ndarray]) -> np.ndarray:
    """What the heads see, with the table's own scores replaced by those of models that had not seen the text."""
    scores, facts = table.score(texts)
    fresh = np.hstack([np.asarray(part, np.float32) for part in unseen])
    scores[:, : fresh.shape[1]] = fresh
    return inputs_of(scores, facts, texts)


def _add_head(heads: dict[str, np.ndarray], name: str, x: np.ndarray, y: np.ndarray) -> None:
    """A small network that weighs every score anew: for the question with tens of thousands of answers."""
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    network = MLPClassifier((24,), alpha=0.01, max_iter=60, early_stopping=True, random_state=1)
    network.fit((x - middle) / spread, y)
    heads |= {f"{name}_middle": middle, f"{name}_spread": spread}
    for layer, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        heads |= {f"{name}_w{layer}": weights.astype(np.float32), f"{name}_b{layer}": bias.astype(np.float32)}


def _add_scale(heads: dict[str, np.ndarray], name: str, unseen: np.ndarray, y: np.ndarray) -> None:
    """One factor that makes the scores probabilities: the likeliest for replies to lines that were not trained on."""
    factors = np.geomspace(0.5, 8, 40)

    def loss(factor: float) -> float:
        logits = unseen * factor
        logits = logits - logits.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]))

    heads[f"{name}_factor"] = np.array(min(factors, key=loss), np.float32)


def _check(table: Table, heads: dict[str, np.ndarray], data: Path) -> float:
    from insights.reading.heads import Head

    checked = rows(data, TONE_CHECK)
    texts = [text for text, _ in checked]
    y = np.array(numbers([label for _, label in checked], TONES))
    said = Head(heads, "tone").probabilities(inputs_of(*table.score(texts), texts)).argmax(axis=1)
    return float(np.mean([(said[y == label] == label).mean() for label in range(3)]))


def _write_table(path: Path, space: Space, names: list[str], coefficients: np.ndarray, constants: np.ndarray) -> None:
    """Fold the model into rows: what a word's pieces add is added to the word, and small weights are left out."""
    keys = list(space.place)
    own = (coefficients * space.idf).T.astype(np.float32)
    squares = space.idf**2
    by_word = lexicons()
    largest = np.abs(own).max(axis=0) + 1e-9
    heavy = (np.abs(own) / largest).max(axis=1) >= SMALLEST
    kept, rows_, squared = [], [], []
    for at, key in enumerate(keys):
        if sort_of(key) != "word":
            if heavy[at]:
                kept.append(key)
                rows_.append(np.concatenate([own[at], np.zeros(len(LEXICON_COLUMNS), np.float32)]))
                squared.append(squares[at])
            continue
        pieces = [space.place[piece] for piece in pieces_of(key) if piece in space.place]
        row = own[at] + own[pieces].sum(axis=0)
        said = by_word.get(key.removeprefix(NEGATION_MARK), np.zeros(len(LEXICON_COLUMNS), np.float32))
        kept.append(key)
        rows_.append(np.concatenate([row, -0.74 * said if key[0] == NEGATION_MARK and len(key) > 1 else said]))
        squared.append(squares[at] + squares[pieces].sum())
    table = np.array(rows_, np.float32)
    scale = np.abs(table).max(axis=0) / 127 + 1e-12
    np.savez_compressed(
        path,
        keys=np.frombuffer("\n".join(kept).encode(), np.uint8),
        names=np.frombuffer("\n".join([*names, *LEXICON_COLUMNS]).encode(), np.uint8),
        rows=np.round(table / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        squares=np.array(squared, np.float16),
        constant=np.concatenate([constants, np.zeros(len(LEXICON_COLUMNS))]).astype(np.float32),
    )


if __name__ == "__main__":
    main()
