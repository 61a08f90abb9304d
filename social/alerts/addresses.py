"""What a message goes by in the mail: its Message-ID, the same in every try, and the address that replies come back to.

Both hold the message's random token, so that a reply or a bounce finds its message and nobody can make one up."""

import re
from email.utils import parseaddr

from social.alerts.mailings import Message

_KEPT = r"[0-9a-z]{16,40}"
_REFERENCE = re.compile(rf"alert\.(\d{{1,18}})\.({_KEPT})")
_IN_ADDRESS = re.compile(rf"\+({_KEPT})@", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<alert\.(\d{{1,18}})\.({_KEPT})@[^<>\s]+>", re.IGNORECASE)


def bare_address(from_address: str) -> str:
    """The address of `from_address`, which may have a name before it."""
    return parseaddr(from_address)[1] if "<" in from_address else from_address.strip()


def reference_of(message: Message) -> str:
    """What the message goes by where it needs no domain, the same in every try: a reference at GOV.UK Notify, an envelope
    id of mail (RFC 3461). It names nobody."""
    return f"alert.{message.id}.{message.token}"


def message_of(reference: str) -> tuple[int, str] | None:
    """Number and token of the message that a reference names; None for one that is not ours."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[1]), match[2]) if match else None


def message_id(message: Message, from_address: str) -> str:
    """The Message-ID, with its angle brackets."""
    return f"<{reference_of(message)}@{bare_address(from_address).rpartition('@')[2]}>"


def reply_address(message: Message, from_address: str) -> str:
    """Where a reply to this message goes: the sender's address with the token behind a plus (RFC 5233)."""
    local, _, domain = bare_address(from_address).rpartition("@")
    return f"{local}+{message.token}@{domain}"


def token_in(addresses: str) -> str | None:
    """The token of the first reply address in a header such as To, Cc or Delivered-To; None where there is none."""
    found = _IN_ADDRESS.search(addresses)
    return found.group(1).lower() if found else None


def messages_in(header: str) -> list[tuple[int, str]]:
    """Number and token of every message of ours in a header such as In-Reply-To or References, in its order."""
    return [(int(number), token.lower()) for number, token in _IN_MESSAGE_ID.findall(header)]
