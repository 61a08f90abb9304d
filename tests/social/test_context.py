"""An open channel is kept, and never outlives what it rests on."""

from collections.abc import Iterator

import pytest

from social.accounts import Account, account_named
from social.accounts_admin import add_account
from social.channels.base import Channel
from social.channels.memory import MemoryChannel
from social.clock import SettableClock
from social.context import Context, open_context
from social.settings import Settings

NAME = "copperbeck"


@pytest.fixture
def opened() -> list[dict[str, str]]:
    """The credentials of every channel that was opened, in order."""
    return []


@pytest.fixture
def worker(settings: Settings, clock: SettableClock, opened: list[dict[str, str]]) -> Iterator[Context]:
    def make(context: Context, account: Account) -> Channel:
        opened.append(context.vault.open(account.credentials_sealed))
        return MemoryChannel(account, context.clock)

    context = open_context(settings, make, clock)
    add_account(context, channel="memory", name=NAME, credentials={})
    yield context
    context.database.close()


def stored(context: Context) -> Account:
    with context.database.read() as session:
        return account_named(session, NAME)


def change(context: Context, **values: object) -> None:
    """What another process writes into the account."""
    with context.database.write() as session:
        account = account_named(session, NAME)
        for name, value in values.items():
            setattr(account, name, value)
        session.add(account)


def test_a_channel_is_opened_once_for_an_account_that_stays_the_same(
    worker: Context, opened: list[dict[str, str]]
) -> None:
    assert worker.channel(stored(worker)) is worker.channel(stored(worker))
    assert len(opened) == 1


def test_credentials_that_another_process_renewed_are_in_use_from_the_next_request_on(
    worker: Context, opened: list[dict[str, str]]
) -> None:
    """Else a running worker goes on with the old ones, is refused, and pauses the account that was just mended."""
    worker.channel(stored(worker))
    change(worker, credentials_sealed=worker.vault.seal({"page_access_token": "new"}))
    worker.channel(stored(worker))
    assert opened[-1] == {"page_access_token": "new"}


@pytest.mark.parametrize(
    "values", [{"base_url": "http://127.0.0.1:9"}, {"platform_id": "100200300"}, {"handle": "Copperbeck"}]
)
def test_another_address_or_name_opens_the_channel_anew(
    worker: Context, opened: list[dict[str, str]], values: dict[str, object]
) -> None:
    worker.channel(stored(worker))
    change(worker, **values)
    worker.channel(stored(worker))
    assert len(opened) == 2
