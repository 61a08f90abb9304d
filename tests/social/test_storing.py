"""A page of replies is stored in a few statements, however many it holds, and keeps every promise of storing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select, update

from social.accounts import Account
from social.channels.base import Heard
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction
from social.publications import Publication, record_publication

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def reply(number: int, text: str = "Is the road open?", **values: Any) -> Heard:
    given = {"parent": "p1", "author": f"somebody-{number}", "ours": False, **values}
    return Heard(f"r{number}", "p1", text=text, created_at=NOON + timedelta(minutes=number), **given)


@pytest.fixture
def heard_from(context: Context) -> Context:
    with context.database.write() as session:
        session.add(Account(name="Copperbeck", channel="memory", credentials_sealed=b"", added_at=NOON))
        session.flush()
        record_publication(session, Publication(account_id=1, platform_id="p1", text="Hello", published_at=NOON), NOON)
    return context


def store(context: Context, *items: Heard) -> int:
    with context.database.write() as session:
        return store_heard(session, context.vault, 1, {"p1": 1}, items, NOON + timedelta(hours=1))


def stored(context: Context) -> dict[str, Interaction]:
    with context.database.read() as session:
        return {row.platform_id: row for row in session.exec(select(Interaction))}


@contextmanager
def statements(context: Context) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(context.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(context.database.engine, "before_cursor_execute", note)


def test_a_page_of_a_thousand_takes_as_many_statements_as_a_page_of_ten(heard_from: Context) -> None:
    with statements(heard_from) as few:
        assert store(heard_from, *(reply(number) for number in range(10))) == 10
    with statements(heard_from) as many:
        assert store(heard_from, *(reply(number) for number in range(100, 1100))) == 1000
    assert len(many) == len(few) < 10
    with statements(heard_from) as again:
        assert store(heard_from, *(reply(number) for number in range(100, 1100))) == 0
    assert len(again) < len(few), "a page that holds nothing new is only looked at"
    assert len(stored(heard_from)) == 1010


def test_answers_to_many_replies_are_noted_at_once_each_by_its_first(heard_from: Context) -> None:
    asked = [reply(number) for number in range(50)]
    answers = [
        replace(reply(1000 + number + late), parent=f"r{number}", ours=True, author="page")
        for number in range(50)
        for late in (0, 500)
    ]
    store(heard_from, *answers[::2])
    with statements(heard_from) as seen:
        store(heard_from, *asked, *answers[1::2])
    assert sum("answered_at" in one and one.startswith("UPDATE") for one in seen) == 1
    rows = stored(heard_from)
    for number in range(50):
        assert rows[f"r{number}"].answered_at == NOON + timedelta(minutes=1000 + number)
        assert rows[f"r{1000 + number}"].answered_at is None


def test_words_that_were_erased_are_not_taken_in_again(heard_from: Context) -> None:
    """R28, R29: the network may show them for ever."""
    store(heard_from, reply(1), reply(2))
    with heard_from.database.write() as session:
        gone = update(Interaction).where(col(Interaction.platform_id) == "r1")
        session.execute(gone.values(text="", author_key=None, retention="erased", unread=False))
    assert store(heard_from, reply(1, "Other words"), reply(2, "Other words"), reply(3)) == 1
    rows = stored(heard_from)
    assert (rows["r1"].text, rows["r1"].author_key, rows["r1"].unread) == ("", None, False)
    assert rows["r2"].text == "Other words"


@pytest.mark.parametrize("odd", ["\ud800", "a\udfff", "\0"])
def test_odd_signs_in_any_part_of_a_reply_are_kept_and_known_again(heard_from: Context, odd: str) -> None:
    """Half of a surrogate pair and NUL: JSON can spell them, and databases cannot hold them."""
    item = replace(reply(1, f"Hello {odd}"), platform_id=f"r{odd}", parent=f"p{odd}", author=odd, lang=odd)
    assert store(heard_from, item, reply(2)) == 2
    assert store(heard_from, item, reply(2)) == 0
    assert len(stored(heard_from)) == 2


@pytest.mark.sqlite_only
def test_noting_answers_reads_our_own_words_and_not_the_whole_thread(heard_from: Context) -> None:
    store(heard_from, reply(1))
    with statements(heard_from) as seen:
        store(heard_from, replace(reply(2), parent="r1", ours=True))
    [noting] = [one for one in seen if one.startswith("UPDATE interaction SET answered_at")]
    with heard_from.database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {noting}", tuple(range(noting.count("?")))).all()
    steps = " / ".join(str(row[-1]) for row in plan)
    assert "ix_interaction_ours" in steps
    assert "SCAN interaction" not in steps
