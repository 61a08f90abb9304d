"""Links that lead nowhere or hide where they lead, as far as the address itself tells; nothing is asked of the net."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scheduler.checks.base import Finding, Subject, words_of

SHORTENERS = words_of(
    """
    bit.ly bitly.com bl.ink buff.ly cutt.ly db.tt dlvr.it fb.me forms.gle goo.gl hubs.ly hyperurl.co ift.tt is.gd j.mp linktr.ee lnkd.in
    lnk.bio mcaf.ee ow.ly po.st qr.ae qr.codes rb.gy rebrand.ly s.id short.io shorturl.at shorturl.com shor.by smarturl.it soo.gd spr.ly t.co t.ly t2m.io
    tiny.cc tiny.one tinyurl.com tr.im trib.al u.to urlz.fr v.gd vo.la wp.me x.gd youtu.be zpr.io
    """
) - {"youtu.be", "linktr.ee", "lnk.bio", "forms.gle"}
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_SHORT = re.compile(
    rf"(?<![\w./@-])(?:{'|'.join(re.escape(name) for name in sorted(SHORTENERS))})/[\w-]+", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"[\[<{(](?:insert|add|link|url|name|date|time|place|location|xx+|tbc|your)\b[^\])>}]{0,30}[\]>})]|[\[<{(][^\])>}\n]{0,30}\b(?:tbc|tba|to be confirmed|xxx*|insert|fill in)\b[^\])>}\n]{0,20}[\])>}]|\blink (?:here|tbc|to follow)\b(?! for)|\blorem ipsum\b|\bxxx+\b|https?://(?:\s|$)",
    re.IGNORECASE,
)


def check_links(subject: Subject) -> Iterator[Finding]:
    """LINK_DEAD, LINK_SHORTENED, LINK_INSECURE, PLACEHOLDER."""
    addresses = [(match[0].rstrip(".,;:!?"), "text", match.span()) for match in _ADDRESS.finditer(subject.text)]
    if subject.link:
        addresses.append((subject.link, "link", (0, len(subject.link))))
    short = {match[0]: ("text", match.span()) for match in _SHORT.finditer(subject.text)}
    for address, column, span in addresses:
        host = _host(address)
        if host in SHORTENERS:
            short[address] = (column, span)
        elif _leads_nowhere(host):
            yield Finding(
                "LINK_DEAD",
                "block",
                "",
                f"'{address}' leads nowhere outside this network. Give the public address.",
                column,
                span,
            )
        elif address.lower().startswith("http://"):
            yield Finding(
                "LINK_INSECURE",
                "advise",
                "",
                f"'{address}' is not protected on its way. Begin it with https:// if the site can.",
                column,
                span,
            )
    for address, (column, span) in short.items():
        yield Finding(
            "LINK_SHORTENED",
            "advise",
            "",
            f"'{address}' hides where it leads, as scams do, and dies with its service. Give the full address.",
            column,
            span,
        )
    if match := _PLACEHOLDER.search(subject.text):
        yield Finding(
            "PLACEHOLDER",
            "block",
            "",
            f"'{match[0].strip()}' still waits to be filled in. Put the words there.",
            "text",
            match.span(),
        )


def _host(address: str) -> str:
    try:
        return (urlsplit(address if "://" in address else f"https://{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _leads_nowhere(host: str) -> bool:
    if "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost")) or ".." in host:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
