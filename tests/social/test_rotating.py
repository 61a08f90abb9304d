"""Everything that an account ever posted is listened to in turns, within what its network's limits leave (R16, R19)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from social import rotating
from social.accounts import Account
from social.accounts_admin import add_account, verify_account
from social.channels.base import Glanced, HeardPage, PastPost
from social.channels.facebook import FacebookChannel
from social.channels.memory import MemoryChannel, network_of, reset
from social.channels.reading_costs import requests_a_turn
from social.channels.x_listening import threads_in
from social.clock import SettableClock
from social.collect_plan import SWEEP_EVERY, split
from social.collecting import collect
from social.context import Context
from social.errors import Refused, TryLater
from social.found_within import waits
from social.interactions import Interaction
from social.limits import RateLimit
from social.practice.network import PracticeNetwork
from social.publications import CollectingState, Publication, record_publication
from social.rotating import Ring, Rotation, count_posts, rotate, standings

LONG_AGO = timedelta(days=400)


def remember(context: Context, account: Account, platform_ids: list[str], at: datetime) -> None:
    """Posts of ours of long ago that were read to their end."""
    with context.database.write() as session:
        for name in platform_ids:
            post = Publication(account_id=account.id or 0, platform_id=name, text=name, published_at=at)
            record_publication(session, post, at)
        session.connection().execute(update(CollectingState).values(next_at=None, last_at=at))


@pytest.fixture
def account(context: Context, clock: SettableClock) -> Account:
    """One with forty posts of a year ago; under ten of them somebody wrote."""
    reset()
    network = network_of("first")
    network.clock = context.clock
    account = add_account(context, channel="memory", name="first", credentials={})
    posts = [network.add_past_post(f"Post {number}", clock.now()) for number in range(40)]
    remember(context, account, posts, clock.now())
    clock.advance(LONG_AGO)
    with context.database.write() as session:
        session.add_all(
            Interaction(publication_id=number, account_id=account.id or 0, platform_id=f"known {number}", text="Yes",
                        created_at=clock.now() - LONG_AGO, fetched_at=clock.now())
            for number in range(1, 11)
        )  # fmt: skip
    return account


def found(context: Context) -> set[str]:
    with context.database.read() as session:
        return set(session.exec(select(Interaction.text).where(col(Interaction.text).startswith("Help"))))


@pytest.mark.sqlite_only
def test_a_reply_in_any_thread_is_found_within_the_time_that_is_promised(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "requests_a_turn", lambda *_: 2)
    rotate(context)
    network = network_of("first")
    for number, post in enumerate(network.live_posts):
        clock.advance(timedelta(seconds=1))
        network.add_reply(post.platform_id, f"Help {number}", author="a", created_at=clock.now())
    with context.database.read() as session:
        answered, quiet = standings(session, account, MemoryChannel(account, clock), clock.now())
    assert [(one.posts, one.requests, one.a_turn) for one in (answered, quiet)] == [(10, 1, 1), (30, 3, 1)]
    assert waits(quiet) == timedelta(minutes=10)
    ends, asked = clock.now() + waits(quiet), len(network.sent)
    while clock.now() < ends:
        clock.advance(timedelta(seconds=30))
        rotate(context)
    assert found(context) == {f"Help {number}" for number in range(40)}
    assert set(network.sent[asked:]) == {"threads", "history"}
    turns = waits(quiet) // SWEEP_EVERY
    assert network.sent[asked:].count("threads") <= 2 * turns, "no turn takes more than its share"
    assert network.sent[asked:].count("history") == turns


def test_a_turn_that_breaks_off_goes_on_where_it_was_and_two_workers_take_it_once(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = network_of("first")
    rotate(context)
    assert network.sent == ["history", *["threads"] * 4], "one search for thirteen threads"
    assert rotate(context).heard == 0
    assert len(network.sent) == 5, "its turn was taken a moment ago"
    clock.advance(SWEEP_EVERY)
    late = network.live_posts[-1]
    network.add_reply(late.platform_id, "Help", author="a", created_at=clock.now())
    network.fail_next("threads", TryLater("memory", "threads", "503", "Not now."))
    assert "Not now." in rotate(context).problems[0]
    clock.advance(SWEEP_EVERY)
    rotate(context)
    assert found(context) == {"Help"}


@pytest.mark.sqlite_only
def test_what_was_written_in_an_hour_of_failures_is_found_when_they_end(
    context: Context, account: Account, clock: SettableClock
) -> None:
    """Each turn breaks off at its first request: the round that follows goes back to where the last whole one began."""
    network = network_of("first")
    rotate(context)
    network.add_reply(network.live_posts[5].platform_id, "Help", author="a", created_at=clock.now())
    for _ in range(20):
        clock.advance(SWEEP_EVERY)
        network.fail_next("threads", TryLater("memory", "threads", "503", "Not now."))
        rotate(context)
    clock.advance(SWEEP_EVERY)
    rotate(context)
    clock.advance(SWEEP_EVERY)
    rotate(context)
    assert found(context) == {"Help"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("error", "turns"),
    [
        (Refused("memory", "threads", "400", "Not this one."), 1),
        (TryLater("memory", "threads", "500", "It cannot be read."), 3),
    ],
)
def test_one_request_that_always_fails_keeps_nothing_else_from_being_heard_and_is_made_up_for(
    context: Context,
    account: Account,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    turns: int,
) -> None:
    rotate(context)
    network, spoiled = network_of("first"), True
    bad, good = network.live_posts[-1].platform_id, network.live_posts[10].platform_id
    threads = MemoryChannel.threads

    def fails(self: MemoryChannel, ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:
        if spoiled and bad in ids:
            raise error
        yield from threads(self, ids, since=since)

    monkeypatch.setattr(MemoryChannel, "threads", fails)
    clock.advance(timedelta(seconds=1))
    for post in (bad, good):
        network.add_reply(post, f"Help {post}", author="a", created_at=clock.now())
    for _ in range(turns):
        clock.advance(SWEEP_EVERY)
        assert rotate(context).problems
        assert found(context) == set()
    clock.advance(SWEEP_EVERY)
    rotate(context)
    assert found(context) == {f"Help {good}"}
    for _ in range(20):
        clock.advance(SWEEP_EVERY)
        rotate(context)
    spoiled = False
    for _ in range(2):
        clock.advance(SWEEP_EVERY)
        rotate(context)
    assert found(context) == {f"Help {good}", f"Help {bad}"}, "the stretch that was passed by is read later"


@pytest.mark.sqlite_only
def test_a_worker_that_is_to_end_asks_for_nothing_more(
    context: Context, account: Account, clock: SettableClock
) -> None:
    """A turn on a Page may take two hundred requests; whoever stops the worker does not wait for them."""
    context.stopping.set()
    rotate(context)
    assert network_of("first").sent == ["history"]
    context.stopping.clear()
    clock.advance(SWEEP_EVERY)
    rotate(context)
    assert network_of("first").sent[1:] == ["history", *["threads"] * 4]


@pytest.mark.sqlite_only
def test_posts_that_may_not_be_listed_and_a_clock_put_back_stop_no_turn(
    context: Context, account: Account, clock: SettableClock
) -> None:
    network = network_of("first")
    rotate(context)
    clock.advance(-timedelta(days=2))
    network.add_reply(network.live_posts[-1].platform_id, "Help", author="a", created_at=clock.now())
    network.fail_next("history", Refused("memory", "history", "403", "Not in your plan."))
    assert "Not in your plan." in rotate(context).problems[0]
    assert found(context) == {"Help"}


@pytest.mark.sqlite_only
def test_what_left_our_name_out_before_the_first_that_names_it_is_found(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread changes from one round to the other, and neither would go so far back."""
    monkeypatch.setattr(rotating, "requests_a_turn", lambda *_: 2)
    rotate(context)
    collect(context)
    network = network_of("first")
    post = network.live_posts[15].platform_id
    unnamed = network.add_reply(post, "Help, the brook is over the road", author="a", created_at=clock.now())
    mentions = MemoryChannel.mentions

    def named(self: MemoryChannel, *, cursor: str | None) -> Iterator[HeardPage]:
        for page in mentions(self, cursor=cursor):
            yield replace(page, items=tuple(one for one in page.items if one.platform_id != unnamed))

    monkeypatch.setattr(MemoryChannel, "mentions", named)
    for _ in range(10):
        clock.advance(SWEEP_EVERY)
        collect(context)
    network.add_reply(post, "Yes, I saw it too", author="b", created_at=clock.now())
    for _ in range(2):
        clock.advance(SWEEP_EVERY)
        collect(context)
    assert found(context) == {"Help, the brook is over the road"}


@pytest.mark.sqlite_only
def test_a_post_that_somebody_changed_by_hand_is_not_taken_for_a_second_one(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(context)
    known = network_of("first").live_posts[3].platform_id
    clock.advance(SWEEP_EVERY)
    changed = PastPost("another id", "Other words", clock.now() - timedelta(minutes=10), None, False, (known,))
    monkeypatch.setattr(MemoryChannel, "history", lambda *_, **__: iter([changed]))
    assert rotate(context).heard == 0
    with context.database.read() as session:
        assert session.exec(select(Publication).where(Publication.text == "Other words")).all() == []


@pytest.mark.sqlite_only
def test_a_round_ends_although_posts_go_out_all_the_time(
    context: Context, account: Account, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "requests_a_turn", lambda *_: 2)
    network = network_of("first")
    oldest = network.live_posts[20].platform_id
    for number in range(12):
        if number == 6:
            network.add_reply(oldest, "Help", author="a", created_at=clock.now())
        remember(context, account, [network.add_past_post(f"New {number}", clock.now())], clock.now())
        rotate(context)
        clock.advance(SWEEP_EVERY)
    assert found(context) == {"Help"}


@pytest.mark.sqlite_only
def test_how_long_a_round_took_is_told_even_where_limits_would_leave_more(
    context: Context, account: Account, clock: SettableClock
) -> None:
    rotate(context)
    clock.advance(timedelta(minutes=50))
    rotate(context)
    with context.database.read() as session:
        answered, _ = standings(session, account, MemoryChannel(account, clock), clock.now())
    assert waits(answered) == timedelta(minutes=51)


@pytest.mark.sqlite_only
def test_what_somebody_posts_by_hand_is_listened_to_like_any_other(
    context: Context, account: Account, clock: SettableClock
) -> None:
    network = network_of("first")
    rotate(context)
    collect(context)
    post = network.add_past_post("Ducks on the High Street", clock.now())
    network.add_reply(post, "Help, one has been run over", author="a", created_at=clock.now())
    clock.advance(timedelta(minutes=1))
    rotate(context)
    clock.advance(timedelta(minutes=2))
    assert rotate(context).heard == 2, "the post, and what stands under it"
    clock.advance(SWEEP_EVERY)
    assert rotate(context).heard == 0, "both are known now"
    assert found(context) == {"Help, one has been run over"}
    with context.database.read() as session:
        by_hand = session.exec(select(Publication).where(Publication.platform_id == post)).one()
    assert (by_hand.imported, by_hand.post_id, by_hand.text) == (True, None, "Ducks on the High Street")


@pytest.fixture
def page(context: Context, clock: SettableClock, tmp_path: Path) -> Iterator[tuple[Account, PracticeNetwork]]:
    """A Page on the practice network with a past of years."""
    with PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=60) as network:
        account = add_account(context, channel="facebook", name="page", base_url=network.base_url,
                              credentials=network.credentials("facebook"), page_id=network.page_id)  # fmt: skip
        verify_account(context, "page")
        yield account, network


@pytest.mark.sqlite_only
def test_old_posts_are_told_of_a_hundred_at_a_time_and_one_that_the_list_leaves_out_by_itself(
    context: Context, clock: SettableClock, page: tuple[Account, PracticeNetwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    account, network = page
    past = list(context.channel(account).history(since=clock.now() - timedelta(days=420)))
    for post in past:
        remember(context, account, [post.platform_id], post.published_at)
    left_out = next(post.platform_id for post in past if clock.now() - post.published_at > timedelta(days=200))
    glance = FacebookChannel.glance

    def leaves_out(self: FacebookChannel, **span: datetime) -> Iterator[Mapping[str, Glanced]]:
        for told in glance(self, **span):
            yield {name: one for name, one in told.items() if name != left_out}

    monkeypatch.setattr(FacebookChannel, "glance", leaves_out)
    before, before_at = network.asked.copy(), clock.now()
    rotate(context)
    with context.database.read() as session:
        count = partial(count_posts, session, account.id or 0, now=clock.now())
        old, alone = count(Ring.OLD), count(Ring.UNLISTED)
    assert old > 100
    assert alone == 1
    assert (network.asked - before)["facebook", "find"] == -(-old // 100) + 1, "with a look for posts by hand"
    clock.advance(SWEEP_EVERY)
    rotate(context)
    with context.database.read() as session:
        marks = dict(session.exec(select(Publication.platform_id, CollectingState.glanced).join(CollectingState)).all())
        rounds = session.exec(select(Rotation).order_by(col(Rotation.ring))).all()
    began = {one.ring: one.before_at for one in rounds}
    assert (began["old"], began["unlisted"]) == (before_at, before_at), "both rounds began anew"
    old_posts = [post for post in past if clock.now() - post.published_at > timedelta(days=91)]
    assert all(marks[post.platform_id] for post in old_posts), "each was asked for"
    with context.database.write() as session:  # as if the newest comment under it had not been there
        row = select(CollectingState).join(Publication).where(Publication.platform_id == left_out)
        session.exec(row).one().glanced = "0|"
    clock.advance(SWEEP_EVERY)
    assert rotate(context).heard == 1
    with context.database.read() as session:
        assert session.exec(row).one().next_at == clock.now(), "it is read at the next look"


def limit(family: str, remaining: int, most: int, now: datetime) -> RateLimit:
    return RateLimit(holder="account:1", family=family, purpose="read", most=most, remaining=remaining, seen_at=now)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("channel", "known", "a_turn"),
    [
        ("x", [], 32),
        ("x", [("search", 280, 300)], 32),
        ("x", [("search", 110, 300)], 10),
        ("x", [("search", 20, 300)], 1),
        ("x", [("search", 1500, 1500)], 192),
        ("x", [("search", 290, 300), ("search a day", 4_800, 10_000)], 10),
        ("facebook", [], 5),
        ("facebook", [("everything", 80, 100)], 200),
        ("facebook", [("everything", 40, 100)], 100),
        ("facebook", [("everything", 28, 100)], 1),
    ],
)
def test_a_turn_takes_what_the_network_says_is_left(
    channel: str, known: list[tuple[str, int, int]], a_turn: int, clock: SettableClock
) -> None:
    told = [limit(*one, clock.now()) for one in known]
    assert requests_a_turn(channel, told, clock.now()) == a_turn
    later = clock.now() + timedelta(minutes=16)
    assert requests_a_turn(channel, told, later) == requests_a_turn(channel, [], later), "what is old is not believed"


@pytest.mark.sqlite_only
def test_what_one_kind_of_posts_does_not_need_the_other_gets_and_neither_ever_nothing() -> None:
    assert split(40, 100, 100) == (30, 10)
    assert split(40, 10, 100) == (10, 30)
    assert split(40, 100, 3) == (37, 3)
    assert split(1, 100, 100) == (1, 1)
    assert split(40, 0, 0) == (0, 0)


@pytest.mark.sqlite_only
def test_a_search_asks_for_as_many_threads_as_its_length_allows() -> None:
    assert threads_in(512) == 13
    assert threads_in(4096) == 105
    for characters in (512, 4096):
        ids = ["1" * 19] * threads_in(characters)
        assert len(" OR ".join(f"conversation_id:{one}" for one in ids)) <= characters
