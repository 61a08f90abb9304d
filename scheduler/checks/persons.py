"""Whom a name or a telling detail is about, of all those that a post speaks of."""

import re

from scheduler.checks.details import Detail
from scheduler.checks.mentions import Mention, mentions_in
from scheduler.checks.names import Name

_JOINS = re.compile(
    r"^(?:,|:| -| –| —| \(|\))? ?(?:(?:who (?:is|was|has been)|is|was|has been|have been) )?(?:(?:since |now |formally |today )?(?:named|identified|known)(?: locally| on social media| online| by \w+| by (?:his|her|their|the) family)?(?: as| to be)?|called|o['’]r enw|sef|from [\w ]+,)?:? ?$",
    re.IGNORECASE,
)
_NAMED_AS = re.compile(r"\b(?:named|identified)(?: \w+){0,3} as $", re.IGNORECASE)
_JOINED_ON = re.compile(
    r"^(?:,| -| –| —| \()? ?(?:who (?:is|was) |is |was |and \w+, )?(?:(?:an?|the|our|both|just|only|also|aged|in|y|yn|sy['’]n) ?){0,3}(?:[\w'’-]+ ){0,2}$",
    re.IGNORECASE,
)
TELLS = {
    "school": "where they learn",
    "work": "where they work",
    "club": "what they belong to",
    "home": "where they live",
    "family": "whose child they are",
}


def about(detail: Detail, text: str) -> Mention | None:
    """Whom a detail is about: who is mentioned in it, else the last one before it in the sentence, else the next."""
    people = mentions_in(text)
    within = [one for one in people if detail.start <= one.start < detail.end]
    before = [one for one in people if one.end <= detail.start]
    after = [one for one in people if one.start >= detail.end and one.start - detail.end < 25]
    same = [one for one in before if not re.search(r"[.!?]\s|\n| \| ", text[one.end : detail.start])]
    child = next((one for one in within if one.child), None)
    if child is not None:
        return child
    for group in (within[:1], same[-1:], after[:1]):
        if group:
            return group[0]
    return None


def joined(name: Name, text: str) -> Mention | None:
    """Who it is that a name stands beside: 'the boy, named locally as ...', '..., a pupil in Year 9'."""
    people = mentions_in(text)
    before = [one for one in people if one.end <= name.start and _JOINS.match(text[one.end : name.start])]
    after = [one for one in people if one.start >= name.end and _JOINED_ON.match(text[name.end : one.start])]
    if before or after:
        return before[-1] if before else after[0]
    if _NAMED_AS.search(text[: name.start]):
        return next((one for one in reversed(people) if one.end <= name.start and not one.pronoun), None)
    return None
