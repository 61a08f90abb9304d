"""What a check is given and what it hands back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "needs_approval", "advise"]
LEVELS: tuple[Level, ...] = ("block", "needs_approval", "advise")
"""Most serious first."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    """One thing to know about a post.

    code: a stable name such as ALT_MISSING.  level: block (it may not go out like this), needs_approval (corporate
    communications must look at it) or advise (nothing is stopped).  rule: id of the rule behind it, or '' where it
    is the network's own limit or plain good practice.  message: says which words, why it matters and what to do.
    column: the part of the post it is about, named as in an imported file.  span: start and end of the words in that
    part, counted in characters; None when it is about the whole."""

    code: str
    level: Level
    rule: str
    message: str
    column: str
    span: Span | None = None


@dataclass(frozen=True)
class MediaFact:
    """kind: image or video.  captions: yes, no or na."""

    kind: str
    alt_text: str
    captions: str


@dataclass(frozen=True)
class OtherPost:
    """Another post that this one is held against.

    text: its words.  when: for people, such as '6 May 2026, 12:30'.  place: its area, None for no single one.
    clashes: due within 30 minutes on the same account, by another team."""

    text: str
    when: str
    place: str | None = None
    clashes: bool = False


@dataclass(frozen=True)
class Subject:
    """One post as it would appear on one account.

    account: its name, None when no account is chosen yet.  length: units as the network counts them.
    most_length, most_images, most_alt_text: the network's limits.  content_type: a key of `content_types`, '' while
    undecided.  case_stage: one of CASE_STAGES.  lang: en, cy or cy+en.  place, force: names of the area and its force.
    others: posts of the last days, and those due at about the same time."""

    text: str
    media: tuple[MediaFact, ...] = ()
    account: str | None = None
    length: int = 0
    most_length: int | None = None
    most_images: int | None = None
    most_alt_text: int | None = None
    content_type: str = ""
    channel: str = ""
    lang: str = "en"
    case_stage: str = "none"
    appeal_ref: str | None = None
    link: str | None = None
    place: str | None = None
    force: str | None = None
    others: tuple[OtherPost, ...] = ()

    @property
    def pictures(self) -> tuple[MediaFact, ...]:
        """Pictures and films: both may show a person."""
        return tuple(medium for medium in self.media if medium.kind in ("image", "video"))

    @property
    def parts(self) -> Iterator[tuple[str, str]]:
        """Everything that residents read, as (column, words): the text and each description."""
        yield "text", self.text
        for medium in self.media:
            if medium.alt_text.strip():
                yield "alt_text", medium.alt_text


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is typed as one text."""
    return frozenset(text.split())
