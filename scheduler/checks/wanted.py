"""A wanted person's picture comes down as soon as possible after the arrest, so no new one goes up (R08)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject

_AGAIN = re.compile(
    r"\b(?:recall(?:ed)?|fail(?:ed|ure|ing)? to (?:appear|attend|surrender|return|answer|comply|turn up)|did not (?:appear|attend|return|surrender)"
    r"|abscond\w*|escap(?:ed|e|ee)|at large|on the run|unlawfully at large|breach(?:ed|ing|es)?|broke (?:his|her|their|the terms)|skipped (?:bail|court)"
    r"|left (?:an? |the )?(?:open )?(?:prison|hospital|approved premises|bail hostel)|warrant|licence|walked out of|released (?:in error|by mistake)"
    r"|gwarant|ffoi|wedi dianc|heb (?:ddychwelyd|ymddangos)|galw yn ôl|ar ffo)\b",
    re.IGNORECASE,
)
_CAUGHT = frozenset({"arrested", "charged", "convicted", "sentenced"})


def check_wanted(subject: Subject) -> Iterator[Finding]:
    """WANTED_PICTURE: a wanted person's picture while the case is at arrest or later.

    Somebody who was charged or convicted and then failed to appear, or was recalled to prison, is wanted again: the
    post has to say so."""
    if subject.rules_of != "appeal_wanted" or not subject.pictures or subject.case_stage not in _CAUGHT:
        return
    if subject.case_stage != "arrested" and _AGAIN.search(subject.text):
        return
    yield Finding(
        "WANTED_PICTURE",
        "block",
        "R08",
        f"This appeal shows a wanted person whose case is at the stage '{subject.case_stage}'. After the arrest such a "
        "picture comes down. Close the appeal; if they are wanted again, say why, such as failed to appear in court.",
        "case_stage",
    )
