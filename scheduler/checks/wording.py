"""Exact words about what is not proved (R12), and words that residents know (R32). Advice only."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.stages import stage_of

_UNPROVED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\barrested for\b(?! (?:the )?(?:breach|questioning))", re.I), "arrested on suspicion of"),
    (
        re.compile(r"\balleged (?:victim|rape|assault|attack|robbery|burglary|theft)\b|\ballegedly\b", re.I),
        "a report of",
    ),
    (re.compile(r"\b(?:was|were|been) (?:raped|sexually assaulted|groomed)\b", re.I), "we have a report of"),
    (
        re.compile(r"\bdo you (?:know|recognise) this (?:thief|burglar|robber|thug|attacker|offender|vandal)\b", re.I),
        "do you recognise this person",
    ),
)
_TERMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bmugg(?:ed|ing|ings|er|ers)\b", re.I), "robbery (force or a threat) or theft from a person"),
    (re.compile(r"\bjoy-?rid(?:e|er|ers|ing)\b", re.I), "taking a vehicle without consent"),
    (
        re.compile(
            r"\bhouse (?:was|were) robbed\b|\brobbed (?:a|the|several|two|three) (?:house|home|shed|garage)s?\b", re.I
        ),
        "burgled; robbery is from a person",
    ),
    (re.compile(r"\broad accident\b|\bcar accident\b", re.I), "collision"),
)
_JARGON = re.compile(
    r"\b(?:MISPER|RTC|RTA|TWOC(?:ked)?|ABH|GBH|PWITS|nominals?|ANPR|IOPC|MG11|NFA(?:'d)?|s\.?59|VRM|HBV|DV|ASBO|BWV|MARAC|NRM)\b"
)


_IN_PLACE = {
    "arrested for": "arrested on suspicion of", "road accident": "collision", "car accident": "collision",
    "joyriding": "taking a vehicle without consent", "joy-riding": "taking a vehicle without consent",
    "misper": "missing person", "rtc": "collision", "rta": "collision", "abh": "assault", "gbh": "serious assault",
    "anpr": "number plate cameras", "bwv": "body-worn video", "vrm": "number plate", "nfa": "no further action",
    "dv": "domestic abuse", "hbv": "honour-based abuse", "iopc": "Independent Office for Police Conduct",
    "nominal": "person", "nominals": "people", "twoc": "vehicle theft",
}  # fmt: skip


def better_words(found: str) -> str | None:
    """Words that stand in the same place of the sentence and say it better; None where the sentence has to change."""
    better = _IN_PLACE.get(found.lower())
    return better.capitalize() if better and found[:1].isupper() and found[1:2].islower() else better


def check_wording(subject: Subject) -> Iterator[Finding]:
    """WORDING: an offence told as a fact, or by the wrong term.  JARGON: words of the job."""
    proved = stage_of(subject) in ("convicted", "sentenced")
    pairs = _TERMS if proved else _UNPROVED + _TERMS
    for pattern, better in pairs:
        if match := pattern.search(subject.text):
            why = (
                "tells an offence as a fact before it is proved"
                if (pattern, better) in _UNPROVED
                else "is not the exact term"
            )
            yield Finding("WORDING", "advise", "R12", f"'{match[0]}' {why}. Consider: {better}.", "text", match.span())
    if match := _JARGON.search(subject.text):
        yield Finding(
            "JARGON",
            "advise",
            "R32",
            f"'{match[0]}' is a word of the job. Say it in words that residents use.",
            "text",
            match.span(),
        )
