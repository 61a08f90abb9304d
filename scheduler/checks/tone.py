"""When nobody should be joking (R38): after a serious incident nearby, on a solemn day, about what hurt somebody."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject

_HARM = re.compile(
    r"\b(?:stabb(?:ed|ing)|murder(?:ed)?|killed|died|death|dead|rape[d]?|sexual(?:ly)?|suicide|overdose|fatal(?:ity)?|funeral|victims?|domestic abuse|assault(?:ed)?|"
    r"hate crime|missing (?:person|child|man|woman|girl|boy)|bereaved)\b",
    re.IGNORECASE,
)


def check_tone(subject: Subject) -> Iterator[Finding]:
    """LIGHT_AFTER_INCIDENT, LIGHT_ON_SOLEMN_DAY, LIGHT_ABOUT_HARM."""
    if not subject.kind.light:
        return
    if subject.incident:
        yield Finding(
            "LIGHT_AFTER_INCIDENT",
            "block",
            "R38",
            f"{subject.incident}. A light post within 72 hours of it, where people are hurt or afraid, does lasting "
            "harm. Give it a later day.",
            "scheduled_local",
        )
    if subject.solemn:
        yield Finding(
            "LIGHT_ON_SOLEMN_DAY",
            "block",
            "R38",
            f"The day of this post is {subject.solemn}, a solemn day, on which no light post goes out. Give it another "
            "day.",
            "scheduled_local",
        )
    if harm := _HARM.search(subject.text):
        yield Finding(
            "LIGHT_ABOUT_HARM",
            "advise",
            "R38",
            f"'{harm[0]}' in a lighthearted post can hurt people who were harmed. Choose another joke.",
            "text",
            harm.span(),
        )
