"""Cuts a text into word pieces for the accurate analyser: as BERT's tokeniser does, in plain Python and with a memory.

What a reply says by signs and spelling is put into words first: an emoji is its Unicode name, a link `http`, an
account `@user`, a hashtag its words, and a letter held down is let go after three."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
LONGEST_REPLY, LONGEST_POST = 96, 48
"""Pieces of a reply, its two marks included, and of the post above it; what is longer is cut off at its end."""
_LONGEST_WORD, _LONGEST_TEXT = 60, 4000
_MOST_WORDS = 50_000
"""Words whose pieces are remembered; then they are forgotten, so that a stream of any length fits in memory."""

_LINK = re.compile(r"https?://\S+|www\.\S+")
_ACCOUNT = re.compile(r"(?<!\w)@\w+")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
_HELD = re.compile(r"(\w)\1{3,}")
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


def tidied(text: str) -> str:
    """The text with its signs put into words, in lower case and without accents."""
    text = _LINK.sub(" http ", text)
    text = _ACCOUNT.sub(" @user ", text)
    if "#" in text:
        text = _HASHTAG.sub(lambda found: " # " + _CAMEL.sub(" ", found[1]) + " ", text)
    text = _HELD.sub(r"\1\1\1", text)
    if text.isascii():
        return text.lower()
    text = "".join(_named(character) if ord(character) >= 0x2190 else character for character in text)
    text = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace("‘", "'"))
    return "".join(character for character in text if unicodedata.category(character) not in ("Mn", "Cf"))


@lru_cache(maxsize=4096)
def _named(character: str) -> str:
    """An emoji or other sign by its name; joiners and tints by nothing."""
    if unicodedata.category(character) in ("Mn", "Cf", "Cs", "Co", "Sk"):
        return ""
    if unicodedata.category(character) != "So":
        return character
    return f" {unicodedata.name(character, '').lower()} "


class WordPieces:
    """pieces: in the order of their numbers; those that go on with a word begin with `##`."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self.pad, self._unknown = self._number[PAD], self._number[UNKNOWN]
        self._begin, self._end = self._number[BEGIN], self._number[END]
        self._known: dict[str, list[int]] = {}

    @classmethod
    def from_file(cls, path: Path) -> "WordPieces":
        return cls(path.read_text(encoding="utf-8").splitlines())

    def reply(self, text: str) -> list[int]:
        """Numbers of a reply's pieces between its two marks."""
        return [self._begin, *self._numbers(text)[: LONGEST_REPLY - 2], self._end]

    def post(self, text: str) -> list[int]:
        """Numbers of the pieces of the post above, and the mark that ends it; [] where there is none."""
        numbers = self._numbers(text)[: LONGEST_POST - 1]
        return [*numbers, self._end] if numbers else []

    def fits(self, text: str) -> bool:
        """Whether nothing of a reply is cut off."""
        return len(text) <= _LONGEST_TEXT and len(self._numbers(text)) <= LONGEST_REPLY - 2

    def _numbers(self, text: str) -> list[int]:
        found: list[int] = []
        for word in _WORD.findall(tidied(text[:_LONGEST_TEXT])):
            found += self._known.get(word) or self._cut(word)
        return found

    def _cut(self, word: str) -> list[int]:
        """The longest known piece from the left, again and again; one unknown mark where that leads nowhere."""
        found: list[int] = []
        start = 0
        while start < len(word):
            head = "##" if start else ""
            for end in range(min(len(word), start + _LONGEST_WORD), start, -1):
                number = self._number.get(head + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                found = [self._unknown]
                break
        if len(self._known) >= _MOST_WORDS:
            self._known.clear()
        self._known[word] = found
        return found
