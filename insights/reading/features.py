"""What the fast analyser sees of a text: words, what they are joined to, and how they are written.

Each feature but a pair of neighbours belongs to one word, so what a word adds to every score can be summed once and
looked up: that is what makes twenty thousand texts a second possible."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"https?://\S+|@\w+|#\w+|\d+(?:[.:,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[:;=]-?[)(DPp/]|<3|[!?]+|[.,;:…]+|[^\w\s]"
)
_LONG = re.compile(r"(\w)\1{2,}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENDS_NEGATION = frozenset(".!?,;:…")
_NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "nowhere",
        "neither",
        "nor",
        "cannot",
        "without",
        "hardly",
        "barely",
        "ain't",
        "aint",
        "cant",
        "wont",
        "dont",
        "didnt",
        "doesnt",
        "isnt",
        "wasnt",
        "wouldnt",
        "couldnt",
        "shouldnt",
        "havent",
        "hasnt",
        "hadnt",
        "arent",
        "werent",
    ]
)
NEGATION_MARK = "¬"
NEGATION_REACH = 4
"""Tokens that a negation colours, unless a mark ends it sooner."""
SHORTEST, LONGEST = 3, 5
"""Characters of the pieces that stand in for a word nobody saw in training."""


@dataclass(frozen=True)
class Seen:
    """words: keys of single tokens, one each.  pairs: keys of neighbours.  caps: how many words are all capitals."""

    words: list[str]
    pairs: list[str]
    caps: int


def tokens_of(text: str) -> Iterator[str]:
    """Words, marks and signs in order; an address is `http`, a name `@user`, a hashtag its words."""
    for token in _TOKEN.findall(text):
        first = token[0]
        if first == "h" and token.startswith(("http://", "https://")):
            yield "http"
        elif first == "@" and len(token) > 1:
            yield "@user"
        elif first == "#" and len(token) > 1:
            yield from _CAMEL.split(token[1:])
        else:
            yield token


def seen_in(text: str) -> Seen:
    """The features of a text.  A negated word has a key of its own, `¬word`."""
    words: list[str] = []
    plain: list[str] = []
    caps = reach = 0
    for token in tokens_of(text):
        if len(token) > 1 and token.isupper() and token.isalpha():
            caps += 1
        word = token.lower()
        if "’" in word:
            word = word.replace("’", "'")
        if len(word) > 3:
            word = _LONG.sub(r"\1\1", word)
        plain.append(word)
        if word[0] in _ENDS_NEGATION:
            reach = 0
        words.append(NEGATION_MARK + word if reach else word)
        reach = NEGATION_REACH if word in _NEGATIONS or word.endswith("n't") else max(0, reach - 1)
    pairs = [f"{one} {two}" for one, two in zip(["^", *plain], [*plain, "$"], strict=True)]
    return Seen(words, pairs, caps)


def pieces_of(word: str) -> Iterator[str]:
    """The pieces of a word with its edges marked: `<w`, `or`, `d>` in lengths of 3 to 5.  A negation's mark is left out."""
    whole = f"<{word.removeprefix(NEGATION_MARK)}>"
    for length in range(SHORTEST, LONGEST + 1):
        for start in range(len(whole) - length + 1):
            yield f"~{whole[start : start + length]}"
