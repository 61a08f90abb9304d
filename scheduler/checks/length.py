"""Does it fit the network?  Lengths are the network's own count, so an emoji or a link may weigh more or less."""

from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject


def check_length(subject: Subject) -> Iterator[Finding]:
    """TOO_LONG, TOO_MANY_PICTURES, NOTHING_TO_SAY."""
    if not subject.text.strip():
        yield Finding("NOTHING_TO_SAY", "block", "", "There are no words. Write the text of the post.", "text")
    if subject.most_length is not None and subject.length > subject.most_length:
        yield Finding(
            "TOO_LONG",
            "block",
            "",
            f"The text is too long for {subject.account}: {subject.length} characters as that network counts them, "
            f"{subject.length - subject.most_length} more than the {subject.most_length} it takes. Shorten it, or "
            "write a shorter version for that network.",
            "text",
        )
    pictures = sum(medium.kind == "image" for medium in subject.media)
    if subject.most_images is not None and pictures > subject.most_images:
        yield Finding(
            "TOO_MANY_PICTURES",
            "block",
            "",
            f"{pictures} pictures are too many for {subject.account}, which takes {subject.most_images}. "
            "Take some away.",
            "media_files",
        )
