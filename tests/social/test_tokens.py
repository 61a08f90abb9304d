"""A token that ends is renewed once, whoever asks; when it cannot be, the account stops and a person is asked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from social.account_events import AccountEvent
from social.accounts import Account, AccountState, account_named
from social.accounts_admin import add_account, verify_account
from social.channels.base import Draft, Picture
from social.clock import SettableClock, SystemClock
from social.context import Context
from social.errors import NeedsPerson, TryLater
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from social.tokens import TokenRenewal

NAME = "hexley-x"
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0) as network:
        yield network


@pytest.fixture
def connected(context: Context, practice: PracticeNetwork) -> PracticeNetwork:
    add_account(
        context, channel="x", name=NAME, base_url=practice.base_url, credentials=practice.x_tokens.credentials()
    )
    verify_account(context, NAME)
    return practice


def account_of(context: Context) -> Account:
    with context.database.read() as session:
        return account_named(session, NAME)


def publish(context: Context, text: str, *pictures: Picture) -> str:
    return context.channel(account_of(context)).publish(Draft(text, None, pictures), key="k").platform_id


def test_a_token_that_has_ended_is_renewed_and_the_post_goes_out_once(
    context: Context, connected: PracticeNetwork
) -> None:
    stored = account_of(context).credentials_sealed
    connected.x_tokens.expire()
    publish(context, "Ducks.")
    assert [post["text"] for post in connected.truth()] == ["Ducks."]
    assert connected.x_tokens.grant().refreshed == 1
    sealed = account_of(context).credentials_sealed
    assert sealed != stored
    kept = context.vault.open(sealed)
    assert kept["refresh_token"] == connected.x_tokens.grant().refresh_token
    assert kept["refresh_token"].encode() not in sealed
    with context.database.read() as session:
        assert [event.text for event in session.exec(select(AccountEvent))] == ["The account's token was renewed."]


def test_a_picture_on_its_way_when_the_token_ends_arrives_whole(context: Context, connected: PracticeNetwork) -> None:
    connected.x_tokens.expire()
    publish(context, "Ducks.", Picture(PIXEL * 100, "image/png", "Ducks on a pond."))
    (post,) = connected.truth()
    assert post["alt_texts"] == ["Ducks on a pond."]
    (medium,) = connected.world.store.media("x", [connected.world.store.accepted()[-1].media[0]])
    assert medium.size == len(PIXEL) * 100


def test_a_token_is_renewed_before_it_ends(context: Context, connected: PracticeNetwork, clock: SettableClock) -> None:
    connected.x_tokens.expire()
    publish(context, "Ducks.")
    clock.advance(timedelta(hours=1, minutes=59))
    publish(context, "Geese.")
    assert connected.x_tokens.grant().refreshed == 2
    publish(context, "Swans.")
    assert connected.x_tokens.grant().refreshed == 2


def test_a_renewal_that_the_network_refuses_pauses_the_account_and_names_what_to_do(
    context: Context, connected: PracticeNetwork
) -> None:
    tokens = connected.x_tokens
    connected.world.store.put("x.oauth2", json.dumps({**vars(tokens.grant()), "revoked": True}))
    with pytest.raises(NeedsPerson) as caught:
        publish(context, "Ducks.")
    assert "beatline accounts verify" in caught.value.action
    account = account_of(context)
    assert account.state == AccountState.PAUSED.value
    assert "Connect the account again" in (account.paused_reason or "")
    assert connected.truth() == []


@pytest.mark.parametrize("fault", ["500_before", "reset_before", "html_503"])
def test_a_renewal_that_broke_off_is_tried_once_more_and_saves_the_account(
    context: Context, connected: PracticeNetwork, fault: str
) -> None:
    connected.x_tokens.expire()
    connected.faults.add(Fault("token", fault))
    with pytest.raises(TryLater):
        publish(context, "Ducks.")
    assert account_of(context).state == AccountState.ACTIVE.value
    publish(context, "Ducks.")
    assert len(connected.truth()) == 1


def test_a_renewal_whose_answer_was_lost_ends_with_a_person_and_not_with_a_loop(
    context: Context, connected: PracticeNetwork
) -> None:
    connected.x_tokens.expire()
    connected.faults.add(Fault("token", "reset_after"))
    with pytest.raises(TryLater):
        publish(context, "Ducks.")
    with pytest.raises(NeedsPerson):
        publish(context, "Ducks.")
    grant = connected.x_tokens.grant()
    assert (grant.refreshed, grant.reused) == (1, 1)
    assert account_of(context).state == AccountState.PAUSED.value
    assert connected.truth() == []
    verify_account(context, NAME, credentials=_anew(connected))
    assert account_of(context).state == AccountState.ACTIVE.value
    publish(context, "Ducks.")
    assert len(connected.truth()) == 1


def _anew(practice: PracticeNetwork) -> dict[str, str]:
    """A person connects the account again."""
    grant = {**vars(practice.x_tokens.grant()), "revoked": False, "access_token": "a" * 30, "refresh_token": "r" * 30}
    practice.world.store.put("x.oauth2", json.dumps(grant))
    return practice.x_tokens.credentials()


def test_a_worker_that_died_while_it_renewed_holds_nobody_up_for_long(
    context: Context, connected: PracticeNetwork, clock: SettableClock
) -> None:
    connected.x_tokens.expire()
    with context.database.write() as session:
        row = session.get(TokenRenewal, account_of(context).id) or TokenRenewal(account_id=account_of(context).id or 0)
        row.holder, row.lease_until, row.tries = "dead", clock.now() + timedelta(seconds=45), 1
        session.add(row)
    channel = context.channel(account_of(context))
    channel._client.session._bearer.pause = lambda seconds: clock.advance(timedelta(seconds=seconds))  # type: ignore[attr-defined]  # no waiting in tests
    with pytest.raises(TryLater, match="Another worker is renewing"):
        publish(context, "Ducks.")
    clock.advance(timedelta(seconds=30))
    publish(context, "Ducks.")
    assert len(connected.truth()) == 1


RACER = """
import sys
from social.channels.registry import make_channel
from social.context import open_context
from social.settings import load_settings
from social.accounts import account_named

context = open_context(load_settings(), make_channel)
with context.database.read() as session:
    channel = context.channel(account_named(session, "hexley-x"))
print("ready", flush=True)
sys.stdin.readline()
print(channel.verify().platform_id, flush=True)
"""


def test_two_processes_that_find_the_token_ended_at_once_renew_it_once(context: Context, tmp_path: Path) -> None:
    """A second use of a refresh token would end the account: the practice network watches for it, as X does."""
    with PracticeNetwork(tmp_path / "real", clock=SystemClock(), history_weeks=0) as practice:
        add_account(context, channel="x", name=NAME, base_url=practice.base_url,
                    credentials=practice.x_tokens.credentials())  # fmt: skip
        practice.x_tokens.expire()
        settings = context.settings
        environment = {**os.environ, "BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key,
                       "BEATLINE_DATABASE_URL": settings.database_url}  # fmt: skip
        racers = [
            subprocess.Popen([sys.executable, "-c", RACER], env=environment, text=True, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
            for _ in range(3)
        ]  # fmt: skip
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("\n")
            racer.stdin.flush()
        told = [racer.communicate(timeout=60)[0].strip() for racer in racers]
        grant = practice.x_tokens.grant()
        assert told == [practice.user_id] * 3
        assert (grant.refreshed, grant.reused, grant.revoked) == (1, 0, False)
        assert context.vault.open(account_of(context).credentials_sealed)["refresh_token"] == grant.refresh_token


def test_an_account_that_was_connected_again_renews_its_token_as_if_nothing_had_been(
    context: Context, connected: PracticeNetwork, clock: SettableClock
) -> None:
    """What is not known of the old token's renewals says nothing of the new one's."""
    connected.faults.add(Fault("token", "500_after", times=2))
    for text in ("Ducks.", "Swans.", "Geese."):
        clock.advance(timedelta(hours=3))
        with pytest.raises((TryLater, NeedsPerson)):
            publish(context, text)
    assert account_of(context).state == AccountState.PAUSED.value
    verify_account(context, NAME, credentials=connected.x_tokens.reconnect())
    clock.advance(timedelta(hours=3))
    publish(context, "Herons.")
    assert account_of(context).state == AccountState.ACTIVE.value
