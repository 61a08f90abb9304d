"""Whom Notify takes messages for, and what becomes of a message by its recipient alone."""

import re

from social.practice.notify_shapes import invalid

SIMULATED = frozenset(
    ["447700900000", "447700900111", "447700900222"]
    + [f"simulate-delivered{part}@notifications.service.gov.uk" for part in ("", "-2", "-3")]
)
"""Smoke tests: taken, sent to nobody, never kept, no receipt."""

OUTCOMES = {
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
    "447700900003": "temporary-failure",
    "447700900002": "permanent-failure",
}
"""Recipients who make a failure come about."""

_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\\-]+@([^.@\s][^@\s]+)\Z")
_MOST = 320


def outcome_of(recipient: str) -> str:
    return OUTCOMES.get(recipient, "delivered")


def require_address(text: str) -> str:
    """The address as it is kept.  Raises Halt with a ValidationError."""
    address = text.strip().lower()
    match = _ADDRESS.match(address)
    parts = match[1].split(".") if match else []
    if match is None or len(address) > _MOST or ".." in address or len(parts) < 2 or not all(parts):
        raise invalid("email_address Not a valid email address")
    return address


def number_of(text: str) -> str | None:
    """The number in international form without its plus sign; None when it is no UK mobile number."""
    digits = re.sub(r"[\s()+.-]", "", text)
    if not digits.isdecimal() or not digits.isascii():
        return None
    digits = digits.removeprefix("00")
    if digits.startswith("44"):
        digits = digits[2:]
    digits = digits.removeprefix("0")
    return f"44{digits}" if digits.startswith("7") and len(digits) == 10 else None


def require_number(text: str) -> str:
    """The number as it is kept.  Raises Halt with a ValidationError, in Notify's words."""
    bare = re.sub(r"[\s()+.-]", "", text)
    if not bare.isdecimal():
        raise invalid("phone_number Must not contain letters or symbols")
    number = number_of(text)
    if number is None:
        local = re.sub(r"^(00)?(44)?0?", "", bare)
        if local.startswith("7"):
            raise invalid(f"phone_number {'Too many' if len(local) > 10 else 'Not enough'} digits")
        raise invalid("phone_number Not a UK mobile number")
    return number
