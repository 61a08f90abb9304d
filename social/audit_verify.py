"""Walks the audit record from its first row to its head and says where it first stops fitting.

In batches, so that memory does not grow with the record, and on one snapshot, so that rows that are added meanwhile
are neither missed nor taken for strays."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from social.audit import (
    HEAD_LOST,
    REASONS_ERASED,
    START,
    AuditHead,
    AuditReason,
    AuditRecord,
    head_seal,
    reason_seal,
    row_hash,
)
from social.context import Context
from social.errors import InputError

BATCH = 2000

Progress = Callable[[int, int], None]
"""Called with how many rows were walked, and how many there are."""


@dataclass(frozen=True)
class Fault:
    """The first thing that does not fit.  row: its number.  kind: altered, missing, reordered, added, reason or head.
    what: a sentence."""

    row: int
    kind: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What came of it.  rows: walked.  head: 'COUNT:HASH' to note down elsewhere, None for an empty record.
    fault: None when every row is as it was written."""

    rows: int
    head: str | None
    fault: Fault | None

    @property
    def ok(self) -> bool:
        return self.fault is None


class _Found(Exception):
    def __init__(self, row: int, kind: str, what: str) -> None:
        self.fault = Fault(row, kind, what)
        super().__init__(what)


def verify_record(context: Context, *, noted: str | None = None, progress: Progress | None = None) -> Verified:
    """Compare every row with its hash, with the row before it and with the head.

    noted: a head that somebody noted earlier, 'COUNT:HASH': the record must still hold it. Only that shows that a
    whole database was put back to an earlier day.  Raises InputError for a noted head that is none."""
    with context.database.read() as session:
        _stand_still(session)
        return verify_in(session, context.vault.audit_key, noted=noted, progress=progress)


def verify_in(session: Session, key: bytes, *, noted: str | None = None, progress: Progress | None = None) -> Verified:
    """`verify_record` as the session sees the database."""
    walk = _Walk(key, _noted(noted) if noted is not None else None)
    head = session.get(AuditHead, 1)
    total = int(session.exec(select(func.count()).select_from(AuditRecord)).one())
    try:
        for batch in _batches(session):
            for row, reason in batch:
                walk.step(session, row, reason)
            if progress is not None:
                progress(walk.seq, total)
        walk.end(session, head)
    except _Found as found:
        return Verified(walk.seq, None, found.fault)
    except (TypeError, ValueError):
        unread = walk.seq + 1
        return Verified(walk.seq, None, Fault(unread, "altered", f"Row {unread} holds what Beatline never writes."))
    return Verified(walk.seq, f"{walk.seq}:{walk.hash}" if walk.seq else None, None)


class _Walk:
    """Where the walk has come to: the last row that fitted."""

    def __init__(self, key: bytes, noted: tuple[int, str] | None) -> None:
        self._key, self._noted = key, noted
        self.seq, self.hash = 0, START

    def step(self, session: Session, row: AuditRecord, reason: AuditReason | None) -> None:
        """Take one row more.  reason: its row of reasons, or None."""
        expected = self.seq + 1
        if row.seq < expected:
            raise _Found(row.seq, "added", f"Row {row.seq} was not written by Beatline: rows begin with 1.")
        if row.seq > expected:
            raise _Found(expected, "missing", f"Row {expected} is missing; after row {self.seq} comes row {row.seq}.")
        if row_hash(self._key, row) != row.hash:
            raise _Found(
                row.seq, "altered", f"Row {row.seq} is not as it was written, or was written with another key."
            )
        if row.previous != self.hash:
            raise _Found(
                row.seq, "reordered", f"Row {row.seq} was written after another row than the one before it now."
            )
        if row.action == HEAD_LOST:
            what = (
                f"When row {row.seq} was written, the head was gone or did not fit: newer rows may have been cut off."
            )
            raise _Found(row.seq, "head", what)
        self._compare_reason(session, row, reason)
        self.seq, self.hash = row.seq, row.hash
        if self._noted is not None and self._noted[0] == self.seq and self._noted[1] != self.hash:
            raise _Found(self.seq, "altered", f"Row {self.seq} is another one than when the head was noted.")

    def end(self, session: Session, head: AuditHead | None) -> None:
        """After the last row: the head must name it, and no reason may be left over."""
        after = self.seq + 1
        if head is None and self.seq:
            raise _Found(after, "head", f"The head is missing, so rows after {self.seq} may have been cut off.")
        if head is not None and head.seal != head_seal(self._key, head.count, head.hash):
            raise _Found(
                after, "head", f"The head is not as it was written: rows after {self.seq} may have been cut off."
            )
        if head is not None and head.count > self.seq:
            raise _Found(after, "missing", f"Rows {after} to {head.count} are missing: the end was cut off.")
        if head is not None and (head.count, head.hash) != (self.seq, self.hash):
            raise _Found(
                head.count + 1, "added", f"The head names row {head.count} as the last one, and there are more."
            )
        if self._noted is not None and self._noted[0] > self.seq:
            what = f"The noted head had {self._noted[0]} rows: rows {after} to {self._noted[0]} are missing."
            raise _Found(after, "missing", what)
        stray = session.exec(
            select(func.min(AuditReason.seq)).where(col(AuditReason.seq).not_in(select(AuditRecord.seq)))
        ).one()
        if stray is not None:
            raise _Found(stray, "reason", f"There is a reason for a row {stray} that does not exist.")

    def _compare_reason(self, session: Session, row: AuditRecord, reason: AuditReason | None) -> None:
        if row.reason_seal is None:
            if reason is not None:
                raise _Found(row.seq, "reason", f"Row {row.seq} was written without a reason, and now there is one.")
        elif reason is None:
            raise _Found(row.seq, "reason", f"The reason of row {row.seq} is missing, and no erasure took it.")
        elif reason.text is None or reason.salt is None:
            self._require_erasure(session, row, reason)
        elif reason_seal(self._key, reason.text, reason.salt) != row.reason_seal:
            raise _Found(row.seq, "reason", f"The reason of row {row.seq} is not the one that was written.")

    def _require_erasure(self, session: Session, row: AuditRecord, reason: AuditReason) -> None:
        by = session.get(AuditRecord, reason.erased_by) if reason.erased_by is not None else None
        about = (row.subject_kind, row.subject_id)
        if by is None or by.action != REASONS_ERASED or (by.subject_kind, by.subject_id) != about or by.seq < row.seq:
            raise _Found(row.seq, "reason", f"The reason of row {row.seq} was taken out, and no erasure took it.")


def _batches(session: Session) -> Iterator[Sequence[tuple[AuditRecord, AuditReason | None]]]:
    """Rows with their reasons in order; the session forgets each batch before the next."""
    last, size = -(2**31), BATCH
    while True:
        query = (
            select(AuditRecord, AuditReason)
            .join(AuditReason, col(AuditReason.seq) == col(AuditRecord.seq), isouter=True)
            .where(col(AuditRecord.seq) > last)
            .order_by(col(AuditRecord.seq))
        )
        try:
            batch = session.exec(query.limit(size)).all()
        except (TypeError, ValueError):  # somebody put into a column what it cannot hold; one by one finds the row
            if size == 1:
                raise
            size = 1
            continue
        if not batch:
            return
        last = batch[-1][0].seq
        yield batch
        session.expunge_all()


def _stand_still(session: Session) -> None:
    """See one moment of the database however long it takes; SQLite's readers always do."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _noted(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"(\d{1,15}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise InputError("A noted head is a number, a colon and 64 signs, as `beatline audit verify` prints it.")
    return int(match[1]), match[2]
