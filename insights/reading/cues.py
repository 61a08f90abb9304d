"""What the flags are read from: the words of a reply with names and personal details replaced by marks, pairs of
neighbours, and cues, classes of words that do the same work (`cues.txt`), alone and one after another.

Because a name is only ever a mark, nothing is learnt of anybody's name."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from insights.reading.details import masked
from social.capital_words import NOT_NAMES, PLACE_WORDS
from social.given_names import ALSO_WORDS, GIVEN_NAMES
from social.word_lists import words_of

FULL, GIVEN, STAFF, OFFICIAL, HANDLE, PLACE = "§full", "§given", "§staff", "§official", "§handle", "§place"
PARTY = "§party"
REACH = 4
"""Tokens between two cues that still belong together."""
_TOKEN = re.compile(r"§\w+|https?://\S+|@[\w.]+|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[?!]|£|[^\w\s.,;:'\"()-]")
_LONG = re.compile(r"(\w)\1{2,}")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞŴŶ]")
_MOST_TOKENS = 60_000
"""Tokens that are remembered; then they are forgotten, so that a stream of any length fits in memory."""
_RANKS = words_of(
    """pc pcs pcso pcsos sgt sergeant sarge insp inspector constable officer officers dc ds di dci superintendent chief
    supt bobby copper doctor dr nurse sarjant rhingyll arolygydd heddwas teacher headteacher coach vicar team lawyer"""
)
_SEATS = words_of(
    "mp cllr councillor mayor minister commissioner lord lady baroness sir candidate pm president cynghorydd"
)
_TITLES = words_of("mr mrs miss ms mister master")
_PARTIES = words_of("Labour Reform Conservative Conservatives Greens Green Liberal Plaid Left Right")
"""Words that are also a party's name, which a capital in the middle of a sentence says."""
_NICKNAMES = words_of(
    """daz gaz baz jonno smithy macca robbo tommo ginge dobbo kez shaz stevo wez gazza jonesy tommy jimbo deano
    jordy jordz kels becks mickey mikey mick dazza shane tez bez jez muz moz kaz chaz trev kev nige bazza
    ste sco degsy scouse tel"""
)
_AFTER_A_NAME = words_of(
    """is was has had did does can will would and or from off in on at with who that again lives lived works worked
    said says told saw took nicked u you ur been gets got keeps should needs wants to of for a the it look tagging
    have are were this here there xx x lol mate please thanks thank i we he she they his her my your our up out
    over about by as but if so be do go so not never ever just then than when where why how what all any one next
    good great love lovely happy yes no ok now ar o'r yn o a wyt ydi ydy oedd wnaeth sydd wedi i ble lle"""
)
_MAY_BEGIN_A_NAME = (
    GIVEN_NAMES
    | ALSO_WORDS
    | _NICKNAMES
    | _TITLES
    | frozenset(f"{name}{ending}" for name in (*GIVEN_NAMES, *_NICKNAMES) for ending in ("'s", "’s"))
)
_WORDS_FOR_PLACES = PLACE_WORDS | words_of(
    "pub road's arms inn street's st rd ave church's carnival trainers brand holmes"
)


def keys_of(text: str) -> list[str]:
    """What is seen of a text, each once: words, pairs of neighbours, cues, and a cue followed by another."""
    if len(_CAPITAL.findall(text)) > 0.1 * len(text) and _is_shouted(text):
        text = _quiet(text)
    words = [_PLAIN[token] for token in _named(_TOKEN.findall(masked(text)))]
    seen = dict.fromkeys(words)
    seen.update(dict.fromkeys(map("{} {}".format, ["^", *words], [*words, "$"])))
    seen.update(dict.fromkeys(_cue_keys(words)))
    return list(seen)


def _is_shouted(text: str) -> bool:
    return sum(map(str.isupper, text)) > 0.6 * sum(map(str.isalpha, text))


def _quiet(text: str) -> str:
    """A text that is shouted, or a plate and a word: capitals tell nothing there, but in what holds a figure they may."""
    return " ".join(word if any(map(str.isdigit, word)) else word.lower() for word in text.split(" "))


def _plain(token: str) -> str:
    """The token as it is looked up: small letters, one kind of apostrophe, no drawn-out letters, no number's value."""
    if token[0] == "§":
        return token
    word = token.lower()
    if word[0] == "h" and word.startswith(("http://", "https://")):
        return "§link"
    if word.isdigit():
        return "§number"
    if "’" in word:
        word = word.replace("’", "'")
    return _LONG.sub(r"\1\1", word) if len(word) > 3 else word


class _Plain(dict[str, str]):
    """Token -> as it is looked up."""

    def __missing__(self, token: str) -> str:
        if len(self) >= _MOST_TOKENS:
            self.clear()
        found = self[token] = _plain(token)
        return found


_PLAIN = _Plain()


def _named(tokens: list[str]) -> Iterator[str]:
    """The tokens, names among them replaced by marks that say what sort of name it is."""
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if token.islower() and token[0] != "@" and token not in _MAY_BEGIN_A_NAME:  # most: no more is asked of them
            yield token
            continue
        if at and token in _PARTIES:
            yield PARTY
            continue
        mark, length = _name_at(tokens, at, token)
        skip = length - 1
        if mark and length > 1 and mark in (FULL, PLACE) and token.lower() in _TITLES:
            yield token
        yield mark or token


def _name_at(tokens: list[str], at: int, token: str) -> tuple[str, int]:
    """The mark of the name that begins here and how many tokens it takes; ('', 1) where none does."""
    if token[0] == "@" and len(token) > 1:
        return HANDLE, 1
    if not token[0].isalpha():
        return "", 1
    word = token.lower().removesuffix("'s").removesuffix("’s")
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    capital = token[0].isupper()
    if word in _TITLES and following[:1].isupper() and len(following) > 1 and following.lower() not in NOT_NAMES:
        return FULL, 2
    known = word in GIVEN_NAMES or word in _NICKNAMES
    if not known and not (capital and word not in NOT_NAMES and word not in _WORDS_FOR_PLACES):
        return "", 1
    before = tokens[at - 1].lower() if at else ""
    length = 2 if _is_surname(following, capital) else 1
    if following.lower() in _WORDS_FOR_PLACES and (capital or following[:1].isupper()):
        return PLACE, 2
    if before in _RANKS:
        return STAFF, length
    if before in _SEATS:
        return OFFICIAL, length
    return _sort_of_name(word, known, capital or len(following) == 1, at, length)


def _sort_of_name(word: str, known: bool, capital: bool, at: int, length: int) -> tuple[str, int]:
    if not known:
        # Two capitals that are no place and no common word, in the middle of a sentence.
        return (FULL, 2) if length == 2 and _looks_foreign_to_lists(word) else ("", 1)
    if word in ALSO_WORDS and word not in _NICKNAMES:
        return (FULL, 2) if length == 2 and capital else (GIVEN, 1) if capital and at else ("", 1)
    return (FULL, 2) if length == 2 else (GIVEN, 1)


def _looks_foreign_to_lists(word: str) -> bool:
    return len(word) > 2 and not _classes().get(word)


def _is_surname(token: str, after_capital: bool) -> bool:
    """Whether what follows a first name is its surname or the initial of one."""
    word = token.lower().removesuffix("'s").removesuffix("’s")
    if not token or not token[0].isalpha() or word in _AFTER_A_NAME or word in NOT_NAMES or word in GIVEN_NAMES:
        return False
    if len(token) == 1:
        return token.isupper() or not after_capital
    return token[0].isupper() and not (token.isupper() and len(token) > 6 and word in _classes())


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """Word -> the classes it belongs to.  A phrase stands under its words joined by '_'."""
    found: dict[str, tuple[str, ...]] = {}
    for row in Path(__file__).with_name("cues.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            name, _, words = row.partition(": ")
            for word in words.split():
                known = found.get(word, ())
                found[word] = known if name in known else (*known, name)
    for mark in (
        FULL,
        GIVEN,
        STAFF,
        OFFICIAL,
        HANDLE,
        PARTY,
        "§phone",
        "§plate",
        "§email",
        "§postcode",
        "§address",
        "§link",
    ):
        found[mark] = (mark,)
    return found


@cache
def _phrase_starts() -> dict[str, int]:
    """First word of a phrase -> the most words of such a phrase."""
    starts: dict[str, int] = {}
    for phrase in _classes():
        if "_" in phrase:
            first = phrase.split("_", 1)[0]
            starts[first] = max(starts.get(first, 0), phrase.count("_") + 1)
    return starts


def _cue_keys(words: list[str]) -> Iterator[str]:
    last: list[tuple[int, tuple[str, ...]]] = []
    for at, (own, longest) in enumerate(map(_OF_WORD.__getitem__, words)):
        if not own and not longest:
            continue
        names = (*own, *_phrases_at(words, at, longest))
        if not names:
            continue
        for name in names:
            yield f"c:{name}"
            if at <= 1:
                yield f"c:^{name}"
            for before, others in last:
                if at - before <= REACH:
                    for other in others:
                        yield f"c:{other}>{name}"
        last = [*last[-3:], (at, names)]


class _OfWord(dict[str, tuple[tuple[str, ...], int]]):
    """Word -> the classes it belongs to, and the most words of a phrase that begins with it; 0 for none."""

    def __missing__(self, word: str) -> tuple[tuple[str, ...], int]:
        if len(self) >= _MOST_TOKENS:
            self.clear()
        names = _classes().get(word) or _classes().get(word.removesuffix("'s"), ())
        found = self[word] = (names, _phrase_starts().get(word, 0))
        return found


_OF_WORD = _OfWord()


def _phrases_at(words: list[str], at: int, longest: int) -> Iterator[str]:
    """The classes of every phrase that begins here."""
    for length in range(2, longest + 1):
        yield from _classes().get("_".join(words[at : at + length]), ())
