"""The second stage for questions about replies: what weighs a reply's scores against each other, and how it does."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from insights.reading.heads import softmax
from training.reply_scores import calibration_error, macro_f1, macro_recall

STRENGTH, OF_POSTS = 0.3, 0.5
"""Of what is learnt; and what the sort of the post counts beside one score."""
LEVELLED = {"stance": 0.75, "kind": 0.5}
"""How far the rarer answers are raised against the commoner: 0 leaves each as common as it is among the lessons, whose mix
was chosen and is nobody's; 1 makes all as common."""


def weighing(
    name: str, inputs: np.ndarray, posts: np.ndarray, y: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """The arrays of `insights.reading.heads.Weighing`, by their names."""
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    seen = np.hstack([(inputs - middle) / spread, OF_POSTS * posts])
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(seen, y, weights)
    slopes = model.coef_.T / np.concatenate([spread, np.full(posts.shape[1], 1 / OF_POSTS)])[:, None]
    bias = model.intercept_ - (middle[:, None] * slopes[: len(middle)]).sum(axis=0)
    common = np.bincount(y, weights, len(bias)) / weights.sum()
    bias -= LEVELLED.get(name, 0.0) * np.log(common)
    return {f"{name}_w": slopes.astype(np.float32), f"{name}_b": bias.astype(np.float32)}


def tried(
    name: str,
    labels: Sequence[str],
    inputs: np.ndarray,
    posts: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    folds: np.ndarray,
) -> Iterator[str]:
    """How it does on folds that it has not seen either."""
    p = np.zeros((len(y), len(labels)), np.float32)
    for fold in np.unique(folds):
        there, here = folds != fold, folds == fold
        found = weighing(name, inputs[there], posts[there], y[there], weights[there])
        p[here] = softmax(np.hstack([inputs, posts])[here] @ found[f"{name}_w"] + found[f"{name}_b"])
    kept = np.flatnonzero(weights >= 0.5)
    real, said = [labels[at] for at in y[kept]], [labels[at] for at in p[kept].argmax(axis=1)]
    sure = [float(row.max()) for row in p[kept]]
    yield (
        f"{name}, written lessons under posts not learnt from: macro-recall {macro_recall(real, said, labels):.3f}, "
        f"macro-F1 {macro_f1(real, said, labels):.3f}, calibration error {calibration_error(real, said, sure):.3f}"
    )
    if "emergency" in labels:
        alarm, is_one = p[kept][:, labels.index("emergency")], np.array([one == "emergency" for one in real])
        for least in (0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.35, 0.5):
            told = alarm >= least
            right = (told & is_one).sum()
            yield f"  emergency from {least}: recall {right / is_one.sum():.3f}, precision {right / max(1, told.sum()):.3f}"
