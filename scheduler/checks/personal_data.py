"""Personal data and secrets that should not be published by accident (R31 for the secrets of accounts)."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Level, Subject

_PHONE = re.compile(r"(?<![\w/.=-])(?:\+44[\s.-]?(?:\(0\))?|0044[\s.-]?|\(?0)(?:[\s.()-]{0,2}\d){9,10}(?![\d])")
_PUBLIC_NUMBER = re.compile(r"^(?:0|44|0044|440)?(?:3\d|80|845|870|56|116|9)")
_PLATE = re.compile(
    r"(?<![\w/#-])(?:(?!WD|OP|GR|IC)[A-Z]{2}(?:0[1-9]|[1-7]\d)[ -]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-HJ-NPR-TV-Y])(?![\w-])"
)
_PLATE_NEAR = re.compile(
    r"\b(?:reg(?:istration)?|plates?|index|VRM|number plate|plât|rhif cofrestru)\b[^.!?\n]{0,30}?\b([A-Z]{1,3} ?\d{1,4} ?[A-Z]{0,3})\b"
)
_EMAIL = re.compile(r"(?<![\w.])[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_PUBLIC_MAIL = re.compile(
    r"(?:^|\.)(?:police\.uk|gov\.uk|gov\.wales|llyw\.cymru|nhs\.uk|nhs\.net|mod\.uk|ac\.uk|sch\.uk|police\.example)$|crimestoppers|police",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}(?![\w-])")
_HOUSE = re.compile(
    r"\b(?:of|at|lives? (?:at|in)|living at|address(?: is)?:?|home at|yn byw yn) (?:number |no\.? ?|flat \d+\w?,? ?)?\d{1,4}[a-zA-Z]?,? [A-Z][\w'’]+(?: [A-Z][\w'’]+)? (?:Road|Street|Lane|Avenue|Close|Way|Drive|Court|Row|Walk|Crescent|Terrace|Place|Gardens|Grove)\b"
)
_BORN = re.compile(
    r"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date|birthday(?: is)?|ganwyd(?: ar)?|dyddiad geni)[:\s]{1,3}(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?[\s./-](?:of )?(?:\d{1,2}|[A-Z][a-z]+)[\s.,/-]{1,2}(?:\d{4}|\d{2})\b|[A-Z][a-z]+ \d{1,2},? \d{4})",
    re.IGNORECASE,
)
_BANK = re.compile(r"\b\d{2}-\d{2}-\d{2}\b[^.!?\n]{0,30}\b\d{8}\b|(?<![\d-])(?:\d{4}[ -]){3}\d{4}(?![\d-])")
_NI = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_SECRET = re.compile(
    r"\b(?:password|passcode|pass ?word|log-?in|pin(?: code)?|access token|api key|secret)\s?(?:is|:|=)\s?(?=\S*[\d!$%^&*])\S{4,}|\bEAA[A-Za-z0-9]{20,}|\b(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9_-]{60,}\b",
    re.IGNORECASE,
)


def check_personal_data(subject: Subject) -> Iterator[Finding]:
    """PHONE_NUMBER, NUMBER_PLATE, EMAIL_ADDRESS, POSTCODE, HOME_ADDRESS, DATE_OF_BIRTH, ACCOUNT_NUMBER, SECRET."""
    for column, words in subject.parts:
        text = re.sub(r"https?://\S+", lambda m: " " * len(m[0]), words)
        for code, level, match, message in _found(text):
            yield Finding(code, level, "R31" if code == "SECRET" else "", message, column, match.span())


def _found(text: str) -> Iterator[tuple[str, Level, re.Match[str], str]]:
    approval: Level = "needs_approval"
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if not _PUBLIC_NUMBER.match(digits):
            yield "PHONE_NUMBER", approval, match, (
                f"'{match[0].strip()}' looks like somebody's own number. Give 101, or a number of the force; a private "
                "one needs its owner's consent."
            )  # fmt: skip
    for match in _EMAIL.finditer(text):
        if not _PUBLIC_MAIL.search(match[1]):
            yield "EMAIL_ADDRESS", approval, match, (
                f"'{match[0]}' is no address of the police or a public body. A private one needs its owner's consent."
            )  # fmt: skip
    plate = _PLATE.search(text) or _PLATE_NEAR.search(text)
    postcode = _POSTCODE.search(text)
    if plate and not (postcode and postcode.start() <= plate.start() < postcode.end()):
        yield "NUMBER_PLATE", approval, plate, (
            f"'{plate[0]}' looks like a registration plate, which points at its keeper. Take it out, or let corporate "
            "communications decide that the enquiry needs it."
        )  # fmt: skip
    if postcode:
        yield "POSTCODE", "advise", postcode, (
            f"'{postcode[0]}' is a full postcode: about fifteen homes. Fine for a hall; for people, name the area."
        )  # fmt: skip
    if house := _HOUSE.search(text):
        yield "HOME_ADDRESS", approval, house, (
            f"'{house[0]}' looks like somebody's home. Name the street or the area only."
        )  # fmt: skip
    if born := _BORN.search(text):
        yield "DATE_OF_BIRTH", "block", born, f"'{born[0]}' is a date of birth. Give the age instead."
    if number := _BANK.search(text) or _NI.search(text):
        yield "ACCOUNT_NUMBER", "block", number, f"'{number[0]}' looks like a bank or insurance number. Take it out."
    if secret := _SECRET.search(text):
        yield "SECRET", "block", secret, (
            "There seems to be a password or an access key in the text. Take it out and change it now: it is no longer "
            "secret."
        )  # fmt: skip
