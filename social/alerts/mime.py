"""Mail as it goes over the wire: what is the same for everybody is written once, what is each resident's own is put in.

Of an alert to 32,000 residents only the links below it, the addresses and the Message-ID differ. So Python's own `email`
lays out the whole once, with two marks where the links belong; the rest is joining bytes. Everything that comes from a
person goes through `email`'s header rules or is escaped: no line break reaches a header and no markup the page."""

import re
import secrets
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from html import escape

from social.alerts.footers import FooterLine, picture_in_words
from social.alerts.letters import Letter
from social.alerts.mailings import MessageKind
from social.smtp import dotted

_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?()\[\]]")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_POLICY = WIRE.clone(cte_type="7bit")
LISTED = (MessageKind.ALERT.value, MessageKind.CORRECTION.value, MessageKind.DIGEST.value, MessageKind.SURVEY.value)
"""What goes to many and says so in its headers (RFC 2919, RFC 3834)."""
_STYLE = "margin:0 auto;padding:16px;max-width:40em;font:17px/1.5 system-ui,-apple-system,'Segoe UI',Arial,sans-serif"
"""No colour is named: the mail program's own are readable in its dark mode as well."""
_PICTURE = "max-width:100%;height:auto"


@dataclass(frozen=True)
class Sender:
    """Who a message comes from.  name: the force's.  address: bare."""

    name: str
    address: str


@dataclass(frozen=True)
class Own:
    """What is one resident's own.  to: their address.  message_id: with its brackets.  reply_to: the address with the
    token.  lang: of the links.  lines: the links.  leave: where the mail program's own button leads, None for none.
    stop: the address that a letter saying STOP goes to, for programs whose button writes one; None for none.
    picture: address of the picture that tells of opening, None unless the force turned that on."""

    to: str
    message_id: str
    reply_to: str
    date: datetime
    lang: str
    lines: tuple[FooterLine, ...]
    leave: str | None = None
    stop: str | None = None
    picture: str | None = None


class Sheet:
    """A letter laid out, ready for any number of residents.  kind: a `MessageKind`.  lang: of its words."""

    def __init__(self, letter: Letter, kind: str, sender: Sender, lang: str) -> None:
        mark = f"mark{secrets.token_hex(12)}"  # random: no letter can hold it
        laid_out = _lay_out(letter, kind, sender, lang, mark).as_bytes(policy=_POLICY)
        self._before, self._between, self._after = dotted(laid_out).split(mark.encode() + b"\r\n")

    def filled(self, own: Own) -> bytes:
        """The message for one resident as SMTP takes it, dots doubled, without the dot that ends it.

        Raises ValueError for an address that cannot stand in a header."""
        parts = (_own_headers(own), self._before, _plain_footer(own), self._between, _html_footer(own), self._after)
        return b"".join(parts)


def can_stand_in_mail(address: str) -> bool:
    """Whether mail servers take the address as it is: one @, no space, plain letters."""
    return _ADDRESS.fullmatch(address) is not None and not set(address) & set('<>(),;:"\\')


def _lay_out(letter: Letter, kind: str, sender: Sender, lang: str, mark: str) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(_one_line(sender.name), addr_spec=sender.address)
    message["Subject"] = _one_line(letter.subject)
    message["Content-Language"] = lang
    if kind != MessageKind.ANSWER:  # an officer wrote that one
        message["Auto-Submitted"] = "auto-generated"
    if kind in LISTED:
        message["List-Id"] = f"{_one_line(sender.name)} <{sender.address.replace('@', '.')}>"
        message["Precedence"] = "bulk"
    if letter.in_reply_to and _MESSAGE_ID.fullmatch(letter.in_reply_to):
        message["In-Reply-To"] = message["References"] = letter.in_reply_to
    message.set_content(f"{_plain(letter, lang)}\n{mark}\n", cte="quoted-printable")
    message.add_alternative(_page(letter, lang, mark), subtype="html", cte="quoted-printable")
    page = message.get_payload(1)
    assert isinstance(page, EmailMessage)
    for number, picture in enumerate(letter.pictures, start=1):
        main, _, sub = picture.mime.partition("/")
        page.add_related(picture.content, main, sub, cid=f"<{_cid(number)}>", disposition="inline",
                         filename=f"picture-{number}.{sub}")  # fmt: skip
    return message


def _one_line(text: str) -> str:
    """A header's words: line breaks and other control characters become spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _cid(number: int) -> str:
    return f"picture-{number}@beatline"


def _plain(letter: Letter, lang: str) -> str:
    pictures = "".join(
        f"\n\n{picture_in_words(picture.alt_text, lang)}" for picture in letter.pictures if picture.alt_text
    )
    return f"{letter.text.strip()}{pictures}\n"


def _page(letter: Letter, lang: str, mark: str) -> str:
    inner = letter.html if letter.html is not None else as_html(letter.text)
    pictures = "".join(
        f'<p><img src="cid:{_cid(number)}" alt="{escape(picture.alt_text)}" style="{_PICTURE}"></p>\n'
        for number, picture in enumerate(letter.pictures, start=1)
    )
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(_one_line(letter.subject))}</title>\n</head>\n<body>\n"
        f'<div role="main" style="{_STYLE}">\n{inner}\n{pictures}\n{mark}\n</div>\n</body>\n</html>\n'
    )


def as_html(text: str) -> str:
    """Plain words as HTML: paragraphs, line breaks, and links that can be pressed; everything else is escaped."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n".join(f"<p>{'<br>'.join(map(_linked, part.splitlines()))}</p>" for part in paragraphs)


def _linked(line: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        address = escape(found.group())
        parts += [escape(line[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(line[end:])])


def _own_headers(own: Own) -> bytes:
    for value in (own.to, own.reply_to):
        if not can_stand_in_mail(value):
            raise ValueError("an address cannot stand in a header")
    lines = [
        f"To: {own.to}",
        f"Date: {format_datetime(own.date)}",
        f"Message-ID: {own.message_id}",
        f"Reply-To: {own.reply_to}",
    ]
    if own.leave is not None:
        by_mail = f",\r\n <mailto:{own.stop}?subject=STOP>" if own.stop else ""
        lines += [f"List-Unsubscribe: <{own.leave}>{by_mail}", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _plain_footer(own: Own) -> bytes:
    if not own.lines:
        return b""
    return _printable("\r\n".join(["-- ", *(f"{line.label}:\r\n{line.address}" for line in own.lines), ""]))


def _html_footer(own: Own) -> bytes:
    parts = [f'<p><a href="{escape(line.address)}">{escape(line.label)}</a></p>\r\n' for line in own.lines]
    if parts:
        parts = [f'<hr><div lang="{escape(own.lang)}">\r\n', *parts, "</div>\r\n"]
    if own.picture is not None:
        parts.append(f'<img src="{escape(own.picture)}" width="1" height="1" alt="">\r\n')
    return _printable("".join(parts))


def _printable(text: str) -> bytes:
    """Whole lines in quoted-printable, as the part around them is written."""
    return dotted(b2a_qp(text.encode("utf-8"), istext=True))
