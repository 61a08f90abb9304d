"""A missing person who was found has a right to be forgotten (R10): the closing post repeats neither name nor picture."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.names import find_names

_NOT_MISSING = re.compile(
    r"\b(?:wanted|arrest(?:ed)?|charged|in custody|cctv|stolen|theft|robbery|burglary|assault|the (?:man|woman) we wanted to speak to|arestio)\b",
    re.IGNORECASE,
)
_FOUND_PERSON = re.compile(
    r"\b(?:has|have|was|been)(?: now| since)? (?:been )?(?:found|located|traced)\b[^.!?\n]{0,30}\b(?:safe|safely|well)\b|\bno longer missing\b|\bmissing\b[^.!?\n]{0,60}\bfound\b"
    r"|\bfound safe\b|wedi (?:cael )?(?:ei|['’]i) (?:ddarganfod|chanfod|ganfod)\b[^.!?\n]{0,20}\bdiogel",
    re.IGNORECASE,
)
_TURNED_UP = re.compile(
    r"\b(?:turned up|walked (?:in|into|through)|came home|(?:is|are|was|were|got|safely|now|back) (?:back )?(?:home|safe)|found (?:safe|well|unhurt|alive)|been found|tucked up)\b",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\bmissing\b|\bar goll\b|\b(?:went out|were out|out) to (?:look|search) for\b|\b(?:looking|searching|looked|searched|search) for (?!the (?:man|suspect|driver))|\bposters\b|\bstand down\b",
    re.IGNORECASE,
)
_ANIMAL = re.compile(
    r"\b(?:(?<!police )(?<!search )dogs?(?! units?| handlers?| sections?| teams?| walk)|pupp(?:y|ies)|spaniel|labrador|terrier|collie|whippet|greyhound|cats?|kittens?|hors(?:e|es)|pon(?:y|ies)|foal|mare|parrot|tortoise|rabbit|ferret|sheep|cattle|cockapoo|kennels)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:m[ae]n|wom[ae]n|boys?|girls?|child(?:ren)?|teenagers?|people|person|pensioner|mum|dad|grand\w+|year-old|walker|student|he was|she was|missing person|dyn|dynes|bachgen|merch)\b",
    re.IGNORECASE,
)
_THANKED = re.compile(r"\b(?:thanks?|grateful|gratitude|diolch)\b[^.!?\n]*\b(?:to|i) $", re.IGNORECASE)
_SHOWS_A_PERSON = re.compile(
    r"\b(?:man|woman|boy|girl|lady|gentleman|teenager|pensioner|person|youth|grandfather|grandmother|schoolboy|schoolgirl|selfie|portrait|face|"
    r"smiling|wearing|beard|moustache|hair|glasses|dyn|dynes|bachgen|merch|menyw|gwallt)\b",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(?:police officer|officers?|pcsos?|police (?:car|badge|crest|logo|dog|van)|logo|graphic|crest|banner|text|tick|uniform)\b",
    re.I,
)


def check_missing(subject: Subject) -> Iterator[Finding]:
    """FOUND_NAMED: a closing post with the person's name, or with a picture of a person."""
    if not _closes(subject):
        return
    places = tuple(name for name in (subject.place, subject.force) if name)
    for name in find_names(subject.text, found=True, places=places):
        if name.role in ("person", "victim") and not _THANKED.search(subject.text[: name.start]):
            yield Finding(
                "FOUND_NAMED",
                "block",
                "R10",
                f"'{name.words}' names the person who was found. They have a right to be forgotten. Say only that the "
                "person has been found, and thank people.",
                "text",
                (name.start, name.end),
            )
            return
    for medium in subject.pictures:
        named = any(name.role == "person" for name in find_names(medium.alt_text, found=True, places=places))
        if named or (_SHOWS_A_PERSON.search(medium.alt_text) and not _STAFF.search(medium.alt_text)):
            yield Finding(
                "FOUND_NAMED",
                "block",
                "R10",
                "The picture shows the person who was found. They have a right to be forgotten. Take the picture out.",
                "alt_text",
            )
            return


def _closes(subject: Subject) -> bool:
    """Whether the post says that a missing person is found: by its kind, or by its words in a kind that could."""
    if _ANIMAL.search(subject.text) and not _PERSON.search(subject.text):
        return False
    if subject.rules_of == "appeal_closed":
        return not _NOT_MISSING.search(subject.text)
    if subject.rules_of == "appeal_missing":
        return bool(_FOUND_PERSON.search(subject.text))
    return subject.rules_of in (
        "crime_update",
        "patrol_update",
        "appeal_witness",
        "correction",
        "recognition",
    ) and bool(
        (_FOUND_PERSON.search(subject.text) or _TURNED_UP.search(subject.text))
        and _SOUGHT.search(subject.text)
        and not _NOT_MISSING.search(subject.text)
    )
