"""Reads the audit record for people: newest first, narrowed by who, what, when and about what."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from social.audit import AuditReason, AuditRecord
from social.errors import InputError

ERASED = "(erased)"


@dataclass(frozen=True)
class AuditRow:
    """One row as people see it.  subject: such as 'post 12', or ''.  before, after: JSON, or ''.

    reason: the words that were given, '' for none, ERASED once erased."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Wanted:
    """Which rows.  actor: whole or a part of it.  subject: 'post' or 'post 12'.  action: a part of it.

    since, until: at or after, and before.  None or '' for any."""

    actor: str = ""
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_rows(session: Session, wanted: Wanted = Wanted(), *, limit: int = 100, offset: int = 0) -> list[AuditRow]:
    """The newest rows first."""
    return [_shown(*row) for row in session.exec(_query(wanted).limit(limit).offset(offset))]


def every_row(session: Session, wanted: Wanted = Wanted(), *, batch: int = 1000) -> Iterator[AuditRow]:
    """All of them, newest first, a batch in memory at a time."""
    below: int | None = None
    while True:
        query = _query(wanted)
        rows = session.exec((query if below is None else query.where(col(AuditRecord.seq) < below)).limit(batch)).all()
        if not rows:
            return
        below = rows[-1][0].seq
        yield from (_shown(*row) for row in rows)
        session.expunge_all()


def as_document(row: AuditRow) -> dict[str, Any]:
    """A row for JSON."""
    return {**asdict(row), "at": row.at.isoformat()}


def _query(wanted: Wanted) -> Any:
    query = select(AuditRecord, AuditReason).join(
        AuditReason, col(AuditReason.seq) == col(AuditRecord.seq), isouter=True
    )
    if wanted.actor:
        query = query.where(col(AuditRecord.actor).icontains(wanted.actor, autoescape=True))
    if wanted.action:
        query = query.where(col(AuditRecord.action).icontains(wanted.action, autoescape=True))
    if wanted.subject.strip():
        kind, *ident = wanted.subject.split()
        query = query.where(AuditRecord.subject_kind == kind)
        if len(ident) > 1:
            raise InputError("A subject is a kind, or a kind and a number, such as 'post' or 'post 12'.")
        if ident:
            query = query.where(AuditRecord.subject_id == ident[0])
    if wanted.since is not None:
        query = query.where(col(AuditRecord.at) >= wanted.since)
    if wanted.until is not None:
        query = query.where(col(AuditRecord.at) < wanted.until)
    return query.order_by(col(AuditRecord.seq).desc())


def _shown(row: AuditRecord, reason: AuditReason | None) -> AuditRow:
    words = "" if reason is None else reason.text if reason.text is not None else ERASED
    subject = f"{row.subject_kind} {row.subject_id}" if row.subject_kind else ""
    return AuditRow(row.seq, row.at, row.actor, row.action, subject, row.before or "", row.after or "", words)
