"""People who complained of a sexual offence or of trafficking must not be identifiable, for life (R05)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.details import details_in
from scheduler.checks.mentions import JOBS, Mention, is_aside
from scheduler.checks.names import Name, find_names
from scheduler.checks.persons import TELLS, about, joined

_SEXUAL = re.compile(
    r"\b(?:rap(?:e|ed|es|ing|ist)|sexual(?:ly)?|sex(?:ual)? (?:offen\w+|assault|abuse|attack)|indecen\w+|groom(?:ed|ing)|upskirt\w*|voyeur\w*|traffick\w+|modern slavery"
    r"|flash(?:er|ed)|expos(?:ed|ing) himself|molest\w*|grop(?:ed|ing)|sex offender|spik(?:ed|ing)|forced labour|servitude|intimate images?|revenge porn|treisio|threisio|dreisio|rhywiol|masnachu pobl|caethwasiaeth)\b",
    re.IGNORECASE,
)
_RELATION = re.compile(
    rf"\b(?:his|her|their|the (?:man|defendant|offender|suspect)['’]s) (?:own )?(?:(?:then |young |teenage |former |estranged |foster |adopted |\w+-year-old |step)-?){{0,3}}(?:step-?)?"
    r"(?:daughter|son|niece|nephew|sister|brother|wife|girlfriend|boyfriend|partner|ex-partner|ex-wife|ex|ex-girlfriend|cousin|granddaughter|grandson|pupil|student|neighbour|"
    rf"{JOBS}|colleague|employee|patient|lodger|tenant|flatmate|housemate|mother|mum|aunt|stepdaughter|stepson|babysitter|goddaughter|godson|carer|apprentice|child|children|parishioner|client|cleaner)\b"
    r"|\b(?:ei|eu) (?:(?:lys|llys)?[fm]?ferch|lysfab|nith|wraig|gariad|gymydog|wyres|chwaer)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:aged \d{1,2}|\d{1,2}-year-old|\d{1,2} years old)\b", re.IGNORECASE)
_STREET = re.compile(r"\b[A-Z][\w'’]+ (?:Road|Street|Lane|Avenue|Close|Way|Drive|Court|Row|Walk|Crescent|Terrace)\b")
_MEN = re.compile(r"(?:m[ae]n|males?|he|him|his|himself|dyn(?:ion)?|ddyn)$", re.IGNORECASE)
_SERVES = re.compile(r"(?:volunteers?|advisers?|advisors?|counsellors?|support workers?|social workers?|staff|youth workers?|managers?|members?|[a-z]+ staff)$", re.IGNORECASE)  # fmt: skip
"""Who helps, rather than who was harmed, where the words say nothing of them."""


def check_complainants(subject: Subject) -> Iterator[Finding]:
    """VICTIM_IDENTIFIABLE: what identifies who complained of a sexual offence or trafficking (R05)."""
    clue = _clue_to_a_complainant(subject) if _is_sexual(subject) else None
    if clue is None:
        return
    span, why = clue
    found = _SEXUAL.search(subject.text)
    offence = found[0] if found else "a sexual offence or trafficking"
    yield Finding(
        "VICTIM_IDENTIFIABLE",
        "block",
        "R05",
        f"'{subject.text[slice(*span)]}' {why}. In a case of '{offence}' they must not be identifiable, for life. Take it out.",
        "text",
        span,
    )


def tells_a_complainant(subject: Subject) -> bool:
    """Whether this post would be stopped for what it tells of who complained."""
    return _is_sexual(subject) and _clue_to_a_complainant(subject) is not None


def _is_sexual(subject: Subject) -> bool:
    return subject.offence_class == "sexual" or _SEXUAL.search(subject.text) is not None


def _clue_to_a_complainant(subject: Subject) -> tuple[tuple[int, int], str] | None:
    text = subject.text
    names = find_names(text)
    story = subject.rules_of == "hidden_harms"  # somebody's own, where no case is reported
    for name in names:
        if name.role == "victim" or (name.role == "person" and _is_named(name, text, story)):
            return (name.start, name.end), "names the person who complained"
    for detail in details_in(text):
        if _is_harmed(about(detail, text)):
            return (detail.start, detail.end), f"tells {TELLS[detail.kind]}, the person who complained"
    relation = _RELATION.search(text)
    if relation is None:
        return None
    adds_up = _AGE.search(text) and _STREET.search(text)
    if adds_up or any(name.role == "person" for name in names):
        return relation.span(), "adds up with the rest: people who know the family will know who it is"
    return None


def _is_named(name: Name, text: str, story: bool) -> bool:
    if _is_harmed(joined(name, text)):
        return True
    return story and not is_aside(text[max(0, name.start - 40) : name.start], text[name.end : name.end + 60])


def _is_harmed(one: Mention | None) -> bool:
    """Whether this is who complained; where the words around leave it open, a man is taken for the accused."""
    if one is None or one.many or one.part in ("accused", "aside"):
        return False
    return one.part == "harmed" or not (_MEN.match(one.words) or _SERVES.match(one.words))
