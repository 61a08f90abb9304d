"""Columns of many posts as bytes: what is read of hundreds of thousands of posts, in the time that a page has.

No database hands out so many rows that fast. A pack holds the very numbers of the rows, so that figures from packs are
those of the rows (`insights.packs` says which, and keeps them)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, String, cast, func, select
from sqlmodel import Session

from social.errors import BeatlineError

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

NONE = -1
"""In a column of whole numbers: not reported, or none; such a count is never below 0."""
BETWEEN = "\x1f"
"""Stands between values; in no word of a column, which whoever selects them sees to."""
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
        import numpy as np

        if chosen.dtype == np.bool_:
            chosen = np.flatnonzero(chosen)  # once, not for each column
            if len(chosen) == len(self):
                return self
        return Posts({name: column[chosen] for name, column in self.columns.items()}, self.words)

    def place_of(self, column: str, word: str) -> int:
        """Where the word stands; `NONE` where no post has it."""
        known = self.words[column]
        return known.index(word) if word in known else NONE


def microseconds(moment: datetime) -> int:
    """Since 1970; moments of posts are kept so, to the last digit that a row has."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(number: int) -> datetime:
    """The moment that `microseconds` made the number of."""
    return _EPOCH + int(number) * _MICROSECOND


def moment_number(session: Session, column: Any) -> Any:
    """The same of a column of moments, as the database works it out: made into moments first, rows would cost twice as much."""
    if session.get_bind().dialect.name == "sqlite":  # kept as text, always with six digits after the second
        whole, rest = func.strftime("%s", column), func.substr(column, 21, 6)
        return cast(whole, BigInteger) * _SECOND + cast(rest, BigInteger)
    # In double precision, a third faster than EXTRACT's decimals; rounded, it is exact to the microsecond until 2106.
    return cast(func.date_part("epoch", column) * _SECOND, BigInteger)


def from_query(session: Session, shape: Shape, query: Any) -> Posts:
    """What a query selects, turned.  query: of the shape's columns in its order; days become ordinals.

    The database puts each column together to one text: no driver hands out rows nearly as fast."""
    selected = list(query.subquery().c)
    kinds = dict(zip(shape.kinds.items(), selected, strict=True))
    texts = [
        func.aggregate_strings(func.coalesce(cast(column, String), _nothing(name in shape.words, kind)), BETWEEN)
        for (name, kind), column in kinds.items()
    ]
    columns, words = {}, {}
    for ((name, kind), column), text in zip(
        kinds.items(), session.connection().execute(select(*texts)).one(), strict=True
    ):
        if name in shape.words:
            columns[name], words[name] = _codes(text, kind)
        elif isinstance(column.type, Date):
            codes, days = _codes(text, kind)
            columns[name] = _array([date.fromisoformat(day).toordinal() for day in days], kind)[codes]
        else:
            columns[name] = _numbers(text, kind)
    return Posts(columns, words)


def _nothing(word: bool, kind: str) -> str:
    return "" if word else "nan" if kind == "<f8" else str(NONE)


def _codes(text: str | None, kind: str) -> "tuple[Numbers, list[str]]":
    values = [] if text is None else text.split(BETWEEN)
    known = {word: code for code, word in enumerate(dict.fromkeys(values))}
    return _array(list(map(known.__getitem__, values)), kind), list(known)


def _numbers(text: str | None, kind: str) -> "Numbers":
    import numpy as np

    if text is None:
        return _array([], kind)
    read: Numbers = np.fromstring(text, dtype="<f8" if kind == "<f8" else "<i8", sep=BETWEEN)
    return read.astype(kind)


def _array(values: Sequence[int], kind: str) -> "Numbers":
    import numpy as np

    return np.array(values, dtype=kind)


def pack(shape: Shape, posts: Posts) -> bytes:
    """The posts as bytes: a line of JSON with the words and the kinds of numbers, then number after number.

    Packs outlive the program that made them: what its numbers are stands with each."""
    numbers = b"".join(posts.columns[name].astype(kind).tobytes() for name, kind in shape.kinds.items())
    return json.dumps({"words": posts.words, "kinds": shape.kinds}).encode() + b"\n" + numbers


def unpack(shape: Shape, body: bytes, count: int, names: Collection[str] | None = None) -> Posts:
    """The posts that were packed.  count: how many.  names: columns that are wanted; None: all.

    Raises BeatlineError for bytes that are not such posts, rather than make figures of them."""
    import numpy as np

    start = body.index(b"\n") + 1
    head, columns = json.loads(body[:start]), {}
    # Packs of before hold their words alone, and are of the shape of then.
    words, kinds = (head["words"], head["kinds"]) if "kinds" in head else (head, shape.kinds)
    if start + count * sum(int(kind[2:]) for kind in kinds.values()) != len(body):
        raise BeatlineError("Figures kept by another version cannot be read. Run `beatline insights rebuild`.")
    for name, kind in kinds.items():
        if names is None or name in names:
            columns[name] = np.frombuffer(body, dtype=kind, count=count, offset=start)
        start += count * int(kind[2:])
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


def without_idle_words(posts: Posts) -> Posts:
    """The same without words that none of them has."""
    import numpy as np

    columns, words = dict(posts.columns), dict(posts.words)
    for name, known in posts.words.items():
        used = np.bincount(columns[name], minlength=len(known)) > 0
        if not used.all():
            columns[name] = (np.cumsum(used, dtype="<i4") - 1)[columns[name]]
            words[name] = [word for word, there in zip(known, used.tolist(), strict=True) if there]
    return Posts(columns, words)


def sorted_by(keys: "Numbers") -> "Numbers":
    """The places of whole numbers in their order, equals as they stand."""
    import numpy as np

    if len(keys) and int(keys.max()) - int(keys.min()) < 2**16:
        keys = (keys - keys.min()).astype("<u2")  # so few that they are dealt out, not compared: a fifth of the time
    return np.argsort(keys, kind="stable")
