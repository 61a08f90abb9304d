"""Does it fit the network?  Lengths are the network's own count, so an emoji or a link may weigh more or less."""

from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from scheduler.thread_words import MOST_PARTS


def check_length(subject: Subject) -> Iterator[Finding]:
    """TOO_LONG, TOO_MANY_PICTURES, TOO_MANY_PARTS, PARTS_ALIKE, NOTHING_TO_SAY."""
    if not subject.text.strip():
        yield Finding("NOTHING_TO_SAY", "block", "", "There are no words. Write the text of the post.", "text")
    for number, length in enumerate(subject.lengths or (subject.length,), 1):
        if subject.most_length is not None and length > subject.most_length:
            yield Finding(
                "TOO_LONG",
                "block",
                "",
                f"{f'Part {number}' if subject.lengths else 'The text'} is too long for {subject.account}: {length} "
                f"characters as that network counts them, {length - subject.most_length} more than the "
                f"{subject.most_length} it takes. Shorten it, or write a shorter version for that network.",
                "text",
            )
    yield from _parts(subject)
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


def _parts(subject: Subject) -> Iterator[Finding]:
    """What would keep a thread from going out whole."""
    count = len(subject.lengths)
    if count > MOST_PARTS:
        words = (
            f"{count} parts are too many; a thread has {MOST_PARTS} at the most. Put the rest on a page and lead there."
        )
        yield Finding("TOO_MANY_PARTS", "block", "", words, "text")
    if count and subject.twice is not None:
        first, second = subject.twice
        words = f"Parts {first} and {second} say the same, and networks refuse the second. Change one or take it out."
        yield Finding("PARTS_ALIKE", "block", "", words, "text")
