"""Finds personal names in a post by their shape and by what stands around them, in English and Welsh.

Streets, places, operations and organisations are written with capitals too, so a pair of capitals alone is no name: it
takes an age, a title, a verb of arrest, or a first name that is known."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scheduler.checks.base import words_of
from social.capital_words import NOT_NAMES, PLACE_WORDS, SURNAMES_TOO
from social.given_names import ALSO_WORDS, GIVEN_NAMES

Role = Literal["person", "staff", "victim", "official"]

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁŃŅŇŐŒŘŚŞŠŢŤŪŮŰŲŴŶŸŹŻŽ"
_LOW = "a-zà-öø-ÿāăąćčďđēėęěğģīįıķłńņňőœřśşšţťūůűųŵŷźżž"
_PART = rf"(?:(?:Mc|Mac|O['’]|D['’]|Fitz)?[{_UP}][{_LOW}]+(?:['’][{_LOW}]+)?|[{_UP}]{{2,}}|[{_UP}](?=[ ,.(]))"
_TOKEN = rf"{_PART}(?:-{_PART})*"
_LINK = r"(?:al|ap|ab|bin|bint|da|de|del|della|den|der|di|dos|du|el|ferch|la|le|st|ul|van|von|verch|y)"
_CANDIDATE = re.compile(rf"(?<![\w@/.])(?:{_TOKEN})(?:[ \u00a0](?:{_LINK}[ -]){{0,2}}{_TOKEN}){{0,4}}(?![\w@])")

_NOT_PEOPLE = re.compile(
    r"^(?:St|Saint|Llan\w+|Pentre\w*|Operation|Op|Project|Storm|John Lewis|Harvey Nichols|Ted Baker|Paul Smith|Ray Ban"
    r"|Jack Daniels|Marks|Star Wars|Harry Potter|Santa Claus|Father Christmas|Stephen Lawrence|Victoria Cross"
    r"|Clare|Claire['’]s Law|Sarah['’]s Law|Martyn['’]s Law|Ben Kinsella|Jimmy Saville|Ann Summers|Laura Ashley)\b",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:PCSOs?|PCs?|SPC|Sgt|Sergeant|Insp(?:ector)?|Ch Insp|Supt|Superintendent|Commander|Constable|Officer|Detective"
    r"|D[CSI]|DCI|DSU|ACC|DCC|CC|Judge|Recorder|Magistrate|Coroner|Rhingyll|Arolygydd|Cwnstabl|SCCH|Heddwas|Prosecutor"
    r"|Special|Chief|Dr|Rev|Reverend|Father|Headteacher|Head|Coach|Manager|Director|spokes\w+|volunteer|warden)\.?:?,? $",
)
_SEAT = re.compile(
    r"\b(?:MP|MS|AM|MEP|Cllrs?|Councillors?|Mayor|Commissioner|PCC|Candidate|Minister|Secretary|Lord|Lady|Baroness|Sir"
    r"|Dame|Aelod|Cynghorydd|Comisiynydd)\.?:? $"
)
_TITLE = re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Mr|Master)\.? $")
_VICTIM = re.compile(
    r"\b(?:death of|deaths of|murder of|killing of|manslaughter of|body of|tributes? to|family of|families of|loss of"
    r"|mother of|father of|parents of|in memory of|victim,?|victim was|victim named as|remember(?:ing)?|killed|murdered"
    r"|attack on|assault on|stabbing of|trafficking|traffick(?:ed)|rap(?:ing|ed)|abus(?:ing|ed)|groom(?:ing|ed)|stalk(?:ing|ed)|harass(?:ing|ed)|kidnapp(?:ing|ed)|stabb(?:ing|ed)|robb(?:ing|ed)|attack(?:ing|ed)|assault(?:ing|ed)|exploit(?:ing|ed)|compell(?:ing|ed)|enslav(?:ing|ed)|forc(?:ing|ed)|murder(?:ing)|killing|marwolaeth|llofruddiaeth|teulu) (?:(?:\w+ ){0,2}\d\d-year-old )?$",
    re.IGNORECASE,
)
_DIED = re.compile(
    r"^(?:, \d\d?)?,? (?:died|was killed|was murdered|lost (?:his|her|their) li|was pronounced dead|bu farw)", re.I
)
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_WELSH_NUMBERS = {
    "blwydd": 1, "dwy": 2, "tair": 3, "pedair": 4, "pump": 5, "chwech": 6, "chwe": 6, "saith": 7, "wyth": 8, "naw": 9, "deg": 10,
    "un ar ddeg": 11, "deuddeg": 12, "tair ar ddeg": 13, "pedair ar ddeg": 14, "pymtheg": 15, "un ar bymtheg": 16,
    "dwy ar bymtheg": 17, "deunaw": 18,
}  # fmt: skip
YOUNG_AGES = "|".join(word for word, age in _NUMBERS.items() if age < 18)
"""Ages under 18 in words, for a pattern that ignores case."""
YOUNG_AGES_IN_WELSH = "|".join(sorted((w for w, age in _WELSH_NUMBERS.items() if age < 18), key=len, reverse=True))
_N = rf"\d{{1,3}}|(?i:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_NO_AGE = r"(?! ?(?:%|mph|am\b|pm\b|miles?|km|minutes?|hours?|days?|weeks?|months?|points?|per|o'clock|others?|of|in|people|times|goals|votes|stitches|penalty|year (?!old)|years (?!old|of age)|:|\.\d|-?(?:day|week|month|hour|minute|mile)))"
"""What is counted is something else."""
_AGE_AFTER = re.compile(
    r"^(?:['’]s)?(?:,? ?\((?:aged )?(\d{1,3})\)|,? (?:aged|age|yn|sy['’]n|sydd yn|oedd yn) (\d{1,3})\b(?! ?(?:%|mph|am|pm|year))"
    rf"|,? aged ({_N})\b"
    rf"|,? (?:who )?(?:['’]s |is |was |has |had )?(?:now |then |just |only |also |still |recently )*(?:turn(?:ed|s|ing) |aged |going on )({_N})\b{_NO_AGE}"
    rf"|(?:, who|,? who['’]s|,? who (?:is|was)|['’]s| is| was) (?:now |then |just |only |still |sadly |about |nearly |almost )*({_N})(?=[,.;)!?\n–-]| (?:and|but|from|so|this|last|years old)\b|$){_NO_AGE}"
    rf"|, ((?i:{'|'.join(_NUMBERS)}))(?=[,.)]| (?:from|of|who|was|is|has|and|will))"
    r"|, (\d{1,3})(?= oed|[,;)]|\.(?!\d)| (?:from|of|who|was|is|has|had|remains|appeared|and|o|from|will)\b|$)"
    rf"|,? ({'|'.join(sorted(_WELSH_NUMBERS, key=len, reverse=True))}) (?:mlwydd )?oed"
    r"|,? (?:an? |our |the |little )?(\d{1,3})[- ](?:year|mlwydd))"
)
_AGE_BEFORE = re.compile(
    rf"(\d{{1,3}}|(?i:{'|'.join(_NUMBERS)}))[- ](?:years?[- ]olds?|mlwydd oed|oed),?(?: (?:man|woman|boy|girl|dyn|dynes))?,? (?:called |named |o['’]r enw )?$"
)
_LEADS_IN = re.compile(
    r"(?:\b(?:arrest(?:ed|ing| of)?|charg(?:ed|ing)|detain(?:ed|ing)|nabbed|nicked|caught|jailed|sentenced|convicted|named|named as"
    r"|identif(?:y|ied)|identified as|called|suspect|suspects|defendant|wanted|wanted man|wanted woman|locked up|custody"
    r"|remanded|brought in|lifted|collared|tracked down|searching for|looking for|speak to|trace|thug|burglar|robber|thief"
    r"|arestio|arestiwyd|cyhuddwyd|cyhuddo|enw|enwi|enwyd|dal|ddal|chwilio am)|named locally as|known as|name of)[:,]? (?:(?:local )?(?:man|woman|dyn|dynes) )?$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"^(?:, (?:also )?(?:from|of|o) [\w' -]{3,40},)? (?:(?:is|was|has|have|had|were|are|been|being|now|today|also|this morning|last night|yesterday) )*"
    r"(?:under arrest|arrested|charged|detained|remanded|bailed|on bail|released (?:on|under)|in (?:police )?custody|in (?:the )?cells|behind bars"
    r"|appeared (?:at|before|in)|accused|suspected|locked up|nicked|held on suspicion|being (?:held|questioned)|wanted"
    r"|banged up|due (?:at|before|in)|helping (?:us|police|officers)|wedi (?:cael )?ei (?:arestio|g[yh]*huddo|ddal)|wedi['’]i (?:arestio|gyhuddo))\b",
    re.IGNORECASE,
)
_ARRESTED_HERE = re.compile(
    r"^(?:,? \(?(?:aged )?\d\d\)?,?)?(?:,? (?:from|of) [\w' -]{3,40},?)? (?:has been|have been|was|were|is|has now been|is now) (?:under arrest|arrested|charged|detained|remanded|bailed|in (?:police )?custody|wedi (?:cael )?ei (?:arestio|gyhuddo))\b",
    re.IGNORECASE,
)
_OF_AN_ANIMAL = re.compile(r"\b(?:dogs?|PD|police horse|PH|horse|puppy|pup|spaniel|labrador|cat|kitten|pony|terrier|collie|recruit),? (?:called |named )?$", re.IGNORECASE)  # fmt: skip
_FOUND_ON = re.compile(
    r"^(?:, \d\d?,?)?(?: from [\w' -]+?,?)?(?:['’]s| (?:is|was|has|have)|,)? (?:(?:now|since|been|safely|been safely|also|today|thankfully|happily|back) )*"
    r"(?:found|located|traced|safe|home|back|well|returned|wedi (?:cael )?(?:ei|['’]i) (?:ddarganfod|chanfod|ganfod)|wedi dod)\b",
    re.IGNORECASE,
)
_OF_A_PLACE = re.compile(
    r"^[ -](?:(?:\w+ )?(?:man|men|woman|women|boys?|girls?|teenagers?|teens?|residents?|pensioners?|area|male|female|couple|driver|"
    r"pair|duo|resident|youths?|lad|gang|shop\w*|based))\b"
)
_QUOTED_BY = re.compile(
    r"^(?:, [\w' -]{3,50},)? (?:said|says|added|explained|told|commented|of [\w' ]+ Police|Police\b|dywedodd|meddai)|^,? from (?:the )?[\w' ]*(?:team|Police|council|unit)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:said|says|added|meddai|dywedodd|thanks to|with|meet|by|hello to|welcome to|welcome|congratulations to|well done to|croeso i) $",
    re.I,
)


@dataclass(frozen=True)
class Name:
    """A personal name in a text.  age: as stated beside it, or None.  role: what the words around it make of the person."""

    start: int
    end: int
    words: str
    role: Role
    age: int | None = None


def find_names(text: str, *, found: bool = False, places: tuple[str, ...] = ()) -> list[Name]:
    """Every personal name in the text, in order.

    found: the text says that somebody was found, so a first name alone counts.  places: names known to be areas."""
    return list(_find(text, found, places))


def forget() -> None:
    """Forget the names found so far, for a measurement."""
    _find.cache_clear()


@lru_cache(maxsize=256)
def _find(text: str, found: bool, places: tuple[str, ...]) -> tuple[Name, ...]:
    return (*_in_words(text, found, words_of(" ".join(places).lower())), *_in_hashtags(text))


def _in_words(text: str, found: bool, places: frozenset[str]) -> Iterator[Name]:
    for match in _CANDIDATE.finditer(text):
        if match.start() and text[match.start() - 1] == "#":
            continue
        tokens = _trimmed(text, match.start(), match.end())
        if not tokens:
            continue
        start, end = tokens[0][0], tokens[-1][1]
        words = [text[a:b] for a, b in tokens]
        before, after = text[max(0, start - 60) : start], text[end : end + 80]
        age = _age(before, after)
        if not _is_person(words, before, after, age, found, places):
            continue
        shown_end = end - 2 if text[start:end].endswith(("'s", "’s")) else end
        yield Name(start, shown_end, text[start:shown_end], _role(before, after), age)


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The capitalised words of a run, those that stand around names taken off at both ends."""
    tokens = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^ \u00a0]+", text[start:end])]
    while len(tokens) > 1 and _plain(text[slice(*tokens[0])]) in _ENDEARING and _given(_plain(text[slice(*tokens[1])])):
        tokens.pop(0)
    while tokens and (_plain(text[slice(*tokens[0])]) in NOT_NAMES or _is_title(text[slice(*tokens[0])])):
        tokens.pop(0)
    while tokens and _plain(text[slice(*tokens[-1])]) in NOT_NAMES:
        tokens.pop()
    return tokens


_ENDEARING = words_of("little young brave poor wee baby big dear lovely clever happy birthday")
_TITLES = words_of(
    """
    pc pcso pcsos pcs sgt sergeant insp inspector supt superintendent chief detective constable dc ds di dci dsu acc
    mr mrs ms miss mx dr cllr councillor mp ms pcc commissioner mayor judge sir dame lord lady rev rhingyll
    arolygydd cynghorydd comisiynydd special commander officer recorder
    """
)


def _is_title(word: str) -> bool:
    return _plain(word.strip(".")) in _TITLES


def _plain(word: str) -> str:
    """The word in small letters, without the ending of 'Derek's' or 'we've'."""
    return re.sub(r"['’](?:s|ve|ll|re|d|m|t)$", "", word.lower())


def _is_person(words: list[str], before: str, after: str, age: int | None, found: bool, places: frozenset[str]) -> bool:
    plain = [_plain(word) for word in words]
    if _OF_AN_ANIMAL.search(before):
        return False
    if _NOT_PEOPLE.match(" ".join(words)) or any(word in places for word in plain):
        return False
    strong = age is not None or _stands_out(before, after, found)
    if plain[-1] in PLACE_WORDS and not (strong and plain[-1] in SURNAMES_TOO and _given(plain[0])):
        return False
    if plain[0] in PLACE_WORDS and plain[0] not in GIVEN_NAMES:
        return False
    if re.match(r"^ (?:Road|Street|Lane|Avenue|area|estate|station|team|neighbourhood)\b", after):
        return False
    given = _given(plain[0])
    if _TITLE.search(before) or (_RANK.search(before) and len(words) <= 3 and not plain[0].isdigit()):
        return True
    if _SEAT.search(before):
        return True
    shouted = all(word.isupper() for word in words)
    if len(words) == 1:
        return _is_person_alone(plain[0], given, before, after, age, found)
    if shouted and not given:
        return age is not None and not re.search(r"[a-z]", before[-3:])
    return given or strong


def _stands_out(before: str, after: str, found: bool) -> bool:
    """Whether the words around a run of capitals make a person of it, whatever it is."""
    around = _LEADS_IN.search(before) or _LEADS_ON.match(after) or _VICTIM.search(before) or _DIED.match(after)
    return bool(around or (found and _FOUND_ON.match(after)))


def _is_person_alone(word: str, given: bool, before: str, after: str, age: int | None, found: bool) -> bool:
    if _OF_A_PLACE.match(after):
        return False
    sure = given and word not in ALSO_WORDS
    starts = not before.strip() or before.rstrip()[-1:] in ".!?:|\n"
    if age is not None:
        return (given or not starts or bool(re.match(r"^(?: \(|, \d)", after))) and not re.search(
            r"\b(?:from|in|at|near|of|to|o) $", before
        )
    if found:
        if _FOUND_ON.match(after) and not re.search(r"\b(?:in|at|near|from|the) $", before):
            return True
        if re.search(
            r"\b(?:find|locate|trace|called|name of|reunited with|family of|friends of|return of) $", before, re.I
        ):
            return True
        return sure or (given and not starts)
    return sure and bool(_LEADS_IN.search(before) or _LEADS_ON.match(after))


def _given(word: str) -> bool:
    first = word.split("-")[0]
    return first in GIVEN_NAMES or _bare(first) in GIVEN_NAMES or (first in ALSO_WORDS)


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.replace("ł", "l")) if not unicodedata.combining(c))


def _age(before: str, after: str) -> int | None:
    stated = _AGE_AFTER.match(after)
    digits = next((group for group in stated.groups() if group), None) if stated else None
    if digits is None and (earlier := _AGE_BEFORE.search(before)):
        digits = earlier[1]
    if digits is None:
        return None
    age = _NUMBERS.get(digits.lower()) or _WELSH_NUMBERS.get(digits.lower()) or int(digits)
    return age if 0 < age < 111 else None


def _role(before: str, after: str) -> Role:
    if _ARRESTED_HERE.match(after):
        return "person"  # whatever office somebody holds
    if _SEAT.search(before) or re.match(r"^,? (?:MP|MS|MEP|PCC)\b", after):
        return "official"
    if _RANK.search(before) or _QUOTED_BY.match(after) or _SAID.search(before):
        return "staff"
    if _VICTIM.search(before) or _DIED.match(after):
        return "victim"
    return "person"


def _in_hashtags(text: str) -> Iterator[Name]:
    for match in re.finditer(rf"#([{_UP}][{_LOW}]+)([{_UP}][{_LOW}]+)(?!\w)", text):
        first, last = match[1].lower(), match[2].lower()
        if first in GIVEN_NAMES and first not in ALSO_WORDS and last not in PLACE_WORDS | NOT_NAMES:
            before = text[max(0, match.start() - 30) : match.start()]
            yield Name(match.start(), match.end(), match[0], _role(before, ""), None)
