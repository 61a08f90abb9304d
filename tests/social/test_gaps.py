"""When nothing was read for longer than expected, that is noticed, filled and told in plain words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from social.accounts import account_named
from social.accounts_admin import verify_account
from social.channels.memory import MemoryChannel, MemoryNetwork
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context
from social.doctor import Level
from social.errors import NeedsPerson, Refused, TryLater
from social.gaps import ReadingGap, findings, gaps_to_tell
from social.interactions import Interaction
from social.publications import Publication
from tests.social.memory_posts import Hexley

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def hexley(context: Context) -> Hexley:
    return Hexley(context)


@pytest.fixture
def network(hexley: Hexley) -> MemoryNetwork:
    return hexley.network


Publish = Callable[..., str]


@pytest.fixture
def publish(hexley: Hexley) -> Publish:
    return hexley.publish


def gaps(context: Context) -> list[ReadingGap]:
    with context.database.read() as session:
        return list(session.exec(select(ReadingGap).order_by(ReadingGap.id)))  # type: ignore[arg-type]  # a column here


def told(context: Context) -> list[str]:
    with context.database.read() as session:
        return [f"{g.sentence} {g.state} {g.lost}".strip() for g in gaps_to_tell(session, context.clock.now())]


def texts(context: Context) -> list[str]:
    with context.database.read() as session:
        return sorted(row.text for row in session.exec(select(Interaction)))


def ticks(context: Context, clock: SettableClock, how_long: timedelta, every: timedelta = MINUTE) -> None:
    """The worker at work for so long."""
    end = clock.now() + how_long
    while clock.now() < end:
        collect(context)
        clock.advance(every)


def test_a_worker_that_was_down_leaves_a_gap_that_is_filled_on_return(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    collect(context)
    stopped = clock.now()
    network.add_reply(post, "Written while nobody looked")
    clock.advance(3 * HOUR)
    assert collect(context).replies == 1
    [gap] = gaps(context)
    assert (gap.began_at, gap.ended_at, gap.filled_at) == (stopped, clock.now(), clock.now())
    assert (gap.reason, gap.lost_until) == ("not_running", None)
    assert told(context) == [
        "Nothing was read from hexley from 1 June, 10:00 to 1 June, 13:00: no worker of Beatline was at work. "
        "It was filled by 1 June, 13:00: every post that was due in that time has been read since."
    ]
    assert [(one.level, one.advice) for one in findings(context)] == [(Level.NOTE, "")]
    clock.advance(timedelta(days=8))
    assert told(context) == []


@pytest.mark.sqlite_only
def test_a_network_that_is_out_is_a_gap_while_it_lasts_and_is_named(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    posts = [publish("One"), publish("Two")]
    ticks(context, clock, 5 * MINUTE)
    network.reachable = False
    ticks(context, clock, 12 * MINUTE)
    assert gaps(context) == [], "a short trouble is none"
    ticks(context, clock, 30 * MINUTE)
    [gap] = gaps(context)
    assert (gap.reason, gap.ended_at) == ("network", None)
    [sentence] = told(context)
    assert "until now: the network could not be reached" in sentence
    assert "It lasts." in sentence
    assert [one.level for one in findings(context)] == [Level.WRONG]
    network.reachable = True
    for post in posts:
        network.add_reply(post, f"Under {post}")
    ticks(context, clock, HOUR, every=6 * MINUTE)
    [gap] = gaps(context)
    assert gap.ended_at is not None
    assert gap.filled_at is not None
    assert len(texts(context)) == 2


def test_a_pause_and_a_token_that_ends_are_gaps_with_their_reason(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    post = publish()
    collect(context)
    network.fail_next("listen", NeedsPerson("memory", "listen", "401", "The token ended.", action="Connect it again."))
    clock.advance(MINUTE)
    ticks(context, clock, HOUR)
    assert [gap.reason for gap in gaps(context)] == ["needs_person"]
    network.add_reply(post, "Anybody there?")
    verify_account(context, "hexley")
    collect(context)
    assert gaps(context)[0].filled_at == clock.now()
    with context.database.write() as session:
        account = account_named(session, "hexley")
        account.state, account.paused_reason = "paused", "Strange posts."
        session.add(account)
    clock.advance(2 * HOUR)
    collect(context)
    collect(context)
    assert [gap.reason for gap in gaps(context)] == ["needs_person", "paused"]
    assert "the account was paused" in told(context)[0]


def test_a_gap_is_not_filled_while_one_of_its_posts_still_fails(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    publish("One")
    publish("Two")
    collect(context)
    clock.advance(HOUR)
    network.fail_next("listen", Refused("memory", "listen", "400", "Not now."))
    collect(context)
    [gap] = gaps(context)
    assert gap.ended_at == clock.now()
    assert gap.filled_at is None
    assert "Not every post that was due in that time has been read yet." in told(context)[0]
    clock.advance(2 * MINUTE)
    collect(context)
    assert gaps(context)[0].filled_at == clock.now()


@pytest.mark.sqlite_only
def test_quiet_times_of_old_posts_are_no_gap(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    publish(age=timedelta(days=20))
    ticks(context, clock, timedelta(hours=27), every=14 * MINUTE)
    assert gaps(context) == []


@pytest.mark.sqlite_only
def test_one_post_that_the_network_refuses_for_days_is_no_gap_of_the_account(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = publish("Bad")
    publish("Good")
    whole = MemoryChannel.listen

    def listen(self: MemoryChannel, platform_id: str, **rest: Any) -> Any:
        if platform_id == bad:
            raise Refused("memory", "listen", "400", "No such thing.")
        return whole(self, platform_id, **rest)

    monkeypatch.setattr(MemoryChannel, "listen", listen)
    ticks(context, clock, timedelta(hours=4), every=8 * MINUTE)
    assert gaps(context) == []


@pytest.mark.sqlite_only
def test_the_part_that_a_network_lets_nobody_search_any_more_is_named(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X searches the last seven days."""
    forgets = MemoryChannel.can.__class__(**{**MemoryChannel.can.__dict__, "reaches_back": timedelta(days=7)})
    monkeypatch.setattr(MemoryChannel, "can", forgets)
    publish()
    collect(context)
    clock.advance(timedelta(days=9))
    collect(context)
    [gap] = gaps(context)
    assert gap.lost_until == clock.now() - timedelta(days=7)
    assert "What was written from 1 June, 10:00 to 3 June, 10:00 could not be searched any more" in told(context)[0]


@pytest.mark.sqlite_only
def test_where_nothing_may_be_read_nothing_is_missed(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = MemoryChannel.can.__class__(**{**MemoryChannel.can.__dict__, "needs_agreement": True})
    monkeypatch.setattr(MemoryChannel, "can", needs)
    publish()
    ticks(context, clock, 2 * HOUR, every=10 * MINUTE)
    assert gaps(context) == []


@pytest.mark.sqlite_only
def test_a_limit_that_the_network_names_is_the_reason(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    publish()
    collect(context)
    clock.advance(MINUTE)
    wait = TryLater("memory", "listen", "429", "Too many.", not_before=clock.now() + 2 * HOUR)
    network.fail_next("listen", wait)
    ticks(context, clock, HOUR)
    assert [gap.reason for gap in gaps(context)] == ["limit"]


@pytest.mark.sqlite_only
def test_a_gap_of_an_account_whose_posts_were_all_taken_down_does_not_last_for_ever(
    context: Context, network: MemoryNetwork, publish: Publish, clock: SettableClock
) -> None:
    publish()
    collect(context)
    network.reachable = False
    clock.advance(MINUTE)
    ticks(context, clock, HOUR)
    with context.database.write() as session:
        for one in session.exec(select(Publication)):
            one.withdrawn_at = clock.now()
            session.add(one)
    collect(context)
    assert gaps(context)[0].filled_at == clock.now()
