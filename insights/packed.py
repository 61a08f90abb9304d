"""Columns of many posts as bytes: what is read of hundreds of thousands of posts, in the time that a page has.

No database hands out so many rows that fast. A pack holds the very numbers of the rows, so that figures from packs are
those of the rows (`insights.packs` says which, and keeps them)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, cast, func
from sqlmodel import Session

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

NONE = -1
"""In a column of whole numbers: not reported, or none; such a count is never below 0."""
_EPOCH, _MICROSECOND, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1), 1_000_000


@dataclass(frozen=True)
class Shape:
    """words: columns of words.  numbers: column -> kind of number, '<i4' or '<i8' (`NONE` for none) or '<f8'."""

    words: tuple[str, ...]
    numbers: Mapping[str, str]

    @property
    def kinds(self) -> dict[str, str]:
        """Every column in order -> kind of number: of a word, its place in the list of words."""
        return {**dict.fromkeys(self.words, "<i4"), **self.numbers}


@dataclass(frozen=True)
class Posts:
    """Some posts, a number of each by column.

    Words are places in the lists of `words`, '' among them for none. What was not reported is not a number in a column of
    '<f8', and `NONE` in others."""

    columns: "dict[str, Numbers]"
    words: dict[str, list[str]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def where(self, chosen: "Numbers") -> "Posts":
        """chosen: True or False of each post, or the places of those wanted."""
        return Posts({name: column[chosen] for name, column in self.columns.items()}, self.words)

    def place_of(self, column: str, word: str) -> int:
        """Where the word stands; `NONE` where no post has it."""
        known = self.words[column]
        return known.index(word) if word in known else NONE


def microseconds(moment: datetime) -> int:
    """Since 1970; moments of posts are kept so, to the last digit that a row has."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_number(session: Session, column: Any) -> Any:
    """The same of a column of moments, as the database works it out: made into moments first, rows would cost twice as much."""
    if session.get_bind().dialect.name == "sqlite":  # kept as text, always with six digits after the second
        whole, rest = func.strftime("%s", column), func.substr(column, 21, 6)
        return cast(whole, BigInteger) * _SECOND + cast(rest, BigInteger)
    return cast(func.extract("epoch", column) * _SECOND, BigInteger)


def from_rows(shape: Shape, rows: Sequence[Any]) -> Posts:
    """Rows turned.  rows: of the shape's columns in its order, as a query hands them out; days as dates."""
    import numpy as np

    kinds = shape.kinds
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    columns, words = {}, {}
    for (name, kind), values in zip(kinds.items(), turned, strict=True):
        if name in shape.words:
            known: dict[str, int] = {}
            codes = {value: known.setdefault(value or "", len(known)) for value in dict.fromkeys(values)}
            columns[name], words[name] = np.array(list(map(codes.__getitem__, values)), dtype=kind), list(known)
        elif values and isinstance(values[0], date):
            ordinals = {day: day.toordinal() for day in set(values)}
            columns[name] = np.array(list(map(ordinals.__getitem__, values)), dtype=kind)
        else:
            columns[name] = _numbers(np.array(values, dtype="<f8"), kind)  # None becomes not a number
    return Posts(columns, words)


def _numbers(values: "Numbers", kind: str) -> "Numbers":
    """values: exact, as whole numbers are up to 2**53."""
    import numpy as np

    return values if kind == "<f8" else np.where(np.isnan(values), NONE, values).astype(kind)


def pack(shape: Shape, posts: Posts) -> bytes:
    """The posts as bytes: a line of JSON with the words, then number after number."""
    numbers = b"".join(posts.columns[name].astype(kind).tobytes() for name, kind in shape.kinds.items())
    return json.dumps(posts.words).encode() + b"\n" + numbers


def unpack(shape: Shape, body: bytes, count: int) -> Posts:
    """The posts that were packed.  count: how many."""
    import numpy as np

    start = body.index(b"\n") + 1
    words, columns = json.loads(body[:start]), {}
    for name, kind in shape.kinds.items():
        columns[name] = np.frombuffer(body, dtype=kind, count=count, offset=start)
        start += columns[name].nbytes
    return Posts(columns, words)


def together(parts: Sequence[Posts], names: Sequence[str]) -> Posts:
    """These columns of all of them as one, with one list of each kind of words.  parts: one at least."""
    import numpy as np

    columns, words = {}, {}
    for name in names:
        if name not in parts[0].words:
            columns[name] = np.concatenate([part.columns[name] for part in parts])
            continue
        known: dict[str, int] = {}
        anew = []
        for part in parts:
            places = np.array([known.setdefault(word, len(known)) for word in part.words[name]] or [0], dtype="<i4")
            anew.append(places[part.columns[name]])
        columns[name], words[name] = np.concatenate(anew), list(known)
    return Posts(columns, words)
