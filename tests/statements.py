"""Statements that were put into words once stay so for a whole test process, as they do in one of Beatline's.

SQLAlchemy keeps them with the database's engine. Beatline opens one in a process; the tests open one or more each, and
nearly half of their time went into the same statements again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

import social.database

MOST = 3000
"""Statements kept: more than all that one file of tests asks."""


@contextmanager
def statements_kept() -> Iterator[None]:
    """While it lasts, every engine of `social.database` finds what an earlier one for the same kind of database put into
    words.  The kinds are told apart by their dialect's class: what Beatline asks of it is the same for each engine."""
    known: LRUCache[Any, Any] = LRUCache(MOST)
    types: dict[type, Any] = {}

    def create_engine(url: Any, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(url, execution_options={"compiled_cache": known}, **options)
        memos = types.setdefault(type(engine.dialect), engine.dialect._type_memos)
        vars(engine.dialect)["_type_memos"] = memos
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "__eq__", lambda self, other: type(self) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(social.database, "create_engine", create_engine)
        yield
