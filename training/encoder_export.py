"""Writes what `training.encoder` made as the accurate analyser's files: `python -m training.encoder_export DATA WORK OUT`.

The weights of all stages are averaged, which generalises better than the last of them alone; each
question's probabilities get one temperature, the likeliest on texts that were not learnt from."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from insights.reading.encoder import EncoderNetwork
from training.encoder_data import QUESTIONS, Row, answer, held_out
from training.encoder_graph import written
from training.given import TONE_CHECK, rows
from training.reply_scores import macro_f1, macro_recall

SHARES = {"first": 0.3, "second": 0.4, "third": 0.3}
"""What each stage's weights count in the average."""
CHECKS = {
    "tone": TONE_CHECK, "offensive": "offensive_val.jsonl", "emotion": "emotion_val.jsonl", "irony": "irony_val.jsonl",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    for line in exported(given.data, given.work, given.out):
        print(line, flush=True)


def exported(data: Path, work: Path, out: Path, shares: Mapping[str, float] = SHARES) -> Iterator[str]:
    """Write the three files, and say how each question is answered where nothing was learnt from."""
    out.mkdir(parents=True, exist_ok=True)
    names = list(QUESTIONS)
    written(averaged(work, shares), names, out / "accurate.onnx")
    (out / "accurate-pieces.txt").write_bytes((work / "pieces.txt").read_bytes())
    factors = dict.fromkeys(names, 1.0)
    _settings(out, factors)
    yield f"{(out / 'accurate.onnx').stat().st_size / 1e6:.1f} MB"
    network = EncoderNetwork(out)
    for name in names:
        asked = _asked(data, name)
        found = network.probabilities([row.text for row in asked], [row.post or None for row in asked])[name]
        right = np.array([row.answers[name] for row in asked])
        factors[name] = likeliest(np.log(np.maximum(found, 1e-9)), right)
        said = [QUESTIONS[name][at] for at in found.argmax(axis=1)]
        labels = [QUESTIONS[name][at] for at in right]
        scores = macro_recall(labels, said, QUESTIONS[name]), macro_f1(labels, said, QUESTIONS[name])
        yield f"{name:10} {len(asked):5,} texts: macro-recall {scores[0]:.4f}, macro-F1 {scores[1]:.4f}, factor {factors[name]:.3f}"
    _settings(out, factors)


def averaged(work: Path, shares: Mapping[str, float]) -> dict[str, np.ndarray]:
    """The stages' weights, each counting so much."""
    stages = [(torch.load(work / f"{stage}.pt", weights_only=True), share) for stage, share in shares.items()]
    return {name: sum(share * weights[name] for weights, share in stages).numpy() for name in stages[0][0]}


def _asked(data: Path, question: str) -> list[Row]:
    """Texts with their answers that nothing was learnt from."""
    if question in CHECKS:
        return [Row(text, {question: answer(question, label)}) for text, label in rows(data, CHECKS[question])]
    return [row for row in held_out() if question in row.answers]


def likeliest(logits: np.ndarray, right: Sequence[int] | np.ndarray) -> float:
    """The factor (one over the temperature) under which the right answers are likeliest."""

    def loss(factor: float) -> float:
        scaled = logits * factor
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - scaled[np.arange(len(right)), right]))

    return float(min(np.geomspace(0.3, 3, 93), key=loss))


def _settings(out: Path, factors: dict[str, float]) -> None:
    np.savez_compressed(
        out / "accurate.npz",
        questions=np.frombuffer("\n".join(factors).encode(), np.uint8),
        answers=np.array([len(QUESTIONS[name]) for name in factors], np.int64),
        factors=np.array(list(factors.values()), np.float32),
    )


if __name__ == "__main__":
    main()
