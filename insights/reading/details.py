"""Finds personal details by their shape: telephone numbers, number plates, e-mail addresses, postcodes, house numbers.

Each is replaced by a mark, so that nothing is learnt from any one number. Numbers that are nobody's (101, 0800 555 111,
case references, bus routes) stay as they are."""

import re

PHONE, PLATE, EMAIL, POSTCODE, ADDRESS = "§phone", "§plate", "§email", "§postcode", "§address"

_STREET = (
    r"(?:road|rd|street|st|lane|ln|avenue|ave|close|cl|drive|dr|court|ct|crescent|cres|row|walk|terrace|hill|view|"
    r"gardens|grove|mews|way|rise|place|square|yard|green|park|house|towers?|flats|mount|croft|fold|bank|gate|vale|"
    r"parade|villas|cottages?|ridings|heights|wharf|lawns?|buildings|lodge|garth|chase|copse|field|fields|orchard)"
)
_UP = r"[A-ZÀ-ÖØ-ÞŴŶ][\w'’-]+"
_SPACE = r"[ \t\u00a0]"
_PHONE = re.compile(
    r"(?<![\w*/£$.])(?:\(?\+44\)?[ .-]?\(?0?\)?[ .-]?|\(?0[ .-]?)(?=[127])\d(?:[ .()-]{0,2}\d){7,9}(?![\w*/])"
)
_NEW_PLATE = re.compile(r"(?<![\w£])[a-z]{2} ?\d{2} ?[a-z]{3}(?!\w)", re.IGNORECASE)
_OLD_PLATE = re.compile(r"(?<![\w£])(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?!\w)")
# A written-out plate without a digit's place known to be one: 'at 19 the' would pass for it.
_WORDS_IN_BETWEEN = re.compile(
    r"^(?:at|in|on|of|by|my|we|he|is|it|to|or|no|up|do|so|an|as|be|go|am|pm|ok|me) ?\d{2} ?[a-z]{3}$", re.IGNORECASE
)
_EMAIL = re.compile(r"(?<!\w)[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PUBLIC_MAIL = re.compile(
    r"(?:police\.uk|gov\.uk|nhs\.uk|crimestoppers\S*|nhs\.net|gov\.wales|llyw\.cymru)$", re.IGNORECASE
)
_POSTCODE = re.compile(r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2})(?!\w)")
_NUMBER = (
    rf"(?:(?:flat|apartment|apt|unit|number|no|house|rhif|fflat)\.?{_SPACE}?\d{{1,4}}[a-f]?"
    rf"(?:,?{_SPACE}(?:on|in|at|yn|ar))?|(?!101\b|999\b|111\b)\d{{1,4}}[a-f]?)"
)
_ADDRESS = re.compile(
    rf"(?<![\w£.:/-]){_NUMBER},?{_SPACE}(?:the{_SPACE})?"
    rf"(?:(?!(?:on|at|in|the|of|down|past|and|to|from|our|my|this|that|for|bus|yards?|years?|months?|mph|people|times?|minutes?|mins)\b)"
    rf"[\w'’-]+,?{_SPACE}){{1,3}}?{_STREET}\b(?!{_SPACE}(?:times|people|years|crew|ago))",
    re.IGNORECASE,
)
_THE = re.compile(
    rf"(?<![\w£.:/-])(?:at|number|no\.?|live at|lives at){_SPACE}\d{{1,4}}[a-f]?,?{_SPACE}The{_SPACE}{_UP}"
)
_FLAT = re.compile(
    rf"(?<!\w)(?:flat|apartment|apt|unit|fflat){_SPACE}?\d{{1,3}}[a-f]?,?{_SPACE}(?:(?:at|in|yn|of){_SPACE})?{_UP}(?:{_SPACE}{_UP})?",
    re.IGNORECASE,
)
_WELSH = re.compile(
    rf"(?<![\w£.:/-])(?:rhif{_SPACE})?\d{{1,4}}[a-f]?,?{_SPACE}(?:stryd|heol|ffordd|lôn|lon|maes|bryn|rhes|tai|clos|"
    rf"rhodfa|cae|ael|pen|tan|erw|min|trem){_SPACE}[\w'’-]+(?:{_SPACE}{_UP})?",
    re.IGNORECASE,
)
_DOWN_STREET = re.compile(
    rf"(?<!\w)(?:no|number)\.?{_SPACE}\d{{1,4}}[a-f]?{_SPACE}(?:down|on|along|up){_SPACE}(?:our{_SPACE})?"
    rf"(?:street|road|lane),?{_SPACE}{_UP}{_SPACE}{_UP}",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SPEED = re.compile(r"^\d{2} (?:on|in|at|down|past|mph)\b", re.IGNORECASE)


def masked(text: str) -> str:
    """The text with a mark in the place of each personal detail."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: found[0] if _PUBLIC_MAIL.search(found[0]) else f" {EMAIL} ", text)
    if not _DIGIT.search(text):
        return text
    text = _PHONE.sub(lambda found: _if_private(found[0]), text)
    text = _NEW_PLATE.sub(lambda found: found[0] if _WORDS_IN_BETWEEN.match(found[0]) else f" {PLATE} ", text)
    text = _POSTCODE.sub(f" {POSTCODE} ", text)
    text = _OLD_PLATE.sub(f" {PLATE} ", text)
    for pattern in (_FLAT, _WELSH, _DOWN_STREET, _THE, _ADDRESS):
        text = pattern.sub(lambda found: found[0] if _SPEED.match(found[0]) else f" {ADDRESS} ", text)
    return text


def _if_private(found: str) -> str:
    """A number of ten or eleven digits that is no helpline's."""
    digits = re.sub(r"\D", "", found)
    national = "0" + digits[2:].lstrip("0") if digits.startswith("44") else digits
    return f" {PHONE} " if len(national) in (10, 11) else found
