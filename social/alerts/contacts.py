"""A resident's address, number and name: checked when they come in, sealed when they are kept, and shown to nobody who
does not need them. No error here repeats what was given."""

import re
from dataclasses import dataclass, field

from social.alerts.residents import Resident
from social.errors import InputError, Problem
from social.vault import Vault

LONGEST_EMAIL = 200
LONGEST_NAME = 80
_ABROAD = re.compile(r"\+[1-9]\d{7,14}")
_EMAIL = re.compile(r"[a-z0-9!#$%&*+/=?^_`{|}~-][a-z0-9!#$%&'*+/=?^_`{|}~.-]*@(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")
"""What mail servers take without more (RFC 5321, dot-string). An apostrophe in front would be lost in a spreadsheet."""


@dataclass(frozen=True)
class Contact:
    """email: small letters.  phone: as +447700900123.  name: how the resident wants to be greeted.  '' for none."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


def clean_contact(email: str, phone: str = "", name: str = "") -> Contact:
    """What was given, as it is kept.  Raises InputError that names the fields at fault and repeats none."""
    problems: list[Problem] = []
    cleaned = []
    for column, clean, given in (("email", clean_email, email), ("phone", clean_phone, phone), ("name", _name, name)):
        try:
            cleaned.append(clean(given))
        except InputError as error:
            problems += [Problem(one.message, column=column) for one in error.problems]
    if problems:
        raise InputError(*problems)
    return Contact(*cleaned)


def clean_email(given: str) -> str:
    """One spelling for one address.  Raises InputError for text that is none."""
    address = given.strip().lower()
    local = address.partition("@")[0]
    fits = _EMAIL.fullmatch(address) and len(address) <= LONGEST_EMAIL and len(local) <= 64
    if not fits or local.endswith(".") or ".." in address:
        raise InputError("Give an e-mail address, such as sam.reed@example.org.")
    return address


def clean_phone(given: str) -> str:
    """One spelling for one number, '' for none.  Raises InputError for what cannot be texted."""
    digits = re.sub(r"[\s().\-]", "", given.strip())
    if not digits:
        return ""
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("0"):
        digits = "+44" + digits[1:]
    if digits.startswith("+440"):  # as in +44 (0) 7700 900123
        digits = "+44" + digits[4:]
    british = digits.startswith("+44")
    if not digits.isascii() or not _ABROAD.fullmatch(digits) or (british and not re.fullmatch(r"\+447\d{9}", digits)):
        raise InputError("Give a mobile number, such as 07700 900123, or leave it empty.")
    return digits


def _name(given: str) -> str:
    name = " ".join(given.split())
    if len(name) > LONGEST_NAME or not name.isprintable() or "<" in name or "//" in name or "@" in name:
        raise InputError(
            f"Give a name of at most {LONGEST_NAME} letters without signs of an address, or leave it empty."
        )
    return name


def seal(vault: Vault, contact: Contact) -> bytes:
    return vault.seal({"email": contact.email, "phone": contact.phone, "name": contact.name})


def contact_of(vault: Vault, resident: Resident) -> Contact:
    """Whom a message goes to; all '' for somebody who left.  Raises BeatlineError for another key's seal."""
    if not resident.contact_sealed:
        return Contact()
    kept = vault.open(resident.contact_sealed)  # what else lies there is `asked`'s
    return Contact(kept["email"], kept["phone"], kept["name"])


def email_key(vault: Vault, email: str) -> str:
    """What finds the resident of an address.  email: as `clean_email` gives it."""
    return vault.contact_key("email", email)


def phone_key(vault: Vault, phone: str) -> str | None:
    """What finds the resident of a number, None for none.  phone: as `clean_phone` gives it."""
    return vault.contact_key("phone", phone) if phone else None
