"""The form of a text in which ours and the network's copy of it are compared.

Networks return what we sent in other clothes: entities escaped, links shortened, spaces folded, accents composed.
`find()` decides by this form whether a post landed, so it is coarse on purpose: two texts that readers would call the
same are the same here."""

import re
import unicodedata
from collections.abc import Iterable

_SCHEME = re.compile(r"\bhttps?://(?=\S)", re.IGNORECASE)
_CLOSING_SLASH = re.compile(r"(?<=[\w.])/(?=\s|$)")
_AFTER_A_LINK = r"""(?=/?[.,;:!?)\]}'"\u2019\u201d\u2026>]*(?:\s|$))"""
_EMOJI_STYLE = "\ufe0f"
"""The mark that asks for the coloured form of a sign. Networks add and drop it; readers see the same sign."""


def canonical(text: str) -> str:
    """The text in NFC with its white space folded, and without what networks change in links and emoji."""
    plain = unicodedata.normalize("NFC", text).replace(_EMOJI_STYLE, "")
    folded = " ".join(plain.split())
    return _CLOSING_SLASH.sub("", _SCHEME.sub("", folded))


def has_link(text: str, link: str) -> bool:
    """Whether the link stands in the text by itself, and is not the beginning of a longer one."""
    return link in text and re.search(rf"(?<!\w){re.escape(link)}{_AFTER_A_LINK}", text) is not None


def with_link(text: str, link: str | None) -> str:
    """The text with its link after it, unless the link is in the text already."""
    if not link or has_link(text, link):
        return text
    return f"{text.rstrip()} {link}" if text.strip() else link


def unshortened(text: str, links: Iterable[tuple[str, str]]) -> str:
    """A text as its author wrote it, from X's copy, which escapes three signs and shortens links.

    links: pairs of the short address and what it stands for; '' for one that only stands for a picture."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for short, full in links:
        text = text.replace(short, full)
    return text.strip()
