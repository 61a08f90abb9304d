"""Nobody under 18 may be identifiable in a case; outside of one their name takes a parent's yes (R06)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.complainants import tells_a_complainant
from scheduler.checks.details import details_in
from scheduler.checks.mentions import Mention, mentions_in, sentences_of
from scheduler.checks.names import YOUNG_AGES, Name, find_names
from scheduler.checks.persons import TELLS, about, joined
from scheduler.checks.stages import CASE_KINDS, LIGHT, NO_CASE, stage_of

_HARM = re.compile(
    r"\b(?:stabbed|assaulted|attacked|robbed|mugged|raped|groomed|abused|murdered|killed|died|injur(?:ed|y|ies)|casualt(?:y|ies)|burns|hurt|shot|struck by|hit by|followed|threatened|harassed|bullied|kidnapped|abducted|exploited|blackmailed|pushed|shoved|head-?butted|punched"
    r"|kicked|bitten|beaten|clipped|knocked (?:down|over|off)|snatched|collided|collision|slashed|spat at|exposed himself|shouted at|(?:names|abuse) shouted|in hospital|taken to hospital|air ambulance|stitches|(?:broken|fractured) \w+|bruised|lost (?:his|her|their) li(?:fe|ves)"
    r"|arrested|charged|gave evidence|told the (?:jury|court)|victims?|witness(?:ed|es)?|neglect(?:ed)?|cruelty|approached by|grabbed|chased|drugged|county lines|trapped|drowned|fell|rescued|crash(?:ed)?|overdose|self-harm|sexual(?:ly)?|indecent|upskirt\w*"
    r"|had (?:his|her|their) (?:\w+ ){1,2}(?:stolen|taken|slashed|smashed)|admitted|pleaded|convicted|sentenced|ymosod\w*|drywanu|thrywanu|trywanwyd|anaf\w*|hanafu|arestio|arestiwyd|cyhuddo|gyhuddo|bu farw|ei (?:d|th)aro|dioddef\w*|tyst)\b",
    re.IGNORECASE,
)
"""What happened to somebody, or because of somebody; a talk about knife crime is none of it."""
_OWN_CHILD = re.compile(
    r"\b(?:his|her|their) (?:own )?(?:(?:then |young |baby |\w+-year-old |step|grand|foster |adopted )-?){0,3}(?:daughter|son|child|children|niece|nephew|boy|girl|baby|twins|sister|brother)s?\b",
    re.IGNORECASE,
)
_YOUTH = re.compile(
    rf"\b(?:child(?:ren)?|neglect\w*|cruelty|local authority|social services|foster\w*|in care|baby|toddler|infant|primary|school|(?:then|aged|only|just|was|were|is) (?:1[0-7]|[1-9]|{YOUNG_AGES})\b|(?:1[0-7]|[1-9]|{YOUNG_AGES})-year-olds?)\b(?! (?:years|months|weeks|days|people))",
    re.IGNORECASE,
)
_IS_YOUNG = re.compile(rf"\b(?:she|he|they) (?:is|was|are|were)(?: only| just| aged| still)* (?:1[0-7]|[1-9]|{YOUNG_AGES})\b(?! ?(?:%|mph|miles|minutes|hours|days|weeks|months|years (?!old)|of|stitches))", re.IGNORECASE)  # fmt: skip
_OF_A_YEAR = re.compile(r"^,? (?:of|from|in) (?:Class|Form|Reception|Year) ?\w+")
_OF_A_CLASS = re.compile(
    r"^,? (?:who (?:is|goes) )?(?:of|from|in|at|to) (?:(?:Class|Form|Reception|Year|P) ?\w+|(?:[A-Z][\w'’]+ ){1,4}(?:Primary|Infants?|Juniors?|Nursery|Pre-?school|Brownies|Cubs|Beavers|Scouts|Guides|Cadets)|Ysgol Gynradd)",
    re.IGNORECASE,
)
_PARENT = re.compile(
    r"\b(?:(?:his|her|their|the \w+['’]s|the victim['’]s) (?:\w+ )?(?:mum|dad|mother|father|mam|parents?|family|grand\w+|nan|aunt|uncle|stepfather|stepmother|brother|sister)|(?:mum|dad|mother|father|parents),?) ?,? $|^(?:['’]s) ",
    re.IGNORECASE,
)
Clue = tuple[tuple[int, int], str, bool]
"""Which words, what they do, and whether in a case."""


def check_children(subject: Subject) -> Iterator[Finding]:
    """CHILD_IDENTIFIED in a case or where somebody came to harm, CHILD_NAMED outside of one.  A missing child's appeal is
    the exception that R06 names; corporate communications approve it, as every missing person appeal (R41)."""
    if subject.rules_of in ("appeal_missing", "appeal_closed"):
        return  # what a closing post may say is R10's
    if tells_a_complainant(subject):
        return  # said already, and more strictly
    clue = _name_of_a_child(subject) or _clue_to_a_child(subject)
    if clue is None:
        return
    span, why, case = clue
    yield Finding(
        "CHILD_IDENTIFIED" if case else "CHILD_NAMED",
        "block" if case else "needs_approval",
        "R06",
        f"'{subject.text[slice(*span)]}' {why}. "
        + ("Nobody under 18 may be identifiable in a case. Take it out."
           if case else "Ask a parent, and let corporate communications decide, or take the name out."),
        "text",
        span,
    )  # fmt: skip


def _is_case(subject: Subject, at: int, person: Mention | None) -> bool:
    """Whether what stands at this place is said of a case, or of harm that somebody came to."""
    kind = subject.rules_of
    if kind in LIGHT:
        return False
    if stage_of(subject) != "none" or kind in CASE_KINDS or kind.startswith("appeal_"):
        return True
    spans = sentences_of(subject.text)
    here = next((number for number, (start, end) in enumerate(spans) if start <= at < end), 0)
    near = subject.text[spans[max(0, here - 1)][0] : spans[min(len(spans) - 1, here + 1)][1]]
    if _HARM.search(near) is None:
        return False
    return kind not in NO_CASE or (person is not None and person.part == "harmed")


def _name_of_a_child(subject: Subject) -> Clue | None:
    text = subject.text
    for name in find_names(text):
        if name.role in ("staff", "official") and not _OF_A_YEAR.match(text[name.end :]):
            continue
        span, person = (name.start, name.end), joined(name, text)
        case = _is_case(subject, name.start, person)
        if name.age is not None and name.age < 18:
            return span, f"names a child of {name.age}", case
        if name.age is None and (_is_a_childs(name, text) or (person is not None and person.child)):
            return span, "names a child", case
        if case and subject.involves_under_18 and name.age is None and stage_of(subject) != "none":
            return span, "names a person in a case that somebody under 18 is part of", True
        if case and _PARENT.search(text[max(0, name.start - 40) : name.start]) and _a_child_in(text):
            return span, "names the family of a child", True
    return None


def _is_a_childs(name: Name, text: str) -> bool:
    """Whether the words after a name say that it is a child's: a class, a pack of Brownies, or 'she is 13'."""
    if _OF_A_CLASS.match(text[name.end :]):
        return True
    said = _IS_YOUNG.search(text, name.end)
    return said is not None and said.start() - name.end < 150 and len(_people(text)) == 1


def _people(text: str) -> list[Name]:
    return [name for name in find_names(text) if name.role in ("person", "victim")]


def _a_child_in(text: str) -> bool:
    return any(one.child and not one.many for one in mentions_in(text))


def _clue_to_a_child(subject: Subject) -> Clue | None:
    own = _OWN_CHILD.search(subject.text)
    if own and _YOUTH.search(subject.text) and _people(subject.text) and _is_case(subject, own.start(), None):
        return own.span(), "tells whose child it is", True
    for detail in details_in(subject.text):
        person = about(detail, subject.text)
        family = detail.kind == "family" and _a_child_in(subject.text)
        if not family and (person is None or person.many or not person.child):
            continue
        if _is_case(subject, detail.start, person):
            return (detail.start, detail.end), f"tells {TELLS[detail.kind]}, and it is a child", True
    return None
