"""When an awareness day falls: the grammar of its rule, read once, and the dates that a rule gives in a year (D10).

Nothing here knows a database or a clock. A rule that says `announced` gives no date at all: such a day moves as its
organisers like, and only a date that a person typed in for that year counts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from social.errors import InputError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NATIONS = ("ENG", "NIR", "SCT", "WLS")
FURTHEST = 366
"""Days that an offset may move a date at most."""


@dataclass(frozen=True)
class Rule:
    """A rule that was read.  text: as it was written.  word: its first word.  months: of `announced`, usual months.

    dates(year): the dates that begin in that year's reckoning, each with a name of its own or ''."""

    text: str
    word: str
    dates: Callable[[int], tuple[tuple[date, str], ...]]
    months: tuple[int, ...] = ()

    @property
    def announced(self) -> bool:
        return self.word == "announced"


def parse_rule(text: str) -> Rule:
    """Read a rule such as `fixed 05-04`, `nth 3 MO 05`, `nth -1 FR 04 -4`, `on_or_after 02-05 TU`, `nearest 09-29 SU`,
    `easter -47`, `table 2026-11-08;2027-10-28`, `bank_holidays ENG|WLS`, `announced 06,07` or `announced`.

    Raises InputError that says what is wrong and how it is written."""
    word, *rest = text.split() or [""]
    reader = _READERS.get(word)
    if reader is None:
        raise InputError(f"'{word}' is no rule. Begin with one of {', '.join(_READERS)}.")
    return reader(" ".join([word, *rest]), rest)


def easter_sunday(year: int) -> date:
    """Western Easter by the Gregorian reckoning (the method of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _fixed(text: str, rest: list[str]) -> Rule:
    month, day = _month_day(_only(text, rest, 1, "fixed 05-04")[0], text)

    def dates(year: int) -> tuple[tuple[date, str], ...]:
        found = _date(year, month, day)
        return ((found, ""),) if found else ()

    return Rule(text, "fixed", dates)


def _nth(text: str, rest: list[str]) -> Rule:
    if len(rest) not in (3, 4):
        raise _wrong(text, "nth 3 MO 05", "nth -1 FR 04 -4")
    number, weekday, month = _number(rest[0], text), _weekday(rest[1], text), _month(rest[2], text)
    if number not in (-1, 1, 2, 3, 4, 5):
        raise InputError(f"'{text}': which one is 1 to 5, or -1 for the last of the month.")
    offset = _offset(rest[3], text) if len(rest) == 4 else timedelta(0)

    def dates(year: int) -> tuple[tuple[date, str], ...]:
        found = _nth_weekday(year, month, weekday, number)
        return ((found + offset, ""),) if found else ()

    return Rule(text, "nth", dates)


def _on_or_after(text: str, rest: list[str]) -> Rule:
    given, day_name = _only(text, rest, 2, "on_or_after 02-05 TU")
    (month, day), weekday = _month_day(given, text), _weekday(day_name, text)

    def dates(year: int) -> tuple[tuple[date, str], ...]:
        start = _date(year, month, day)
        return ((start + timedelta((weekday - start.weekday()) % 7), ""),) if start else ()

    return Rule(text, "on_or_after", dates)


def _nearest(text: str, rest: list[str]) -> Rule:
    given, day_name = _only(text, rest, 2, "nearest 09-29 SU")
    (month, day), weekday = _month_day(given, text), _weekday(day_name, text)

    def dates(year: int) -> tuple[tuple[date, str], ...]:
        middle = _date(year, month, day)
        return ((middle + timedelta((weekday - middle.weekday() + 3) % 7 - 3), ""),) if middle else ()

    return Rule(text, "nearest", dates)


def _easter(text: str, rest: list[str]) -> Rule:
    if len(rest) > 1:
        raise _wrong(text, "easter -47", "easter +1")
    offset = _offset(rest[0], text) if rest else timedelta(0)
    return Rule(text, "easter", lambda year: ((easter_sunday(year) + offset, ""),))


def _table(text: str, rest: list[str]) -> Rule:
    days = [part for part in "".join(rest).split(";") if part]
    if not days:
        raise _wrong(text, "table 2026-11-08;2027-10-28")
    try:
        listed = sorted({_iso(day) for day in days})
    except ValueError:
        raise InputError(f"'{text}': a table holds dates such as 2026-11-08, parted by semicolons.") from None
    return Rule(text, "table", lambda year: tuple((day, "") for day in listed if day.year == year))


def _bank_holidays(text: str, rest: list[str]) -> Rule:
    nations = tuple(_only(text, rest, 1, "bank_holidays ENG|WLS")[0].split("|"))
    unknown = [nation for nation in nations if nation not in NATIONS]
    if unknown:
        raise InputError(f"'{text}': '{unknown[0]}' is no nation. Give {', '.join(NATIONS)}, parted by '|'.")
    return Rule(text, "bank_holidays", lambda year: _bank_holidays_of(nations, year))


def _announced(text: str, rest: list[str]) -> Rule:
    if len(rest) > 1:
        raise _wrong(text, "announced 06,07", "announced")
    months = tuple(_month(part, text) for part in rest[0].split(",")) if rest else ()
    return Rule(text, "announced", lambda _year: (), months)


_READERS: Mapping[str, Callable[[str, list[str]], Rule]] = {
    "fixed": _fixed,
    "nth": _nth,
    "on_or_after": _on_or_after,
    "nearest": _nearest,
    "easter": _easter,
    "table": _table,
    "bank_holidays": _bank_holidays,
    "announced": _announced,
}


@lru_cache(maxsize=64)
def _bank_holidays_of(nations: tuple[str, ...], year: int) -> tuple[tuple[date, str], ...]:
    """Every bank holiday of any of the nations, by day."""
    import holidays  # a twentieth of a second that only those pay who look at a calendar

    found: dict[date, str] = {}
    for nation in nations:
        found |= holidays.country_holidays("GB", subdiv=nation, years=year)
    return tuple(sorted((day, name) for day, name in found.items() if day.year == year))


def _nth_weekday(year: int, month: int, weekday: int, number: int) -> date | None:
    """None in a month that has no fifth one."""
    if number == -1:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        return last - timedelta((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    found = first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))
    return found if found.month == month else None


def _date(year: int, month: int, day: int) -> date | None:
    """None where the year has no such day: 29 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _month_day(text: str, rule: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d\d)-(\d\d)", text, re.ASCII)
    if match is None or _date(2024, int(match[1]), int(match[2])) is None:  # a leap year has every day there is
        raise InputError(f"'{rule}': '{text}' is no day of a year. Write month and day, such as 05-04 for 4 May.")
    return int(match[1]), int(match[2])


def _month(text: str, rule: str) -> int:
    if not re.fullmatch(r"0[1-9]|1[0-2]", text):
        raise InputError(f"'{rule}': '{text}' is no month. Write two digits, such as 05 for May.")
    return int(text)


def _weekday(text: str, rule: str) -> int:
    if text not in WEEKDAYS:
        raise InputError(f"'{rule}': '{text}' is no day of the week. Write one of {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(text)


def _number(text: str, rule: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,4}", text, re.ASCII):
        raise InputError(f"'{rule}': '{text}' is no whole number.")
    return int(text)


def _offset(text: str, rule: str) -> timedelta:
    days = _number(text, rule)
    if abs(days) > FURTHEST:
        raise InputError(f"'{rule}': a date may be moved by {FURTHEST} days at most.")
    return timedelta(days)


def _only(text: str, rest: list[str], count: int, example: str) -> list[str]:
    if len(rest) != count:
        raise _wrong(text, example)
    return rest


def _wrong(text: str, *examples: str) -> InputError:
    return InputError(f"'{text}' cannot be read. Write it as {' or '.join(repr(example) for example in examples)}.")
