"""What the force set for itself on the page Settings: words that corporate communications look at, hours in which posts
are better not sent; and pictures whose day of review will have passed when the post goes out (R07)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from scheduler.checks.base import Finding, Subject


def check_house(subject: Subject) -> Iterator[Finding]:
    """HOUSE_WORD, QUIET_HOURS, IMAGE_REVIEW_PASSED."""
    for column, words in subject.parts:
        for found in _words(subject.house_words).finditer(words) if subject.house_words else ():
            yield Finding(
                "HOUSE_WORD", "needs_approval", "",
                f"'{found[0]}' is on the force's word list, so corporate communications look at this post first. Choose "
                "other words, or send it for approval.",
                column, found.span(),
            )  # fmt: skip
    if subject.quiet:
        yield Finding(
            "QUIET_HOURS", "advise", "",
            f"Its time lies in the force's quiet hours, {subject.quiet}: few residents read it, and nobody may be there to "
            "answer. Choose another time unless it cannot wait.",
            "scheduled_local",
        )  # fmt: skip
    for medium in subject.pictures:
        day = medium.answers.review_by
        if day is not None and subject.day is not None and day < subject.day:
            yield Finding(
                "IMAGE_REVIEW_PASSED", "block", "R07",
                f"The picture was to be reviewed by {day:%d %B %Y}, and the post goes out after that. Look whether it may "
                "still be shown and give it a new day, or use another picture.",
                "review_by",
            )  # fmt: skip


@lru_cache(maxsize=8)
def _words(listed: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words and phrases, whatever their case and spacing; the longest first."""
    parts = (r"\s+".join(map(re.escape, one.split())) for one in sorted(listed, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
