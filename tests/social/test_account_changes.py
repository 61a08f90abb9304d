"""Two people for whatever could turn an account of a real network against residents (R31)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import col, select
from typer.testing import CliRunner

from social import account_confirming, accounts_admin
from social.account_change_commands import add_commands
from social.account_changes import Kind, pause_account, resume_account, waiting_changes
from social.account_confirming import confirm_change, refuse_change
from social.accounts import Account, account_named
from social.accounts_admin import add_account, change_address, change_credentials, record_agreement, verify_account
from social.audit import AuditRecord
from social.channels import memory
from social.context import Context
from social.errors import InputError, NeedsPerson, NotAllowed
from social.operators import KEEPER, acting
from social.practice.network import PracticeNetwork
from social.staff import Person, Role, find_or_add_person
from tests.social.administrators import administrators, connect

KEYS = {"consumer_key": "ck-1", "consumer_secret": "cs-2", "access_token": "at-3", "access_token_secret": "ats-4"}
OTHER = {**KEYS, "access_token": "at-9"}


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    memory.reset()


@pytest.fixture
def first(context: Context) -> Person:
    return administrators(context)[0]


@pytest.fixture
def second(context: Context) -> Person:
    return administrators(context)[1]


def stored(context: Context, name: str = "Hexley X") -> Account:
    with context.database.read() as session:
        return account_named(session, name)


def waiting(context: Context) -> list[int]:
    with context.database.read() as session:
        return [change.id or 0 for change, _ in waiting_changes(session)]


def actions(context: Context) -> list[tuple[str, str]]:
    with context.database.read() as session:
        rows = session.exec(select(AuditRecord).order_by(col(AuditRecord.seq)))
        return [(row.actor.split(".")[0], row.action) for row in rows]


def test_an_account_of_a_real_network_is_paused_until_a_second_person_confirms_it(
    context: Context, first: Person, second: Person
) -> None:
    """R31."""
    account = add_account(context, channel="x", name="Hexley X", credentials=KEYS, by=first)
    assert (account.state, stored(context).state) == ("paused", "paused")
    assert "waits for a second person" in (stored(context).paused_reason or "")
    with pytest.raises(InputError, match="not connected yet"):
        verify_account(context, "Hexley X")
    with pytest.raises(InputError, match="not connected yet"):
        resume_account(context, "Hexley X", first)
    (change,) = waiting(context)
    with pytest.raises(NotAllowed, match="never confirms it"):
        confirm_change(context, change, first)
    confirm_change(context, change, second)
    assert (stored(context).state, stored(context).paused_reason, stored(context).paused_by) == ("active", None, None)
    assert waiting(context) == []
    with pytest.raises(InputError, match="does not wait any more"):
        confirm_change(context, change, second)
    assert actions(context) == [
        ("first", "ask: add of account"),
        ("first", "add account"),
        ("second", "resume account"),
        ("second", "confirmed: add of account"),
    ]


def test_the_two_are_named_people_who_look_after_accounts(context: Context, first: Person) -> None:
    """R31, R17."""
    with pytest.raises(InputError, match="changed by two people"):
        add_account(context, channel="x", name="Hexley X", credentials=KEYS)
    with pytest.raises(InputError, match="changed by two people"):
        add_account(context, channel="x", name="Hexley X", credentials=KEYS, by=acting(context, KEEPER))
    with context.database.write() as session:
        author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR)
    with pytest.raises(NotAllowed, match="may not connect accounts"):
        add_account(context, channel="x", name="Hexley X", credentials=KEYS, by=author)
    with context.database.read() as session:
        assert session.exec(select(Account)).all() == []
    add_account(context, channel="x", name="Hexley X", credentials=KEYS, by=first)
    (change,) = waiting(context)
    with pytest.raises(NotAllowed, match="may not connect accounts"):
        confirm_change(context, change, author)
    with pytest.raises(NotAllowed, match="has to be named"):
        confirm_change(context, change, acting(context, KEEPER))


def test_an_account_on_the_practice_network_is_exempt(context: Context) -> None:
    for number, address in enumerate(("http://127.0.0.1:8765", "http://localhost:1", "http://[::1]:8765")):
        account = add_account(context, channel="x", name=f"p{number}", base_url=address, credentials=KEYS)
        assert account.state == "active"
        assert record_agreement(context, account.name, "Contract 12")
        assert change_address(context, account.name, "http://127.0.0.1:9999", None)
    assert waiting(context) == []


def test_a_practice_account_becomes_a_real_one_only_with_two(context: Context, first: Person, second: Person) -> None:
    """R31: what was connected for practice alone must not turn real by a change of address."""
    add_account(context, channel="x", name="Hexley X", base_url="http://127.0.0.1:8765", credentials=KEYS)
    for address in ("", "https://proxy.example.org"):
        with pytest.raises(InputError, match="changed by two people"):
            change_address(context, "Hexley X", address, None)
        assert not change_address(context, "Hexley X", address, first)
        assert stored(context).base_url == "http://127.0.0.1:8765"
    (change,) = waiting(context)  # the newer one took the place of the older
    confirm_change(context, change, second)
    assert stored(context).base_url == "https://proxy.example.org"
    assert not change_address(context, "Hexley X", "http://127.0.0.1:8765", first)
    with pytest.raises(InputError, match="no web address"):
        change_address(context, "Hexley X", "nowhere", first)


def test_other_credentials_stay_sealed_until_they_are_confirmed_and_are_tried_then(
    context: Context, first: Person, second: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R31. The network is a practice one that is taken for a real one here."""
    with PracticeNetwork(tmp_path, clock=context.clock, history_weeks=1) as practice:
        good, bad = practice.credentials("facebook"), {"page_access_token": "worse"}
        add_account(context, channel="facebook", name="Hexley X", page_id=practice.page_id,
                    base_url=practice.base_url, credentials=bad)  # fmt: skip
        for module in (accounts_admin, account_confirming):
            monkeypatch.setattr(module, "needs_two", lambda *_: True, raising=False)
        assert change_credentials(context, "Hexley X", bad, first)
        assert change_credentials(context, "Hexley X", {"page_access_token": "worse-still"}, first)
        (change,) = waiting(context)
        with pytest.raises(NeedsPerson):
            confirm_change(context, change, second)
        assert waiting(context) == [change]
        assert change_credentials(context, "Hexley X", good, first)
        assert context.vault.open(stored(context).credentials_sealed) == bad
        (change,) = waiting(context)
        with pytest.raises(NotAllowed):
            confirm_change(context, change, first)
        confirm_change(context, change, second)
    assert context.vault.open(stored(context).credentials_sealed) == good
    with context.database.read() as session:
        assert "credentials" not in str([row.after for row in session.exec(select(AuditRecord))]).replace(
            '"credentials":true', ""
        )


def test_new_credentials_of_a_real_account_cannot_come_in_by_verifying(context: Context, first: Person) -> None:
    connect(context, channel="x", name="Hexley X", credentials=KEYS)
    with pytest.raises(InputError, match="changed by two people"):
        verify_account(context, "Hexley X", credentials=OTHER, by=first)
    assert context.vault.open(stored(context).credentials_sealed) == KEYS


def test_a_refused_change_changes_nothing_and_keeps_no_credentials(
    context: Context, first: Person, second: Person
) -> None:
    connect(context, channel="x", name="Hexley X", credentials=KEYS)
    change_credentials(context, "Hexley X", OTHER, first)
    (change,) = waiting(context)
    refuse_change(context, change, second, "Nobody told me.")
    assert waiting(context) == []
    assert context.vault.open(stored(context).credentials_sealed) == KEYS
    with context.database.read() as session:
        sealed = [one.credentials_sealed for one, _ in _all_changes(session)]
    assert sealed == [None, None]
    assert actions(context)[-1] == ("second", "refused: credentials of account")


def _all_changes(session: Any) -> list[Any]:
    from social.account_changes import AccountChange

    return [(change, None) for change in session.exec(select(AccountChange))]


def test_the_kill_switch_is_one_persons_and_its_end_is_two_peoples(
    context: Context, first: Person, second: Person
) -> None:
    """R31."""
    connect(context, channel="x", name="Hexley X", credentials=KEYS)
    with pytest.raises(InputError, match="Say why"):
        pause_account(context, "Hexley X", first, "  ")
    pause_account(context, "Hexley X", first, "Strange posts.")
    assert stored(context).state == "paused"
    assert not resume_account(context, "Hexley X", first)
    assert stored(context).state == "paused"
    (change,) = waiting(context)
    with pytest.raises(NotAllowed):
        confirm_change(context, change, first)
    confirm_change(context, change, second)
    assert (stored(context).state, stored(context).paused_by) == ("active", None)
    with pytest.raises(InputError, match="Nobody paused"):
        resume_account(context, "Hexley X", first)


def test_verifying_does_not_end_a_pause_that_a_person_ordered(context: Context, first: Person) -> None:
    add_account(context, channel="memory", name="desk", credentials={})
    pause_account(context, "desk", first, "Strange posts.")
    verify_account(context, "desk")
    assert stored(context, "desk").state == "paused"
    assert resume_account(context, "desk", first)  # practice: one person is enough
    assert stored(context, "desk").state == "active"


Run = Callable[..., Any]


@pytest.fixture
def run(context: Context) -> Run:
    cli, accounts = typer.Typer(), typer.Typer()
    add_commands(accounts, lambda: context)
    cli.add_typer(accounts, name="accounts")
    return lambda *words: CliRunner().invoke(cli, ["accounts", *words])


def test_the_commands_show_confirm_and_refuse_what_waits(
    run: Run, context: Context, first: Person, second: Person
) -> None:
    assert "Nothing waits" in run("changes").stdout
    connect(context, channel="x", name="Hexley X", credentials=KEYS)
    record_agreement(context, "Hexley X", "Contract 12", first)
    assert run("pause", "Hexley X", "--reason", "Strange posts.", "--by", first.email).exit_code == 0
    assert "It waits for a second person" in run("resume", "Hexley X", "--by", first.email).stdout
    listed = {row["kind"]: row["change"] for row in json.loads(run("changes", "--json").stdout)}
    assert set(listed) == {Kind.AGREEMENT, Kind.RESUME}
    assert "Say which with --change" in str(run("confirm", "Hexley X", "--by", second.email).exception)
    done = run("confirm", "Hexley X", "--by", second.email, "--change", str(listed[Kind.RESUME]))
    assert "Confirmed for 'Hexley X': end the pause." in done.stdout
    assert "Refused" in run("refuse", "Hexley X", "--by", first.email).stdout
    assert (stored(context).state, stored(context).agreement_reference) == ("active", None)
    assert "Nothing of 'Hexley X' waits" in str(run("confirm", "Hexley X", "--by", second.email).exception)
    assert run("address", "Hexley X", "--base-url", "https://proxy.example.org", "--by", first.email).exit_code == 0
    assert stored(context).base_url is None
