"""What a post of several parts says: a line of three dashes in its words begins the next part.

Where a network knows threads each part is a post that answers the one before; elsewhere the parts are one post with a
blank line between them. Nothing here asks a network or a database."""

import re

from social.channels.base import Draft
from social.channels.canonical import canonical, has_link

MOST_PARTS = 20
"""A thread that is longer is an article: put it on a page and lead there."""
_ENDS = r"\r\x0b\x0c\x85\u2028\u2029"
_BLANKS = rf"[^\S\n{_ENDS}]*"
BREAK = re.compile(rf"(?:^|(?<=[{_ENDS}])){_BLANKS}(?:-{{3,}}|\u2014-+){_BLANKS}(?=$|[{_ENDS}])", re.MULTILINE)
"""The line between two parts, whatever a word processor ends a line with or puts beside the dashes. Telephones make a
long dash of the first two; a long dash by itself is somebody's own."""


def parts_of(text: str) -> tuple[str, ...]:
    """The words of each part, in order; one for a post of one part."""
    parts = tuple(part.strip() for part in BREAK.split(text))
    return tuple(part for part in parts if part) or ("",)


def has_breaks(text: str) -> bool:
    """Whether a line of dashes stands in it.  Asked of every post, so most are told by a look for a dash."""
    return ("---" in text or "\u2014" in text) and BREAK.search(text) is not None


def is_thread(text: str) -> bool:
    """Whether the words have more than one part."""
    return has_breaks(text) and len(parts_of(text)) > 1


def joined(text: str) -> str:
    """The parts as one post."""
    return "\n\n".join(parts_of(text)) if has_breaks(text) else text


def without_breaks(text: str) -> str:
    """The words as checks read them: blanks in place of the dashes, so that every word stays where it stands."""
    return BREAK.sub(lambda line: " " * len(line[0]), text) if has_breaks(text) else text


def drafts_of(text: str, link: str | None, *, threads: bool) -> tuple[Draft, ...]:
    """What is to be published, in order: a draft for each part where the network knows threads, else one.

    The link goes with the first part, unless one of them has it in its words already."""
    parts = parts_of(text) if threads and is_thread(text) else (joined(text),)
    if len(parts) == 1:
        return (Draft(parts[0], link),)
    first = link if link and not has_link(text, link) else None
    return tuple(
        Draft(words, first if number == 1 else None, to_come=len(parts) - number)
        for number, words in enumerate(parts, 1)
    )


def said_twice(text: str) -> tuple[int, int] | None:
    """The first two parts, by number, that say the same; None when all differ.  Networks refuse the second one."""
    seen: dict[str, int] = {}
    if not has_breaks(text):
        return None
    for number, words in enumerate(parts_of(text), 1):
        first = seen.setdefault(canonical(words), number)
        if first != number:
            return first, number
    return None
