"""The words of a letter: in whatever charset, from HTML where there is nothing else, without what was quoted.

Cutting is careful: what a person may have written themselves stays, and where nothing would be left, all of it does."""

import re

from social.alerts.letter_html import seen_and_own

LONGEST = 20_000
"""Characters; the rest lies in the mailbox."""
GOES_ON = "[The letter is longer. The rest lies in the letterbox.]"

_AS = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030",
       "ks_c_5601-1987": "cp949"}  # fmt: skip
"""What senders call by these names, as browsers take it."""
_NEVER = frozenset(("idna", "punycode"))
"""Codecs for names of hosts, no charsets: what they make of a long text takes hours."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffc]")
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of signs, that some charsets can bring and nothing can write."""
_WROTE = re.compile(r"\s*(?:On|Ar|Le|El|Am|Op|Il)\b.{0,300}?\b(?:wrote|ysgrifennodd\b.*|a écrit|escribió|schrieb.*|schreef.*|ha scritto)\s*:\s*", re.IGNORECASE | re.DOTALL)  # fmt: skip
_ORIGINAL = re.compile(r"\s*-{2,}\s*(?:Original Message|Forwarded message|Neges Wreiddiol)\s*-{2,}\s*", re.IGNORECASE)
_HEADER = re.compile(r"\s*\*?(From|Sent|Date|To|Cc|Subject|Oddi wrth|Anfonwyd|At|Pwnc)\s*:\*?\s.*", re.IGNORECASE)
_RULE = re.compile(r"\s*_{10,}\s*")
_MACHINE_WORDS = re.compile(r"\s*(?:Sent from (?:my|Outlook|Yahoo|Mail|Samsung|Proton)\b.{0,60}|Get Outlook for \w+.{0,60}|Anfonwyd o fy\b.{0,60})\s*", re.IGNORECASE)  # fmt: skip
_LONGEST_ATTRIBUTION = 600
"""Characters of 'On ... wrote:'; what is longer is looked at by nobody."""
_LONGEST_SIGNATURE = 12
"""Lines behind '-- ' that are taken for a signature; more may be words."""


def decoded(content: bytes, charset: str | None) -> str:
    """The text of these bytes, in the charset that they name, else in the likeliest; nothing is dropped.  Never raises."""
    named = (charset or "").strip().strip("\"'").lower()
    named = "" if named in _NEVER else named
    for name in (_AS.get(named, named) or "utf-8", "utf-8", "cp1252"):
        try:
            return _HALVES.sub("\ufffd", content.decode(name))
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def plain(text: str) -> str:
    """One sort of line break, no control characters, no blanks at the ends of lines, no more than one empty line."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def own_words(text: str) -> str:
    """What the writer wrote: without the quoted original, the signature and what telephones add."""
    text = plain(text)
    lines = _without_original(text.split("\n"))
    lines = _without_signature(_without_quotes(lines))
    kept = plain("\n".join(lines)).strip()
    kept = kept if kept else text.strip()
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST].rstrip()}\n\n{GOES_ON}"


def _without_original(lines: list[str]) -> list[str]:
    """Cut at 'Original Message' or at a block of From, Sent, To and Subject, where words stand before it."""
    for number, line in enumerate(lines):
        if number and (_ORIGINAL.fullmatch(line) or _is_header_block(lines, number)):
            before = lines[:number]
            if any(one.strip() and not _MACHINE_WORDS.fullmatch(one) for one in before):
                return before
    return lines


def _is_header_block(lines: list[str], number: int) -> bool:
    start = number + 1 if _RULE.fullmatch(lines[number]) else number
    block = [found.group(1).casefold() for line in lines[start : start + 8] if (found := _HEADER.fullmatch(line))]
    first = bool(block) and start < len(lines) and _HEADER.fullmatch(lines[start]) is not None
    return first and block[0] in ("from", "oddi wrth") and bool({"subject", "pwnc"} & set(block)) and len(block) >= 3


def _without_quotes(lines: list[str]) -> list[str]:
    """Take out quoted blocks and the 'On ... wrote:' above them."""
    kept: list[str] = []
    looked_at = 0
    for line in lines:
        if line.lstrip().startswith(">"):
            if len(kept) != looked_at:
                kept = _without_attribution(kept)
            looked_at = len(kept)
        elif line or not kept or kept[-1]:  # one empty line stays of several
            kept.append(line)
    return _without_attribution(kept, at_the_end=True)


def _without_attribution(kept: list[str], *, at_the_end: bool = False) -> list[str]:
    """Without 'On 3 June 2026 at 10:00, somebody wrote:' as the last one to four lines, which mail programs break."""
    filled = len(kept)
    while filled and not kept[filled - 1].strip():
        filled -= 1
    for length in range(1, 5):
        start = filled - length
        if start >= 0 and sum(map(len, kept[start:filled])) > _LONGEST_ATTRIBUTION:
            break
        if start >= 0 and _WROTE.fullmatch("\n".join(kept[start:filled])) and (start or not at_the_end):
            del kept[start:]
            break
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        # RFC 3676, 4.3: two hyphens and a blank, which `plain` has taken off.
        if line == "--" and number and len(lines) - number <= _LONGEST_SIGNATURE:
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or _MACHINE_WORDS.fullmatch(lines[-1])):
        lines = lines[:-1]
    return lines


def words_of_html(html: str) -> str:
    """The words that somebody sees, without what is marked as quoted; all of them where nothing else would be left.

    Addresses behind links and pictures are not among them.  Never raises."""
    for words in reversed(seen_and_own(html)):
        text = plain("\n".join(line.strip(" ") for line in words.split("\n")))
        if text.strip():
            return text
    return ""
