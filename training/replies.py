"""Turns `replies.txt` into labelled replies: every line is many, by its alternatives and by the way people type.

The lines are invented. Replies of one line stay together when data is split, so that no figure rests on a sentence
whose twin was trained on."""

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from social.practice import phrases, wording

SOURCE = Path(__file__).with_name("replies.txt")
STANCES = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
LABELLED = Path(__file__).parents[1] / "tests/insights/data/replies.csv"
"""Two hundred invented replies with labels; never trained on."""
UNSEEN = LABELLED.with_name("unseen.csv")
"""Invented replies of a hand that had seen neither the lessons nor the sample; no lesson is chosen by them."""
FLAGS_UNSEEN = LABELLED.with_name("flags_unseen.csv")
"""Invented replies with their flags, written before the lessons on flags; never learnt from."""
PRACTICE_LINES = 10_000
"""Numbers above are lines of the practice network."""
_DEEPEST = 6
"""How many choices may stand inside each other."""


@dataclass(frozen=True)
class Reply:
    """line: number of the line it came from.  stance, kind, about: as docs/definitions.md says."""

    line: int
    text: str
    stance: str
    kind: str
    about: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    number: int
    stance: str
    kind: str
    about: str
    flags: tuple[str, ...]
    pattern: str


def lessons(each: int, each_of_practice: int) -> list[Reply]:
    """Replies to learn from: of both hands, less those that come close to a reply of the labelled sample."""
    tried = [bare(row["text"]) for row in labelled()]
    told = [*replies(each, seed=1), *practice_replies(each_of_practice, seed=2)]
    words = [bare(reply.text) for reply in told]
    return [reply for reply, its in zip(told, words, strict=True) if not any(close(its, other) for other in tried)]


def bare(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower().replace("'", "")))


def close(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts share at least three of four of their words."""
    if min(len(one), len(other)) < 0.75 * max(len(one), len(other)):
        return False  # cannot be, and is told at once
    return len(one & other) >= 0.75 * len(one | other)


def replies(each: int, seed: int, source: Path = SOURCE) -> list[Reply]:
    """Up to `each` different replies of every line, the same ones for the same seed."""
    words, lines = _parse(source)
    chance = random.Random(seed)
    found = []
    for line in lines:
        told: set[str] = set()
        for _ in range(3 * each):
            text = as_typed(filled(line.pattern, words, chance), chance)
            if len(told) < each and text and text.lower() not in told:
                told.add(text.lower())
                found.append(Reply(line.number, text, STANCES[line.stance], line.kind, line.about, line.flags))
    return found


def _parse(source: Path) -> tuple[dict[str, list[str]], list[Line]]:
    words: dict[str, list[str]] = {}
    lines = []
    for number, row in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if row.startswith("= "):
            name, _, values = row[2:].partition(":")
            words[name.strip()] = [value.strip() for value in values.split("|")]
        elif row.strip() and not row.startswith(("#", "@")):
            head, _, pattern = row.partition(" | ")
            stance, kind, about, flags = head.split()
            named = () if flags == "-" else tuple(flags.split(","))
            lines.append(Line(number, stance, kind, about, named, pattern))
    return words, lines


def filled(pattern: str, words: dict[str, list[str]], chance: random.Random) -> str:
    for _ in range(_DEEPEST):
        pattern = _CHOICE.sub(lambda found: chance.choice(found.group(1).split("|")), pattern)
        pattern = _SLOT.sub(lambda found: chance.choice(words[found.group(1)]), pattern)
    return re.sub(r"\s+([,.!?])", r"\1", re.sub(r"\s+", " ", pattern)).strip()


def as_typed(text: str, chance: random.Random) -> str:
    """As people type on a phone: a capital or none, all in capitals, no apostrophe, two letters swapped, a tail."""
    if text and chance.random() < 0.35:
        text = text[0].upper() + text[1:]
    if chance.random() < 0.08:
        text = text.upper()
    if chance.random() < 0.15:
        text = text.replace("'", "")
    if chance.random() < 0.12:
        text = _slipped(text, chance)
    if chance.random() < 0.1:
        text += chance.choice(["!", "!!", "...", ".", " smh", " tbh", " mate", " xx", " lol"])
    return text


def _slipped(text: str, chance: random.Random) -> str:
    words = text.split()
    long_ones = [place for place, word in enumerate(words) if len(word) > 4]
    if not long_ones:
        return text
    place = chance.choice(long_ones)
    word = words[place]
    at = chance.randrange(1, len(word) - 2)
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def practice_replies(each: int, seed: int) -> list[Reply]:
    """Replies of the practice network's residents, by another hand; what they are about is not said ('')."""
    chance = random.Random(seed)
    found = []
    number = PRACTICE_LINES
    for name, block in phrases.REPLIES.items():
        kind = {"retort": "other"}.get(name.split("/")[0], name.split("/")[0])
        for stance, pattern in wording.parsed(block):
            number += 1
            told: set[str] = set()
            for _ in range(2 * each):
                text = as_typed(wording.filled(chance, wording.Scene("", "", None, []), pattern), chance)
                if len(told) < each and text.lower() not in told:
                    told.add(text.lower())
                    found.append(Reply(number, text, stance, kind, ""))
    return found


def labelled(path: Path = LABELLED) -> list[dict[str, str]]:
    """The rows of the labelled sample."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
