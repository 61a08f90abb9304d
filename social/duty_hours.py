"""When somebody watches an account: weekly spans of local time, bank holidays left out, both clock changes right (R16).

Pure: nothing here knows a database or the present moment."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from social.clock import LONDON, as_local
from social.errors import InputError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
"""Minutes of a wall clock's day."""


@dataclass(frozen=True, order=True)
class Span:
    """weekday: 0 is Monday.  opens, closes: minutes of the local day, 0 <= opens < closes <= 1440."""

    weekday: int
    opens: int
    closes: int


Spans = tuple[Span, ...]
"""The hours of one account, in order, none touching another; () for one that nobody watches."""

_SPAN = re.compile(r"(?P<days>[a-z, -]+?)\s+(?P<from>\d{1,2}[:.]\d{2})\s*-\s*(?P<to>\d{1,2}[:.]\d{2})", re.ASCII)


def parse_spans(texts: Iterable[str]) -> Spans:
    """Read hours such as 'mon-fri 08:00-17:00' or 'sat,sun 10:00-14:00'; 'fri 22:00-06:00' ends on Saturday.

    Raises InputError that says what is wrong and how it is written."""
    found: list[Span] = []
    for text in texts:
        match = _SPAN.fullmatch(text.strip().lower())
        if match is None:
            raise InputError(f"'{text}' is no time of the week. Write it as 'mon-fri 08:00-17:00'.")
        opens, closes = _minutes(match["from"], text), _minutes(match["to"], text)
        if opens in (closes, DAY):
            raise InputError(f"'{text}' has no length. A whole day is 00:00-24:00.")
        for weekday in _weekdays(match["days"], text):
            if opens < closes:
                found.append(Span(weekday, opens, closes))
                continue
            found.append(Span(weekday, opens, DAY))
            if closes:
                found.append(Span((weekday + 1) % 7, 0, closes))
    return joined(found)


def joined(spans: Iterable[Span]) -> Spans:
    """The same hours in order, with spans of one day that touch or overlap made one."""
    found: list[Span] = []
    for span in sorted(spans):
        last = found[-1] if found else None
        if last is not None and last.weekday == span.weekday and span.opens <= last.closes:
            found[-1] = Span(last.weekday, last.opens, max(last.closes, span.closes))
        else:
            found.append(span)
    return tuple(found)


def spans_in_words(spans: Spans) -> list[str]:
    """['mon-fri 08:00-17:00', 'sat 10:00-14:00']: as `parse_spans` reads them; [] for none."""
    by_hours: dict[tuple[int, int], list[int]] = {}
    for span in spans:
        by_hours.setdefault((span.opens, span.closes), []).append(span.weekday)
    lines = [
        (days[0], opens, f"{_days_in_words(days)} {opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}")
        for (opens, closes), days in by_hours.items()
    ]  # fmt: skip
    return [words for _, _, words in sorted(lines)]


def is_watched(spans: Spans, at: datetime) -> bool:
    """Whether somebody watches at this instant; the moment of closing is not watched any more."""
    return any(opens <= at < closes for opens, closes in _windows(spans, as_local(at).date()))


def watched_time(spans: Spans, start: datetime, end: datetime) -> timedelta:
    """How much of [start, end) was watched: real time, so a night span is an hour shorter when the clocks go forward."""
    found = (min(closes, end) - max(opens, start) for opens, closes in windows_between(spans, start, end))
    return sum((part for part in found if part > timedelta(0)), timedelta(0))


def windows_between(spans: Spans, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The watched parts of every local day that [start, end) touches, as instants; they may reach beyond it."""
    day, last = as_local(start).date(), as_local(end).date()
    while end > start and spans and day <= last:
        yield from _windows(spans, day)
        day += timedelta(days=1)


@lru_cache(maxsize=4096)
def _windows(spans: Spans, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The watched parts of one local day as instants."""
    if day in bank_holidays(day.year):
        return ()
    return tuple(
        (_instant(day, span.opens, closing=False), _instant(day, span.closes, closing=True))
        for span in spans
        if span.weekday == day.weekday()
    )


def _instant(day: date, minutes: int, *, closing: bool) -> datetime:
    """The instant of a local time. In the hour that comes twice hours open at its first and close at its second
    coming; a time that spring leaves out is the moment at which the clocks go forward."""
    local = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first, second = (local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > second:  # left out: the summer-time reading lies before the winter-time one
        return datetime.combine(local.date(), time(1), UTC)
    return second if closing else first


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in that year, substitute days and proclaimed ones that are known included."""
    import holidays  # a twentieth of a second that only those pay who look at hours

    return frozenset(day for day in holidays.country_holidays("GB", subdiv="ENG", years=year) if day.year == year)


def _minutes(text: str, whole: str) -> int:
    hours, minutes = (int(part) for part in text.replace(".", ":").split(":"))
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise InputError(f"'{whole}': {text} is no time of day. Give one from 00:00 to 24:00.")
    return hours * 60 + minutes


def _weekdays(text: str, whole: str) -> Iterator[int]:
    for part in text.replace(" ", "").split(","):
        ends = [_weekday(name, whole) for name in part.split("-", 1)]
        yield from ((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))


def _weekday(name: str, whole: str) -> int:
    if name[:3] in DAYS and len(name) >= 3:
        return DAYS.index(name[:3])
    raise InputError(f"'{whole}': '{name}' is no day of the week. Give mon, tue, wed, thu, fri, sat or sun.")


def _days_in_words(days: Sequence[int]) -> str:
    """'mon-fri', 'sat', 'mon,wed-fri'."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs)
