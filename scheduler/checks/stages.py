"""What stage a case is at (R02, R03), as the post declares it or, where it declares none, as its words tell."""

import re

from scheduler.checks.base import Subject
from scheduler.checks.names import find_names

ACTIVE = frozenset({"arrested", "charged", "convicted"})
"""Stages in which proceedings are active: from arrest until sentence."""
LIGHT = frozenset({"lighthearted", "trend_day"})
NO_CASE = LIGHT | {
    "recruitment",
    "event",
    "survey",
    "campaign",
    "team_intro",
    "appeal_missing",
    "hidden_harms",
    "youth",
}
CASE_KINDS = frozenset({"arrest_update", "court_result", "appeal_wanted", "appeal_image"})

_WHO = (
    r"(?:(?<!no )(?:\bman|\bwoman|\bmen|\bwomen|\bboys?|\bgirls?|\bteenagers?|\byouths?|\bsuspects?|\bpeople aged|\bmales?|\bfemales?"
    r"|\byear-olds?|\bdriver|\bdyn|\bdynion|\bdynes|\bmenyw|\bbachgen|\bmerch)\b)"
)
_SENTENCED = re.compile(
    r"\b(?:sent to prison|jailed for|sentenced to|was sentenced|has been sentenced|been jailed|given an? [\w-]+ (?:suspended )?sentence"
    r"|locked up for \w+ (?:years|months)|wedi(?:['’]i)? (?:cael )?(?:ei )?(?:garcharu|ddedfrydu|charcharu))\b",
    re.IGNORECASE,
)
_CONVICTED = re.compile(r"\b(?:convicted of|found guilty|pleaded guilty|cael(?:wyd)? yn euog)\b", re.IGNORECASE)
_CHARGED = re.compile(
    rf"{_WHO}[^.!?\n]{{0,60}}\b(?:has|have|was|were|been|is|are|now)\b[^.!?\n]{{0,20}}\bcharged\b|\bcharged with\b|\bcyhuddo o\b|\bgyhuddo o\b"
    r"|\bcyhuddwyd\b",
    re.IGNORECASE,
)
_ARRESTED = re.compile(
    rf"{_WHO}[^.!?\n]{{0,80}}\b(?:arrested|detained|in (?:police )?custody|in the cells|under arrest)\b"
    rf"|\b(?:arrested|detained|nicked)\b[^.!?\n]{{0,25}}{_WHO}|\barrested on suspicion\b|\barrested,? (?:for|after)\b"
    r"|\bmade (?:an|two|three|\d+) arrests?\b|\b(?:he|she|they|both|one of them) (?:has|have|was|were) (?:now |since |later |then )?(?:been )?arrested\b|\barestiwyd\b|\b(?:ei|eu) (?:h?arestio)\b",
    re.IGNORECASE,
)


_SUPPOSED = re.compile(
    r"\b(?:could|can|may|might|would|will|to|risk|you['’]ll|they['’]ll|if you(?: are|['’]re)|anyone|nobody|who(?: is|['’]s)) (?:also |then |even |end up )?(?:be|get|being|getting)? ?(?:arrested|charged|jailed|sentenced|convicted|prosecuted)[^.!?\n]{0,80}",
    re.IGNORECASE,
)
"""What may happen to anybody is said of no case."""


def stage_of(subject: Subject) -> str:
    """The stage that the rules go by: one of CASE_STAGES.

    A declared stage stands.  Without one, the words of a kind that speaks of cases are read: harm comes of a name under
    'arrested' whether or not somebody filled in the stage.  Light kinds joke in those words and are not read so."""
    if subject.case_stage not in ("none", ""):
        return subject.case_stage
    if subject.rules_of in NO_CASE:
        return "none"
    text = _SUPPOSED.sub(" ", subject.text)
    for stage, words in (("sentenced", _SENTENCED), ("convicted", _CONVICTED), ("charged", _CHARGED)):
        if words.search(text):
            return stage
    if _ARRESTED.search(text):
        return "arrested"
    if "arrested" in text.lower() and any(n.role == "person" for n in find_names(text)):
        return "arrested"
    return "none"
