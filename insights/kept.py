"""Packed weeks of years, as numbers that stay in the process: a question asks the database only what has changed since.

Each pack has a mark, a digest of its bytes, that stands beside it. Every question reads the marks, and what is kept is used
for a week only where the mark is still the same: the mark goes with its pack in the transaction that changes any of its
numbers, so nothing is served that is not so any more, whichever process changed it. What is kept lies below permissions
and filters: numbers of posts by week, the same whoever asks."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from insights.packed import Posts, Shape, pack, together, unpack, without_idle_words
from social.errors import BeatlineError
from social.upsert import table_of

if TYPE_CHECKING:
    from insights.packed import Numbers

MOST = 32 * 2**20
"""Bytes that are kept of one table; of more than these the newest weeks are, and those before are read each time."""


@dataclass(frozen=True)
class Store:
    """Where packs stand.  table: with the columns week, mark and body.  count: its column of how many posts or other rows
    a body holds.  shape: of the bodies."""

    table: type[SQLModel]
    count: str
    shape: Shape

    def add(self, session: Session, week: date, posts: Posts) -> None:
        body = pack(self.shape, posts)
        session.merge(self.table(week=week, **{self.count: len(posts)}, mark=mark_of(body), body=body))

    def has(self, session: Session, week: date) -> bool:
        """Whether the week is packed. A worker of the version before knows of no marks: what it packed is packed anew."""
        known: Any = session.get(self.table, week)
        return known is not None and known.mark != ""

    def weeks(self, session: Session) -> set[date]:
        """Those that are packed."""
        table: Any = table_of(self.table).c
        return set(session.connection().execute(select(table.week).where(table.mark != "")).scalars())


@dataclass(frozen=True)
class Weeks:
    """days: the Mondays of the weeks that are packed.  parts: what is in them, 'week' (the Monday's ordinal) beside."""

    days: frozenset[date]
    parts: list[Posts]


def mark_of(body: bytes) -> str:
    """Of other bytes another mark."""
    return blake2b(body, digest_size=16).hexdigest()


def packed_weeks(
    session: Session, store: Store, first: date | None, last: date | None, names: Collection[str]
) -> Weeks:
    """The packed weeks in [first, last), oldest first; None: no bound.

    names: of the shape's columns, those that are needed. Their numbers are not to be changed."""
    marks = _marks(session, store, first, last)
    before = _kept.get(store.table, _NOTHING)
    missing = [week for week, mark in marks.items() if before.marks.get(week) != mark]
    read = dict(_read(session, store, marks, missing)) if missing else {}
    kept = _brought_up_to_date(store, before, marks, read, first, last)
    there = [week for week, mark in marks.items() if kept.marks.get(week) == mark]
    parts = [kept.between(start, end, names) for start, end in kept.stretches(there)]
    others = sorted(read.keys() - set(there))
    parts += [Posts(_only(read[week].columns, [*names, "week"]), read[week].words) for week in others]
    return Weeks(frozenset([*there, *others]), [part for part in parts if len(part)])


@dataclass(frozen=True)
class _Kept:
    """Weeks one after another.  marks: of each.  starts: where each begins among the posts; its end is the next one's."""

    marks: Mapping[date, str]
    starts: Mapping[date, tuple[int, int]]
    posts: Posts

    def stretches(self, weeks: Iterable[date]) -> Iterator[tuple[int, int]]:
        """Where these weeks lie, in as few pieces as may be.  weeks: kept ones, oldest first."""
        begin = end = None
        for week in weeks:
            start, stop = self.starts[week]
            if end != start:
                if begin is not None and end is not None:
                    yield begin, end
                begin = start
            end = stop
        if begin is not None and end is not None:
            yield begin, end

    def between(self, start: int, end: int, names: Collection[str]) -> Posts:
        columns = _only(self.posts.columns, [*names, "week"])
        return Posts({name: column[start:end] for name, column in columns.items()}, self.posts.words)


_NOTHING = _Kept({}, {}, Posts({}, {}))
_kept: dict[type[SQLModel], _Kept] = {}
"""By table. What stands here is never changed, only replaced: threads need no lock."""


def _only(columns: "Mapping[str, Numbers]", names: Collection[str]) -> "dict[str, Numbers]":
    return {name: columns[name] for name in dict.fromkeys(names)}


def _marks(session: Session, store: Store, first: date | None, last: date | None) -> dict[date, str]:
    table = table_of(store.table).c
    query = select(table.week, table.mark).where(table.mark != "").order_by(table.week)
    if first is not None:
        query = query.where(table.week >= first)
    if last is not None:
        query = query.where(table.week < last)
    return {row.week: row.mark for row in session.connection().execute(query)}


def _read(
    session: Session, store: Store, marks: Mapping[date, str], weeks: Collection[date]
) -> Iterator[tuple[date, Posts]]:
    """Of these weeks what has the mark still; raises BeatlineError for bytes that are not those it was made of."""
    import numpy as np

    table: Any = table_of(store.table).c
    query = select(table.week, table[store.count], table.mark, table.body).where(table.week.in_(weeks))
    for week, count, mark, body in session.connection().execute(query):
        if marks[week] != mark:
            continue  # changed since: its rows are read
        if mark_of(bytes(body)) != mark:
            raise BeatlineError("Kept figures are damaged. Run `beatline insights rebuild`.")
        posts = unpack(store.shape, bytes(body), count)
        yield week, Posts({**posts.columns, "week": np.full(count, week.toordinal(), dtype="<i4")}, posts.words)


def _brought_up_to_date(
    store: Store, before: _Kept, marks: Mapping[date, str], read: Mapping[date, Posts],
    first: date | None, last: date | None,
) -> _Kept:  # fmt: skip
    """What is kept from here on: what was just read, and what was kept before and is not known to be otherwise."""
    asked = {week for week in before.marks if (first is None or week >= first) and (last is None or week < last)}
    stay = {week for week, mark in before.marks.items() if week not in asked or marks.get(week) == mark}
    width = sum(int(kind[2:]) for kind in store.shape.kinds.values()) + 4
    room, weeks = MOST, list[date]()
    for week in sorted(stay | read.keys(), reverse=True):
        start, end = (0, len(read[week])) if week in read else before.starts[week]
        room -= (end - start) * width
        if room < 0:
            break
        weeks.append(week)
    known = {week: marks[week] if week in read else before.marks[week] for week in reversed(weeks)}
    if known == before.marks:
        return before
    kept = _laid_out(store, before, known, read) if known else _NOTHING
    _kept[store.table] = kept
    return kept


def _laid_out(store: Store, before: _Kept, known: Mapping[date, str], read: Mapping[date, Posts]) -> _Kept:
    names = [*store.shape.kinds, "week"]
    parts = [read[week] if week in read else before.between(*before.starts[week], names) for week in known]
    starts, at = {}, 0
    for week, part in zip(known, parts, strict=True):
        starts[week] = (at, at + len(part))
        at += len(part)
    posts = without_idle_words(together(parts, names))
    for column in posts.columns.values():
        column.flags.writeable = False
    return _Kept(known, starts, posts)
