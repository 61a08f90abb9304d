"""Pictures of people (R07, R09), as far as their descriptions tell what they show."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.checks.stages import stage_of

_CUSTODY = re.compile(
    r"\b(?:custody (?:image|photo|photograph|picture|shot)|mug ?-?shot|police photograph of|llun dalfa)\b",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"\b(?:cctv|still|e-?fit|image|photo|photograph|picture|portrait|head and shoulders|llun)\b[^.]{0,40}\bo[f]? (?:an? |the |two |three )?(?:\w+ ){0,2}"
    r"(?:man|men|woman|women|boys?|girls?|person|people|teenagers?|youths?|suspects?|male|female|dyn|dynes)\b",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"\b(?:blurred|pixelated|masked|from behind|face hidden|faces hidden|not shown|silhouette)\b", re.IGNORECASE
)
_CHILDREN = re.compile(
    r"\b(?:child|children|pupils?|toddler|schoolboys?|schoolgirls?|boys?|girls?|cubs|scouts|brownies|plant)\b(?!['’]s)",
    re.I,
)
_PICTURE_KINDS = frozenset({"appeal_image", "appeal_missing", "appeal_wanted", "court_result"})


def check_pictures(subject: Subject) -> Iterator[Finding]:
    """CUSTODY_PICTURE, PERSON_PICTURED, CHILD_PICTURED."""
    for medium in subject.pictures:
        alt = medium.alt_text
        custody = _CUSTODY.search(alt) or _CUSTODY.search(subject.text)
        if custody and stage_of(subject) != "sentenced":
            wanted = subject.content_type in ("appeal_wanted", "appeal_missing")
            yield Finding(
                "CUSTODY_PICTURE",
                "needs_approval" if wanted else "block",
                "R09",
                f"'{custody[0]}': a custody picture is for after the sentence, and a last resort in an appeal. Use "
                "another picture, or none.",
                "alt_text",
            )
        elif (shown := _OF_A_PERSON.search(alt)) and not _MASKED.search(alt):
            yield Finding(
                "PERSON_PICTURED",
                "needs_approval" if subject.content_type not in _PICTURE_KINDS else "advise",
                "R07",
                f"'{shown[0]}' shows a person. That needs a lawful purpose, recorded reasons, other people masked and "
                "a day to review it. Corporate communications decide.",
                "alt_text",
                shown.span(),
            )
        elif (child := _CHILDREN.search(alt)) and not _MASKED.search(alt) and subject.content_type != "appeal_missing":
            yield Finding(
                "CHILD_PICTURED",
                "advise",
                "R06",
                f"'{child[0]}': the picture seems to show children. Make sure that a parent's consent is recorded, or "
                "that no face can be seen.",
                "alt_text",
                child.span(),
            )
