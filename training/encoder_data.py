"""What the accurate analyser learns from: tweets with their mood, abuse, emotion and irony, and the lessons on replies.

Only sets whose licence lets a public body use what is learnt from them (docs/model-card.md)."""

import random
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.reading.base import About, Kind
from insights.reading.pieces import BEGIN, END, PAD, UNKNOWN, WordPieces
from training.given import TONE_SETS, TONES, rows
from training.replies import LABELLED, UNSEEN, bare, close, labelled, lessons
from training.written import Written, written

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "tone": TONES,
    "stance": TONES,
    "kind": tuple(kind.value for kind in Kind),
    "about": tuple(about.value for about in About),
    "offensive": ("not-offensive", "offensive"),
    "emotion": ("anger", "joy", "optimism", "sadness"),
    "irony": ("non_irony", "irony"),
}
TWEETS: Mapping[str, str] = {name: f"{name}_train.jsonl.gz" for name in ("offensive", "emotion", "irony")}
ALL_TEXT = (
    *TONE_SETS, *TWEETS.values(), "isarcasm_train.jsonl.gz", "goemotions3_train.jsonl.gz", "crisis26_train.jsonl.gz",
    "hatemoji_train.jsonl.gz",
)  # fmt: skip
"""The sets whose words decide which pieces are kept."""
COMMON = 12_000
"""Pieces of the whole list that are kept in any case: it is in order of how common they are."""
HELD_OUT = 7
"""One post of so many stays out of what is learnt, with every lesson under it: to set thresholds and temperatures."""


@dataclass(frozen=True)
class Row:
    """answers: question -> number of the right answer; what is not asked of this row is missing."""

    text: str
    answers: Mapping[str, int]
    post: str = ""


def answer(question: str, label: str) -> int:
    return QUESTIONS[question].index(label)


def tweets(data: Path, question: str, *names: str) -> list[Row]:
    return [Row(text, {question: answer(question, label)}) for text, label in rows(data, *names)]


def taught(each: int, each_of_practice: int, times_written: int, posts: random.Random) -> list[Row]:
    """The lessons: replies of both hands, with a post of any kind above some of them, and those written one by one.

    Left out is what comes close to a reply that the analyser is tried on."""
    above = sorted({lesson.post for lesson in written() if lesson.post}) or [""]
    tried = [bare(row["text"]) for path in (LABELLED, UNSEEN) for row in labelled(path)]

    def is_tried(text: str) -> bool:
        words = bare(text)
        return any(close(words, other) for other in tried)

    found = [
        Row(
            reply.text,
            _answers(reply.stance, reply.kind, reply.about),
            posts.choice(above) if posts.random() < 0.5 else "",
        )
        for reply in lessons(each, each_of_practice)
        if not is_tried(reply.text)
    ]
    for lesson in written():
        if is_held_out(lesson) or is_tried(lesson.text):
            continue
        row = _answers(lesson.stance, lesson.kind, lesson.about)
        found += [Row(lesson.text, row, lesson.post if number % 3 else "") for number in range(1, times_written + 1)]
    return found


def is_held_out(lesson: Written) -> bool:
    """Whether nothing is learnt from it, by the words of its post."""
    return bool(lesson.post) and zlib.crc32(lesson.post.encode()) % HELD_OUT == 0


def held_out() -> list[Row]:
    """Lessons under posts that nothing was learnt of, and the English replies of the labelled sample."""
    ours = [
        Row(lesson.text, _answers(lesson.stance, lesson.kind, lesson.about), lesson.post)
        for lesson in written()
        if is_held_out(lesson)
    ]
    return ours + [
        Row(row["text"], _answers(row["sentiment"], row["kind"], row["about"].removeprefix("offender_")))
        for row in labelled(LABELLED)
        if row["lang"] == "en"
    ]


def _answers(stance: str, kind: str, about: str) -> dict[str, int]:
    own = {"stance": answer("stance", stance), "kind": answer("kind", kind)}
    return own | ({"about": answer("about", about)} if about else {})


def kept_pieces(vocabulary: Sequence[str], texts: Iterable[str]) -> list[int]:
    """Numbers of the pieces that stay: marks, single characters, common ones, and those that a text makes use of."""
    whole = WordPieces(vocabulary)
    used = Counter(number for text in texts for number in whole.reply(text))
    marks = {PAD, UNKNOWN, BEGIN, END}
    return [
        number
        for number, piece in enumerate(vocabulary)
        if piece in marks or (not piece.startswith("[unused") and (number < COMMON or number in used or _single(piece)))
    ]


def _single(piece: str) -> bool:
    return len(piece.removeprefix("##")) == 1 and piece.removeprefix("##").isascii()


def batches(told: Sequence[Row], size: int, chance: random.Random) -> list[list[Row]]:
    """Every row once, rows of like length together, in an order of chance."""
    order = list(told)
    chance.shuffle(order)
    stretch = size * 50
    found = []
    for start in range(0, len(order), stretch):
        part = sorted(order[start : start + stretch], key=lambda row: len(row.text) + len(row.post))
        found += [part[at : at + size] for at in range(0, len(part), size)]
    chance.shuffle(found)
    return found
