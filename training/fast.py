"""Trains the fast analyser's table and heads, and writes them as arrays: `python -m training.fast DATA OUT`.

Two stages. A linear model over tf-idf (words, pairs, pieces of words) for each question, folded into one table; for the
questions about replies it also sees what words mean (`training.vectors`), which is folded in as well. Then small
networks over its scores, which decide. The second stage learns from scores that the first gave to texts it had not seen
(out of fold: no reply under the same post, no twin of the same line), or it would trust them too much."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from insights.reading.base import About, Kind
from insights.reading.features import NEGATION_MARK, pieces_of, seen_in
from insights.reading.heads import Head, inputs_of
from insights.reading.posts import marked
from insights.reading.table import Table
from training.given import TONE_CHECK, TONE_SETS, TONES, numbers, rows
from training.lexicons import COLUMNS as LEXICON_COLUMNS
from training.lexicons import lexicons
from training.told import Told, told
from training.vectors import vectors
from training.weighing import tried, weighing

KINDS = tuple(kind.value for kind in Kind)
ABOUT = tuple(about.value for about in About)
FOLDS, FOLDS_OF_TWEETS = 4, 2
LEAST = {"word": 2, "pair": 2, "piece": 4}
"""Texts that a feature must occur in."""
SMALLEST = 0.015
"""A pair or piece all of whose weights are smaller, as a share of the largest of its column, is left out."""
MEANING = 1.5
"""How much what words mean weighs beside which words they are."""


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
    return [*seen.words, *seen.pairs, *(piece for word in seen.words for piece in _pieces(word))]


@cache
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(pieces_of(word))


def sort_of(key: str) -> str:
    return "piece" if key[0] == "~" and len(key) > 1 else "pair" if " " in key else "word"


def make_space(texts: Sequence[Sequence[str]]) -> Space:
    seen = Counter(key for keys in texts for key in set(keys))
    kept = [key for key, count in seen.items() if count >= LEAST[sort_of(key)]]
    idf = np.array([np.log((1 + len(texts)) / (1 + seen[key])) + 1 for key in kept], np.float32)
    return Space({key: place for place, key in enumerate(kept)}, idf)


@dataclass
class Question:
    """name: of its scores.  x, y: what is learnt from.  folds: of each row.  weights: of each row, or None for one each."""

    name: str
    labels: Sequence[str]
    x: sparse.csr_matrix
    y: np.ndarray
    folds: np.ndarray
    strength: float
    weights: np.ndarray | None = None


def fitted(question: Question, rows_: Any) -> LinearSVC:
    balanced = "balanced" if question.weights is not None else None
    model = LinearSVC(C=question.strength, class_weight=balanced, tol=1e-3, random_state=0)
    weights = None if question.weights is None else question.weights[rows_]
    return model.fit(question.x[rows_], question.y[rows_], weights)


def out_of_fold(asked: Question) -> np.ndarray:
    """Scores of every row, each by a model that saw nothing of its fold."""
    scores = np.zeros((asked.x.shape[0], len(asked.labels)), np.float32)
    for fold in np.unique(asked.folds):
        here = np.flatnonzero(asked.folds == fold)
        scores[here] = fitted(asked, np.flatnonzero(asked.folds != fold)).decision_function(asked.x[here])
    return scores


class Meanings:
    """What the words of a space mean: a row of numbers for each that has any, times MEANING."""

    def __init__(self, space: Space, known: Mapping[str, np.ndarray]) -> None:
        self.width = len(next(iter(known.values())))
        self.rows = np.zeros((len(space.place), self.width), np.float32)
        for key, at in space.place.items():
            if sort_of(key) == "word" and (means := known.get(key.removeprefix(NEGATION_MARK) or key)) is not None:
                self.rows[at] = MEANING * means

    def beside(self, x: sparse.csr_matrix) -> sparse.csr_matrix:
        return sparse.hstack([x, sparse.csr_matrix(x @ self.rows)]).tocsr()

    def folded(self, coefficients: np.ndarray) -> np.ndarray:
        """Weights over features and meanings as weights over features alone."""
        return coefficients[:, : len(self.rows)] + coefficients[:, len(self.rows) :] @ self.rows.T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    train(given.data, given.out)


def train(data: Path, out: Path) -> None:
    tone_rows = rows(data, *TONE_SETS)
    replies = told()
    tone_keys = [keys_of(text) for text, _ in tone_rows]
    told_keys = [keys_of(reply.text) for reply in replies]
    space = make_space([*tone_keys, *told_keys])
    tone_x = space.matrix(tone_keys)
    tone_y = np.array(numbers([label for _, label in tone_rows], TONES))
    tone = Question("tone", TONES, tone_x, tone_y, np.arange(len(tone_rows)) % FOLDS_OF_TWEETS, 0.2)
    meanings = Meanings(space, vectors())
    own = _questions(replies, meanings.beside(space.matrix(told_keys)))
    print(f"{len(space.place):,} features, {len(tone_rows):,} tweets, {len(replies):,} replies", flush=True)
    models = [fitted(question, slice(None)) for question in (tone, *own)]
    names = [f"{question.name}:{label}" for question in (tone, *own) for label in question.labels]
    coefficients = np.vstack([models[0].coef_, *(meanings.folded(model.coef_) for model in models[1:])])
    _write_table(
        out / "fast-table.npz", space, names, coefficients, np.concatenate([model.intercept_ for model in models])
    )
    table = Table(out / "fast-table.npz")
    heads: dict[str, np.ndarray] = {}
    _add_head(heads, "tone", _inputs(table, [text for text, _ in tone_rows], out_of_fold(tone), 0), tone_y)
    _weigh(heads, table, replies, own)
    np.savez_compressed(out / "fast-heads.npz", **heads)  # type: ignore[arg-type]  # names to arrays
    size = sum(path.stat().st_size for path in out.glob("fast-*.npz"))
    print(f"{size / 1e6:.2f} MB; tone on {TONE_CHECK}: {_check(table, heads, data):.4f} macro-recall")


def _questions(replies: Sequence[Told], x: sparse.csr_matrix) -> list[Question]:
    """Those about replies; whom a reply is about is not said of all."""
    folds = np.array([reply.fold(FOLDS) for reply in replies])
    weights = np.array([reply.weight for reply in replies])
    found = []
    for name, labels in {"stance": TONES, "kind": KINDS, "about": ABOUT}.items():
        said = np.flatnonzero([bool(getattr(reply, name)) for reply in replies])
        y = np.array(numbers([getattr(replies[at], name) for at in said], labels))
        found.append(Question(name, labels, x[said], y, folds[said], 0.2, weights[said]))
    return found


def _weigh(heads: dict[str, np.ndarray], table: Table, replies: Sequence[Told], own: Sequence[Question]) -> None:
    """The heads of the questions about replies: they weigh all scores of a reply, its marks and the sort of its post."""
    kept = np.flatnonzero([bool(reply.about) for reply in replies])
    unseen = np.hstack([out_of_fold(own[0])[kept], out_of_fold(own[1])[kept], out_of_fold(own[2])])
    texts = [replies[at].text for at in kept]
    inputs = _inputs(table, texts, unseen, len(TONES))
    posts = marked([replies[at].post for at in kept], len(kept))
    folds = own[2].folds
    weights = own[2].weights if own[2].weights is not None else np.ones(len(kept))
    for question in own:
        y = np.array(numbers([getattr(replies[at], question.name) for at in kept], question.labels))
        heads |= weighing(question.name, inputs, posts, y, weights)
        print("\n".join(tried(question.name, question.labels, inputs, posts, y, weights, folds)), flush=True)


def _inputs(table: Table, texts: Sequence[str], unseen: np.ndarray, first: int) -> np.ndarray:
    """What the heads see, with the table's own scores from column `first` on replaced by those of models that had not
    seen the text."""
    scores, facts = table.score(texts)
    scores[:, first : first + unseen.shape[1]] = unseen
    return inputs_of(scores, facts)


def _add_head(heads: dict[str, np.ndarray], name: str, x: np.ndarray, y: np.ndarray) -> None:
    """A small network that weighs every score anew: for the question with tens of thousands of answers."""
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    network = MLPClassifier((24,), alpha=0.01, max_iter=30, early_stopping=True, random_state=1)
    network.fit((x - middle) / spread, y)
    heads |= {f"{name}_middle": middle, f"{name}_spread": spread}
    for layer, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        heads |= {f"{name}_w{layer}": weights.astype(np.float32), f"{name}_b{layer}": bias.astype(np.float32)}


def _check(table: Table, heads: dict[str, np.ndarray], data: Path) -> float:
    checked = rows(data, TONE_CHECK)
    texts = [text for text, _ in checked]
    y = np.array(numbers([label for _, label in checked], TONES))
    said = Head(heads, "tone").probabilities(inputs_of(*table.score(texts))).argmax(axis=1)
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
        own=np.array([space.idf[space.place[key]] if sort_of(key) == "word" else 0 for key in kept], np.float16),
        constant=np.concatenate([constants, np.zeros(len(LEXICON_COLUMNS))]).astype(np.float32),
    )


if __name__ == "__main__":
    main()
