"""Names and descriptions of people suspected of a crime (R01, R02, R13)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Level, Subject
from scheduler.checks.names import Name, find_names
from scheduler.checks.stages import CASE_KINDS, LIGHT, stage_of

_PERSON = (
    r"(?:man|men|woman|women|male|males|female|females|boys?|girls?|teenagers?|youths?|suspects?|gangs?|group|driver|offenders?"
    r"|nationals?|criminals?|thie(?:f|ves)|burglars?|robbers?|dealers?|person|people|lad|lads|pair|trio|citizens?|immigrants?)"
)
_NATIONS = (
    r"Afghan|African|Albanian|Algerian|American|Arab|Asian|Bangladeshi|Black|British|Brazilian|Bulgarian|Caribbean|Chinese|Congolese|Croatian|Czech"
    r"|Dutch|Egyptian|English|Eritrean|Estonian|Ethiopian|Filipino|French|Gambian|Georgian|German|Ghanaian|Greek|Hungarian|Indian|Iranian"
    r"|Iraqi|Irish|Italian|Jamaican|Japanese|Kenyan|Kosovan|Kurdish|Latvian|Lithuanian|Mexican|Moldovan|Mongolian|Moroccan"
    r"|Nepalese|Nigerian|Pakistani|Palestinian|Polish|Portuguese|Roma|Romanian|Russian|Scottish|Serbian|Slovakian?|Somali|Spanish|Sudanese|Syrian"
    r"|Tunisian|Turkish|Ugandan|Ukrainian|Vietnamese|Welsh|White|Zimbabwean|Eastern European|South Asian|East Asian|Middle Eastern"
    r"|mixed[ -]race|mixed[ -]heritage|Gyps(?:y|ies)|Travellers?|Muslim|Jewish|Hindu|Sikh|Christian"
)
_NATIONALITY = re.compile(
    rf"\b(?:{_NATIONS})[ -](?:(?:\w+ ){{0,2}})?{_PERSON}\b"
    rf"|\b{_PERSON}\b[^.!?\n]{{0,40}}\b(?:is|was|are|were|described as(?: being)?|believed to be|of|from an?|as|looked|appeared) (?:an? |of )?(?:{_NATIONS})\b(?![- ]?(?:and white|Street|Road|Lane|coat|jacket|hoodie|top|trainers|shoes|jeans|trousers|tracksuit|van|car|cap|hat|bag|shirt|BMW|Audi|Ford))"
    rf"|\b(?:{_NATIONS})(?:[ -](?:nationality|national|nationals|origin|descent|appearance|heritage|accent|background|ethnicity))\b"
    r"|\b(?:illegal (?:im)?migrants?|asylum[ -]seekers?|foreign nationals?|foreigners?|of (?:foreign|ethnic) (?:origin|appearance)|IC[1-6](?: male| female)?)\b",
    re.IGNORECASE,
)
_CRIME_NEAR = re.compile(
    r"\b(?:suspect|arrest|charged|wanted|offen[cd]|crime|theft|thie(?:f|ves)|stole|stolen|steal|robb|burgl|assault|attack|gang|dealer|drug|fraud|scam"
    r"|appeal|speak to|identify|recognise|described|custody|jailed|sentenced|convicted|bogus|knife|stab|rape|damage|threat)",
    re.IGNORECASE,
)


_DONE = {"ended": "whose case ended without a sentence"}


def check_suspects(subject: Subject) -> Iterator[Finding]:
    """NAMES_SUSPECT, NAMES_DEFENDANT, CASE_STAGE_MISSING."""
    yield from _named(subject)
    if subject.rules_of in CASE_KINDS - {"appeal_image"} and subject.case_stage in ("none", ""):
        yield Finding(
            "CASE_STAGE_MISSING",
            "block" if subject.answering else "advise",
            "R02",
            "The stage of the case is not given, so the checks can only guess from the words what may be said. Choose "
            "the stage.",
            "case_stage",
        )


def _named(subject: Subject) -> Iterator[Finding]:
    stage = stage_of(subject)
    if stage in ("charged", "convicted", "sentenced", "ended"):
        yield from _defendant(subject, stage)
        return
    wanted = subject.rules_of == "appeal_wanted" and stage == "suspect"
    if stage not in ("suspect", "arrested") or wanted or subject.rules_of in ("appeal_missing", *LIGHT):
        return
    places = tuple(name for name in (subject.place, subject.force) if name)
    done = "has been arrested" if stage == "arrested" else "is a suspect"
    for column, words in subject.parts:
        for name in find_names(words, places=places):
            if name.role == "person":
                yield _name_of_a_suspect(subject, name, done, column)


def _name_of_a_suspect(subject: Subject, name: Name, done: str, column: str) -> Finding:
    """R01: it stops the post, unless a senior lead recorded who decided otherwise, why and when."""
    if subject.name_exception and not (name.age is not None and name.age < 18):
        level: Level = "needs_approval"
        what = "An exception is recorded for this case, so corporate communications decide."
    else:
        level = "block"
        what = ("A name may be given from charge on, and only an adult's (R02). Take the name out; age, sex and town "
                "may stay. In an exceptional case a senior lead records the exception with the case first.")  # fmt: skip
    message = f"'{name.words}' names a person who only {done}. {what}"
    return Finding("NAMES_SUSPECT", level, "R01", message, column, (name.start, name.end))


def _defendant(subject: Subject, stage: str) -> Iterator[Finding]:
    for name in find_names(subject.text, places=tuple(n for n in (subject.place, subject.force) if n)):
        if name.role == "person":
            yield Finding(
                "NAMES_DEFENDANT",
                "needs_approval",
                "R02",
                f"'{name.words}' names a person {_DONE.get(stage, f'who is {stage}')}. An adult may be named from charge on, when corporate "
                "communications approve it.",
                "text",
                (name.start, name.end),
            )
            return


def check_descriptions(subject: Subject) -> Iterator[Finding]:
    """NATIONALITY: nationality, ethnicity or faith near a suspect (R13)."""
    for match in _NATIONALITY.finditer(subject.text):
        if subject.case_stage != "none" or _CRIME_NEAR.search(subject.text):
            yield Finding(
                "NATIONALITY",
                "needs_approval",
                "R13",
                f"'{match[0]}' tells a suspect's nationality, ethnicity or faith. That is for a policing purpose in "
                "high-profile cases only. Take it out, or let corporate communications decide.",
                "text",
                match.span(),
            )
            return
