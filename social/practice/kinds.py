"""What a network can tell from the words of a post: which kind it is, and where it is about.

Residents of the practice network see no field of Beatline's: they react to the words alone, as people do."""

import re

PLACES = (
    "Marlpit End", "Copperbeck", "Hexley Moor", "Stonemere", "Elderwick", "Oakenford Town", "Larkfield Rise",
    "Nether Skelby", "Thornleigh Vale",
)  # fmt: skip
KINDS = ("missing", "appeal", "light", "event", "road", "prevention", "result", "other")

_SIGNS: dict[str, str] = {
    "missing": r"have you seen|missing|not been seen|last seen|concerned for",
    "appeal": r"witness|check your cameras|in the area|reply with anything|footage|dash ?cam|doorbell|cctv|recognise|appeal|quoting|wanted|reference wd|did you see|were you|nearby between|quote wd",
    "light": r"prickly|duck|hedgehog|swan|goose|geese|sheep that|cows|black and white|cheeky|under caution|quack|"
    r"may the fourth|starwars|pancake|flipping|pun|none had id|no names|released without charge|biscuit|tortoise|"
    r"siren button|police dog|puppy|[🦆🐄🥞🦔🐶🐕🎃🐑🦢🚓😂]",
    "event": r"come and|pop (in|along|by|and)|join us|drop-in|surgery|open session|meet (the|your)|no appointment|"
    r"see you|stall|coffee|bike marking|community centre|until \d ?pm|\d ?(am|pm) to",
    "road": r"road closed|closed in both|both directions|collision|diversion|reopen|traffic|delays|another route|"
    r"speed(ing)? check|drink.?driv|bypass",
    "prevention": r"scam|lock|keep (bags|keys|your)|pouch|alarm|lights? on|secure|protect|warning|advice|remember to|"
    r"check your|watch out|beware|fraud|7726|leave valuables|thefts",
    "result": r"sent to prison|on suspicion of|jailed|sentenced|arrested|charged|seized|warrant|recovered|you said|we did|convicted|"
    r"pleaded|banned from driving|reunited",
}
_WEIGHT = {"missing": 3.0, "light": 1.6, "appeal": 1.1, "road": 1.3, "result": 2.3, "event": 1.2, "prevention": 1.0}
_STREET = re.compile(
    r"\b((?:[A-Z][a-z]+ ){1,2}(?:Road|Lane|Street|Row|Way|Avenue|Close|Court|Walk|Hill|Drive|roundabout|Parade))\b"
)
_SIGN_PATTERNS = {kind: re.compile(signs) for kind, signs in _SIGNS.items()}


def kind_of(text: str) -> str:
    """One of KINDS: the kind whose signs the words show most; 'other' when they show none."""
    # The reporting line stands under posts of every kind, so it says nothing about this one.
    words = re.sub(r"to report a crime .*?0800 555 ?111\.?", "", text.lower(), flags=re.DOTALL)
    if re.search(r"(has|have) been found|found safe", words):
        return "other"  # relief, not a search
    scores = {
        kind: len({match.group(0) for match in pattern.finditer(words)}) * _WEIGHT[kind]
        for kind, pattern in _SIGN_PATTERNS.items()
    }
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] > 0 else "other"


def place_of(text: str) -> str | None:
    """The neighbourhood that the words or a hashtag name first, None when none is named."""
    squeezed = text.lower().replace(" ", "")
    found = [(squeezed.find(place.lower().replace(" ", "")), place) for place in PLACES]
    if "Oakenford" in text:
        found.append((squeezed.find("oakenford"), "Oakenford Town"))
    named = [pair for pair in found if pair[0] >= 0]
    return min(named)[1] if named else None


def streets_of(text: str) -> list[str]:
    """The streets that the words name, in order."""
    found = []
    for match in _STREET.finditer(text):
        # "On Quarry Lane" at the start of a sentence is the street Quarry Lane.
        street = re.sub(r"^(On|In|At|Near|From|The|Behind|Around|Off) ", "", match.group(1))
        if street not in found:
            found.append(street)
    return found
