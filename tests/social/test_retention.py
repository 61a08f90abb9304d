"""Every table that holds what people wrote has one class, with a purpose and a clock (R24, R28)."""

from collections import Counter
from typing import Any

from sqlalchemy import Column, LargeBinary, String, TypeDecorator
from sqlmodel import SQLModel

from social.retention import CLASSES, ELSEWHERE
from social.settings import TABLE
from tests.test_migrations import every_table


def tables_with_text() -> set[str]:
    every_table()
    return {
        name
        for name, table in SQLModel.metadata.tables.items()
        if any(isinstance(_kept_as(column), String | LargeBinary) for column in table.columns)
    }


def _kept_as(column: Column[Any]) -> Any:
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def test_the_walk_knows_text_from_numbers() -> None:
    assert {"interaction", "reading", "lead", "hiding", "post", "reply_note"} <= tables_with_text()
    assert "membership" not in tables_with_text()


def test_every_table_with_text_has_one_class_or_a_reason_for_none() -> None:
    placed = Counter(table for one in CLASSES.values() for table in one.tables) + Counter(list(ELSEWHERE))
    assert tables_with_text() - set(placed) == set(), "say in social/retention.py how long its rows are kept"
    assert [table for table, times in placed.items() if times > 1] == []


def test_no_class_names_a_table_that_is_not_there() -> None:
    every_table()
    named = {table for one in CLASSES.values() for table in one.tables} | set(ELSEWHERE)
    assert named - set(SQLModel.metadata.tables) == set()


def test_every_class_says_its_purpose_and_its_clock() -> None:
    settings = {setting.name: setting for setting in TABLE}
    for key, one in CLASSES.items():
        assert one.key == key
        assert one.purpose
        assert one.ends
        assert (one.setting is None) == (one.counts_from == "")
        assert one.setting is None or settings[one.setting].unit == "days"


def test_the_days_offered_are_those_of_the_rule() -> None:
    """R28: raw replies 90 days, leads 30 after they were handed off, posts with their approvals 7 years."""
    offered = {setting.name: setting.default for setting in TABLE}
    assert (offered["reply_days"], offered["lead_days"]) == ("90", "30")
    assert int(offered["post_days"]) == 7 * 365 + 2
