"""Alerts as text messages: short words, and what they cost before and after they went.

A text is sent in parts and paid for by the part. Letters of GSM 03.38 take one place each, those of its extension two;
one letter outside of it, such as a Welsh circumflex, and the whole text is sent in UCS-2, with less than half the room.
What people type and phones do not need, such as curly quotes, is made plain first, as Notify would do."""

import re
from typing import Any

from social.alerts.letters import Letter
from social.alerts.mailings import Mailing
from social.channels.prices import milli
from social.settings import Settings

MOST_CHARACTERS = 918
"""The longest text that GOV.UK Notify takes: six parts."""
SHORT = 306
"""How long an alert's text may get where a link leads to the rest: two parts."""
_SUBJECT = 120
SETTINGS_ROOM = 110
"""Characters set aside for a settings link whose length is not known yet."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("\f^{}\\[~]|€")
_PLAIN = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2032": "'",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2026": "...",
    "\u2022": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\u200b": None, "\u200c": None, "\u200d": None,
    "\u00ad": None, "\ufeff": None, "\ufe0f": None,
})  # fmt: skip
_LABELS = {"en": ("Ref", "Change or stop"), "cy": ("Cyf", "Newid neu atal")}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def plain(text: str) -> str:
    """The same words in letters that cost less: straight quotes, simple dashes, no invisible signs."""
    return text.translate(_PLAIN)


def is_gsm(text: str) -> bool:
    """Whether every letter of it is one of GSM 03.38."""
    return all(letter in _GSM or letter in _GSM_DOUBLE for letter in text)


def parts_of(text: str) -> int:
    """In how many parts the text is sent, and so how often it is paid for; 0 for an empty one."""
    if not text:
        return 0
    if is_gsm(text):
        return _parts([2 if letter in _GSM_DOUBLE else 1 for letter in text], 160, 153)
    # In UCS-2 a sign beyond the first 65,536 takes two places, which are not torn apart.
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], 70, 67)


def _parts(sizes: list[int], one: int, many: int) -> int:
    if sum(sizes) <= one:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > many:
            count, used = count + 1, 0
        used += size
    return count


def cost_pence(text: str, settings: Settings) -> float:
    """What sending this to one resident costs, in pence."""
    return parts_of(text) * settings.text_pence


def text_of(letter: Letter, mailing: Mailing | None, settings_link: str | None, *, lang: str = "en") -> str:
    """What a letter says as a text of at most 918 characters.

    mailing: the alert's, whose link leads to the rest; None for a message that says all it has to say.  settings_link:
    where to change or stop, None where the resident asked for this message at this moment (R30).  lang: en or cy."""
    link, reference = (mailing.link, mailing.reference) if mailing is not None else (None, None)
    words = plain(letter.text).strip()
    if link:
        words = words.replace(link, "").strip()
    return _composed(plain(letter.subject).strip() if mailing else "", words, link, reference, settings_link, lang)


def _composed(
    subject: str, words: str, link: str | None, reference: str | None, settings_link: str | None, lang: str
) -> str:
    ref, change = _LABELS.get(lang, _LABELS["en"])
    below = [
        link or "",
        f"{ref} {plain(reference)}" if reference else "",
        f"{change}: {settings_link}" if settings_link else "",
    ]
    tail = "\n".join(line for line in below if line)
    subject = "" if words.casefold().startswith(subject.casefold()) else _cut(subject, _SUBJECT)
    most = SHORT if link else MOST_CHARACTERS
    room = most - len(_joined(subject, "", tail)) - 1
    return _joined(subject, words if len(words) <= room else _cut(words, room), tail)


def _joined(*blocks: str) -> str:
    return "\n".join(block for block in blocks if block)


def _cut(words: str, room: int) -> str:
    """As many whole sentences as there is room for; where not even one fits, whole words and dots."""
    kept = ""
    for sentence in _SENTENCE.split(words):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > room:
            break
        kept = longer
    if kept:
        return kept
    cut = words[: max(room - 3, 0)].rpartition(" ")[0]
    return f"{cut}..." if cut else ""


def price_of_texts(
    text: str, link: str | None, count: int, settings: Settings, *, subject: str = "", reference: str | None = None
) -> int:
    """What texting this alert to so many residents costs at the most, in thousandths of a penny.

    text, subject, link, reference: the alert's.  The settings link is taken at its greatest length, and of the two
    languages the dearer one counts."""
    settings_link = "x" * longest_settings_link(settings)
    words = plain(text).strip()
    texts = [_composed(plain(subject).strip(), words, link, reference, settings_link, lang) for lang in _LABELS]
    return milli(max(cost_pence(one, settings) for one in texts)) * count


def longest_settings_link(settings: Settings) -> int:
    """Characters of the longest link to a resident's own settings."""
    return max(SETTINGS_ROOM, len(settings.public_address) + len("/alerts/settings/") + 40)


def text_rules() -> dict[str, Any]:
    """What texts are made and counted by, as JSON can hold it, so that a browser can do the same while somebody types."""
    return {
        "gsm": "".join(sorted(_GSM)), "gsmDouble": "".join(sorted(_GSM_DOUBLE)), "labels": _LABELS,
        "plain": {chr(point): letter or "" for point, letter in _PLAIN.items()},
        "longest": MOST_CHARACTERS, "short": SHORT, "longestSubject": _SUBJECT,
    }  # fmt: skip
