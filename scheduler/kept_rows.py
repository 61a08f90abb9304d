"""Rows that were read before and still are what they were: a worker reads them as the driver hands them over, compares,
and makes objects only of what is new. Making objects of what has not changed is most of what a post costs otherwise.

What is kept belongs to this process and is never written back: whoever changes a row reads it anew."""

import threading
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, SQLModel

from social.given import NUMBER, as_handed_over, dialect_of, given_table, given_values
from social.upsert import table_of

MOST = 5000
"""Values that are kept; of more the first are forgotten."""
IDS = (("id", NUMBER),)

Row = tuple[Any, ...]
T = TypeVar("T", bound=SQLModel)


class Memory:
    """Values by key; of more than `most` those that were kept first are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._kept, self._lock = most, dict[Hashable, Any](), threading.Lock()

    def get(self, key: Hashable) -> Any:
        return self._kept.get(key)

    def keep(self, key: Hashable, value: Any) -> Any:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = value
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return value


_kept: dict[type[SQLModel], Memory] = defaultdict(Memory)


def rows_of(
    session: Session, model: type[SQLModel], column: str, ids: Sequence[int], names: tuple[str, ...] = ()
) -> list[Row]:
    """The rows whose column is one of these, as the driver hands them over: to be compared, not to be read.

    names: the columns of each, all where none is named.  In the order of their primary key for each id."""
    if not ids:
        return []
    dialect = dialect_of(session)
    statement = _query(dialect, model, column, names)
    values = given_values(dialect, IDS, [(one,) for one in ids])
    return as_handed_over(session, statement, values)


def objects_of(session: Session, model: type[T], rows: Mapping[int, Row]) -> dict[int, T]:
    """The objects of these rows, by id: those of before where the row is what it was, else made anew.

    rows: by id; all that the objects are used for must be in them."""
    memory, found, new = _kept[model], dict[int, T](), list[int]()
    for one, row in rows.items():
        known = memory.get(one)
        if known is not None and known[0] == row:
            found[one] = known[1]
        else:
            new.append(one)
    if new:
        for fresh in session.scalars(_objects(dialect_of(session), model), given_values(
            dialect_of(session), IDS, [(one,) for one in new])
        ):  # fmt: skip
            found[fresh.id] = memory.keep(fresh.id, (rows[fresh.id], fresh))[1]
    return found


def by_first(rows: Sequence[Row]) -> dict[int, tuple[Row, ...]]:
    """The rows grouped by their first column."""
    found: dict[int, tuple[Row, ...]] = {}
    for row in rows:
        found[row[0]] = (*found[row[0]], row) if row[0] in found else (row,)
    return found


@cache
def _query(dialect: str, model: type[SQLModel], column: str, names: tuple[str, ...]) -> Any:
    table, ids = table_of(model), given_table(dialect, IDS)
    chosen = [table.c[name] for name in names] if names else list(table.c)
    query = select(*[type_coerce(one, NullType()) for one in chosen])
    return query.join_from(ids, table, table.c[column] == ids.c.id).order_by(*table.primary_key.columns)


@cache
def _objects(dialect: str, model: type[SQLModel]) -> Any:
    ids = given_table(dialect, IDS)
    return select(model).where(table_of(model).c.id.in_(select(ids.c.id)))
