"""Rows that the caller has in hand, as a table inside a statement: one statement for a whole group, however many rows,
where a list of parameters would be taken apart and put together again for every row.

SQLite reads them from one JSON document, PostgreSQL from one array for each column. The table is made once and its
values are handed over when the statement runs, so that a statement around it can be kept as well:

    rows = given_table(dialect, COLUMNS)
    connection.execute(select(rows.c.id), given_values(dialect, COLUMNS, [(1, "a"), (2, "b")]))"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, String, bindparam, func, insert, select
from sqlalchemy.sql.selectable import Subquery
from sqlmodel import Session, SQLModel

from social.database import UTCDateTime
from social.upsert import table_of

Columns = tuple[tuple[str, Any], ...]
"""Names, each with NUMBER, WORDS, MOMENT or YES_NO."""
NUMBER, WORDS, MOMENT, YES_NO = Integer, String, UTCDateTime, Boolean


_UTC_AT = len("2026-11-22 09:00:00.000000")
"""Where the zone begins in an instant that is written out."""


def dialect_of(session: Session) -> str:
    """sqlite or postgresql."""
    return str(session.get_bind().dialect.name)


@cache
def given_table(dialect: str, columns: Columns) -> Subquery:
    """The table, to be used in a statement at most once: its values go by fixed names."""
    if dialect == "postgresql":
        arrays = [bindparam(f"given_{name}", type_=ARRAY(_array_kind(kind))) for name, kind in columns]
        table = func.unnest(*arrays).table_valued(*[name for name, _ in columns]).render_derived()
        return select(*[table.c[name].label(name) for name, _ in columns]).subquery()
    each = func.json_each(bindparam("given", type_=String)).table_valued("value")
    parts = [
        func.json_extract(each.c.value, f"$[{number}]", type_=kind()).label(name)
        for number, (name, kind) in enumerate(columns)
    ]
    return select(*parts).subquery()


def given_values(dialect: str, columns: Columns, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The parameters that fill `given_table` with these rows.  None is NULL."""
    if dialect == "postgresql":
        return {f"given_{name}": [row[number] for row in rows] for number, (name, _) in enumerate(columns)}
    return {"given": json.dumps(rows, ensure_ascii=False, default=_plain)}


def as_handed_over(session: Session, statement: Any, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows of an answer as the driver hands them over, past everything that would be made of them: numbers and words
    are what they are, instants are the driver's own."""
    answer = session.connection().execute(statement, values)
    cursor: Any = answer.cursor
    try:
        return list(cursor.fetchall())
    finally:
        answer.close()


def insert_given(
    session: Session,
    model: type[SQLModel],
    columns: Columns,
    rows: Sequence[Sequence[Any]],
    returning: tuple[str, ...],
    **same: Any,
) -> list[tuple[Any, ...]]:
    """Insert these rows in one statement.  same: columns in which all of them have one value.

    Returns the named columns of each, numbers or words, in no order."""
    if not rows:
        return []
    dialect = dialect_of(session)
    statement = _insertion(dialect, model, columns, tuple(same), returning)
    values = {**given_values(dialect, columns, rows), **{f"same_{name}": value for name, value in same.items()}}
    return as_handed_over(session, statement, values)


@cache
def _insertion(
    dialect: str, model: type[SQLModel], columns: Columns, same: tuple[str, ...], returning: tuple[str, ...]
) -> Any:
    table, rows = table_of(model), given_table(dialect, columns)
    alike = [bindparam(f"same_{name}", type_=table.c[name].type) for name in same]
    given = select(*[rows.c[name] for name, _ in columns], *alike)
    fresh = insert(table).from_select([*[name for name, _ in columns], *same], given, include_defaults=False)
    return fresh.returning(*[table.c[name] for name in returning])


def _plain(value: Any) -> Any:
    """What JSON has no form for: an instant, as SQLAlchemy writes it into SQLite, and a row of another answer."""
    if isinstance(value, datetime):
        if value.tzinfo is UTC:  # nearly always: the same, at a third of the cost
            return value.isoformat(" ", "microseconds")[:_UTC_AT]
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return list(value)


def _array_kind(kind: Any) -> Any:
    return DateTime(timezone=True) if kind is UTCDateTime else kind()
