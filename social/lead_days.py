"""Days and parts of days as people write them, English and the common Welsh: 'last night', 'Tuesday', 'ddoe', 'the 3rd'.

Pure: words and the day on which they were written in, spans of local time out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from social.lead_clock import NUMBERS

DAY = timedelta(days=1)
PARTS: dict[str, tuple[int, int]] = {
    "morning": (4, 12), "early": (0, 6), "lunchtime": (12, 14), "afternoon": (12, 18), "teatime": (16, 19),
    "evening": (17, 24), "night": (18, 30), "am": (0, 12), "pm": (12, 24),
}  # fmt: skip
"""Local hours from the midnight of the day; past 24 is the next day."""

_PART_WORDS = {
    "morning": "morning", "mornin": "morning", "bore": "morning", "early hours": "early",
    "small hours": "early", "oriau mân": "early", "lunchtime": "lunchtime", "lunch time": "lunchtime",
    "amser cinio": "lunchtime", "dinnertime": "lunchtime", "dinner time": "lunchtime", "aft": "afternoon", "fore": "morning", "afternoon": "afternoon", "prynhawn": "afternoon",
    "p'nawn": "afternoon", "pnawn": "afternoon", "brynhawn": "afternoon", "teatime": "teatime", "tea time": "teatime",
    "amser te": "teatime", "evening": "evening", "eve": "evening", "nos": "night", "night": "night",
    "noson": "evening", "min nos": "evening",
}  # fmt: skip
_PART = (
    "(?:" + "|".join(sorted(map(re.escape, _PART_WORDS), key=len, reverse=True)) + r"|[ap]m(?!\s+\w))\b"
)  # 'Sul am 3' is Welsh for 'Sunday at 3'
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|thur?s?|fri|(?<=on )(?:wed|sat|sun)|(?<=last )(?:wed|sat|sun)|"
    r"(?:wed|sat|sun)(?=\s+(?:morn|aft|eve|night|\d)))(?![\w'])"
)
"""'sat' and 'sun' alone are more often something else."""
_WELSH_WEEKDAYS = {
    "llun": 0, "lun": 0, "mawrth": 1, "fawrth": 1, "mercher": 2, "fercher": 2, "iau": 3, "gwener": 4, "wener": 4,
    "sadwrn": 5, "sul": 6,
}  # fmt: skip
_WELSH_WEEKDAY = "(?:" + "|".join(_WELSH_WEEKDAYS) + r")\b"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WELSH_MONTHS = ["ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin", "gorffennaf", "awst", "medi", "hydref",
                 "tachwedd", "rhagfyr"]  # fmt: skip
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|" + "|".join(_WELSH_MONTHS) + r")\b"
)
_COUNT = r"(?:\d{1,3}|an?|half an|a couple of|couple of|a few|few|several|" + "|".join(NUMBERS) + ")"
_UNIT = r"(?:min(?:ute)?s?|hours?|hrs?|days?|weeks?|munud|awr|diwrnod|ddiwrnod|wythnos)"


@dataclass(frozen=True)
class DayHit:
    """Where in the text a day is named, and what it spans in local time (naive).

    midnight: of the day itself, to which a clock time is added.  part: a key of PARTS, or None.
    closed: says all by itself, so that no clock time belongs to it ('ten minutes ago')."""

    begin: int
    end: int
    start: datetime
    until: datetime
    midnight: datetime
    part: str | None = None
    closed: bool = False


_Reader = Callable[[re.Match[str], datetime], "DayHit | None"]


def find_days(text: str, now: datetime) -> list[DayHit]:
    """Every day named in the text, in order, none within another.  now: naive local time at which it was written."""
    found: list[DayHit] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < hit.end and hit.begin < match.end() for hit in found):
                continue
            hit = read(match, now)
            if hit is not None:
                found.append(hit)
    return sorted(found, key=lambda hit: hit.begin)


def _of(match: re.Match[str], day: date, part: str | None, now: datetime) -> DayHit:
    """The whole day, or a part of it, ended by the moment of writing."""
    midnight = datetime.combine(day, time())
    first, last = PARTS[part] if part else (0, 24)
    start, until = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
    if start > now >= midnight and day == now.date():  # 'this morning', written before the morning began
        start = midnight
    return DayHit(match.start(), match.end(), start, min(until, max(now, start)), midnight, part)


def _part(match: re.Match[str]) -> str | None:
    for name in ("part", "part2"):
        if name in match.re.groupindex and match[name]:
            said = re.sub(r"\s+", " ", match[name])
            return _PART_WORDS.get(said, said)
    return None


def _days_back(days: int, part: str | None = None) -> _Reader:
    def read(match: re.Match[str], now: datetime) -> DayHit | None:
        said = _part(match) or part
        # After midnight, 'tonight' and 'this evening' are still of the evening that has not ended for whoever is up.
        late = days == 0 and said in ("night", "evening") and now.hour < 5
        return _of(match, now.date() - DAY * (days + late), said, now)

    return read


def _weekday(match: re.Match[str], now: datetime) -> DayHit:
    groups = match.groupdict()
    welsh = groups.get("cy")
    wanted = _WELSH_WEEKDAYS[welsh] if welsh else _WEEKDAYS.index(match["day"][:3])
    back = (now.weekday() - wanted) % 7
    before = groups.get("before") or ""
    if (back == 0 and "last" in before) or (groups.get("after") and back < now.weekday() + 1):
        back += 7
    if "week" in before:
        back += 7
    hit = _of(match, now.date() - DAY * back, _part(match), now)
    return hit if hit.start <= now else _of(match, now.date() - DAY * (back + 7), _part(match), now)


def _date(match: re.Match[str], now: datetime) -> DayHit | None:
    """The latest such day that is not to come."""
    groups = match.groupdict()
    number, month = int(groups["d"]), _month(groups.get("m"))
    year = int(groups["y"]) if groups.get("y") else None
    for back in range(400):
        day = now.date() - DAY * back
        if day.day == number and month in (None, day.month) and year in (None, day.year, day.year - 2000):
            return _of(match, day, _part(match), now)
    return None


def _month(said: str | None) -> int | None:
    if not said:
        return None
    if said.isdigit():
        return int(said)
    return _WELSH_MONTHS.index(said) + 1 if said in _WELSH_MONTHS else _MONTHS.index(said[:3]) + 1


def _ago(match: re.Match[str], now: datetime) -> DayHit | None:
    said, unit = match["n"].strip(), match["u"]
    few = {"a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4, "a": 1, "an": 1, "": 1}
    amount = 0.5 if said.startswith(("half", "hanner")) else few.get(said) or NUMBERS.get(said) or float(said)
    if unit.startswith(("day", "week", "diw", "ddiw", "wyth")):
        days = amount * (7 if unit.startswith(("week", "wyth")) else 1)
        vague = said in few and amount > 2
        hit = _of(match, now.date() - timedelta(days=days), None, now)
        more = DAY if vague else timedelta()
        return DayHit(hit.begin, hit.end, hit.start - more, min(hit.until + more, now), hit.midnight)
    length = timedelta(minutes=amount) if unit.startswith(("min", "mun")) else timedelta(hours=amount)
    slack = max(timedelta(minutes=5), length / 4)
    at = now - length
    return DayHit(match.start(), match.end(), at - slack, min(at + slack, now), at, closed=True)


def _just_now(match: re.Match[str], now: datetime) -> DayHit:
    return DayHit(match.start(), match.end(), now - timedelta(minutes=15), now, now, closed=True)


def _earlier(match: re.Match[str], now: datetime) -> DayHit:
    return DayHit(match.start(), match.end(), now - timedelta(hours=6), now, now, closed=True)


def _between_days(first: Callable[[datetime], date], last: Callable[[datetime], date]) -> _Reader:
    def read(match: re.Match[str], now: datetime) -> DayHit:
        start = datetime.combine(first(now), time())
        until = datetime.combine(last(now), time()) + DAY
        return DayHit(match.start(), match.end(), start, min(until, now), start)

    return read


def _saturday(now: datetime) -> date:
    return now.date() - DAY * ((now.weekday() - 5) % 7)


def _monday_before(now: datetime) -> date:
    return now.date() - DAY * (now.weekday() + 7)


_AFTER = rf"(?:\s+(?:in the |at |during the |yn y |y )?(?P<part>{_PART}))?"
_TABLE: tuple[tuple[str, _Reader], ...] = (
    (rf"\b(?:about |around |roughly |tua )?(?P<n>{_COUNT}|hanner|)\s*(?P<u>{_UNIT})\s+(?:ago|back\b|yn ôl|yn ol)", _ago),
    (r"\b(?:just now|right now|as we speak|this minute|rŵan|nawr|y funud hon|ar hyn o bryd)\b", _just_now),
    (r"\b(?:night before last|echnos)\b", _days_back(2, "night")),
    (rf"\b(?:day before yesterday|echdoe){_AFTER}", _days_back(2)),
    (r"\bthe other (?:day|night|evening|morning)\b", _between_days(lambda n: n.date() - DAY * 4, lambda n: n.date() - DAY)),
    (r"\b(?:last night|overnight|during the night|all night|neithiwr|nithiwr|noson ddoe|nos ddoe)\b", _days_back(1, "night")),
    (r"\b(?:middle of the night|ganol y nos)\b", _days_back(0, "early")),
    (rf"\b(?P<part>{_PART})\s+(?:ddoe)\b", _days_back(1)),
    (r"\b(?:in the )?(?P<part>early hours|small hours)\s+(?:of )?(?:yesterday)\b", _days_back(1)),
    (r"\b(?:in the )?(?P<part>early hours|small hours)\s+(?:of )?(?:this morning|today)\b", _days_back(0)),
    (rf"\b(?:in the )?(?P<part>early hours|small hours) of (?P<before>last )?(?P<day>{_WEEKDAY})(?:\s+morning)?", _weekday),
    (rf"\b(?:yesterday|yday|ddoe){_AFTER}", _days_back(1)),
    (rf"\b(?:earlier )?(?:this|the'?s)\s+(?P<part>{_PART})", _days_back(0)),
    (r"\b(?:y )?(?P<part>bore|prynhawn|p'nawn|pnawn)\s+(?:yma|'?ma\b)", _days_back(0)),
    (r"\b(?:tonight|tonite|heno)\b", _days_back(0, "night")),
    (rf"\b(?:earlier today|today|heddiw){_AFTER}", _days_back(0)),
    (rf"\b(?P<d>[12]?\d|3[01])(?:st|nd|rd|th|af|ain|fed|ydd)?\s+(?:of\s+|o\s+)?(?P<m>{_MONTH})(?:\s+(?P<y>20\d\d))?{_AFTER}", _date),
    (rf"\b(?P<m>{_MONTH})\s+(?:the\s+)?(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)?(?![\d:]){_AFTER}", _date),
    (rf"(?<![\d/])(?P<d>0?[1-9]|[12]\d|3[01])/(?P<m>0?[1-9]|1[0-2])(?:/(?P<y>(?:20)?\d\d))?(?![\d/]){_AFTER}", _date),
    (rf"\b(?P<part>night) of (?:the\s+)?(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)(?:\s+(?:of\s+)?(?P<m>{_MONTH}))?", _date),
    (rf"\b(?:{_WEEKDAY}\s+)?(?:the\s+)?(?P<d>[12]?\d|3[01])(?:st|nd|rd|th)\b(?!\s+(?:time|house|floor|birthday|person|one|car|year|century|street|avenue|gear|left|right)){_AFTER}", _date),
    (rf"(?<!next )(?<!every )(?<!each )\b(?P<before>(?:a week )?last |this past |this |on )?(?P<day>{_WEEKDAY})(?!\s+(?:coming|next))(?P<after>\s+(?:last week|gone week))?{_AFTER}", _weekday),
    (rf"\b(?:ddydd|dydd)\s+(?P<cy>{_WELSH_WEEKDAY}){_AFTER}", _weekday),
    (rf"\b(?P<part>nos|bore|fore|prynhawn|brynhawn|p'nawn|pnawn)\s+(?:dydd )?(?P<cy>{_WELSH_WEEKDAY})", _weekday),
    (r"\b(?<!easter )(?:weekend|penwythnos)\b(?! coming)", _between_days(_saturday, lambda n: _saturday(n) + DAY)),
    (r"\b(?:last week|wythnos (?:d|dd)iwethaf)\b", _between_days(_monday_before, lambda n: _monday_before(n) + DAY * 6)),
    (r"\b(?:in the )?(?:early hours|small hours|oriau mân)\b", _days_back(0, "early")),
    (r"\bearlier\b(?! than)", _earlier),
)  # fmt: skip
"""In this order: what is said more closely comes first, and nothing is read twice."""
_READERS = tuple((re.compile(pattern), read) for pattern, read in _TABLE)


def part_after(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, part) of words such as 'in the morning' or 'at night' that tell which half of the day is meant."""
    for match in _WHICH_HALF.finditer(text):
        part = _PART_WORDS[match["part"]]
        yield match.start(), match.end(), {"morning": "am", "afternoon": "pm", "evening": "pm"}.get(part, part)


_WHICH_HALF = re.compile(
    r"\b(?:in the |at |of the |yn y |y |o'r )(?P<part>morning|afternoon|evening|night|bore|nos|prynhawn|pnawn|p'nawn)\b"
)
