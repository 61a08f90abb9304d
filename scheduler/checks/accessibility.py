"""Can residents who do not see or hear well follow the post (R32)?"""

from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject


def check_accessibility(subject: Subject) -> Iterator[Finding]:
    """ALT_MISSING: a picture without a description.  CAPTIONS_MISSING: a film without reviewed captions."""
    pictures = [medium for medium in subject.media if medium.kind == "image"]
    for number, picture in enumerate(pictures, 1):
        which = f"picture {number}" if len(pictures) > 1 else "the picture"
        if not picture.alt_text.strip():
            yield Finding(
                "ALT_MISSING",
                "block",
                "R32",
                f"{which.capitalize()} has no description. Write what it shows, for people who cannot see it.",
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
