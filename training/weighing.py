"""The second stage for questions about replies: what weighs a reply's scores against each other, and how it does."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.reading.heads import softmax
from training.reply_scores import calibration_error, macro_f1, macro_recall

STRENGTH, OF_POSTS = 0.3, 0.5
"""Of what is learnt; and what the sort of the post counts beside one score."""
LEVELLED = {"stance": 0.75, "kind": 0.25}
"""How far the rarer answers are raised against the commoner: 0 leaves each as common as it is among the lessons, whose mix
was chosen and is nobody's; 1 makes all as common."""


def weighing(
    name: str, inputs: np.ndarray, posts: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """The arrays of `insights.reading.heads.Weighing`, by their names."""
    return raised(name, *weighed(inputs, posts, y, weights), common=np.bincount(y, weights))


def weighed(inputs: np.ndarray, posts: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and constants, before the rarer answers are raised."""
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    seen = np.hstack([(inputs - middle) / spread, OF_POSTS * posts])
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(seen, y, weights)
    slopes = model.coef_.T / np.concatenate([spread, np.full(posts.shape[1], 1 / OF_POSTS)])[:, None]
    return slopes, model.intercept_ - (middle[:, None] * slopes[: len(middle)]).sum(axis=0)


def raised(name: str, slopes: np.ndarray, bias: np.ndarray, common: np.ndarray) -> dict[str, np.ndarray]:
    """common: how common each answer is among the lessons.  The mix is that for which the probabilities hold then."""
    common = common / common.sum()
    level = LEVELLED.get(name, 0.0)
    mix = common ** (1 - level)
    return {
        f"{name}_w": slopes.astype(np.float32),
        f"{name}_b": (bias - level * np.log(common)).astype(np.float32),
        f"{name}_mix": (mix / mix.sum()).astype(np.float32),
    }


def tried(
    name: str,
    labels: Sequence[str],
    inputs: np.ndarray,
    posts: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    folds: np.ndarray,
) -> Iterator[str]:
    """How it does on folds that it has not seen either, for each level: what LEVELLED and the probability from which an
    emergency is said were chosen by."""
    logits = np.zeros((len(y), len(labels)))
    for fold in np.unique(folds):
        there, here = folds != fold, folds == fold
        slopes, bias = weighed(inputs[there], posts[there], y[there], weights[there])
        logits[here] = np.hstack([inputs, posts])[here] @ slopes + bias
    kept = np.flatnonzero(weights >= 0.5)
    real = [labels[at] for at in y[kept]]
    logs = np.log(np.bincount(y, weights) / weights.sum())
    yield f"{name}, written lessons under posts not learnt from:"
    for level in sorted({0.0, 0.25, 0.5, 0.75, 1.0, LEVELLED.get(name, 0.0)}):
        p = softmax(logits[kept] - level * logs)
        said = [labels[at] for at in p.argmax(axis=1)]
        yield (
            f"  rarer ones raised by {level}: macro-recall {macro_recall(real, said, labels):.3f}, "
            f"macro-F1 {macro_f1(real, said, labels):.3f}, calibration error {calibration_error(real, said, p.max(axis=1)):.3f}"
        )
    if "emergency" in labels:
        p = softmax(logits[kept] - LEVELLED.get(name, 0.0) * logs)
        yield from _alarms(p[:, labels.index("emergency")], np.array([one == "emergency" for one in real]))


def _alarms(p: np.ndarray, is_one: np.ndarray) -> Iterator[str]:
    for least in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        told = p >= least
        right = (told & is_one).sum()
        yield f"  emergency from {least}: recall {right / is_one.sum():.3f}, precision {right / max(1, told.sum()):.3f}"
