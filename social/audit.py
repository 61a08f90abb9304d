"""The record of who did what, when, to what and why: only ever added to, each row chained to the one before.

A row's hash is keyed with what is derived from the vault's key, so nobody who can only write the database can make a
chain that fits. The head, keyed too, says how many rows there are, so that a missing end shows. What a row says is ids,
states, versions and codes. The reason that a person typed may hold a name: it lies in a table of its own, where erasure
reaches it (R08, R10), and the row keeps a salted seal of it."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import ALONE, AUDIT_KEY, UTCDateTime
from social.staff import Person

START = "0" * 64
"""What the first row takes as the hash before it."""
HEAD_LOST = "audit head lost"
REASONS_ERASED = "erase reasons"

_CODE = re.compile(r"[A-Za-z0-9_.:@+/=,#*-]{0,120}")
_WORDS = frozenset({"alt_text", "body", "caption", "display_name", "first_comment", "name", "names", "text", "words"})


class AuditRecord(SQLModel, table=True):
    """One thing that was done.  actor: a person's e-mail address, or the name of a job.

    subject_kind, subject_id: what it was done to, as in ("post", "12").  before, after: canonical JSON, or None.
    reason_seal: hex, of the reason and its salt.  previous, hash: hex."""

    __tablename__ = "audit_record"
    __table_args__ = (Index("ix_audit_record_subject", "subject_kind", "subject_id"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    actor: str
    action: str
    subject_kind: str | None = None
    subject_id: str | None = None
    place_id: int | None = None
    before: str | None = None
    after: str | None = None
    reason_seal: str | None = None
    previous: str
    hash: str


class AuditReason(SQLModel, table=True):
    """Why, in the words of whoever did it.  text and salt: None once erased, by the row `erased_by`."""

    __tablename__ = "audit_reason"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str | None = None
    salt: str | None = None
    erased_by: int | None = None


class AuditHead(SQLModel, table=True):
    """How many rows there are and the hash of the newest, sealed with the key. One row, with the id 1."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    count: int
    hash: str
    seal: str


def record(
    session: Session,
    now: datetime,
    *,
    actor: str | Person,
    action: str,
    subject: tuple[str, int | str] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
    place_id: int | None = None,
) -> int:
    """Add one row, in the caller's write transaction: what is done and its row are kept together or not at all.

    before, after: numbers, instants, ids and codes; anything that reads like words is kept as a keyed digest of them.
    reason: the person's words, kept where erasure reaches them.  Returns the row's number.

    Raises RuntimeError in a session that others may write beside: the chain has one writer at a time."""
    key = _key_of(session)
    head = _head_of(session, key, now)
    salt = secrets.token_hex(16) if reason else None
    words = _without_nul(reason) if reason else None
    kind, ident = (subject[0], str(subject[1])) if subject else (None, None)
    row = AuditRecord(
        seq=head.count + 1,
        at=now.astimezone(UTC),
        actor=_without_nul(actor.email if isinstance(actor, Person) else actor),
        action=action,
        subject_kind=kind,
        subject_id=_without_nul(ident) if ident is not None else None,
        place_id=place_id,
        before=_payload(key, before),
        after=_payload(key, after),
        reason_seal=reason_seal(key, words, salt) if words and salt else None,
        previous=head.hash,
        hash="",
    )
    row.hash = row_hash(key, row)
    session.add(row)
    if words:
        session.add(AuditReason(seq=row.seq, text=words, salt=salt))
    head.count, head.hash = row.seq, row.hash
    head.seal = head_seal(key, head.count, head.hash)
    return row.seq


def erase_reasons(session: Session, now: datetime, *, actor: str | Person, subject: tuple[str, int | str]) -> int:
    """Erase the words that people gave as reasons for what was done to this subject; the rows themselves stay (R08).

    Returns how many were erased. Their erasure is a row of its own, and `verify` takes nothing else as one."""
    kept = select(AuditReason).join(AuditRecord, col(AuditRecord.seq) == col(AuditReason.seq)).where(
        AuditRecord.subject_kind == subject[0],
        AuditRecord.subject_id == str(subject[1]),
        col(AuditReason.erased_by).is_(None),
    )  # fmt: skip
    reasons = list(session.exec(kept))
    if reasons:
        by = record(session, now, actor=actor, action=REASONS_ERASED, subject=subject, after={"reasons": len(reasons)})
        for one in reasons:
            one.text, one.salt, one.erased_by = None, None, by
            session.add(one)
    return len(reasons)


def erase_reasons_of(
    session: Session, now: datetime, *, actor: str | Person, kind: str, numbers: Collection[int]
) -> int:
    """`erase_reasons` of many subjects of one kind, which are looked up together.  Returns how many were erased."""
    number: Any = AuditRecord.subject_id
    kept = select(number).join(AuditReason, col(AuditReason.seq) == col(AuditRecord.seq)).where(
        AuditRecord.subject_kind == kind,
        number.in_([str(one) for one in numbers]),
        col(AuditReason.erased_by).is_(None),
    )  # fmt: skip
    found = sorted(set(session.exec(kept))) if numbers else []
    return sum(erase_reasons(session, now, actor=actor, subject=(kind, one)) for one in found)


def row_hash(key: bytes, row: AuditRecord) -> str:
    """The hash that a row must have: keyed, over all it says and the hash before it."""
    said = [row.seq, row.at.astimezone(UTC).isoformat(), row.actor, row.action, row.subject_kind, row.subject_id,
            row.place_id, row.before, row.after, row.reason_seal, row.previous]  # fmt: skip
    return _keyed(key, "row", json.dumps(said, separators=(",", ":")))


def head_seal(key: bytes, count: int, newest: str) -> str:
    return _keyed(key, "head", f"{count}:{newest}")


def reason_seal(key: bytes, words: str, salt: str) -> str:
    return _keyed(key, "reason", f"{salt}:{words}")


def _key_of(session: Session) -> bytes:
    if not session.info.get(ALONE):
        raise RuntimeError("the audit record is written in a write transaction that nobody else writes beside")
    key = session.info.get(AUDIT_KEY)
    if not isinstance(key, bytes):
        raise RuntimeError("this database was opened without the key of the audit record: open it as a context does")
    return key


def _head_of(session: Session, key: bytes, now: datetime) -> AuditHead:
    """The head, kept for the rest of the transaction. One that is lost or does not fit leaves a row that says so."""
    head = session.info.get("audit_head")
    if head is None or head not in session:
        head = session.get(AuditHead, 1)
    if head is None or head.seal != head_seal(key, head.count, head.hash):
        newest = session.exec(select(AuditRecord).order_by(col(AuditRecord.seq).desc()).limit(1)).first()
        lost = head is not None or newest is not None
        count, last = (newest.seq, newest.hash) if newest is not None else (0, START)
        head = head or AuditHead(id=1, count=0, hash=START, seal="")
        head.count, head.hash, head.seal = count, last, head_seal(key, count, last)
        session.add(head)
        session.info["audit_head"] = head
        if lost:
            record(session, now, actor="beatline", action=HEAD_LOST)
    session.info["audit_head"] = head
    return head


def _payload(key: bytes, given: Mapping[str, Any] | None) -> str | None:
    if given is None:
        return None
    return json.dumps(_plain(key, given), sort_keys=True, separators=(",", ":"))


def _plain(key: bytes, value: Any, *, words: bool = False) -> Any:
    """The value as JSON has it, without anything that reads like words."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return value if not words and _CODE.fullmatch(value) else f"digest:{_keyed(key, 'words', value)[:16]}"
    if isinstance(value, Mapping):
        return {str(name): _plain(key, one, words=words or name in _WORDS) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return [_plain(key, one, words=words) for one in value]
    raise TypeError(f"the audit record holds no {type(value).__name__}")


def _keyed(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _without_nul(text: str) -> str:
    """As both databases keep it, so that the hash fits what is read back."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
