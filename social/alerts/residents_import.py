"""Takes residents in from another system's file (R30): every bad row named, nothing kept unless all are good or the bad
ones are to be left out. A second time adds nothing, nobody who left comes back, and what a member chose here wins.

Somebody counts as confirmed only where the file says when and where they agreed. Others are asked, if that is wanted."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.contacts import email_key, phone_key, seal
from social.alerts.mailings import LATER, Message, MessageKind, MessageState, Way
from social.alerts.messages import new_token, require_account
from social.alerts.residents import (
    LeftAddress,
    Resident,
    ResidentArea,
    ResidentGroup,
    ResidentState,
    ResidentTopic,
    first_version,
)
from social.alerts.residents_csv import COLUMNS, NEEDED, Areas, Given, read_row, source_named
from social.alerts.wishes import drop_choices
from social.audit import record
from social.context import Context
from social.csv_file import Row, rows_in
from social.errors import InputError, Problem
from social.staff import Action, Person, require
from social.upsert import put_rows
from social.vault import Vault

BATCH = 1000
"""Residents in one transaction."""
Progress = Callable[[int, int], None]
"""Called with how many rows are done, and how many there are."""


@dataclass(frozen=True)
class ImportedResidents:
    """What came of a file, or would.  rows: read.  confirmed, unconfirmed: added.  known: members already, left as they
    are.  left: had left, and stay so.  bad: what is wrong with the rows that were left out."""

    rows: int
    confirmed: int
    unconfirmed: int
    known: int
    left: int
    bad: Sequence[Problem] = ()


@dataclass
class _Sorted:
    """A file's good rows.  fresh: by keyed hash, of addresses that are to be added."""

    fresh: dict[str, Given] = field(default_factory=dict)
    known: int = 0
    left: int = 0


def import_residents(
    context: Context,
    content: bytes,
    name: str,
    person: Person,
    *,
    skip_bad: bool = False,
    ask: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> ImportedResidents:
    """Take in a CSV file of `residents_csv.COLUMNS`.  name: what people call the file.

    skip_bad: leave bad rows out instead of keeping nothing.  ask: send those without a consent on record the message
    that asks them.  dry_run: keep nothing.  One that is cut short has kept whole batches; the next goes on.
    Raises NotAllowed; InputError with every problem of every row."""
    rows, now = rows_in(content, name, needed=NEEDED, known=tuple(COLUMNS)), context.clock.now()
    with context.database.read() as session:
        require(session, person, Action.KEEP_RESIDENTS)
        good, bad = _read(rows, Areas(session), now)
        if bad and not skip_bad:
            raise InputError(*bad)
        found = _sort(session, context.vault, good)
        account = require_account(session) if ask else None
    confirmed = sum(1 for one in found.fresh.values() if one.consent_at is not None)
    report = ImportedResidents(len(rows), confirmed, len(found.fresh) - confirmed, found.known, found.left, tuple(bad))
    if not dry_run:
        with context.database.write() as session:  # before anybody is added: one that is cut short is on record too
            require(session, person, Action.KEEP_RESIDENTS)
            record(session, context.clock.now(), actor=person, action="import residents",
                   subject=("residents", "import"), after=_counts(report, content))  # fmt: skip
        _keep(context, person, found.fresh, account, progress)
    return report


def _counts(report: ImportedResidents, content: bytes) -> dict[str, Any]:
    return {
        "file": hashlib.sha256(content).hexdigest(), "rows": report.rows, "confirmed": report.confirmed,
        "unconfirmed": report.unconfirmed, "known": report.known, "left": report.left, "bad": len(report.bad),
    }  # fmt: skip


def _read(rows: Sequence[Row], areas: Areas, now: datetime) -> tuple[list[Given], list[Problem]]:
    good: list[Given] = []
    bad: list[Problem] = []
    first: dict[str, int] = {}
    for row in rows:
        given = read_row(row, areas, now)
        if isinstance(given, list):
            bad += given
        elif given.contact.email in first:
            before = first[given.contact.email]
            bad.append(Problem(f"Row {before} has the same address. Keep one of the two.", row.number, "email"))
        else:
            first[given.contact.email] = row.number
            good.append(given)
    return good, bad


def _sort(session: Session, vault: Vault, good: Sequence[Given]) -> _Sorted:
    found = _Sorted()
    for batch in _batches((email_key(vault, one.contact.email), one) for one in good):
        keys = [key for key, _ in batch]
        left = set(session.exec(select(LeftAddress.email_key).where(col(LeftAddress.email_key).in_(keys))))
        here = select(Resident.email_key, Resident.state, Resident.left_at).where(col(Resident.email_key).in_(keys))
        states = {key: (state, left_at) for key, state, left_at in session.exec(here)}
        for key, given in batch:
            state, left_at = states.get(key, (None, None))
            if key in left or left_at is not None or state == ResidentState.LEFT:
                found.left += 1
            elif state is None or (state == ResidentState.UNCONFIRMED and given.consent_at is not None):
                found.fresh[key] = given
            else:
                found.known += 1
    return found


def _batches(pairs: Iterator[tuple[str, Given]]) -> Iterator[list[tuple[str, Given]]]:
    while batch := list(islice(pairs, BATCH)):
        yield batch


def _keep(
    context: Context, person: Person, fresh: dict[str, Given], account: Account | None, progress: Progress
) -> None:
    done, pairs = 0, iter(fresh.items())
    while batch := dict(islice(pairs, BATCH)):
        # Sealing takes longer than writing, and nobody else has to wait for it.
        rows = {key: _row(context.vault, key, one, context.clock.now()) for key, one in batch.items()}
        with context.database.write() as session:
            require(session, person, Action.KEEP_RESIDENTS)
            _put(session, context.vault, batch, rows, account, context.clock.now())
        done += len(batch)
        progress(done, len(fresh))


def _put(
    session: Session, vault: Vault, batch: dict[str, Given], rows: dict[str, dict[str, Any]], account: Account | None,
    now: datetime,
) -> None:  # fmt: skip
    # Whoever signed up, confirmed or left since the file was read is no longer this import's.
    again = _sort(session, vault, list(batch.values())).fresh
    _drop_unconfirmed(session, list(again))
    put_rows(session, Resident, [rows[key] for key in again], _as_it_is)
    columns: list[Any] = [Resident.email_key, Resident.id]
    added = rows_of(*columns).where(col(Resident.email_key).in_(list(again)))
    ids = {row[0]: row[1] for row in session.connection().execute(added)}
    chosen = [(ids[key], one.preferences) for key, one in again.items()]
    topics = [{"resident_id": n, "topic": topic} for n, one in chosen for topic in sorted(set(one.topics))]
    areas = [{"resident_id": n, "place_id": p, "within_km": km} for n, one in chosen for p, km in one.areas.items()]
    groups = [{"resident_id": n, "group": group} for n, one in chosen for group in sorted(set(one.groups))]
    put_rows(session, ResidentTopic, topics, _as_it_is)
    put_rows(session, ResidentArea, areas, _as_it_is)
    put_rows(session, ResidentGroup, groups, _as_it_is)
    if account is not None:
        asked = [ids[key] for key, one in again.items() if one.consent_at is None]
        put_rows(session, Message, [_question(account, number, now) for number in asked], _as_it_is)


def _drop_unconfirmed(session: Session, keys: list[str]) -> None:
    """Sign-ups that wait for a confirmation which the file holds: their rows are written anew."""
    column: Any = Resident.id
    waiting = list(session.connection().execute(rows_of(column).where(col(Resident.email_key).in_(keys))).scalars())
    if waiting:
        drop_choices(session, waiting)
        session.connection().execute(delete(Message).where(col(Message.resident_id).in_(waiting)))
        session.connection().execute(delete(Resident).where(column.in_(waiting)))


def _row(vault: Vault, key: str, given: Given, now: datetime) -> dict[str, Any]:
    wanted, confirmed = given.preferences, given.consent_at is not None
    quiet = wanted.quiet or (None, None)
    texts = wanted.by_text and given.phone_checked
    return {
        "state": (ResidentState.CONFIRMED if confirmed else ResidentState.UNCONFIRMED).value,
        "contact_sealed": seal(vault, given.contact), "email_key": key,
        "phone_key": phone_key(vault, given.contact.phone), "frequency": wanted.frequency, "lang": wanted.lang,
        "by_email": wanted.by_email or not texts, "by_text": texts, "quiet_from": quiet[0], "quiet_to": quiet[1],
        "consent_at": given.consent_at or now, "consent_source": given.source if confirmed else source_named("no consent"),
        "joined_at": now, "confirmed_at": now if confirmed else None, "changed_at": now,
        "link_version": first_version(), "phone_checked_at": now if given.phone_checked else None, "code_tries": 0,
        "soft_bounces": 0,
    }  # fmt: skip


def _question(account: Account, resident_id: int, now: datetime) -> dict[str, Any]:
    return {
        "account_id": account.id, "resident_id": resident_id, "kind": MessageKind.CONFIRM.value,
        "way": Way.EMAIL.value, "period": f"{now.isoformat()} {Way.EMAIL.value}", "rank": LATER, "token": new_token(),
        "state": MessageState.WAITING.value, "made_at": now, "due_at": now, "fence": 0, "tries": 0, "deferred": 0,
    }  # fmt: skip


def _as_it_is(insert: Any) -> Any:
    return insert
