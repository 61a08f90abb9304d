"""Where, as far as a reply says: our own places' names, streets, landmarks and roads picked out of its words.

A suggestion that a person confirms. Nothing is looked up anywhere, and nobody's movements are put together (R26)."""

import re
from collections.abc import Sequence

LONGEST_TEXT = 5000
MOST = 6

_ROADS = (
    "lane|ln|road|rd|street|st|avenue|ave|close|drive|dr|way|crescent|cres|terrace|place|court|gardens|grove|hill|row|walk|"
    "square|mews|rise|bypass|alley|passage|yard|parade"
)
_SPOTS = "car park|park|green|bridge|roundabout|estate|playing fields?|rec|woods?|common|cemetery|marina|wharf|quay"
_NOT_NAMES = frozenset({
    "the", "a", "an", "this", "that", "my", "our", "your", "his", "her", "their", "main", "same", "next", "other", "one",
    "back", "side", "top", "bottom", "end", "little", "old", "long", "every", "each", "some", "any", "which", "what",
    "wrong", "right", "left", "way", "all", "in", "on", "at", "by", "near", "off", "down", "up", "along", "from", "and",
    "or", "of", "to", "through", "round", "around", "towards", "behind", "outside", "inside", "across", "over", "no",
    "high", "quiet", "busy", "whole", "dark", "country", "past", "under", "into", "half",
})  # fmt: skip
_HIGH_STREET = re.compile(r"\b(?:the )?high (?:street|st)\b", re.IGNORECASE)
_STREET = re.compile(rf"\b({_ROADS}|{_SPOTS})\b(?!\s+(?:of|to|{_ROADS})\b)", re.IGNORECASE)
_BEFORE = re.compile(r"(?:[\w'’.-]+ ){1,2}$")
_WELSH_STREET = re.compile(
    r"\b(?:Heol|Stryd|Ffordd|Lôn|Lon|Rhodfa|Maes|Clos|Cilgant|Parc|Pont|Sgwâr|Teras)(?: (?:y|yr|yr?|[A-ZÂÊÎÔÛŴŶ][\w'’-]+))+"
)
_ROAD = re.compile(
    r"\b(?:junction \d{1,2} (?:of the |on the )?)?(?:A|B|M)\d{1,4}(?:\(M\))?(?: junction \d{1,2}| j\d{1,2})?\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_LANDMARK = re.compile(
    r"\b(?:by|near|outside|behind|opposite|next to|in front of|inside|past|at|beside|round the back of|in|to|towards|into|"
    r"cross(?:ed|ing)?|across|over|through|up|down|along|round|around|off|from|leaving|left|on|"
    r"ger|wrth ymyl|wrth|tu allan i|tu ôl i|gyferbyn â|yn|ym|yng|ar|o flaen)['’]?(?:r\s+|\s+(?:the\s+|y\s+|yr\s+)?)("
    r"(?:[A-Z][\w'’&-]*\s+){0,2}(?:co-?op|spar|tesco(?: express| extra)?|asda|aldi|lidl|sainsbury'?s|morrisons|greggs|post office|"
    r"bus (?:station|stop|shelter)|train station|railway station|station|car park|petrol station|garage|primary school|"
    r"school gates?|school|church|chapel|library|health centre|surgery|hospital|pub|club|takeaway|chip shop|chippy|"
    r"skate ?park|play(?:ground| area| park)|park gates?|bandstand|canal(?: path| towpath)?|towpath|river(?:side)?|footbridge|"
    r"underpass|subway|level crossing|leisure centre|community centre|village hall|town hall|market(?: place)?|precinct|"
    r"retail park|industrial estate|allotments|football (?:pitch|club)|cricket club|golf course|reservoir|layby|lay-by|"
    r"rec|park|shops|precinct|woods?|common|fields?|flats|garages|bins|cash ?point|cash machine|bank|barbers?|off-?licen[cs]e|bookies|"
    r"ysgol|eglwys|capel|llyfrgell|parc|gorsaf(?: drenau| fysiau)?|swyddfa'r post|maes parcio|afon|bont|siop|dafarn|neuadd))\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\b(?:(?:bus|train|railway|petrol) station|car park|park gates|leisure centre|community centre|village hall|town hall|"
    r"retail park|industrial estate|level crossing|skate ?park|post office|health centre|football pitch|towpath|footbridge|"
    r"underpass|bus (?:stop|shelter)|school gates)\b",
    re.IGNORECASE,
)
"""Landmarks that are one whatever stands before them."""


def picked_places(text: str, names: Sequence[str]) -> list[str]:
    """What the words say of where it was, in their order, each once; [] where they say nothing.

    names: of the force's own places, which are found however they are typed."""
    text = text[:LONGEST_TEXT]
    found: list[tuple[int, int, str]] = []

    def keep(begin: int, end: int, words: str) -> None:
        if not any(begin < known_end and known_begin < end for known_begin, known_end, _ in found):
            found.append((begin, end, " ".join(words.split())))

    for name in sorted(names, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            keep(*match.span(), name)
    for match in _POSTCODE.finditer(text):
        keep(*match.span(), match[0].upper())
    for match in (*_WELSH_STREET.finditer(text), *_HIGH_STREET.finditer(text)):
        keep(*match.span(), match[0])
    for match in _STREET.finditer(text):
        begin = _name_before(text, match.start())
        if begin < match.start():
            keep(begin, match.end(), text[begin : match.end()])
    for match in _LANDMARK.finditer(text):
        words = match[1].split()
        while words[0].lower() in _NOT_NAMES:
            words.pop(0)
        keep(*match.span(1), " ".join(words))
    for match in (*_PLAIN.finditer(text), *_ROAD.finditer(text)):
        keep(*match.span(), match[0])
    each: dict[str, str] = {}
    for _, _, said in sorted(found):
        each.setdefault(said.casefold(), said)
    return list(each.values())[:MOST]


def _name_before(text: str, end: int) -> int:
    """Where the name of a street begins, such as 'Mill' of 'on Mill Lane'; the end itself for 'the lane', 'my street'."""
    before = _BEFORE.search(text, max(0, end - 60), end)
    kept: list[tuple[int, str]] = []
    for word in reversed(list(re.finditer(r"\S+", before[0])) if before else []):
        bare = word[0].strip(".,;:!?'’").lower()
        if not bare or bare in _NOT_NAMES or bare.isdigit() or (word[0][-1] in ".,;:!?" and bare != "st"):
            break
        kept.insert(0, (word.start(), word[0]))
    if len(kept) == 2 and not kept[0][1][0].isupper():  # 'saw mill lane': only the word next to it is the name
        kept = kept[1:]
    return before.start() + kept[0][0] if kept and before else end
