"""Whatever is done to the audit record behind Beatline's back is found, and the first bad row is named."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from sqlalchemy import text
from sqlmodel import Session
from typer.testing import CliRunner

from social import audit_verify
from social.audit import AuditRecord, erase_reasons, head_seal, record, row_hash
from social.audit_commands import add_commands
from social.audit_verify import Verified, verify_in, verify_record
from social.context import Context
from social.errors import InputError
from social.staff import Role, find_or_add_person
from social.vault import Vault

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def chain(context: Context) -> Context:
    """Six rows, the third and fifth with a reason."""
    with context.database.write() as session:
        for number in range(1, 7):
            record(
                session,
                NOW + timedelta(minutes=number),
                actor="sam.reed@example.org",
                action="edit post",
                subject=("post", number),
                after={"version": number},
                reason=f"Reason {number}." if number in (3, 5) else None,
            )
    return context


def behind_its_back(context: Context, *statements: str) -> None:
    """What somebody does who may change the database, its triggers included, and does not have the key."""
    with context.database.write() as session:
        tamper(session, context.database.is_sqlite, statements)


def tamper(session: Session, sqlite: bool, statements: Sequence[str]) -> None:
    connection = session.connection()
    if sqlite:
        for what in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_record_no_{what}"))
    else:
        connection.execute(text("ALTER TABLE audit_record DISABLE TRIGGER ALL"))
    for statement in statements:
        connection.execute(text(statement))


def fault(context: Context) -> tuple[int, str]:
    found = verify_record(context)
    assert found.fault is not None
    assert found.head is None
    return found.fault.row, found.fault.kind


def test_a_record_as_it_was_written_is_whole(chain: Context) -> None:
    found = verify_record(chain)
    assert (found.ok, found.rows) == (True, 6)
    assert found.head is not None
    assert found.head.startswith("6:")


def test_an_empty_record_is_whole(context: Context) -> None:
    assert verify_record(context) == Verified(0, None, None)


ATTACKS = {
    "altered": ("UPDATE audit_record SET actor = 'somebody.else@example.org' WHERE seq = 4", (4, "altered")),
    "altered payload": ("UPDATE audit_record SET after = '{}' WHERE seq = 2", (2, "altered")),
    "redated": ("UPDATE audit_record SET at = '2020-01-01 00:00:00+00' WHERE seq = 5", (5, "altered")),
    "first deleted": ("DELETE FROM audit_record WHERE seq = 1", (1, "missing")),
    "one deleted": ("DELETE FROM audit_record WHERE seq = 3", (3, "missing")),
    "end cut off": ("DELETE FROM audit_record WHERE seq > 3; DELETE FROM audit_reason WHERE seq > 3", (4, "missing")),
    "all deleted": ("DELETE FROM audit_record; DELETE FROM audit_reason", (1, "missing")),
    "head deleted": ("DELETE FROM audit_head", (7, "head")),
    "head set back": ("UPDATE audit_head SET count = 4", (7, "head")),
    "swapped": (
        "UPDATE audit_record SET seq = 99 WHERE seq = 2; UPDATE audit_record SET seq = 2 WHERE seq = 3; "
        "UPDATE audit_record SET seq = 3 WHERE seq = 99",
        (2, "altered"),
    ),
    "closed up": (
        "DELETE FROM audit_record WHERE seq = 4; UPDATE audit_record SET seq = 4 WHERE seq = 5; "
        "UPDATE audit_record SET seq = 5 WHERE seq = 6",
        (4, "altered"),
    ),
    "row put in": (
        "INSERT INTO audit_record (seq, at, actor, action, previous, hash) SELECT 7, at, actor, 'approve', hash, hash "
        "FROM audit_record WHERE seq = 6",
        (7, "altered"),
    ),
    "row before the first": (
        "INSERT INTO audit_record (seq, at, actor, action, previous, hash) SELECT 0, at, actor, action, hash, hash "
        "FROM audit_record WHERE seq = 1",
        (0, "added"),
    ),
    "reason altered": ("UPDATE audit_reason SET text = 'Another.' WHERE seq = 5", (5, "reason")),
    "reason deleted": ("DELETE FROM audit_reason WHERE seq = 3", (3, "reason")),
    "reason emptied": ("UPDATE audit_reason SET text = NULL, salt = NULL WHERE seq = 3", (3, "reason")),
    "reason said to be erased": (
        "UPDATE audit_reason SET text = NULL, salt = NULL, erased_by = 6 WHERE seq = 3",
        (3, "reason"),
    ),
    "reason added": ("INSERT INTO audit_reason (seq, text, salt) VALUES (2, 'Because.', 'aa')", (2, "reason")),
    "reason of no row": ("INSERT INTO audit_reason (seq, text, salt) VALUES (44, 'Because.', 'aa')", (44, "reason")),
}


def test_every_change_is_found_and_the_first_bad_row_is_named(chain: Context) -> None:
    found = {}
    for attack, (statements, _) in ATTACKS.items():
        with pytest.raises(_Undone), chain.database.write() as session:
            tamper(session, chain.database.is_sqlite, statements.split("; "))
            seen = verify_in(session, chain.vault.audit_key).fault
            found[attack] = (seen.row, seen.kind) if seen else None
            raise _Undone
    assert found == {attack: expected for attack, (_, expected) in ATTACKS.items()}
    assert verify_record(chain).ok


class _Undone(Exception):
    pass


def test_a_row_made_with_another_key_is_found(chain: Context) -> None:
    """Somebody who may write the database and knows how rows are hashed still lacks the key."""
    theirs = Vault("another key of at least 32 characters").audit_key
    with chain.database.read() as session:
        row = session.get_one(AuditRecord, 6)
    row.actor = "somebody.else@example.org"
    forged = row_hash(theirs, row)
    behind_its_back(
        chain,
        f"UPDATE audit_record SET actor = '{row.actor}', hash = '{forged}' WHERE seq = 6",
        f"UPDATE audit_head SET hash = '{forged}', seal = '{head_seal(theirs, 6, forged)}'",
    )
    assert fault(chain) == (6, "altered")


def test_a_row_that_was_written_elsewhere_in_the_chain_is_found(chain: Context) -> None:
    """With the key even: the rows after a changed one no longer follow it."""
    with chain.database.read() as session:
        row = session.get_one(AuditRecord, 3)
    row.actor = "somebody.else@example.org"
    fresh = row_hash(chain.vault.audit_key, row)
    behind_its_back(chain, f"UPDATE audit_record SET actor = '{row.actor}', hash = '{fresh}' WHERE seq = 3")
    assert fault(chain) == (4, "reordered")


@pytest.mark.sqlite_only
def test_a_row_that_cannot_even_be_read_is_named(chain: Context) -> None:
    behind_its_back(chain, "UPDATE audit_record SET at = 'yesterday' WHERE seq = 4")
    assert fault(chain) == (4, "altered")


def test_what_goes_on_after_the_head_was_lost_stays_marked(chain: Context) -> None:
    behind_its_back(chain, "DELETE FROM audit_record WHERE seq = 6", "DELETE FROM audit_head")
    with chain.database.write() as session:
        record(session, NOW, actor="worker", action="plan post")
    assert fault(chain) == (6, "head")


def test_erased_reasons_leave_the_record_whole(chain: Context) -> None:
    """R08, R10: erasure is no tampering."""
    with chain.database.write() as session:
        erase_reasons(session, NOW, actor="records@example.org", subject=("post", 3))
    assert verify_record(chain).ok


def test_a_database_put_back_to_an_earlier_day_is_found_by_a_noted_head(chain: Context) -> None:
    with chain.database.write() as session:
        record(session, NOW, actor="worker", action="plan post")
    noted = verify_record(chain).head
    with chain.database.read() as session:
        row = session.get_one(AuditRecord, 6)
    old = head_seal(chain.vault.audit_key, 6, row.hash)  # as it stood in a copy of the database
    behind_its_back(
        chain,
        "DELETE FROM audit_record WHERE seq = 7",
        f"UPDATE audit_head SET count=6, hash='{row.hash}', seal='{old}'",
    )
    assert verify_record(chain).ok
    found = verify_record(chain, noted=noted)
    assert found.fault is not None
    assert (found.fault.row, found.fault.kind) == (7, "missing")
    with pytest.raises(InputError, match="noted head"):
        verify_record(chain, noted="seven")


def test_long_records_are_walked_in_batches_and_progress_is_told(
    chain: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verify, "BATCH", 2)
    told: list[tuple[int, int]] = []
    found = verify_record(chain, progress=lambda done, total: told.append((done, total)))
    assert (found.ok, told) == (True, [(2, 6), (4, 6), (6, 6)])


Run = Callable[..., Any]


@pytest.fixture
def run(chain: Context) -> Run:
    cli = typer.Typer()
    add_commands(cli, lambda: chain)
    return lambda *words: CliRunner().invoke(cli, ["audit", *words])


def test_the_command_ends_with_one_and_names_the_row(run: Run, chain: Context) -> None:
    whole = run("verify")
    assert whole.exit_code == 0
    assert "All 6 rows are as they were written." in whole.output
    behind_its_back(chain, "DELETE FROM audit_record WHERE seq = 3")
    broken, document = run("verify"), run("verify", "--json")
    assert (broken.exit_code, document.exit_code) == (1, 1)
    assert "Row 3 is missing" in broken.stderr
    said = json.loads(document.stdout)
    assert (said["ok"], said["fault"]["row"], said["fault"]["kind"]) == (False, 3, "missing")


def test_the_list_is_narrowed_by_who_what_when_and_about_what(run: Run, chain: Context) -> None:
    with chain.database.write() as session:
        joel = find_or_add_person(session, "joel.marsh@example.org", Role.CORPORATE)
        find_or_add_person(session, "nia.abbot@example.org", Role.AUTHOR)
        record(session, NOW + timedelta(days=2), actor=joel, action="approve post", subject=("post", 3))

    def numbers(*words: str) -> list[int]:
        return [row["seq"] for row in json.loads(run("list", "--json", *words).stdout)]

    assert numbers() == [7, 6, 5, 4, 3, 2, 1]
    assert numbers("--subject", "post 3") == [7, 3]
    assert numbers("--subject", "account") == []
    assert numbers("--actor", "JOEL") == [7]
    assert numbers("--action", "approve") == [7]
    assert numbers("--since", "2026-06-02") == [7]
    assert numbers("--limit", "2", "--by", "joel.marsh@example.org") == [7, 6]
    assert "because: Reason 5." in run("list").stdout
    assert "may not read the audit record" in str(run("list", "--by", "nia.abbot@example.org").exception)
    assert "no day" in str(run("list", "--since", "yesterday").exception)
