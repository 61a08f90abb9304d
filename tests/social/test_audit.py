"""The audit record: what a row holds, who may add one, and what erasure takes away."""

import json
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from social.audit import HEAD_LOST, AuditHead, AuditReason, AuditRecord, erase_reasons, record
from social.audit_verify import verify_record
from social.context import Context
from social.database import Database
from social.staff import Person, Role, find_or_add_person

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def rows(context: Context) -> list[AuditRecord]:
    with context.database.read() as session:
        return list(session.exec(select(AuditRecord).order_by(col(AuditRecord.seq))))


def test_a_row_says_who_did_what_to_what_and_is_chained_to_the_one_before(context: Context) -> None:
    with context.database.write() as session:
        sam = find_or_add_person(session, "sam.reed@example.org", Role.AUTHOR)
        record(session, NOW, actor=sam, action="plan", subject=("post", 7), after={"version": 1, "at": NOW})
    with context.database.write() as session:
        record(session, NOW, actor="worker", action="pause", subject=("account", 3), before={"state": "active"})
    first, second = rows(context)
    assert (first.seq, first.actor, first.action) == (1, "sam.reed@example.org", "plan")
    assert (first.subject_kind, first.subject_id) == ("post", "7")
    assert json.loads(first.after or "") == {"version": 1, "at": "2026-06-01T09:00:00+00:00"}
    assert (second.seq, second.previous) == (2, first.hash)
    with context.database.read() as session:
        head = session.get_one(AuditHead, 1)
    assert (head.count, head.hash) == (2, second.hash)


def test_many_rows_of_one_transaction_are_numbered_without_a_gap(context: Context) -> None:
    with context.database.write() as session:
        for post in range(50):
            record(session, NOW, actor="import", action="plan", subject=("post", post))
    assert [row.seq for row in rows(context)] == list(range(1, 51))


def test_a_transaction_that_fails_leaves_no_row(context: Context) -> None:
    with pytest.raises(ZeroDivisionError), context.database.write() as session:
        record(session, NOW, actor="worker", action="plan")
        raise ZeroDivisionError
    assert rows(context) == []


def test_words_in_what_was_before_and_after_are_kept_as_digests_of_them(context: Context) -> None:
    said = {"text": "Gwenllian", "area": "Marlpit End", "names": ["Gwenllian"], "state": "in_review", "count": 3}
    with context.database.write() as session:
        record(session, NOW, actor="worker", action="edit", before=said, after={**said, "text": "Angharad"})
    (row,) = rows(context)
    before, after = json.loads(row.before or ""), json.loads(row.after or "")
    assert (before["state"], before["count"]) == ("in_review", 3)
    assert before["text"] != after["text"]
    assert before["area"] == after["area"]
    assert not any(word in f"{row.before}{row.after}" for word in ("Gwenllian", "Angharad", "Marlpit"))


def test_no_row_is_added_beside_other_writers_nor_without_a_key(context: Context) -> None:
    with pytest.raises(RuntimeError, match="nobody else"), context.database.write(together=True) as session:
        record(session, NOW, actor="worker", action="plan")
    with pytest.raises(RuntimeError, match="nobody else"), context.database.read() as session:
        record(session, NOW, actor="worker", action="plan")
    bare = Database(context.settings.database_url)
    with pytest.raises(RuntimeError, match="key"), bare.write() as session:
        record(session, NOW, actor="worker", action="plan")
    bare.close()


@pytest.mark.parametrize("statement", ["UPDATE audit_record SET actor = 'x'", "DELETE FROM audit_record"])
def test_the_database_itself_refuses_to_change_or_delete_a_row(context: Context, statement: str) -> None:
    with context.database.write() as session:
        record(session, NOW, actor="worker", action="plan")
    with pytest.raises(DBAPIError, match="only ever added to"), context.database.write() as session:
        session.connection().execute(text(statement))
    assert [row.actor for row in rows(context)] == ["worker"]


def reasons(session: Session) -> list[tuple[int, str | None, str | None, int | None]]:
    kept = session.exec(select(AuditReason).order_by(col(AuditReason.seq)))
    return [(one.seq, one.text, one.salt, one.erased_by) for one in kept]


def test_erasure_takes_the_words_of_a_reason_and_leaves_the_row(context: Context) -> None:
    """R08, R10: a name that somebody typed as a reason goes with the rest."""
    sam = Person(email="sam.reed@example.org", name="Sam Reed", role=Role.RECORDS.value)
    with context.database.write() as session:
        record(session, NOW, actor=sam, action="withdraw", subject=("post", 7), reason="Gwenllian was found.")
        record(session, NOW, actor=sam, action="withdraw", subject=("post", 8), reason="Out of date.")
    with context.database.write() as session:
        assert erase_reasons(session, NOW, actor=sam, subject=("post", 7)) == 1
        assert erase_reasons(session, NOW, actor=sam, subject=("post", 7)) == 0
    with context.database.read() as session:
        (erased, kept) = reasons(session)
    assert erased == (1, None, None, 3)
    assert kept[:2] == (2, "Out of date.")
    assert kept[2] is not None
    assert [row.action for row in rows(context)] == ["withdraw", "withdraw", "erase reasons"]
    assert "Gwenllian" not in str([row.model_dump() for row in rows(context)])


def test_a_head_that_is_lost_leaves_a_row_that_says_so_for_ever(context: Context) -> None:
    with context.database.write() as session:
        record(session, NOW, actor="worker", action="plan")
    with context.database.write() as session:
        session.connection().execute(text("DELETE FROM audit_head"))
    with context.database.write() as session:
        record(session, NOW, actor="worker", action="edit")
    assert [(row.seq, row.action) for row in rows(context)] == [(1, "plan"), (2, HEAD_LOST), (3, "edit")]


def test_writers_at_once_make_one_chain_without_gaps(context: Context) -> None:
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def write(name: str) -> None:
        together.wait()
        try:
            for number in range(8):
                with context.database.write() as session:
                    record(session, NOW, actor=name, action="plan", subject=("post", number), reason="Because.")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(f"writer-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [row.seq for row in rows(context)] == list(range(1, 33))
    assert verify_record(context).ok
