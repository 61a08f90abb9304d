"""Small networks over the table's scores: what decides on tone, stance, kind and whom it is about."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MOST_MARKS = np.asarray([3, 3, 1, 6, 1], np.float32)
"""More of a sort than this says no more: exclamation marks, question marks, dots, figures, a question mark at the end."""


def inputs_of(scores: Floats, facts: Floats) -> Floats:
    """What a head sees of each text: the table's scores, how long and how loud it is, and its marks and figures."""
    return np.hstack([scores, np.log1p(facts[:, :1]), facts[:, 1:3], np.minimum(facts[:, 3:], MOST_MARKS)])


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return found


class Head:
    """One hidden layer of rectified units; probabilities by softmax."""

    def __init__(self, arrays: Mapping[str, Any], name: str) -> None:
        self._middle, self._spread = arrays[f"{name}_middle"], arrays[f"{name}_spread"]
        self._layers = [(arrays[f"{name}_w{layer}"], arrays[f"{name}_b{layer}"]) for layer in range(2)]

    def probabilities(self, inputs: Floats) -> Floats:
        """Texts x labels, rows add up to 1."""
        (first, first_bias), (second, second_bias) = self._layers
        hidden = np.maximum((inputs - self._middle) / self._spread @ first + first_bias, 0)
        return softmax(hidden @ second + second_bias)


class Weighing:
    """One layer over what a head sees and the sort of the post above; probabilities by softmax.

    mix: how common each answer is where the probabilities hold; rarer answers were raised when it was taught."""

    def __init__(self, arrays: Mapping[str, Any], name: str) -> None:
        self._weights, self._bias = arrays[f"{name}_w"], arrays[f"{name}_b"]
        self.mix: Floats = arrays[f"{name}_mix"]

    def probabilities(self, inputs: Floats, posts: Floats) -> Floats:
        """inputs: of `inputs_of`.  posts: of `posts.marked`.  Texts x labels, rows add up to 1."""
        return softmax(np.hstack([inputs, posts]) @ self._weights + self._bias)
