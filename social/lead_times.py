"""When, as far as a reply says: times picked out of its words as spans, relative to when it was written.

A suggestion that a person confirms, never more. Spans are instants; both clock changes are kept in mind: the hour that
comes twice in autumn gives a span that holds both, and so does the hour that spring leaves out (R42)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from social.clock import LONDON, as_local
from social.lead_clock import BARE, CLOCK, Clock, read_clock
from social.lead_days import PARTS, DayHit, find_days, part_after

LONGEST_TEXT = 5000
_NEAR = 40
"""Most characters between a day and a clock time that belong together."""


@dataclass(frozen=True)
class Span:
    """start, end: aware UTC, start <= end; the same where one moment is named.  words: as they were written."""

    start: datetime
    end: datetime
    words: str


@dataclass(frozen=True)
class _ClockHit:
    begin: int
    end: int
    clock: Clock
    until: Clock | None
    before: timedelta
    after: timedelta


_ABOUT = r"about|around|round|abt|approx(?:imately)?\.?|roughly|circa|ca|tua|oddeutu|near(?:ly)?|gone about|say"
_HOW = rf"(?P<how>just after|just before|just gone|{_ABOUT}|after|since|gone|before|by|until|till|ar ôl|wedi|cyn|at about|at around|at|@|am)"
_AND = r"(?:and|to|til|till|until|an|&|a|ac|tan|i|[-–])"
_THEN = (
    r"(?=\s*(?:ish\b|or so\b|[,.!?;:)…]|$|in the |at night|on\b|this |last |yesterday|today|tonight|and\b|when|whilst|while|i\b|"
    r"we\b|he\b|she\b|they\b|there|by\b|near\b|outside\b|y bore|yn y|y nos|y prynhawn|y p'nawn|y pnawn|nos\b|bore\b|neithiwr|ddoe|heno|heddiw|ger\b|"
    r"mon|tue|wed|thu|fri|sat|sun|as\b|coming|going|walking|heading|just\b|for\b|-))"
)
_RANGE = re.compile(rf"\b(?:between|from|rhwng|o)\s+({CLOCK}|{BARE})\s*{_AND}\s*(?:about\s+)?({CLOCK}|{BARE})")
_DASH = re.compile(rf"({CLOCK}|{BARE})\s*[-–]\s*({CLOCK})")
_ONE = re.compile(rf"(?:\b{_HOW}\s*)?({CLOCK})(?P<ish>\s?-?ish\b|\s+or so\b)?")
_LONE = re.compile(rf"(?:\b|(?=@)){_HOW}\s*({BARE})(?P<ish>\s?-?ish\b|\s+or so\b)?{_THEN}")
_ISH = re.compile(rf"({BARE}|(?:1[0-2]|[1-9]))\s?-?ish\b")
_FOUR = re.compile(rf"\bat\s+(?P<how>{_ABOUT})?\s*((?:[01]\d|2[0-3])[0-5]\d)\b(?!\s*(?:houses|people|of\b))")
"""'at 1930': four digits are a time after 'at' alone, where no year stands."""
_HALF_HOUR, _WHILE, _HOURS = timedelta(minutes=30), timedelta(minutes=20), timedelta(hours=2)
_NOTHING = timedelta()


def picked_times(text: str, written: datetime) -> list[Span]:
    """Every time that the words name, in their order; [] where they name none.

    written: aware; what is said is relative to it, and nothing lies after it where a past time fits as well."""
    plain = text[:LONGEST_TEXT].lower().replace("’", "'").replace("‘", "'")
    if len(plain) != len(text[:LONGEST_TEXT]):  # a letter whose small form is longer: positions would not fit
        plain = text[:LONGEST_TEXT]
    now = as_local(written).replace(tzinfo=None)
    days, clocks = find_days(plain, now), _find_clocks(plain)
    days = [day for day in days if not any(_overlap(day, clock) and _is_longer(clock, day) for clock in clocks)]
    clocks = [clock for clock in clocks if not any(_overlap(day, clock) for day in days)]
    halves = list(part_after(plain))
    spans: list[tuple[int, Span]] = []
    used: set[int] = set()
    for clock in clocks:
        day = _day_for(clock, days, plain)
        if day is not None:
            used.add(day.begin)
        start, end = _placed(clock, day, _half_after(clock, halves), now)
        spans.append((min(clock.begin, day.begin if day else clock.begin), _span(text, start, end, clock, day)))
    spans += [(day.begin, _span(text, day.start, day.until, None, day)) for day in days if day.begin not in used]
    return [span for _, span in sorted(spans, key=lambda found: found[0])]


def _find_clocks(text: str) -> list[_ClockHit]:
    found: list[_ClockHit] = []

    def keep(match: re.Match[str], first: str, second: str | None, before: timedelta, after: timedelta) -> None:
        begin, end = match.span()
        clock, until = read_clock(first), read_clock(second) if second else None
        if clock is not None and not any(begin < hit.end and hit.begin < end for hit in found):
            found.append(_ClockHit(begin, end, clock, until, before, after))

    for pattern in (_RANGE, _DASH):
        for match in pattern.finditer(text):
            keep(match, match[1], match[2], _NOTHING, _NOTHING)
    for pattern in (_ONE, _LONE):
        for match in pattern.finditer(text):
            before, after = _slack(match["how"] or "", bool(match["ish"]))
            keep(match, match[2], None, before, after)
    for match in _FOUR.finditer(text):
        keep(match, f"{match[2]} hrs", None, *_slack(match["how"] or "", False))
    for match in _ISH.finditer(text):
        keep(match, match[1], None, _HALF_HOUR, _HALF_HOUR)
    return sorted(found, key=lambda hit: hit.begin)


def _slack(how: str, ish: bool) -> tuple[timedelta, timedelta]:
    """How much earlier and later than said it may have been."""
    if how in ("just after", "just gone"):
        return _NOTHING, _WHILE
    if how == "just before":
        return _WHILE, _NOTHING
    if how in ("after", "since", "gone", "ar ôl", "wedi"):
        return _NOTHING, _HOURS
    if how in ("before", "by", "until", "till", "cyn"):
        return _HOURS, _NOTHING
    about = ish or re.fullmatch(_ABOUT, how) is not None or how in ("at about", "at around")
    return (_HALF_HOUR, _HALF_HOUR) if about else (_NOTHING, _NOTHING)


def _overlap(day: DayHit, clock: _ClockHit) -> bool:
    return day.begin < clock.end and clock.begin < day.end


def _is_longer(clock: _ClockHit, day: DayHit) -> bool:
    return clock.end - clock.begin > day.end - day.begin


def _day_for(clock: _ClockHit, days: list[DayHit], text: str) -> DayHit | None:
    """The day that the clock time belongs to: the nearest in the same sentence."""
    near = [(gap, day) for day in days if not day.closed and (gap := _gap(clock, day, text)) is not None]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _gap(clock: _ClockHit, day: DayHit, text: str) -> int | None:
    first, last = (clock.end, day.begin) if clock.end <= day.begin else (day.end, clock.begin)
    between = text[first:last]
    if len(between) > _NEAR or re.search(r"[.!?\n](?:\s|$)", between):
        return None
    return len(between)


def _half_after(clock: _ClockHit, halves: list[tuple[int, int, str]]) -> str | None:
    """'in the morning' behind a clock time, a word or two on."""
    return next((part for begin, _, part in halves if 0 <= begin - clock.end <= 12), None)


def _placed(hit: _ClockHit, day: DayHit | None, half: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The local span that the clock time names on this day, or before the writing where no day is named."""
    until = hit.until
    first = hit.clock
    if until is not None and until.half and not first.certain and first.half is None:
        first = Clock(first.minutes, until.half if first.minutes % 720 <= until.minutes % 720 else None, False)
    moments = _moments(first, day, half, now)
    start, end = moments[0], moments[-1]
    if until is not None:
        later = [moment for moment in _moments(until, day, half, now) if moment >= moments[-1]]
        step = (until.minutes - first.minutes) % 720
        end = later[0] if later else moments[-1] + timedelta(minutes=step)
        start = moments[-1] if until.half is None and len(moments) > 1 and not later else start
    return start - hit.before, end + hit.after


def _moments(clock: Clock, day: DayHit | None, half: str | None, now: datetime) -> list[datetime]:
    """What the clock time may mean, earliest first: one moment, or two where morning and evening are both possible."""
    part = half or (day.part if day else None)
    if day is None:
        return [_latest(clock, half, now)]
    midnight = day.midnight
    first, last = (timedelta(hours=hour) for hour in PARTS[part] if True) if part else (timedelta(), timedelta(days=1))
    fits = []
    for minutes in clock.candidates():
        for more in (0, 1440):
            at = timedelta(minutes=minutes + more)
            if first <= at <= last and (more == 0 or last > timedelta(days=1)):
                fits.append(midnight + at)
    if not fits:  # 'half past three this morning': before what a morning is, and not the afternoon all the same
        nearer = 0 if last <= timedelta(hours=12) else -1
        fits = [midnight + timedelta(minutes=clock.candidates()[nearer])]
    past = [moment for moment in fits if moment <= now] or fits[:1]
    if len(past) > 1 and part is None:
        return _likelier(clock, past, midnight, now)
    return past[:1] if part else past


def _likelier(clock: Clock, moments: list[datetime], midnight: datetime, now: datetime) -> list[datetime]:
    """Of a time that may be of the morning or of the evening: today the later one, else what most people are up at."""
    if midnight.date() == now.date():
        return moments[-1:]
    hour = clock.minutes % 720 // 60
    return moments[-1:] if hour <= 5 else moments


def _latest(clock: Clock, half: str | None, now: datetime) -> datetime:
    """The last time before the writing at which the clock showed this."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = PARTS[half] if half else (0, 24)
    minutes = [m for m in clock.candidates() if first * 60 <= m % 1440 <= last * 60 or m % 1440 + 1440 <= last * 60]
    moments = [midnight + timedelta(minutes=m, days=-back) for m in minutes or clock.candidates() for back in (0, 1)]
    moments += [midnight] if clock.minutes == 1440 else []
    return max((moment for moment in moments if moment <= now), default=min(moments))


def _span(text: str, start: datetime, end: datetime, clock: _ClockHit | None, day: DayHit | None) -> Span:
    hits: list[_ClockHit | DayHit] = [hit for hit in (clock, day) if hit is not None]
    words = text[min(hit.begin for hit in hits) : max(hit.end for hit in hits)]
    return Span(min(_instants(start)), max(_instants(max(end, start))), " ".join(words.split()))


def _instants(local: datetime) -> tuple[datetime, datetime]:
    """Both instants that a local time may mean; one and the same but at the two changes of the clock."""
    first, second = (local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
