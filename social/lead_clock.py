"""Clock times as people write them, English and the common Welsh: '9pm', 'half ten', 'chwarter i naw', '2130 hrs'.

Pure: words in, minutes of a day out. What day is meant is for `lead_times.py`."""

import re
from dataclasses import dataclass

_ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBERS: dict[str, int] = {word: number for number, word in enumerate(_ENGLISH, 1)}
NUMBERS |= {
    "un": 1, "dau": 2, "ddau": 2, "dwy": 2, "ddwy": 2, "tri": 3, "dri": 3, "tair": 3, "dair": 3, "pedwar": 4, "bedwar": 4, "pedair": 4,
    "bedair": 4, "pump": 5, "bump": 5, "chwech": 6, "saith": 7, "wyth": 8, "naw": 9, "deg": 10, "ddeg": 10,
    "un ar ddeg": 11, "deuddeg": 12, "ddeuddeg": 12,
}  # fmt: skip
MINUTES = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25, "pum": 5, "deng": 10, "ugain": 20}

_N = r"(?:1[0-2]|[1-9]|" + "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True)) + r")(?!(?!ish\b)\w)"
_M = r"(?:[1-5]?\d|" + "|".join(sorted(map(re.escape, MINUTES), key=len, reverse=True)) + ")"
_MER = r"(?:[ap]\.?m\b\.?|yb\b|yh\b|yp\b)"
_NOT_MONEY = r"(?<![£$€\d.:/])"
_NOT_MEASURE = r"(?!\s*(?:%|p\b|quid|pounds?|miles?|km\b|metres?|m\b|k\b|pence|stone|ft\b|degrees))"
_FORMS = {
    "digital": rf"{_NOT_MONEY}\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?![\d/]|\.\d)\s*{_MER}?{_NOT_MEASURE}",
    "meridiem": rf"{_NOT_MONEY}\b(?:1[0-2]|0?[1-9])\s*{_MER}",
    "military": r"\b(?:[01]\d|2[0-3])[0-5]\d\s*(?:hrs?|hours|h)\b",
    "past": rf"{_NOT_MONEY}\b(?:half|quarter|{_M}(?:\s+min(?:ute)?s?)?)[\s-]+(?:past|after|to)[\s-]+{_N}(?:\s*{_MER})?",
    "half": rf"\bhalf[\s-]+{_N}(?:\s*{_MER})?",
    "welsh": rf"\b(?:hanner awr|hanner|chwarter|{_M}(?:\s+munud)?)\s+(?:wedi|i)\s+{_N}",
    "oclock": rf"\b{_N}\s*(?:o\s?'?\s?clock|o'r gloch|o’r gloch|yr gloch)",
    "named": r"\b(?:midnight|midday|noon|hanner nos|hanner dydd|ganol nos|canol nos)\b",
}
CLOCK = "(?:" + "|".join(_FORMS.values()) + ")"
"""A clock time that is one whatever stands around it."""
BARE = rf"(?:\b{_N})"
"""A number alone, which is a time only after a word such as 'at'."""

_NOON = {"midday": 720, "noon": 720, "hanner dydd": 720}


@dataclass(frozen=True)
class Clock:
    """minutes: of the day, as said; 24 hours later at most for midnight.  half: 'am', 'pm', or None where both are
    possible.  said: 24-hour or named times are certain whatever `half` says."""

    minutes: int
    half: str | None
    certain: bool

    def candidates(self) -> tuple[int, ...]:
        """Every minute of the day that it may mean."""
        if self.certain:
            return (self.minutes,)
        base = self.minutes % 720
        if self.half is not None:
            return (base + 720 * (self.half == "pm"),)
        return base, base + 720


def read_clock(words: str) -> Clock | None:
    """The time that these words are, of the forms CLOCK or BARE; None for anything else."""
    words = re.sub(r"\s+", " ", words.strip().lower().replace("’", "'"))
    words = re.sub(r"\b(half|quarter)-|-(past|after|to)\b-?", lambda hit: f"{hit[1] or ' ' + hit[2]} ", words)
    words = re.sub(r"\s+", " ", words)
    half, words = _take_half(words)
    if words in _NOON:
        return Clock(_NOON[words], None, True)
    if words in ("midnight", "hanner nos", "ganol nos", "canol nos"):
        return Clock(1440, None, True)
    if match := re.fullmatch(r"(\d{1,2})[:.](\d\d)", words):
        hour, minute = int(match[1]), int(match[2])
        sure = half is None and (hour > 12 or hour == 0 or (len(match[1]) == 2 and hour < 10))
        return Clock(hour * 60 + minute, half, sure)
    if match := re.fullmatch(r"(\d\d)(\d\d) ?(?:hrs?|hours|h)", words):
        return Clock(int(match[1]) * 60 + int(match[2]), None, True)
    return _in_words(words, half)


def _take_half(words: str) -> tuple[str | None, str]:
    match = re.search(r"(?<=[\d\s])([ap])\.?m\.?$|(?<=[\d\s])(yb|yh|yp)$", words)
    if match is None:
        return None, words
    half = f"{match[1]}m" if match[1] else {"yb": "am"}.get(match[2], "pm")
    return half, words[: match.start()].strip()


def _in_words(words: str, half: str | None) -> Clock | None:
    number = rf"(?P<n>\d{{1,2}}|{'|'.join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))})"
    if match := re.fullmatch(rf"(?:half|hanner awr|hanner)(?: past| after| wedi)? {number}", words):
        return Clock(_hour(match) * 60 + 30, half, False)
    if match := re.fullmatch(rf"(?P<m>.+?)(?: min(?:ute)?s?| munud)? (?P<way>past|after|to|wedi|i) {number}", words):
        minutes = _minutes(match["m"])
        if minutes is None:
            return None
        early = match["way"] in ("to", "i")
        return Clock((_hour(match) * 60 + (-minutes if early else minutes)) % 1440, half, False)
    if match := re.fullmatch(rf"{number}(?: ?o ?'? ?clock| ?o'r gloch| ?yr gloch)?", words):
        return Clock(_hour(match) * 60, half, False)
    return None


def _hour(match: re.Match[str]) -> int:
    said = match["n"]
    return int(said) if said.isdigit() else NUMBERS[said]


def _minutes(said: str) -> int | None:
    if said in ("quarter", "chwarter", "a quarter"):
        return 15
    if said in ("half", "hanner"):
        return 30
    if said.isdigit():
        return int(said)
    return MINUTES.get(said)
