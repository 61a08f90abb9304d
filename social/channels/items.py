"""Takes what a network sent apart item by item, so that one that cannot be read costs no other.

A value of another kind than the network's description says is no value: nothing is made into text that was none."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from social.clock import as_utc

T = TypeVar("T")
Json = Mapping[str, Any]

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a value of the wrong kind raises."""
_ID = re.compile(r"[0-9A-Za-z][\w:.-]{0,119}", re.ASCII)
_YEARS = range(2004, 2100)
"""No network is older, and no reply comes from the far future."""
_MOST = 2_000_000_000
"""A count above this is none; the databases hold no larger."""


def readable(listed: object, read: Callable[[Any], T]) -> tuple[list[T], int]:
    """What can be read of a list, in its order, and how many of its items cannot.

    listed: None for a list that was left out because it is empty.  Raises LookupError for what is no list."""
    if listed is None:
        return [], 0
    if not isinstance(listed, list):
        raise LookupError("no list where one belongs")
    found: list[T] = []
    for item in listed:
        try:
            found.append(read(item))
        except UNREADABLE:
            continue
    return found, len(listed) - len(found)


def id_of(value: object) -> str:
    """An id: text, or a number that some answers give in its place.  Raises ValueError for anything else."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise ValueError("no id")
    return text


def id_or_none(value: object) -> str | None:
    """An id where one is told in a form that can be read."""
    try:
        return id_of(value)
    except ValueError:
        return None


def words_of(value: object) -> str:
    """Somebody's words.  Raises ValueError for what is no text."""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def moment_of(value: object) -> datetime:
    """An instant in ISO 8601, in UTC.  Raises ValueError for what is none, or of no time that can be."""
    moment = as_utc(datetime.fromisoformat(words_of(value)))
    if moment.year not in _YEARS:
        raise ValueError("no such time")
    return moment


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def part_of(whole: object, name: str) -> Json:
    """An object inside another; {} where it is left out or is none."""
    part = whole.get(name) if isinstance(whole, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def all_of(whole: object, name: str) -> list[Json]:
    """The objects of a list inside an object; what is no object is left out."""
    listed = whole.get(name) if isinstance(whole, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
