"""Connecting accounts: what is refused before anything is stored, what is sealed, what the network's word changes."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from social.accounts import Account, AccountState, Audience, account_named, list_accounts
from social.accounts_admin import (
    add_account,
    may_collect,
    read_credentials_file,
    record_agreement,
    verify_account,
)
from social.channels import memory
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.context import Context
from social.errors import InputError, NeedsPerson
from social.practice.network import PracticeNetwork
from tests.social.administrators import administrators, confirm_all, connect

KEYS = {
    "consumer_key": "ck-1",
    "consumer_secret": "cs-2",
    "access_token": "at-3",
    "access_token_secret": "ats-4",
}
TOKEN = {"page_access_token": "page-token"}


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    memory.reset()


def _stored(context: Context) -> list[Account]:
    with context.database.read() as session:
        return list_accounts(session)


def test_an_account_is_stored_with_its_credentials_sealed(context: Context) -> None:
    connect(context, channel="x", name=" Hexley X ", handle="@HexleyMoorPolice", credentials={**KEYS, "more": "z"})
    (account,) = _stored(context)
    assert (account.name, account.handle, account.base_url) == ("Hexley X", "HexleyMoorPolice", None)
    assert context.vault.open(account.credentials_sealed) == KEYS
    for value in KEYS.values():
        assert value.encode() not in account.credentials_sealed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"channel": "pigeon"}, "no channel 'pigeon'"),
        ({"name": "  "}, "name"),
        ({"name": "a,b"}, "without commas"),
        ({"name": "x" * 61}, "60"),
        ({"credentials": {"consumer_key": "ck-1"}}, "consumer_secret, access_token, access_token_secret"),
        ({"credentials": {**KEYS, "access_token": "  "}}, "access_token"),
        ({"channel": "facebook", "credentials": TOKEN}, "--page-id"),
        ({"channel": "facebook", "credentials": TOKEN, "page_id": "Woldershire"}, "--page-id"),
        ({"page_id": "12/../13"}, "digits only"),
        ({"page_id": "１２"}, "digits only"),
        ({"credentials": {**KEYS, "access_token": "ck-1 ck-1"}}, "signs that no key has, in access_token"),
        ({"credentials": {**KEYS, "access_token": "ck-1…", "consumer_key": "a\nb"}}, "in consumer_key, access_token"),
        ({"base_url": "not an address"}, "no web address"),
        ({"base_url": "ftp://example.org"}, "no web address"),
        ({"base_url": "https://"}, "no web address"),
        ({"base_url": "https://example.org:port"}, "no web address"),
        ({"base_url": "https://[::1"}, "no web address"),
        ({"base_url": "https://user:secret@example.org"}, "must not hold"),
        ({"base_url": "https://example.org?key=1"}, "must not hold"),
        ({"base_url": "http://example.org"}, "unencrypted"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_stored(
    context: Context, change: Mapping[str, Any], says: str
) -> None:
    with pytest.raises(InputError, match=says) as wrong:
        add_account(context, **{"channel": "x", "name": "Hexley", "credentials": KEYS, **change})
    assert _stored(context) == []
    assert "ck-1" not in str(wrong.value)
    assert "secret@" not in str(wrong.value)


def test_everything_wrong_is_said_at_once(context: Context) -> None:
    with pytest.raises(InputError) as wrong:
        add_account(context, channel="facebook", name="", base_url="nowhere", credentials={})
    assert len(wrong.value.problems) == 4


def test_a_name_is_given_once(context: Context) -> None:
    add_account(context, channel="memory", name="Hexley", credentials={})
    with pytest.raises(InputError, match="already"):
        add_account(context, channel="x", name="Hexley ", credentials=KEYS)
    assert [account.channel for account in _stored(context)] == ["memory"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8765/", "http://localhost:1", "https://proxy.example.org/x/"])
def test_a_base_address_loses_its_closing_slash(context: Context, address: str) -> None:
    connect(context, channel="x", name="Hexley", base_url=address, credentials=KEYS)
    assert _stored(context)[0].base_url == address.rstrip("/")


def test_a_credentials_file_gives_only_what_the_channel_needs(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({**KEYS, "comment": "from the portal"}), encoding="utf-8")
    assert read_credentials_file(file, "x") == KEYS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"consumer_key=ck-1", "is not JSON"),
        (b'{"consumer_key": "ck-1"', "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"", "is not JSON"),
        (b'["ck-1"]', "one JSON object"),
        (b'{"consumer_key": "ck-1", "consumer_secret": 5}', "consumer_secret, access_token, access_token_secret"),
    ],
)
def test_a_bad_credentials_file_is_explained_without_its_values(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=says) as wrong:
        read_credentials_file(file, "x")
    assert "ck-1" not in str(wrong.value)
    assert wrong.value.__cause__ is None


def test_a_missing_file_and_an_unknown_channel_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Cannot read the credentials file 'none\.json'"):
        read_credentials_file(tmp_path / "none.json", "x")
    with pytest.raises(InputError, match="no channel 'pigeon'"):
        read_credentials_file(tmp_path / "none.json", "pigeon")


def test_verifying_stores_what_the_network_says(context: Context, clock: SettableClock) -> None:
    account = add_account(context, channel="memory", name="Hexley", credentials={})
    channel = context.channel(account)
    clock.advance(timedelta(hours=1))
    profile = verify_account(context, "Hexley")
    stored = _stored(context)[0]
    assert (stored.platform_id, stored.verified_at) == (profile.platform_id, clock.now())
    with context.database.read() as session:
        (audience,) = session.exec(select(Audience)).all()
    assert (audience.followers, audience.source_metric, audience.fetched_at) == (1000, "followers", clock.now())
    assert context.channel(stored) is not channel


def test_followers_that_are_not_reported_are_not_stored(context: Context) -> None:
    add_account(context, channel="memory", name="Hexley", credentials={})
    memory.network_of("Hexley").followers = None
    verify_account(context, "Hexley")
    with context.database.read() as session:
        assert session.exec(select(Audience)).all() == []


def test_credentials_that_are_not_taken_change_nothing(context: Context) -> None:
    add_account(context, channel="memory", name="Hexley", credentials={})
    memory.network_of("Hexley").takes_credentials = False
    with pytest.raises(NeedsPerson):
        verify_account(context, "Hexley")
    assert _stored(context)[0].verified_at is None


def test_credentials_of_another_page_are_told(context: Context) -> None:
    add_account(context, channel="memory", name="Hexley", page_id="55", credentials={})
    with pytest.raises(InputError, match="another page"):
        verify_account(context, "Hexley")
    assert _stored(context)[0].verified_at is None


def _pause(context: Context, name: str) -> None:
    with context.database.write() as session:
        account = account_named(session, name)
        account.state, account.paused_reason = AccountState.PAUSED.value, "The credentials ended."
        session.add(account)


def test_verifying_makes_a_paused_account_active_again(context: Context) -> None:
    add_account(context, channel="memory", name="Hexley", credentials={})
    _pause(context, "Hexley")
    verify_account(context, "Hexley")
    assert (_stored(context)[0].state, _stored(context)[0].paused_reason) == ("active", None)


def test_new_credentials_take_the_place_of_the_old_once_the_network_takes_them(
    context: Context, tmp_path: Path
) -> None:
    with PracticeNetwork(tmp_path, clock=context.clock, history_weeks=1) as practice:
        good = practice.credentials("facebook")
        add_account(
            context,
            channel="facebook",
            name="A",
            page_id=practice.page_id,
            base_url=practice.base_url,
            credentials=TOKEN,
        )
        _pause(context, "A")
        for wrong, error in (({"page_access_token": "worse"}, NeedsPerson), ({"page_access_token": ""}, InputError)):
            with pytest.raises(error):
                verify_account(context, "A", credentials=wrong)
            account = _stored(context)[0]
            assert (context.vault.open(account.credentials_sealed), account.state) == (TOKEN, "paused")
        verify_account(context, "A", credentials=good)
        account = _stored(context)[0]
        assert (context.vault.open(account.credentials_sealed), account.state) == (good, "active")
        assert context.channel(account).verify().platform_id == practice.page_id


@pytest.mark.parametrize(
    ("channel", "base_url", "agreed", "allowed"),
    [
        ("x", None, None, False),
        ("x", "https://proxy.example.org", None, False),
        ("x", "https://api.x.com", "  ", False),
        ("x", None, "Contract 12 of 3 May 2026", True),
        ("x", "http://127.0.0.1:8765", None, True),
        ("facebook", None, None, True),
        ("memory", None, None, True),
    ],
)
def test_nothing_is_collected_without_the_agreement_that_the_terms_ask_for(
    context: Context, channel: str, base_url: str | None, agreed: str | None, allowed: bool
) -> None:
    credentials = {"x": KEYS, "facebook": TOKEN, "memory": {}}[channel]
    connect(context, channel=channel, name="A", page_id="1", base_url=base_url, credentials=credentials)
    if agreed is not None and agreed.strip():
        record_agreement(context, "A", agreed, administrators(context)[0])
        confirm_all(context, "A")
    with context.database.read() as session:
        account = account_named(session, "A")
    assert may_collect(account, make_channel(context, account)) is allowed


def test_an_agreement_is_recorded_with_its_moment_and_never_empty(context: Context, clock: SettableClock) -> None:
    connect(context, channel="x", name="A", credentials=KEYS)
    with pytest.raises(InputError, match="reference"):
        record_agreement(context, "A", "  ")
    with pytest.raises(InputError, match="no account 'B'"):
        record_agreement(context, "B", "Contract 12")
    assert not record_agreement(context, "A", " Contract 12 ", administrators(context)[0])
    assert _stored(context)[0].agreement_reference is None
    confirm_all(context, "A")
    stored = _stored(context)[0]
    assert (stored.agreement_reference, stored.agreement_recorded_at) == ("Contract 12", clock.now())
