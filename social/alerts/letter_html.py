"""The words of a letter in HTML, at a cost that grows with its length alone, whatever a stranger has made of it.

The parser of the standard library goes through the rest of the text again for every tag that is not closed: a letter of a
few hundred kilobytes would keep the letterbox for half an hour. Nothing here looks at a character more than a few times."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40}+)"""
    r"""(?P<more>(?:[^<>"']|"[^"]{0,500}+"|'[^']{0,500}+'){0,2000}+>|[^<>]*+>)"""
)
_NAMED = re.compile(r"""\b(id|class|type)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_DECLARED = re.compile(r"<[!?][^<>]*+>")
_LONGEST_NAMES = 2_000
"""Characters of a tag in which its id and classes are looked for."""
_BREAKS = frozenset(
    ("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "tr", "ul")
)  # fmt: skip
_NOT_WORDS = ("script", "style")
"""What stands in these is no HTML, up to their own end."""
_UNSEEN = frozenset(("head", "template", "title", *_NOT_WORDS))
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_QUOTES = frozenset(("gmail_quote", "gmail_attr", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix"))
_FROM_HERE = frozenset(("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"))


def seen_and_own(html: str) -> tuple[str, str]:
    """All the words that somebody sees, and those that are not marked as quoted.  Never raises."""
    reader = _Words()
    for part in _parts(html):
        if isinstance(part, str):
            reader.say(re.sub(r"\s+", " ", _unescaped(part)))
        elif part["end"]:
            reader.close(part["name"].lower())
        else:
            reader.open(part["name"].lower(), part["more"][:_LONGEST_NAMES])
    return "".join(reader.all), "".join(reader.own)


def _parts(html: str) -> Iterator[str | re.Match[str]]:
    """Words and tags in their order. A '<' that begins nothing is a word."""
    at = since = 0
    endless: set[str] = set()
    """Ends that were looked for and do not come any more."""
    while (at := html.find("<", at)) >= 0:
        tag = _TAG.match(html, at)
        after = tag.end() if tag is not None else _behind_what_is_no_tag(html, at, endless)
        if after == at:
            at += 1
            continue
        yield html[since:at]
        if tag is not None:
            yield tag
            if not tag["end"] and tag["name"].lower() in _NOT_WORDS:
                after = _find(html, f"</{tag['name'].lower()}", after, endless, after)
        at = since = after
    yield html[since:]


def _behind_what_is_no_tag(html: str, at: int, endless: set[str]) -> int:
    """Where a comment or a declaration that begins here ends; here, where none does."""
    if html.startswith("<!--", at):
        end = _find(html, "-->", at + 4, endless, at)
        return end + 3 if end > at else at
    declared = _DECLARED.match(html, at)
    return declared.end() if declared is not None else at


def _find(html: str, end: str, start: int, endless: set[str], otherwise: int) -> int:
    """Where the end stands; looked for in vain only once."""
    if end in endless:
        return otherwise
    found = re.compile(re.escape(end), re.IGNORECASE).search(html, start)
    if found is None:
        endless.add(end)
        return otherwise
    return found.start()


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a number of thousands of digits
        return text


class _Words:
    """Collects words; a quoted part is left out of `own` with all that is in it."""

    def __init__(self) -> None:
        self.own: list[str] = []
        self.all: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []
        self._known: Counter[str] = Counter()
        self._over = False

    def open(self, tag: str, more: str) -> None:
        if tag in _BREAKS:
            self.say("\n")
        if tag in _EMPTY:
            return
        named = {one[1].lower(): one[2] or one[3] or one[4] or "" for one in _NAMED.finditer(more)}
        self._over = self._over or named.get("id", "") in _FROM_HERE
        quoted = (tag == "blockquote" and named.get("type") == "cite") or bool(
            _QUOTES & set(named.get("class", "").split())
        )
        unseen, inside = self._state()
        self._open.append((tag, unseen or tag in _UNSEEN, inside or quoted))
        self._known[tag] += 1

    def close(self, tag: str) -> None:
        if tag in _BREAKS:
            self.say("\n")
        while self._known[tag]:
            last = self._open.pop()[0]
            self._known[last] -= 1
            if last == tag:
                return

    def say(self, words: str) -> None:
        unseen, quoted = self._state()
        if not unseen:
            self.all.append(words)
            if not quoted and not self._over:
                self.own.append(words)

    def _state(self) -> tuple[bool, bool]:
        return (self._open[-1][1], self._open[-1][2]) if self._open else (False, False)
