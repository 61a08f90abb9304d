"""Everything that the fast analyser is told about replies: those written one by one and those made of lines.

Of each written one there are two: as it stands under its post, and as people type, with no post. Less what comes close
to a reply of the labelled sample."""

import random
import zlib
from dataclasses import dataclass

from training.replies import FLAGS_UNSEEN, LABELLED, UNSEEN, as_typed, bare, close, labelled, practice_replies, replies
from training.written import written

EACH, EACH_OF_PRACTICE = 6, 3
"""Replies made of each line."""
OF_LINES = 0.4
"""What such a reply weighs; one that was written by itself weighs 0.5 in each of its two shapes."""


@dataclass(frozen=True)
class Told:
    """group: replies of one group are learnt from together or not at all.  post: '' for none known.  about: '' where
    it is not said."""

    group: str
    text: str
    stance: str
    kind: str
    about: str
    post: str
    weight: float

    def fold(self, folds: int) -> int:
        return zlib.crc32(self.group.encode()) % folds


def told() -> list[Told]:
    chance = random.Random(11)
    found = []
    for lesson in written():
        group = lesson.post or lesson.line
        for text, post in ((lesson.text, lesson.post), (as_typed(lesson.text, chance), "")):
            found.append(Told(group, text, lesson.stance, lesson.kind, lesson.about, post, 0.5))
    found += [
        Told(f"line {reply.line}", reply.text, reply.stance, reply.kind, reply.about, "", OF_LINES)
        for reply in [*replies(EACH, seed=1), *practice_replies(EACH_OF_PRACTICE, seed=2)]
    ]
    tried = [bare(row["text"]) for path in (LABELLED, UNSEEN, FLAGS_UNSEEN) for row in labelled(path)]
    holding: dict[str, list[frozenset[str]]] = {}
    for words in tried:
        for word in words:
            holding.setdefault(word, []).append(words)
    return [one for one in found if not _near(bare(one.text), holding)]


def _near(words: frozenset[str], holding: dict[str, list[frozenset[str]]]) -> bool:
    """Whether the words are those of a tried reply, or close to one of three words and more.  holding: word -> the tried
    replies that hold it."""
    others = {other for word in words for other in holding.get(word, ())}
    return any(words == other or (len(other) > 2 and close(words, other)) for other in others)
