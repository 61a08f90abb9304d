"""Deliveries of a burst share transactions, and a database that stands still keeps no more of them waiting than it may."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.web import taking
from social.web.taking import Taking
from social.webhooks import Delivery, Told


def told(item: int) -> list[Told]:
    return [Told("1", "1_2", f"2_{item}", "add", datetime(2026, 5, 1, tzinfo=UTC))]


def items(context: Context) -> list[str]:
    with context.database.read() as session:
        return list(session.exec(select(Delivery.item).order_by(col(Delivery.item))))


def test_all_who_come_while_the_database_is_held_share_a_transaction_and_each_is_kept_once(context: Context) -> None:
    queue, commits = Taking(), []
    with context.database.write():
        futures = [queue.hand_in(context, told(10 + number % 30)) for number in range(40)]
        assert not any(one.done() for one in futures), "nobody is told that theirs is kept before it is"
        event.listen(context.database.engine, "commit", lambda _: commits.append(1))
    assert all(one.result(20) for one in futures)
    assert items(context) == [f"2_{10 + number}" for number in range(30)]
    assert len(commits) == 2, "the one that held it, and one for all forty"


@pytest.mark.sqlite_only
def test_what_is_too_much_is_turned_away_at_once_and_what_waits_is_kept(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_WAITING", 3)
    monkeypatch.setattr(taking, "MOST_TOGETHER", 2)
    queue = Taking()
    with context.database.write():
        futures = [queue.hand_in(context, told(10 + number)) for number in range(5)]
        assert [one.result(0) for one in futures[3:]] == [False, False]
    assert all(one.result(20) for one in futures[:3])
    assert items(context) == ["2_10", "2_11", "2_12"]
    assert queue.hand_in(context, told(20)).result(20), "there is room again"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("trouble", [DatabaseTrouble("Not now."), ValueError("a fault of ours")])
def test_trouble_is_told_to_those_whose_it_is_and_the_next_are_kept(
    context: Context, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    write = context.database.write

    @contextmanager
    def fails_once(**options: Any) -> Iterator[Any]:
        monkeypatch.setattr(context.database, "write", write)
        raise trouble
        yield

    monkeypatch.setattr(context.database, "write", fails_once)
    queue = Taking()
    given_up = queue.hand_in(context, told(10))
    if isinstance(trouble, DatabaseTrouble):
        assert given_up.result(20) is False
    else:
        assert given_up.exception(20) is trouble
    assert queue.hand_in(context, told(11)).result(20)
    assert items(context) == ["2_11"]
