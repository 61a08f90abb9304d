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
class Spelling:
    """word: as it is looked up.  marks: whether it ends a negation's reach, whether it is a negation, whether it is all
    capitals; exclamation marks, question marks, whether it is dots, figures."""

    word: str
    marks: tuple[int, int, int, int, int, int, int]


def raw_tokens(text: str) -> list[str]:
    """Words, marks and signs in order, as they are spelt; a hashtag is its words."""
    found: list[str] = _TOKEN.findall(text)
    if "#" not in text:
        return found
    return [
        part for token in found for part in (_CAMEL.split(token[1:]) if token[0] == "#" and token[1:] else (token,))
    ]


def spelling_of(token: str) -> Spelling:
    """What there is to know of one token: an address is `http`, a name `@user`, letters held down are let go."""
    first = token[0]
    if first == "h" and token.startswith(("http://", "https://")):
        return Spelling("http", (0,) * 7)
    if first == "@" and len(token) > 1:
        return Spelling("@user", (0,) * 7)
    word = token.lower().replace("’", "'")
    if len(word) > 3:
        word = _LONG.sub(r"\1\1", word)
    marks = (
        word[0] in _ENDS_NEGATION,
        word in _NEGATIONS or word.endswith("n't"),
        len(token) > 1 and token.isupper() and token.isalpha(),
        token.count("!"),
        token.count("?"),
        "…" in token or ".." in token,
        sum(map(str.isdigit, token)),
    )
    return Spelling(word, tuple(map(int, marks)))  # type: ignore[arg-type]  # seven of them


@dataclass(frozen=True)
class Seen:
    """words: keys of single tokens, one each.  pairs: keys of neighbours."""

    words: list[str]
    pairs: list[str]


def tokens_of(text: str) -> list[str]:
    """The words of a text as they are looked up."""
    return [spelling_of(token).word for token in raw_tokens(text)]


def seen_in(text: str) -> Seen:
    """The features of a text, one after another: what training learns from, and what `lookup` says of many at once.
    A negated word has a key of its own, `¬word`."""
    words: list[str] = []
    plain: list[str] = []
    reach = 0
    for token in raw_tokens(text):
        spelling = spelling_of(token)
        ends, negates, *_ = spelling.marks
        plain.append(spelling.word)
        if ends:
            reach = 0
        words.append(NEGATION_MARK + spelling.word if reach else spelling.word)
        reach = NEGATION_REACH if negates else max(0, reach - 1)
    pairs = [f"{one} {two}" for one, two in zip(["^", *plain], [*plain, "$"], strict=True)]
    return Seen(words, pairs)


def pieces_of(word: str) -> Iterator[str]:
    """The pieces of a word with its edges marked: `<w`, `or`, `d>` in lengths of 3 to 5.  A negation's mark is left out."""
    whole = f"<{word.removeprefix(NEGATION_MARK)}>"
    for length in range(SHORTEST, LONGEST + 1):
        for start in range(len(whole) - length + 1):
            yield f"~{whole[start : start + length]}"
