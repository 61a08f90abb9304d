"""Small networks over the table's scores: what decides on tone, stance, kind and whom it is about."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_MARKS = re.compile(r"[!?…]|\.{2,}")
_DIGITS = re.compile(r"\d")


def inputs_of(scores: Floats, facts: Floats, texts: Sequence[str]) -> Floats:
    """What a head sees of each text: the table's scores, how long and how loud it is, and its marks and figures."""
    written = np.array([_written(text) for text in texts], np.float32).reshape(len(texts), 5)
    length = np.log1p(facts[:, :1])
    return np.hstack([scores, length, facts[:, 1:], written])


def _written(text: str) -> tuple[float, ...]:
    marks = _MARKS.findall(text)
    return (
        min(marks.count("!"), 3),
        min(marks.count("?"), 3),
        float(any(mark[0] in ".…" for mark in marks)),
        min(len(_DIGITS.findall(text)), 6),
        float(text.rstrip().endswith("?")),
    )


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
