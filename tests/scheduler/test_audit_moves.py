"""What workers published is in the audit record, each publication once, and the record stays whole."""

import json

import pytest
from sqlmodel import col, select

from scheduler import audit_moves
from scheduler.audit_moves import record_published
from scheduler.worker import publish_due
from social.audit import AuditRecord
from social.audit_verify import verify_record
from tests.scheduler.helpers import Force


def published(force: Force) -> list[AuditRecord]:
    with force.context.database.read() as session:
        rows = select(AuditRecord).where(AuditRecord.action == "publish post")
        return list(session.exec(rows.order_by(col(AuditRecord.seq))))


def test_each_publication_has_one_row_that_says_which_version_went_where(force: Force) -> None:
    post_id = force.queued()
    assert record_published(force.context) == 0
    assert publish_due(force.context) == 1
    assert record_published(force.context) == 1
    assert record_published(force.context) == 0
    (row,) = published(force)
    said = json.loads(row.after or "")
    entry = force.raw(force.entry(post_id).id)
    assert row.subject_id == str(post_id)
    assert (said["entry"], said["account"], said["version"], said["platform_id"]) == (
        entry.id, entry.account_id, 1, entry.platform_id)  # fmt: skip
    assert verify_record(force.context).ok


def test_many_publications_are_followed_in_batches(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_moves, "BATCH", 2)
    for number in range(5):
        force.queued(f"Ducks on Mill Road again, {number} of them.")
        assert publish_due(force.context) == 1
    assert [record_published(force.context) for _ in range(4)] == [2, 2, 1, 0]
    assert len({row.subject_id for row in published(force)}) == 5
