"""Pictures of people (R07, R09) and of others (R14): by what is answered about them, and where nobody was asked by
what their descriptions tell."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, MediaFact, Span, Subject
from scheduler.checks.stages import stage_of
from scheduler.picture_answers import PictureAnswers

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
"""Kinds whose picture is of a person as a rule; corporate communications approve them anyway (R41)."""
_CASE_KINDS = _PICTURE_KINDS | {"arrest_update"}
_OF_OTHERS = frozenset({"partner", "stock"})


def check_pictures(subject: Subject) -> Iterator[Finding]:
    """CUSTODY_PICTURE, IMAGE_LICENCE, IMAGE_PERSON, PERSON_PICTURED, CHILD_PICTURED."""
    for medium in subject.pictures:
        custody = _custody(subject, medium)
        if custody is not None:
            yield custody
        if medium.answers.source in _OF_OTHERS and not medium.answers.licence.strip():
            yield Finding(
                "IMAGE_LICENCE",
                "block",
                "R14",
                "The picture is a partner's or from a library, and no permission or licence is recorded. Write down on "
                "what terms it may be used, or use a picture of our own.",
                "image_licence",
            )
        person = _person(subject, medium)
        if person is not None and (custody is None or person.level == "block"):
            yield person
        if person is None and custody is None:
            yield from _children(subject, medium)


def _custody(subject: Subject, medium: MediaFact) -> Finding | None:
    """R09: for a defendant after the sentence, and in a missing person appeal as a last resort."""
    said = _CUSTODY.search(medium.alt_text) or _CUSTODY.search(subject.text)
    if medium.answers.source != "custody" and said is None:
        return None
    allowed = stage_of(subject) == "sentenced" or subject.rules_of == "appeal_missing"
    words = f"'{said[0]}'" if said else "A custody picture"
    todo = "Corporate communications decide." if allowed else "Use another picture, or none, until the sentence."
    return Finding(
        "CUSTODY_PICTURE",
        "needs_approval" if allowed else "block",
        "R09",
        f"{words}: a custody picture is for after the sentence, and a last resort in an appeal. {todo}",
        "alt_text",
    )


def _person(subject: Subject, medium: MediaFact) -> Finding | None:
    """R07: what is said, or what the description tells, about a person in the picture."""
    answers, shown = medium.answers, _OF_A_PERSON.search(medium.alt_text)
    if shown is not None and _MASKED.search(medium.alt_text):
        shown = None
    if _says_person(answers):
        missing = list(_missing_answers(subject, answers))
        if missing:
            return Finding(
                "IMAGE_PERSON",
                "block",
                "R07",
                f"The picture shows a person, so it cannot be scheduled yet. Still needed: {'; '.join(missing)}.",
                "image_person",
            )
        return None if _consented(subject, answers) else _pictured(subject, "The picture", None)
    expected = shown is not None or subject.rules_of in _PICTURE_KINDS
    if answers.shows_person is None and expected and subject.answering:
        what = (
            f"'{shown[0]}' seems to show a person" if shown else "A picture of this kind of post is often of a person"
        )
        return Finding(
            "IMAGE_PERSON",
            "block",
            "R07",
            f"{what}. Say whether it does; if so: who in the enquiry approved it, why, that other people are masked, "
            "and a day to review it.",
            "image_person",
        )
    return _pictured(subject, f"'{shown[0]}'", shown.span()) if shown else None


def _says_person(answers: PictureAnswers) -> bool:
    """Whether somebody answered that a person is shown, or answered what is only asked of such a picture."""
    if answers.shows_person is not None:
        return answers.shows_person
    given = (answers.lawful_reason, answers.enquiry_approver, answers.others_masked, answers.consent)
    return any(given) or answers.review_by is not None or answers.source in ("custody", "cctv")


def _consented(subject: Subject, answers: PictureAnswers) -> bool:
    """Whether consent is enough: people at an event or of the force itself, and nobody in an enquiry."""
    enquiry = subject.rules_of in _CASE_KINDS or answers.source in ("custody", "cctv") or stage_of(subject) != "none"
    return bool(answers.consent.strip()) and not enquiry


def _missing_answers(subject: Subject, answers: PictureAnswers) -> Iterator[str]:
    if answers.others_masked == "no":
        yield "mask the other people in it"
    if _consented(subject, answers):
        return
    if not answers.enquiry_approver.strip():
        yield "who in the enquiry (SIO or OIC) approved it"
    if not answers.lawful_reason.strip():
        yield "the reason why it is lawful, necessary and proportionate"
    if not answers.others_masked:
        yield "whether other people in it are masked"
    if answers.review_by is None:
        yield "the day on which somebody reviews it"


def _pictured(subject: Subject, what: str, span: Span | None) -> Finding:
    return Finding(
        "PERSON_PICTURED",
        "needs_approval" if subject.rules_of not in _PICTURE_KINDS else "advise",
        "R07",
        f"{what} shows a person. That needs a lawful purpose, recorded reasons, other people masked and "
        "a day to review it. Corporate communications decide.",
        "alt_text",
        span,
    )


def _children(subject: Subject, medium: MediaFact) -> Iterator[Finding]:
    child = _CHILDREN.search(medium.alt_text)
    if child and not _MASKED.search(medium.alt_text) and subject.rules_of != "appeal_missing":
        yield Finding(
            "CHILD_PICTURED",
            "advise",
            "R06",
            f"'{child[0]}': the picture seems to show children. Make sure that a parent's consent is recorded, or "
            "that no face can be seen.",
            "alt_text",
            child.span(),
        )
