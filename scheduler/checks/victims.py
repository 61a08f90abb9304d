"""People who must not be identifiable: complainants of sexual offences and trafficking (R05), and children (R06)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.names import YOUNG_AGES, find_names
from scheduler.checks.stages import LIGHT, stage_of

_SEXUAL = re.compile(
    r"\b(?:rap(?:e|ed|es|ing|ist)|sexual(?:ly)?|sex(?:ual)? (?:offen\w+|assault|abuse|attack)|indecen\w+|groom(?:ed|ing)|upskirt\w*|voyeur\w*|traffick\w+|modern slavery"
    r"|flash(?:er|ed)|expos(?:ed|ing) himself|molest\w*|treisio|threisio|dreisio|rhywiol)\b",
    re.IGNORECASE,
)
_RELATION = re.compile(
    r"\b(?:his|her|their|the (?:man|defendant|offender|suspect)['’]s) (?:own )?(?:(?:then |young |teenage |\w+-year-old |step)-?){0,2}(?:step-?)?"
    r"(?:daughter|son|niece|nephew|sister|brother|wife|girlfriend|boyfriend|partner|ex-partner|ex-wife|cousin|granddaughter|grandson|pupil|student|neighbour|"
    r"colleague|employee|patient|lodger|flatmate|mother|stepdaughter|stepson|babysitter)\b",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:pupil|student|attends|attended|goes to|studies|studying|teacher|works?|worked|employed|job)\b[^.!?\n]{0,25}\b(?:at|in|for) (?:the )?[A-Z][\w'’]+(?: [A-Z]?[\w'’]+){0,3}",
)
_HOME = re.compile(
    r"\b(?:victim|survivor|complainant|girl|woman|she|boy)(?:['’]?s)?\b[^.!?\n]{0,40}\b(?:home|house|flat|lives?|lived|living) (?:in|on|at) (?:\w+ )?[A-Z][\w'’]+ (?:Road|Street|Lane|Avenue|Close|Way|Drive|Court|Row|Walk|Crescent)\b"
    r"|\b(?:at|in) (?:her|his|their) (?:home|house|flat) (?:on|in|at) [A-Z][\w'’]+ \w+",
)
_AGE = re.compile(r"\b(?:aged \d{1,2}|\d{1,2}-year-old|\d{1,2} years old)\b", re.IGNORECASE)
_STREET = re.compile(r"\b[A-Z][\w'’]+ (?:Road|Street|Lane|Avenue|Close|Way|Drive|Court|Row|Walk|Crescent|Terrace)\b")
_CHILD = re.compile(
    rf"\b(?:1[0-7]|[1-9]|{YOUNG_AGES})(?: |-)years?(?: |-)olds?\b|\baged (?:1[0-7]|[1-9]|{YOUNG_AGES})\b|\b(?:schoolboy|schoolgirl|schoolchild|bachgen|plentyn|disgybl)\b"
    r"|\b(?:boys?|girls?|teenagers?|youths?|lads?|child|pupils?|merch)\b,? (?:\(|(?:just |only )?(?:of |aged )?)(?:1[0-7]|[1-9])\b|(?<=\w), (?:1[0-7]|[1-9]),|\bturn(?:ed|s) (?:1[0-7]|[1-9])\b(?!\.\d|:)|\byear (?:[1-9]|1[0-3])(?:s\b| (?:pupil|student|boy|girl|child))",
    re.IGNORECASE,
)
_CHILD_SCHOOL = re.compile(
    r"\b(?:boy|girl|teenager|youth|child|pupil|student|schoolboy|schoolgirl|he|she|year-old)s?\b[^.!?\n]{0,50}\b(?:pupil|student|from|attends?|goes to|go to|at|of) (?:at )?(?:the )?(?:(?:[A-Z][\w'’.]+ ){1,4}(?:School|Academy|College|Primary|High|Comprehensive|Secondary|Grammar|Juniors?|Infants?)|Ysgol (?:Gyfun |Gynradd |Uwchradd )?[A-Z]\w+(?: [A-Z]\w+)?)\b"
)
_JOB = (
    r"(?:barmaid|barman|bartender|nurse|teacher|waitress|waiter|student|pupil|carer|cleaner|receptionist|hairdresser|secretary|doctor|vicar|chef|cook|midwife|librarian|apprentice"
    r"|(?:shop|bar|care|factory|office|hotel|hospital) (?:worker|assistant|keeper|manager)|(?:taxi|bus|delivery) driver|dinner lady|student nurse)"
)
_WORKPLACE = re.compile(
    rf"\b(?:on|of|by|against|attack(?:ed|ing)|assault(?:ed|ing)?|rap(?:ed|ing)|abus(?:ed|ing)|groom(?:ed|ing)|follow(?:ed|ing)|target(?:ed|ing)|touch(?:ed|ing)) (?:an?|the|another) (?:[\w-]+ ){{0,3}}{_JOB} (?:(?:who )?(?:works|worked|working|studies|studying) )?(?:nights |days |part-time )?(?:from|at|of|in|behind the bar at) (?:the )?[A-Z][\w'’]+(?: [A-Z][\w'’]+)*"
    rf"|\b{_JOB} (?:from|at|of) (?:the )?[A-Z][\w'’]+(?: [A-Z][\w'’]+){{0,3}},? (?:\w+ ){{0,3}}(?:when|while|as) (?:he|she|they|they were|she was|he was)\b"
)


def check_complainants(subject: Subject) -> Iterator[Finding]:
    """VICTIM_IDENTIFIABLE: what identifies who complained of a sexual offence or trafficking (R05)."""
    found = _SEXUAL.search(subject.text)
    if found is None and subject.offence_class != "sexual":
        return
    offence = found[0] if found else "a sexual offence or trafficking"
    text, names = subject.text, find_names(subject.text)
    victim = next((name for name in names if name.role == "victim"), None)
    named = any(name.role == "person" for name in names)
    relation, home = _RELATION.search(text), _HOME.search(text) or _WORKPLACE.search(text)
    school = _SCHOOL.search(text)
    details = [m for m in (relation, school, home, _AGE.search(text), _STREET.search(text)) if m]
    if victim is not None:
        span, why = (victim.start, victim.end), "names the person who complained"
    elif home or (school and (relation or re.search(r"\b(?:victim|survivor|complainant)\b", text))):
        match = home or school
        assert match is not None
        span, why = match.span(), "tells where the person who complained lives, works or learns"
    elif relation and (named or len(details) >= 3):
        span, why = relation.span(), "adds up with the rest: people who know the family will know who it is"
    else:
        return
    yield Finding(
        "VICTIM_IDENTIFIABLE",
        "block",
        "R05",
        f"'{text[slice(*span)]}' {why}. In a case of '{offence}' they must not be identifiable, for life. Take it out.",
        "text",
        span,
    )


def check_children(subject: Subject) -> Iterator[Finding]:
    """CHILD_IDENTIFIED in a case, CHILD_NAMED outside of one.  A missing child's appeal is the exception that R06
    names; corporate communications approve it, as every missing person appeal (R41)."""
    if subject.rules_of == "appeal_missing":
        return
    in_case = stage_of(subject) != "none" and subject.rules_of not in LIGHT
    for name in find_names(subject.text):
        young = name.age is not None and name.age < 18
        perhaps = in_case and subject.involves_under_18 and name.age is None
        if (young or perhaps) and name.role not in ("staff", "official"):
            who = f"a child of {name.age}" if young else "a person in a case that somebody under 18 is part of"
            yield Finding(
                "CHILD_IDENTIFIED" if in_case else "CHILD_NAMED",
                "block" if in_case else "needs_approval",
                "R06",
                f"'{name.words}' names {who}. "
                + ("Nobody under 18 may be named in a case. Take the name out."
                   if in_case else "Ask a parent, and let corporate communications decide, or take the name out."),
                "text",
                (name.start, name.end),
            )  # fmt: skip
            return
    if in_case and _CHILD.search(subject.text) and (school := _CHILD_SCHOOL.search(subject.text)):
        yield Finding(
            "CHILD_IDENTIFIED",
            "block",
            "R06",
            f"'{school[0]}' tells a child's school. Nobody under 18 may be identifiable in a case. Take the school out.",
            "text",
            school.span(),
        )
