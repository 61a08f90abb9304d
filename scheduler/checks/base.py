"""What a check is given and what it hands back."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One fault.  code: a stable name such as ALT_MISSING.  level: block (it may not go out like this) or warn.

    rule: id of the rule behind it, or '' where it is the network's own limit.  message: a sentence that says what to
    do.  column: the part of the post it is about, named as in an imported file."""

    code: str
    level: Literal["block", "warn"]
    rule: str
    message: str
    column: str


@dataclass(frozen=True)
class MediaFact:
    """kind: image or video.  captions: yes, no or na."""

    kind: str
    alt_text: str
    captions: str


@dataclass(frozen=True)
class Subject:
    """One post as it would appear on one account.

    account: its name, None when no account is chosen yet.  length: units as the network counts them.
    most_length, most_images, most_alt_text: the network's limits."""

    text: str
    media: tuple[MediaFact, ...] = ()
    account: str | None = None
    length: int = 0
    most_length: int | None = None
    most_images: int | None = None
    most_alt_text: int | None = None
