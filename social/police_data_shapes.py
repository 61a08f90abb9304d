"""What data.police.uk answers, made into our words (D03). Its quirks are met here and nowhere else (D04): numbers come as
strings, a population of "0" means unknown, names and texts hold HTML and `&amp;`, and nearly everything may be null."""

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

from social.clock import LONDON
from social.errors import BeatlineError
from social.profile_input import MOST_PEOPLE

_BLOCKS = frozenset({"p", "br", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "tr", "table"})
_UNSHOWN = frozenset({"script", "style"})
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_STILL_MARKED = re.compile(r"</?[a-z][^<>]*>|&(?:[a-z]+|#\d+);", re.IGNORECASE)


class PoliceDataTrouble(BeatlineError):
    """data.police.uk did not answer, or not in its own shapes. Nothing was changed here."""


class Unreadable(PoliceDataTrouble):
    """The answer is not of the shape that the service's documentation gives."""

    def __init__(self) -> None:
        super().__init__("data.police.uk answered something that cannot be read. Try later.")


@dataclass(frozen=True)
class Named:
    """A force, or a neighbourhood of one.  id: any text, spaces and all."""

    id: str
    name: str


@dataclass(frozen=True)
class Neighbourhood:
    """population: residents, >= 1; None when unknown (the service says "0" too), and of no stated year.
    middle: (latitude, longitude) in degrees, or None."""

    id: str
    name: str
    population: int | None
    middle: tuple[float, float] | None


@dataclass(frozen=True)
class ReadPriority:
    """action, issued_on, acted_on: None where the service has none."""

    issue: str
    action: str | None
    issued_on: date | None
    acted_on: date | None


@dataclass(frozen=True)
class ReadEvent:
    """kind, description, address: None where the service has none; starts_at, ends_at: aware UTC, or None."""

    title: str
    kind: str | None
    description: str | None
    address: str | None
    starts_at: datetime | None
    ends_at: datetime | None


def named(answer: Any) -> tuple[Named, ...]:
    """Forces, or neighbourhoods of a force, as the service lists them; rows without id or name are left out."""
    rows = ((_text_of(row.get("id")), plain(row.get("name"))) for row in _rows(answer))
    return tuple(Named(key, name) for key, name in rows if key and name)


def force_name(answer: Any) -> str | None:
    """The name in a force's own answer."""
    return plain(_object(answer).get("name"))


def neighbourhood(answer: Any) -> Neighbourhood:
    row = _object(answer)
    key, name = _text_of(row.get("id")), plain(row.get("name"))
    if not key or not name:
        raise Unreadable
    centre = row.get("centre")
    return Neighbourhood(
        key, name, residents(row.get("population")), _point(centre if isinstance(centre, dict) else {})
    )


def boundary(answer: Any) -> list[tuple[float, float]] | None:
    """The corners as (longitude, latitude), closed; None where there are not three that differ."""
    points = [(point[1], point[0]) for row in _rows(answer) if (point := _point(row)) is not None]
    if len(set(points)) < 3:
        return None
    return points if points[0] == points[-1] else [*points, points[0]]


def priorities(answer: Any) -> tuple[ReadPriority, ...]:
    """In the service's order; what names no issue is left out."""
    return tuple(
        ReadPriority(issue, plain(row.get("action")), day(row.get("issue-date")), day(row.get("action-date")))
        for row in _rows(answer)
        if (issue := plain(row.get("issue")))
    )


def events(answer: Any) -> tuple[ReadEvent, ...]:
    """In the service's order, past ones as well. Whom to contact is not taken: it may name an officer (D05)."""
    return tuple(
        ReadEvent(
            title, plain(row.get("type")), plain(row.get("description")), plain(row.get("address")),
            moment(row.get("start_date")), moment(row.get("end_date")),
        )
        for row in _rows(answer)
        if (title := plain(row.get("title")) or plain(row.get("type")))
    )  # fmt: skip


def contactable(answer: Any) -> int:
    """How many officers are named with a way to reach them (M15). Nothing else of them is kept (D05)."""

    def reached(row: dict[str, Any]) -> bool:
        ways = row.get("contact_details")
        return bool(plain(row.get("name"))) and isinstance(ways, dict) and any(_text_of(way) for way in ways.values())

    return sum(reached(row) for row in _rows(answer))


def located(answer: Any) -> tuple[str, str]:
    """(force, neighbourhood) that a point lies in."""
    row = _object(answer)
    force, key = _text_of(row.get("force")), _text_of(row.get("neighbourhood"))
    if not force or not key:
        raise Unreadable
    return force, key


def plain(value: Any) -> str | None:
    """Text without HTML, on one line; None for nothing. What was escaped twice is read twice."""
    text = _text_of(value)
    for _ in range(3):
        text = _without_marks(text)
        if not _STILL_MARKED.search(text):
            break
    return " ".join(text.split()) or None


def residents(value: Any) -> int | None:
    """A population as a number, >= 1; None for "0", nothing, what is no number, and more than any force has (D04)."""
    digits = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", _text_of(value))
    number = int(digits) if re.fullmatch(r"\d{1,8}", digits, re.ASCII) else 0
    return number if 0 < number <= MOST_PEOPLE else None


def day(value: Any) -> date | None:
    """The local day of '2026-03-13T00:00:00', with an offset or without; None for nothing and what is no date."""
    found = _moment(value)
    if found is None:
        return None
    return (found if found.tzinfo is None else found.astimezone(LONDON)).date()


def moment(value: Any) -> datetime | None:
    """Aware UTC; a time without an offset is local. None for nothing and what is no time."""
    found = _moment(value)
    return None if found is None else (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text_of(value))
        return found if 1900 <= found.year <= 2200 else None
    except ValueError:
        return None


def _point(row: dict[str, Any]) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees; None for null, for what is no number and for what lies on no globe."""
    try:
        latitude, longitude = float(_text_of(row.get("latitude"))), float(_text_of(row.get("longitude")))
    except ValueError:
        return None
    sound = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if sound else None


def _text_of(value: Any) -> str:
    """Without what no page shows and no database takes: control characters, and halves of characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    return (text if text.isprintable() else _UNSEEN.sub("", text)).strip()


def _rows(answer: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(answer, list):
        raise Unreadable
    return (row for row in answer if isinstance(row, dict))


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise Unreadable
    return answer


def _without_marks(text: str) -> str:
    if "<" not in text:
        return html.unescape(text)
    reader = _Words()
    reader.feed(text)
    reader.close()
    return "".join(reader.words)


class _Words(HTMLParser):
    """Gathers what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unshown = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._unshown += tag in _UNSHOWN
        if tag in _BLOCKS:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unshown = max(0, self._unshown - (tag in _UNSHOWN))
        if tag in _BLOCKS:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self.words.append(data)
