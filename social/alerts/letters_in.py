"""What one letter says, whatever sent it: who wrote, what it answers, its words, and the files that came with it.

Letters are outsiders' bytes. Whatever is wrong with one costs that part of it; nothing here raises but `Unreadable`, and
nothing of it gets into an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from social.alerts.letter_words import decoded, own_words, plain, words_of_html
from social.attachments import MOST_EACH

LONGEST_HEADER = 20_000
LONGEST_SUBJECT = 300
MOST_PARTS = 200
_MOST_TEXT = 400_000
"""Characters of a letter that words are looked for in, whatever parts they stand in."""
_MOST_NESTED = 30
_MOST_PARAMETERS = 100
_LONGEST_PARAMETERS = 5_000
_CONTENT = re.compile(rb"(?:^|[\r\n])content-(type|disposition):((?:[^\r\n]|(?:\r\n|\r|\n)[ \t])*+)", re.IGNORECASE)
_SMALL_ICON = 4_000
"""Bytes: pictures below that which stand in a letter's text are a signature's icons."""
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_REPLY_MARKS = re.compile(r"^(?:\s*(?:re|fwd?|aw|sv|antw|ateb)\s*(?:\[\d+\])?:)+\s*", re.IGNORECASE)
_REPLIES = r"auto(?:matic)?[ -]?(?:reply|response)"
_AWAY = re.compile(
    rf"\s*(?:{_REPLIES}|out of (?:the )?office(?: {_REPLIES})?|vacation(?: (?:reply|response|message|notice))?"
    r"|ateb awtomatig|allan o.r swyddfa)\s*(?:$|[:;(\[\u2013-]|(?:until|till|from|re)\b)",
    re.IGNORECASE,
)
"""What programs write; a resident may begin a subject of their own in the same words."""


class Unreadable(Exception):
    """Nothing can be made of these bytes."""


@dataclass(frozen=True)
class LetterRead:
    """sender: the bare address in small letters, '' where there is none.  message_id: with angle brackets, '' for none.
    date: as the writer's program says it, '' for none.  references: the Message-IDs of what it answers, In-Reply-To first.  addressed: everything that says whom it went to.
    text: the writer's own words.  files: what came with it, in order.  automatic: a machine says that it wrote this.
    bulk: it went to many.  report: why it may be a report on a message of ours, else False."""

    sender: str = field(repr=False)
    subject: str = field(repr=False)
    message_id: str = ""
    date: str = ""
    references: str = ""
    addressed: str = field(repr=False, default="")
    text: str = field(repr=False, default="")
    files: tuple[bytes, ...] = field(repr=False, default=())
    automatic: bool = False
    bulk: bool = False
    report: bool = False


def read_letter(raw: bytes, *, whole: bool = True) -> LetterRead:
    """Read one letter.  whole: False for the first part of one that is too large: its files are cut off, so none is kept.

    Raises Unreadable."""
    _require_bounded(raw)
    try:
        letter = message_from_bytes(raw)
        parts = _parts(letter)
        words = _texts(parts)
        return LetterRead(
            sender=_sender(letter),
            subject=_one_line(_header(letter, "Subject"))[:LONGEST_SUBJECT],
            message_id=next(iter(_MESSAGE_ID.findall(_header(letter, "Message-ID"))), ""),
            date=_one_line(_header(letter, "Date")),
            references=" ".join(
                _MESSAGE_ID.findall(f"{_header(letter, 'In-Reply-To')} {_header(letter, 'References')}")
            ),
            addressed=" ".join(_header(letter, name) for name in _ADDRESSED),
            text=_words(words),
            files=tuple(_files(parts)) if whole else (),
            automatic=_is_automatic(letter),
            bulk=_is_bulk(letter),
            report=letter.get_content_type() == "multipart/report" or _return_path(letter) == "<>",
        )
    except Exception as error:  # the library of the standard breaks off in a dozen ways with hostile bytes
        raise Unreadable(type(error).__name__) from None


def _require_bounded(raw: bytes) -> None:
    """Raises Unreadable for what the library of the standard takes hours for: it goes through a header anew for each of its
    parameters, and through every part that is open for each line."""
    nested = 0
    for found in _CONTENT.finditer(raw):
        kind, said = found[1].lower(), found[2]
        nested += kind == b"type" and said.lstrip()[:10].lower() == b"multipart/"
        if len(said) > _LONGEST_PARAMETERS or said.count(b";") > _MOST_PARAMETERS or nested > _MOST_NESTED:
            raise Unreadable("Unbounded")


def without_reply_marks(subject: str) -> str:
    """The subject without 'Re:' and its like."""
    return _REPLY_MARKS.sub("", subject).strip()


@dataclass(frozen=True)
class _TextPart:
    html: bool
    text: str


def _texts(parts: "list[Message[str, str]]") -> list[_TextPart]:
    """What stands in the parts with words, `_MOST_TEXT` in all."""
    found, room = [], _MOST_TEXT
    for part in parts:
        if room and _is_text(part):
            # No charset takes more than four bytes to a letter.
            text = decoded(_content(part)[: 4 * room], part.get_content_charset())[:room]
            found.append(_TextPart(part.get_content_type() == "text/html", text))
            room -= len(text)
    return found


def _words(parts: list[_TextPart]) -> str:
    """Of the plain text where there is some, else of the HTML."""
    for html in (False, True):
        said = [words_of_html(one.text) if html else plain(one.text) for one in parts if one.html == html]
        text = own_words("\n\n".join(one for one in said if one.strip()))
        if text:
            return text
    return ""


def _parts(letter: "Message[str, str]") -> "list[Message[str, str]]":
    """What a letter is made of; a letter within it counts as one."""
    found: list[Message[str, str]] = []
    todo = [letter]
    while todo and len(found) < MOST_PARTS:
        part = todo.pop(0)
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            todo = [one for one in inside if isinstance(one, Message)] + todo
        else:
            found.append(part)
    return found


def _is_text(part: "Message[str, str]") -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _files(parts: "list[Message[str, str]]") -> Iterator[bytes]:
    kept = 0
    for part in parts:
        if _is_text(part) or part.get_content_maintype() == "multipart" or kept == MOST_EACH:
            continue
        content = _content(part)
        icon = part.get_content_maintype() == "image" and part["Content-ID"] is not None and len(content) < _SMALL_ICON
        if content and not icon:
            kept += 1
            yield content


def _content(part: "Message[str, str]") -> bytes:
    inside = part.get_payload(decode=True)
    if isinstance(inside, bytes):
        return inside
    held = part.get_payload()
    within = held[0] if isinstance(held, list) and held else None
    return within.as_bytes() if isinstance(within, Message) else b""


def _header(letter: "Message[str, str]", name: str) -> str:
    """All headers of this name as one text, whatever they are encoded in; '' for none."""
    return " ".join(_decoded_header(one) for one in _raw_headers(letter, name))[:LONGEST_HEADER]


def _raw_headers(letter: "Message[str, str]", name: str) -> list[str]:
    """Up to ten of them. Bytes that are no ASCII are not allowed in a header and common all the same."""
    given = [str(value) for known, value in letter.raw_items() if known.lower() == name.lower()][:10]
    return [decoded(one[:LONGEST_HEADER].encode("utf-8", "surrogateescape"), "utf-8") for one in given]


def _decoded_header(given: str) -> str:
    try:
        return "".join(
            part if isinstance(part, str) else decoded(part, charset) for part, charset in decode_header(given)
        )
    except Exception:  # encoded words that are none
        return given


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _sender(letter: "Message[str, str]") -> str:
    for name in ("From", "Sender"):
        for given in _raw_headers(letter, name)[:2]:
            for _, address in getaddresses([given]):
                address = _one_line(address).lower()
                if address.count("@") == 1 and " " not in address and len(address) <= 320:
                    return address
    return ""


def _return_path(letter: "Message[str, str]") -> str:
    return str(letter.get("Return-Path", "")).strip()


def _is_automatic(letter: "Message[str, str]") -> bool:
    """Whether a machine says that it answered (RFC 3834, and what vendors write instead)."""
    submitted = _header(letter, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    names = {name.lower() for name in letter}
    if any(name.startswith(("x-autoreply", "x-autorespon", "x-auto-response", "x-autogenerat")) for name in names):
        return True
    if (
        _header(letter, "Precedence").strip().lower() in ("auto_reply", "auto-reply", "junk")
        or _return_path(letter) == "<>"
    ):
        return True
    return bool(_AWAY.match(_header(letter, "Subject"))) or letter.get_content_type() == "multipart/report"


def _is_bulk(letter: "Message[str, str]") -> bool:
    names = {name.lower() for name in letter}
    many = _header(letter, "Precedence").strip().lower() in ("bulk", "list")
    return many or bool(names & {"list-id", "list-unsubscribe", "feedback-id"})
