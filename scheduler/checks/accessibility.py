"""Can residents who do not see or hear well follow the post (R32)?"""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject

_NO_WORDS = re.compile(
    r"^\W*(?:(?:an? |the )?(?:image|photo|picture|pic|photograph|graphic|img|dsc|screenshot|alt ?text|description|llun)s?"
    r"|n/?a|none|null|tbc|tba|todo|to follow|to be added|untitled|x+|(?:img|dsc|pxl|image|photo|screenshot)[ _-]?\d[\w -]*"
    r"|[\w -]+\.(?:jpe?g|png|gif|webp|heic|mp4|mov))?\W*$",
    re.IGNORECASE,
)


def describes_nothing(alt_text: str) -> bool:
    """Whether a description is empty, or only says that there is a picture: 'photo', 'IMG_2031.jpg', 'tbc'."""
    return _NO_WORDS.match(alt_text) is not None


def check_accessibility(subject: Subject) -> Iterator[Finding]:
    """ALT_MISSING: a picture without a description.  CAPTIONS_MISSING: a film without reviewed captions."""
    pictures = [medium for medium in subject.media if medium.kind == "image"]
    for number, picture in enumerate(pictures, 1):
        which = f"picture {number}" if len(pictures) > 1 else "the picture"
        if describes_nothing(picture.alt_text):
            said = f" ('{picture.alt_text.strip()}' says nothing about it)" if picture.alt_text.strip() else ""
            yield Finding(
                "ALT_MISSING",
                "block",
                "R32",
                f"{which.capitalize()} has no description{said}. Write what it shows, for people who cannot see it.",
                "alt_text",
            )
        elif subject.most_alt_text is not None and len(picture.alt_text) > subject.most_alt_text:
            over = len(picture.alt_text) - subject.most_alt_text
            yield Finding(
                "ALT_TOO_LONG",
                "block",
                "",
                f"The description of {which} is {over} characters too long for {subject.account}, which takes "
                f"{subject.most_alt_text}. Shorten it.",
                "alt_text",
            )
    if any(medium.kind == "video" and medium.captions != "yes" for medium in subject.media):
        yield Finding(
            "CAPTIONS_MISSING",
            "block",
            "R32",
            "The video has no reviewed captions. Add them, for people who cannot hear it.",
            "captions",
        )
