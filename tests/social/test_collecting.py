"""What collecting keeps, and that no page, order or repetition makes it keep anything twice."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from social.accounts import Account, Audience
from social.accounts_admin import add_account
from social.channels.base import Heard
from social.channels.memory import MemoryNetwork, network_of, reset
from social.clock import SettableClock
from social.collecting import collect, import_history
from social.context import Context
from social.heard import store_heard
from social.interactions import Interaction, Reading
from social.measurements import Measurement
from social.publications import CollectingState, Publication, record_publication


@pytest.fixture(autouse=True)
def _fresh_networks() -> None:
    reset()


@pytest.fixture
def account(context: Context) -> Account:
    return add_account(context, channel="memory", name="hexley", credentials={})


@pytest.fixture
def network(account: Account, clock: SettableClock) -> MemoryNetwork:
    network = network_of(account.name)
    network.clock = clock
    return network


def publish(
    context: Context, account: Account, text: str = "Free bike marking on Saturday.", **values: Any
) -> Publication:
    """One of our posts, live on the network and recorded here."""
    assert account.id is not None
    at = values.pop("published_at", context.clock.now())
    platform_id = network_of(account.name).add_past_post(text, at)
    publication = Publication(account_id=account.id, platform_id=platform_id, text=text, published_at=at, **values)
    with context.database.write() as session:
        return record_publication(session, publication, context.clock.now())


def rows(context: Context, table: type[SQLModel]) -> list[Any]:
    with context.database.read() as session:
        return list(session.exec(select(table)))


def test_replies_are_stored_once_however_often_they_are_collected(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    post = publish(context, account)
    network.add_reply(post.platform_id, "Thank you, see you there")
    assert collect(context).replies == 1
    assert collect(context, everything=True).replies == 0
    [stored] = rows(context, Interaction)
    assert (stored.text, stored.publication_id) == ("Thank you, see you there", post.id)


def test_more_than_one_page_is_read_to_its_end(context: Context, account: Account, network: MemoryNetwork) -> None:
    post = publish(context, account)
    for number in range(130):
        network.add_reply(post.platform_id, f"Reply {number}")
    assert collect(context).replies == 130
    network.add_reply(post.platform_id, "And one more")
    assert collect(context, everything=True).replies == 1


def test_no_author_is_kept_but_a_hash_that_joins_one_thread(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    """R25: the same resident under two posts has two keys, under one post one key."""
    first, second = publish(context, account, "One"), publish(context, account, "Two")
    network.add_reply(first.platform_id, "Hello", author="resident-7")
    network.add_reply(first.platform_id, "Hello again", author="resident-7")
    network.add_reply(second.platform_id, "Hello here", author="resident-7")
    collect(context)
    keys = {row.text: row.author_key for row in rows(context, Interaction)}
    assert keys["Hello"] == keys["Hello again"] != keys["Hello here"]
    assert not any("resident-7" in str(row.model_dump()) for row in rows(context, Interaction))


def test_our_own_words_have_no_author_key_and_nothing_to_read(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    post = publish(context, account)
    network.add_reply(post.platform_id, "Message us", ours=True, author="page")
    collect(context)
    [answer] = rows(context, Interaction)
    assert (answer.ours, answer.author_key, answer.unread) == (True, None, False)


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_answer_of_ours_answers_the_reply_it_stands_under(
    context: Context, account: Account, network: MemoryNetwork, answer_first: bool
) -> None:
    post = publish(context, account)
    now = context.clock.now()
    question = network.add_reply(post.platform_id, "What time?", created_at=now)
    network.add_reply(post.platform_id, "Ten.", ours=True, parent=question, created_at=now + timedelta(minutes=20))
    network.add_reply(post.platform_id, "Or so.", ours=True, parent=question, created_at=now + timedelta(minutes=30))
    if answer_first:
        network.replies.reverse()
    collect(context)
    stored = {row.text: row for row in rows(context, Interaction)}
    assert stored["What time?"].answered_at == now + timedelta(minutes=20)
    assert stored["Ten."].answered_at is None


def test_a_resident_who_answers_a_resident_is_no_answer_of_ours(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    post = publish(context, account)
    question = network.add_reply(post.platform_id, "What time?")
    network.add_reply(post.platform_id, "Ten I think", parent=question)
    collect(context)
    assert all(row.answered_at is None for row in rows(context, Interaction))


def heard(number: int, text: str, **values: Any) -> Heard:
    at = datetime.fromisoformat("2026-06-01T09:00:00+00:00") + timedelta(minutes=number)
    return Heard(f"r{number}", values.pop("conversation", "p1"), "p1", text, at, "someone", False, **values)


def store(context: Context, publication: Publication, *items: Heard) -> int:
    assert publication.id is not None
    with context.database.write() as session:
        ids = {"p1": publication.id}
        return store_heard(session, context.vault, publication.account_id, ids, items, context.clock.now())


def test_an_edited_reply_has_its_new_words_and_is_read_again(context: Context, account: Account) -> None:
    post = publish(context, account)
    store(context, post, heard(1, "Great"))
    with context.database.write() as session:
        reply = session.exec(select(Interaction)).one()
        reply.unread = False
        session.add(reply)
        session.add(
            Reading(
                interaction_id=reply.id, version="v", stance="positive", kind="thanks", kind_p=1, lang="en", lang_p=1,
                read_at=context.clock.now(),
            )
        )  # fmt: skip
    assert store(context, post, heard(1, "Great, not")) == 0
    [stored] = rows(context, Interaction)
    assert (stored.text, stored.unread) == ("Great, not", True)
    assert rows(context, Reading) == []


def test_a_hidden_reply_is_marked_so_and_comes_back_when_shown(context: Context, account: Account) -> None:
    post = publish(context, account)
    for hidden in (False, True, False):
        store(context, post, heard(1, "Hm", hidden=hidden))
        assert [row.hidden for row in rows(context, Interaction)] == [hidden]


def test_what_stands_under_no_post_of_ours_is_dropped(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    """R26: a mention elsewhere is not ours to keep."""
    post = publish(context, account)
    network.add_reply("somebody-elses-post", "@hexley have you seen this", kind="mention")
    network.add_reply(post.platform_id, "@hexley thanks", kind="mention")
    collect(context)
    assert [row.text for row in rows(context, Interaction)] == ["@hexley thanks"]


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_any_pages_in_any_order_and_number_store_the_same(context: Context, seed: int, sizes: Sequence[int]) -> None:
    """A page may come twice, late, or cut differently: what is stored at the end is each reply once."""
    dice = random.Random(seed)
    with context.database.write() as session:
        _empty(session)
        account = Account(name=f"a{seed}", channel="memory", credentials_sealed=b"", added_at=context.clock.now())
        session.add(account)
        session.flush()
        assert account.id is not None
        post = record_publication(
            session,
            Publication(account_id=account.id, platform_id="p1", text="x", published_at=context.clock.now()),
            context.clock.now(),
        )
    items = [heard(number, f"Reply {number}") for number in range(sum(sizes))]
    items = [
        replace(item, ours=True, parent=f"r{number - 1}") if number % 3 == 2 else item
        for number, item in enumerate(items)
    ]
    pages, at = [], 0
    for size in sizes:
        pages.append(items[at : at + size])
        at += size
    repeated = pages + dice.choices(pages, k=len(pages))
    dice.shuffle(repeated)
    assert sum(store(context, post, *page) for page in repeated) == len(items)
    stored = {row.platform_id: row for row in rows(context, Interaction)}
    assert len(stored) == len(items)
    for number, item in enumerate(items):
        answer = items[number + 1] if number + 1 < len(items) and items[number + 1].ours else None
        expected = answer.created_at if answer and not item.ours else None
        assert stored[item.platform_id].answered_at == expected


def _empty(session: Session) -> None:
    for table in (Reading, Interaction, CollectingState, Measurement, Publication, Audience, Account):
        for row in session.exec(select(table)):
            session.delete(row)
        session.flush()


def test_a_figure_has_a_row_when_it_is_first_or_changes_and_else_when_it_was_last_seen(
    context: Context, account: Account, network: MemoryNetwork, clock: SettableClock
) -> None:
    post = publish(context, account)
    network.set_figures(post.platform_id, reach=100, shares=0)
    assert collect(context).figures == 2
    first = clock.now()
    clock.advance(timedelta(hours=1))
    assert collect(context, everything=True).figures == 0
    network.set_figures(post.platform_id, reach=140)
    clock.advance(timedelta(hours=1))
    assert collect(context, everything=True).figures == 1
    kept = [(row.metric, row.value, row.fetched_at, row.checked_at) for row in rows(context, Measurement)]
    assert kept == [
        ("reach", 100, first, first + timedelta(hours=1)),
        ("shares", 0, first, first + timedelta(hours=2)),
        ("reach", 140, first + timedelta(hours=2), first + timedelta(hours=2)),
    ]


def test_a_figure_that_is_not_reported_has_no_row(context: Context, account: Account, network: MemoryNetwork) -> None:
    post = publish(context, account)
    network.set_figures(post.platform_id, reactions=3)
    collect(context)
    assert [row.metric for row in rows(context, Measurement)] == ["reactions"]


def test_a_post_that_is_gone_is_noted_and_not_asked_about_again(
    context: Context, account: Account, network: MemoryNetwork
) -> None:
    post = publish(context, account)
    network.set_figures(post.platform_id, reach=10)
    collect(context)
    network.remove_post(post.platform_id)
    collect(context, everything=True)
    [publication] = rows(context, Publication)
    assert publication.gone_at == context.clock.now()
    asked = len(network.sent)
    assert collect(context, everything=True).publications == 0
    assert len(network.sent) == asked
    assert [row.value for row in rows(context, Measurement)] == [10]  # M13


def test_what_is_not_due_costs_no_request(
    context: Context, account: Account, network: MemoryNetwork, clock: SettableClock
) -> None:
    publish(context, account)
    assert collect(context).publications == 1
    asked = len(network.sent)
    assert collect(context).publications == 0
    assert len(network.sent) == asked
    clock.advance(timedelta(minutes=2))
    assert collect(context).publications == 1


def test_followers_are_counted_at_most_daily(
    context: Context, account: Account, network: MemoryNetwork, clock: SettableClock
) -> None:
    publish(context, account)
    network.followers = 700
    for _ in range(3):
        collect(context, everything=True)
    assert [row.followers for row in rows(context, Audience)] == [700]
    clock.advance(timedelta(days=1))
    network.followers = 720
    collect(context, everything=True)
    assert [row.followers for row in rows(context, Audience)] == [700, 720]


def test_progress_counts_publications(context: Context, account: Account, network: MemoryNetwork) -> None:
    publish(context, account, "One")
    publish(context, account, "Two")
    seen: list[tuple[int, int]] = []
    collect(context, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]
    assert import_history(context, account, since=context.clock.now()).posts == 0
