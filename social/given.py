"""Rows that the caller has in hand, as a table inside a statement: one statement for a whole group, however many rows,
where a list of parameters would be taken apart and put together again for every row.

SQLite reads them from one JSON document, PostgreSQL from one array for each column."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, Integer, String, bindparam, func, select
from sqlalchemy.sql.selectable import Subquery
from sqlmodel import Session

from social.database import UTCDateTime

_STORED = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLAlchemy writes an instant into SQLite."""


def given_rows(session: Session, columns: dict[str, Any], rows: Sequence[Sequence[Any]]) -> Subquery:
    """A table of these rows for use in a statement of this session.

    columns: name -> Integer, String or UTCDateTime.  rows: their values in the same order; None is NULL."""
    if session.get_bind().dialect.name == "postgresql":
        return _from_arrays(columns, rows)
    return _from_json(columns, rows)


def _from_json(columns: dict[str, Any], rows: Sequence[Sequence[Any]]) -> Subquery:
    document = json.dumps([[_plain(value) for value in row] for row in rows], ensure_ascii=False)
    each = func.json_each(bindparam("given", document, String, unique=True)).table_valued("value")
    parts = [
        func.json_extract(each.c.value, f"$[{number}]", type_=_kind(kind)).label(name)
        for number, (name, kind) in enumerate(columns.items())
    ]
    return select(*parts).subquery()


def _from_arrays(columns: dict[str, Any], rows: Sequence[Sequence[Any]]) -> Subquery:
    arrays = [
        bindparam(f"given_{name}", [row[number] for row in rows], ARRAY(_array_kind(kind)), unique=True)
        for number, (name, kind) in enumerate(columns.items())
    ]
    table = func.unnest(*arrays).table_valued(*columns).render_derived()
    parts = [table.c[name].label(name) for name in columns]
    return select(*parts).subquery()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).strftime(_STORED) if isinstance(value, datetime) else value


def _kind(kind: Any) -> Any:
    return kind() if isinstance(kind, type) else kind


def _array_kind(kind: Any) -> Any:
    return DateTime(timezone=True) if kind is UTCDateTime else _kind(kind)


NUMBER, WORDS, MOMENT = Integer, String, UTCDateTime
