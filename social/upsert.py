"""`INSERT .. ON CONFLICT` for both databases: what arrives twice, or from two workers, is stored once."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a `table=True` model."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    assert isinstance(table, Table)
    return table


def insert_into(session: Session, model: type[SQLModel]) -> Any:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing` in the session's database."""
    table = table_of(model)
    if is_postgresql(session):
        return postgresql.insert(table)
    return sqlite.insert(table)


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def put_rows(
    session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], settle: Callable[[Any], Any]
) -> None:
    """Insert many rows as fast as either database takes them.

    rows: all of the same columns.  settle: a function of a module, which given the insert says what becomes of rows
    that are there already.
    SQLite takes row after row, PostgreSQL arrays: row after row costs it a message each."""
    if not rows:
        return
    names = tuple(rows[0])
    if not is_postgresql(session):
        session.connection().execute(_rows(table_of(model), settle), list(rows))
        return
    given = {name: [row[name] for row in rows] for name in names}
    session.connection().execute(_arrays(table_of(model), names, settle), given)


# A statement is built once: building it costs as much as a page of replies.
@lru_cache(maxsize=64)
def _rows(table: Table, settle: Callable[[Any], Any]) -> Any:
    return settle(sqlite.insert(table))


@lru_cache(maxsize=64)
def _arrays(table: Table, names: tuple[str, ...], settle: Callable[[Any], Any]) -> Any:
    arrays = [cast(bindparam(name, type_=(kind := ARRAY(table.c[name].type))), kind) for name in names]
    given = func.unnest(*arrays).table_valued(*names).render_derived(name="given")
    return settle(postgresql.insert(table).from_select(names, select(*given.c), include_defaults=False))
