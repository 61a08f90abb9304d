"""`INSERT .. ON CONFLICT` for both databases: what arrives twice, or from two workers, is stored once."""

from typing import Any

from sqlalchemy import Table
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
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
