"""What has to be said about a picture before residents see it: whom it shows, whose it is, and for a person of an
enquiry who approved it, why, that nobody else can be recognised, and when somebody looks at it again (R07, R09, R14)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from social.errors import Problem

IMAGE_SOURCES: Mapping[str, str] = {
    "own": "taken by the force",
    "cctv": "CCTV or doorbell camera",
    "custody": "custody picture",
    "family": "given by the family",
    "partner": "given by a partner",
    "stock": "stock picture",
}
"""Where a picture can come from, with the words for people."""
OTHERS_MASKED: Mapping[str, str] = {
    "yes": "yes, they are masked",
    "none": "nobody else can be seen",
    "no": "no, somebody else can be recognised",
}
"""The answers to whether other people in the picture are masked."""


@dataclass(frozen=True)
class PictureAnswers:
    """The fields are those of `posts.Media`; None and '' mean that nobody answered."""

    shows_person: bool | None = None
    source: str = ""
    owner: str = ""
    licence: str = ""
    consent: str = ""
    lawful_reason: str = ""
    enquiry_approver: str = ""
    others_masked: str = ""
    review_by: date | None = None

    def fields(self) -> dict[str, Any]:
        """By name, as the table has them."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


NO_ANSWERS = PictureAnswers()


def answers_of(medium: Any) -> PictureAnswers:
    """The answers that a stored picture has."""
    return PictureAnswers(**{one.name: getattr(medium, one.name) for one in fields(PictureAnswers)})


COLUMNS: dict[str, str] = {
    "shows_person": "whether the picture shows somebody who can be recognised: yes or no",
    "image_source": f"where the picture comes from: {', '.join(IMAGE_SOURCES)}",
    "image_owner": "whose picture it is",
    "image_licence": "on what terms it may be used",
    "image_consent": "who agreed to be shown, and when; outside of enquiries",
    "image_reason": "why it is lawful, necessary and proportionate to show the person (R07)",
    "image_approver": "who of the enquiry (SIO or OIC) approved the picture (R07)",
    "others_masked": "other people in the picture: yes (masked), none (nobody else), no (R07)",
    "review_by": "day on which somebody looks whether it must stay online, as 2026-03-13 (R07)",
}
"""The columns of an imported file that hold the answers."""


def answers_from(cells: Mapping[str, str]) -> tuple[PictureAnswers, list[Problem]]:
    """The answers in the cells of COLUMNS, and what of them cannot be read.  A blank cell is no answer."""
    problems = []
    shows, review = cells["shows_person"].lower(), cells["review_by"]
    if shows not in ("", "yes", "no"):
        problems.append(Problem(f"'{shows}' is not known. Give yes or no.", column="shows_person"))
    day = None
    if review:
        try:
            day = date.fromisoformat(review)
        except ValueError:
            problems.append(Problem(f"'{review}' is no day. Write it as 2026-03-13.", column="review_by"))
    answers = PictureAnswers(
        shows_person={"yes": True, "no": False}.get(shows),
        source=cells["image_source"].lower(),
        owner=cells["image_owner"],
        licence=cells["image_licence"],
        consent=cells["image_consent"],
        lawful_reason=cells["image_reason"],
        enquiry_approver=cells["image_approver"],
        others_masked=cells["others_masked"].lower(),
        review_by=day,
    )
    return answers, [*problems, *unknown_answers(answers)]


def words_of(answers: PictureAnswers) -> dict[str, str]:
    """What was answered, as the cells of COLUMNS hold it; blank ones are left out."""
    shows = {True: "yes", False: "no", None: ""}[answers.shows_person]
    given = (shows, answers.source, answers.owner, answers.licence, answers.consent, answers.lawful_reason,
             answers.enquiry_approver, answers.others_masked, answers.review_by.isoformat() if answers.review_by else "")  # fmt: skip
    return {column: words for column, words in zip(COLUMNS, given, strict=True) if words}


def unknown_answers(answers: PictureAnswers) -> Iterator[Problem]:
    """Answers that are none of those that can be given."""
    for column, value, known in (
        ("image_source", answers.source, IMAGE_SOURCES),
        ("others_masked", answers.others_masked, OTHERS_MASKED),
    ):
        if value and value not in known:
            yield Problem(f"'{value}' is not known. Give one of: {', '.join(known)}.", column=column)
