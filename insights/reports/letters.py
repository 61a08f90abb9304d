"""Words as a PDF can show them: PDF/UA asks that every letter has a shape, and no font has all of them.

Emoji are said by their name, which is what a screen reader says too; any other letter that the font lacks is a question
mark."""

import struct
import unicodedata
from functools import cache

from insights.reports.drawing import font_folder

LACKING = "?"
_NOTHING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Categories of signs without a shape of their own: they are left out where the font lacks them."""


def showable(text: str) -> str:
    """The text with what the font lacks said otherwise.  Line breaks and tabs become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign if ord(sign) in _known() else _instead(sign) for sign in unicodedata.normalize("NFC", text))


def _instead(sign: str) -> str:
    if sign.isspace():
        return " "
    category = unicodedata.category(sign)
    if category in _NOTHING or "\U0001f3fb" <= sign <= "\U0001f3ff":  # the last five give an emoji its colour
        return ""
    if category == "So":
        return f"({unicodedata.name(sign, LACKING).lower()})"
    return LACKING


@cache
def _known() -> frozenset[int]:
    """The code points that the report's font has a shape for, read from its table `cmap` (OpenType 1.9, format 4)."""
    shown: set[int] = set()
    for weight in ("Regular", "Bold"):
        there = _mapped((font_folder() / f"SourceSansPro-{weight}.ttf").read_bytes())
        shown = shown & there if shown else there
    return frozenset(shown - set(range(0x20)))


def _mapped(font: bytes) -> set[int]:
    tables = {
        font[at : at + 4]: struct.unpack(">I", font[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    cmap = tables[b"cmap"]
    count = struct.unpack(">H", font[cmap + 2 : cmap + 4])[0]
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        start = cmap + struct.unpack(">I", font[at + 4 : at + 8])[0]
        if struct.unpack(">H", font[start : start + 2])[0] == 4:
            return _segments(font, start)
    return set(range(0x20, 0x7F))


def _segments(font: bytes, start: int) -> set[int]:
    """Every code point of a format 4 table whose segment leads to a shape."""
    double = struct.unpack(">H", font[start + 6 : start + 8])[0]

    def column(number: int, kind: str) -> tuple[int, ...]:
        at = start + 14 + number * double + (2 if number else 0)
        return struct.unpack(f">{double // 2}{kind}", font[at : at + double])

    ends, starts, deltas, offsets = column(0, "H"), column(1, "H"), column(2, "h"), column(3, "H")
    found: set[int] = set()
    for segment, (end, first, delta, offset) in enumerate(zip(ends, starts, deltas, offsets, strict=True)):
        for code in range(first, min(end, 0xFFFE) + 1):
            shape = (code + delta) & 0xFFFF
            if offset:
                at = start + 16 + 3 * double + 2 * segment + offset + 2 * (code - first)
                shape = struct.unpack(">H", font[at : at + 2])[0]
            if shape:
                found.add(code)
    return found
