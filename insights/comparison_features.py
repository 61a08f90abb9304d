"""What of a post's words can be compared: hypotheses of the field, not laws (M11). Read from the words when they are asked for.

Nothing here is kept, and no name is: only whether an officer is named at all."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial

from social.capital_words import NOT_NAMES, PLACE_WORDS

_LINK = re.compile(r"https?://\S+|www\.\S+", re.I)
_RANKED = re.compile(
    r"\b(?:PCSO|PC|DC|DS|PS|WPC|TDC|SC|Sgt|Insp|CI|Supt|PCSOs|PCs|[Cc]onstable|[Ss]ergeant|[Ii]nspector|[Ss]uperintendent"
    r"|[Oo]fficer)\s+([A-Z](?:[a-z]+|['’][A-Z][a-z]+)(?:-[A-Z][a-z]+)?)"
)
_ASKS_TO_SHARE = re.compile(
    r"\b(?:please|pls|plz|kindly|like and)\s+(?:also\s+)?(?:re-?share|share|retweet|rt|repost)\b"
    r"(?!\s+(?:your|any|information|footage|what|with us))"
    r"|\bspread the word\b|\bpass (?:this|it) on\b|\bshar(?:e|ing) (?:this|the) (?:post|appeal|message|far|widely)\b"
    r"|\bshare (?:widely|far and wide|to help)\b|\bplease (?:rt|retweet)\b",
    re.I,
)
_HASHTAG = re.compile(r"#(\w+)")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\U0001f1e6-\U0001f1ff]")
SHORT, LONG = 100, 280
"""Characters, links left out: under the first a post is short, from the second on it is long."""


def names_officer(text: str) -> bool:
    """Whether an officer is named with a rank: 'PCSO Okafor', not 'PCSO team'."""
    known = NOT_NAMES | PLACE_WORDS
    return any(match[1].lower() not in known for match in _RANKED.finditer(text))


def asks_question(text: str) -> bool:
    """Whether there is a question mark outside a link."""
    return "?" in _LINK.sub("", text)


def asks_to_share(text: str) -> bool:
    """Whether readers are asked to pass the post on; 'share your views' asks for something else."""
    return _ASKS_TO_SHARE.search(text) is not None


def has_emoji(text: str) -> bool:
    """Whether a pictograph stands in it."""
    return _EMOJI.search(text) is not None


def has_link(text: str) -> bool:
    """Whether it leads to a page."""
    return _LINK.search(text) is not None


def has_place_hashtag(text: str, places: Collection[str]) -> bool:
    """Whether a hashtag is the name of one of these places.  places: as `squashed` makes them."""
    return any(tag.lower() in places for tag in _HASHTAG.findall(text))


def squashed(name: str) -> str:
    """A place's name as a hashtag has it: 'hexleymoor'."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def length_of(text: str) -> str:
    """'short', 'medium' or 'long'."""
    size = len(_LINK.sub("", text).strip())
    return "short" if size < SHORT else "medium" if size < LONG else "long"


def readers(places: Collection[str]) -> Mapping[str, Callable[[str], str]]:
    """Grouping -> what reads a post's group from its words.  places: as `squashed` makes them."""

    def yes_or_no(test: Callable[[str], bool], text: str) -> str:
        return "yes" if test(text) else "no"

    return {
        "officer": partial(yes_or_no, names_officer),
        "question": partial(yes_or_no, asks_question),
        "ask_to_share": partial(yes_or_no, asks_to_share),
        "place_hashtag": lambda text: "yes" if has_place_hashtag(text, places) else "no",
        "length": length_of,
        "emoji": partial(yes_or_no, has_emoji),
        "link": partial(yes_or_no, has_link),
    }


LABELS: Mapping[str, Mapping[str, str]] = {
    "picture": {"yes": "With a picture", "no": "Without a picture"},
    "officer": {"yes": "Naming an officer", "no": "Naming no officer"},
    "question": {"yes": "Asking a question", "no": "Asking no question"},
    "ask_to_share": {"yes": "Asking to share", "no": "Not asking to share"},
    "place_hashtag": {"yes": "With a hashtag of the place", "no": "Without a hashtag of the place"},
    "length": {
        "short": f"Short, under {SHORT} characters",
        "medium": f"Middling, {SHORT} to {LONG - 1} characters",
        "long": f"Long, {LONG} characters or more",
    },
    "emoji": {"yes": "With an emoji", "no": "Without an emoji"},
    "link": {"yes": "With a link", "no": "Without a link"},
}
"""Names for people of the groups whose keys say nothing."""
