"""Runs the accurate analyser's network: six layers in whole numbers of eight bits, by ONNX Runtime.

Texts of like length go through together, so that little is padded; two groups at a time where there are two cores.
ONNX Runtime comes with the extra `accurate` and is imported when the network is first made."""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insights.reading.heads import Floats, softmax
from insights.reading.pieces import WordPieces

TOGETHER = 32
"""Texts that go through the network at once."""


class EncoderNetwork:
    """weights: folder with `accurate.onnx`, `accurate-pieces.txt` and `accurate.npz`, as `make train-accurate` writes them.

    workers: groups that go through at once; None for as many as there are cores, at most four."""

    def __init__(self, weights: Path, workers: int | None = None) -> None:
        import onnxruntime

        self._pieces = WordPieces.from_file(weights / "accurate-pieces.txt")
        with np.load(weights / "accurate.npz", allow_pickle=False) as stored:
            names = bytes(stored["questions"]).decode("utf-8").split("\n")
            ends = np.cumsum(stored["answers"]).tolist()
            self._factors = dict(zip(names, stored["factors"].tolist(), strict=True))
        self._columns = {name: slice(start, end) for name, start, end in zip(names, [0, *ends], ends, strict=False)}
        self._answers = ends[-1]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = str(weights / "accurate.onnx")
        self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._workers = workers or min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)

    def probabilities(self, texts: Sequence[str], posts: Sequence[str | None] | None = None) -> Mapping[str, Floats]:
        """Question -> texts x answers; rows add up to 1.  posts: what each text answers, None where nothing is known."""
        logits = np.zeros((len(texts), self._answers), np.float32)
        groups = list(self._groups(texts, posts or [None] * len(texts)))
        if self._workers > 1 and len(groups) > 1:
            with ThreadPoolExecutor(self._workers) as pool:
                answers = list(pool.map(self._run, groups))
        else:
            answers = [self._run(group) for group in groups]
        for (rows, _), found in zip(groups, answers, strict=True):
            logits[rows] = found
        return {name: softmax(logits[:, at] * self._factors[name]) for name, at in self._columns.items()}

    def sees_all_of(self, text: str) -> bool:
        """Whether the end of a reply is not cut off."""
        return self._pieces.fits(text)

    def _groups(
        self, texts: Sequence[str], posts: Sequence[str | None]
    ) -> Iterator[tuple[list[int], list[tuple[list[int], list[int]]]]]:
        """Rows and the pieces of their texts and posts, the longest first: what is begun last then takes least."""
        cut = [
            (self._pieces.reply(text), self._pieces.post(post) if post else [])
            for text, post in zip(texts, posts, strict=True)
        ]
        order = sorted(range(len(cut)), key=lambda row: -len(cut[row][0]) - len(cut[row][1]))
        for start in range(0, len(order), TOGETHER):
            rows = order[start : start + TOGETHER]
            yield rows, [cut[row] for row in rows]

    def _run(self, group: tuple[list[int], list[tuple[list[int], list[int]]]]) -> Floats:
        _, cut = group
        shape = (len(cut), max(len(reply) + len(post) for reply, post in cut))
        numbers: NDArray[np.int64] = np.full(shape, self._pieces.pad, np.int64)
        parts, present = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, (reply, post) in enumerate(cut):
            whole = len(reply) + len(post)
            numbers[row, :whole] = reply + post
            parts[row, len(reply) : whole] = 1
            present[row, :whole] = 1
        [found] = self._session.run(None, {"numbers": numbers, "parts": parts, "present": present})
        logits: Floats = found
        return logits
