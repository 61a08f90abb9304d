"""What the flags are taught with: `flags.txt`, the lines of `replies.txt` and the practice network's replies, less what
comes close to a reply that the flags are tried on. Needs nothing that only training needs, so that tests may look."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insights.reading.base import Flag
from training.replies import (
    FLAGS_UNSEEN,
    LABELLED,
    UNSEEN,
    as_typed,
    bare,
    close,
    filled,
    labelled,
    practice_replies,
    replies,
)
from training.written import written

SOURCE = Path(__file__).with_name("flags.txt")
FLAGS = tuple(flag.value for flag in Flag)
EACH, EACH_OF_REPLIES, EACH_OF_PRACTICE = 14, 10, 6
"""Replies made of each line."""
PEACEFUL = frozenset({"thanks", "question", "banter", "complaint"})
OF_THE_UNRULY = frozenset({"names_person", "personal_data", "prejudicial", "threat", "welfare"})
OPEN = frozenset({"names_person", "personal_data", "prejudicial"})
OPEN_BY_KIND = {
    "emergency": frozenset({"threat", "welfare"}),
    "lead": frozenset({"threat", "welfare"}),
    "abuse": frozenset({"welfare"}),
}


@dataclass(frozen=True)
class Lesson:
    """line: what it was made of; lessons of one line stay together.  flags: those that it has.  unsaid: flags that it
    may have or not; it teaches nothing about them."""

    line: str
    text: str
    flags: frozenset[str]
    unsaid: frozenset[str] = frozenset()


def lessons() -> list[Lesson]:
    """Everything to learn from, less what comes close to a reply that the flags are tried on."""
    told = [*_own(EACH, seed=5), *_others()]
    tried = [bare(row["text"]) for path in (LABELLED, UNSEEN, FLAGS_UNSEEN) for row in labelled(path)]
    tried = [words for words in tried if len(words) > 2]
    holding: dict[str, list[int]] = {}
    for number, words in enumerate(tried):
        for word in words:
            holding.setdefault(word, []).append(number)
    return [lesson for lesson in told if not _near(bare(lesson.text), tried, holding)]


def _near(words: frozenset[str], tried: Sequence[frozenset[str]], holding: Mapping[str, Sequence[int]]) -> bool:
    """Whether the words come close to one of the tried replies.  holding: word -> the tried replies that hold it."""
    shared = Counter(number for word in words for number in holding.get(word, ()))
    return any(2 * count > len(words) and close(words, tried[number]) for number, count in shared.items())


def _own(each: int, seed: int) -> list[Lesson]:
    words: dict[str, list[str]] = {}
    chance = random.Random(seed)
    found = []
    for number, row in enumerate(SOURCE.read_text(encoding="utf-8").splitlines(), 1):
        if row.startswith("= "):
            name, _, values = row[2:].partition(":")
            words[name.strip()] = [value.strip() for value in values.split("|")]
        elif row.strip() and not row.startswith("#"):
            head, _, pattern = row.partition(" | ")
            flags = frozenset() if head == "-" else frozenset(head.split(","))
            told: set[str] = set()
            for _ in range(3 * each):
                text = as_typed(filled(pattern, words, chance), chance)
                if len(told) < each and text and text.lower() not in told:
                    told.add(text.lower())
                    found.append(Lesson(f"flags {number}", text, flags))
    return found


def _others() -> list[Lesson]:
    """Lessons on kind and stance: what flags their lines have, mostly none. The practice network's lines do not say
    what flags they have: those of unruly kinds teach only what they cannot have."""
    made = [
        Lesson(f"reply {reply.line}", reply.text, frozenset(reply.flags) & set(FLAGS))
        for reply in replies(EACH_OF_REPLIES, seed=7)
    ]
    practice = [
        Lesson(f"reply {reply.line}", reply.text, frozenset(), frozenset() if reply.kind in PEACEFUL else OF_THE_UNRULY)
        for reply in practice_replies(EACH_OF_PRACTICE, seed=8)
    ]
    return made + practice + list(_written())


def _written() -> Iterator[Lesson]:
    """Those written one by one. Their flags were noted where the lesson is about one: what a reply of its kind may well
    hold besides is left open."""
    for lesson in written():
        flags = frozenset(lesson.flags)
        unsaid = (OPEN | OPEN_BY_KIND.get(lesson.kind, frozenset())) - flags
        yield Lesson(f"written {lesson.post or lesson.line}", lesson.text, flags, unsaid)
