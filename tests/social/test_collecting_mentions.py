"""Mentions of a post that we learn of late are not lost, though they were read before anybody knew it was ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from social.accounts import Account
from social.accounts_admin import add_account
from social.channels.base import HeardPage
from social.channels.memory import MemoryChannel, MemoryNetwork, network_of, reset
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.interactions import Interaction
from social.publications import Publication, record_publication


@pytest.fixture(autouse=True)
def _fresh_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks on which a quote is to be heard among the mentions alone, as on X."""
    reset()
    whole = MemoryChannel.listen

    def replies_only(self: MemoryChannel, *args: Any, **kwargs: Any) -> Iterator[HeardPage]:
        for page in whole(self, *args, **kwargs):
            yield replace(page, items=tuple(item for item in page.items if item.kind == "reply"))

    monkeypatch.setattr(MemoryChannel, "listen", replies_only)


@pytest.fixture
def account(context: Context) -> Account:
    network_of("first").clock = context.clock
    return add_account(context, channel="memory", name="first", credentials={})


def publish(context: Context, account: Account, text: str, published_at: datetime) -> str:
    """A post that was put there at `published_at` and that we store now."""
    platform_id = network_of("first").add_past_post(text, published_at)
    record(context, account, platform_id, text, published_at)
    return platform_id


def record(context: Context, account: Account, platform_id: str, text: str, published_at: datetime) -> None:
    assert account.id is not None
    publication = Publication(account_id=account.id, platform_id=platform_id, text=text, published_at=published_at)
    with context.database.write() as session:
        record_publication(session, publication, context.clock.now())


def texts(context: Context) -> list[str]:
    with context.database.read() as session:
        return sorted(row.text for row in session.exec(select(Interaction)))


def quote(network: MemoryNetwork, platform_id: str, text: str) -> None:
    network.add_reply(platform_id, text, kind="quote")


def test_a_quote_of_a_post_whose_answer_was_lost_is_kept_once_the_post_is_found(
    context: Context, account: Account, clock: SettableClock
) -> None:
    network, went_out = network_of("first"), clock.now()
    known = publish(context, account, "Known", went_out)
    unknown = network.add_past_post("Its answer was lost", went_out)
    quote(network, known, "About the known one")
    quote(network, unknown, "About the lost one")
    collect(context)
    assert texts(context) == ["About the known one"]
    clock.advance(timedelta(minutes=1))
    record(context, account, unknown, "Its answer was lost", went_out)
    collect(context, everything=True)
    assert texts(context) == ["About the known one", "About the lost one"]


def test_mentions_are_not_read_again_for_a_post_whose_answer_came(
    context: Context, account: Account, clock: SettableClock
) -> None:
    first = publish(context, account, "One", clock.now())
    quote(network_of("first"), first, "Said before")
    collect(context)
    with context.database.read() as session:
        read_to = session.exec(select(Account)).one().mentions_cursor
    assert read_to is not None
    publish(context, account, "Two", clock.now())
    with context.database.read() as session:
        assert session.exec(select(Account)).one().mentions_cursor == read_to
