"""What one worker learns of a network's limits keeps every worker from running into them, and nobody else waits."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.explain import explain
from scheduler.queries import EntryView
from scheduler.worker import publish_due
from social.accounts import account_named
from social.accounts_admin import add_account, verify_account
from social.channels.registry import make_channel
from social.clock import SettableClock
from social.collecting import collect
from social.context import Context, open_context
from social.limits import Purpose, Scope, Seen, record_seen
from social.practice.faults import Fault
from social.practice.network import PracticeNetwork
from tests.scheduler.helpers import Force

Start = Callable[..., PracticeNetwork]


@pytest.fixture
def practice(tmp_path: Path, clock: SettableClock) -> Iterator[Start]:
    """Starts a practice network with other limits; it is stopped when the test is over."""
    started: list[PracticeNetwork] = []

    def start(**limits: int) -> PracticeNetwork:
        named = {name.replace("_", " "): most for name, most in limits.items()}
        network = PracticeNetwork(tmp_path / "practice", clock=clock, history_weeks=0, x_limits=named)
        started.append(network.start())
        return network

    yield start
    for network in started:
        network.stop()


@pytest.fixture
def other_worker(force: Force) -> Iterator[Context]:
    context = open_context(force.context.settings, make_channel, force.clock)
    yield context
    context.database.close()


def connect(force: Force, practice: PracticeNetwork, *names: str, channel: str = "x") -> None:
    for name in names:
        page = practice.page_id if channel == "facebook" else None
        add_account(force.context, channel=channel, name=name, base_url=practice.base_url, page_id=page,
                    credentials=practice.credentials(channel))  # fmt: skip
        verify_account(force.context, name)


def spoiled(practice: PracticeNetwork, of: int) -> int:
    """How many requests of the `of` that a switch was set for have met it."""
    return of - sum(fault["times"] for fault in practice.faults.listed())


def publish_all(*workers: Context) -> None:
    while sum(publish_due(worker) for worker in workers):
        pass


def states(force: Force) -> list[tuple[str, str]]:
    return sorted((entry.account, entry.state) for entry in force.entries())


def story(force: Force, entry: EntryView) -> str:
    with force.context.database.read() as session:
        return "\n".join(explain(session, entry.id, force.clock.now()))


def test_a_worker_that_did_not_meet_the_limit_does_not_send_into_it(
    force: Force, practice: Start, other_worker: Context
) -> None:
    network = practice()
    connect(force, network, "hexley-x")
    for number in range(4):
        force.queued(f"Ducks {number}.", account_names=("hexley-x",))
    network.faults.add(Fault("publish", "429", times=50))
    publish_all(force.context, other_worker)
    assert spoiled(network, 50) == 1
    force.clock.advance(timedelta(minutes=14))
    publish_all(other_worker, force.context)
    assert spoiled(network, 50) == 1, "the reset that X named was not kept to"
    network.faults.clear()
    force.clock.advance(timedelta(minutes=2))
    publish_all(other_worker, force.context)
    assert states(force) == [("hexley-x", "published")] * 4
    assert sorted(post["text"] for post in network.truth()) == [f"Ducks {n}." for n in range(4)]


def test_two_accounts_of_one_app_share_its_limit_and_nobody_else_waits(
    force: Force, practice: Start, other_worker: Context
) -> None:
    network = practice(create_a_day=2)
    connect(force, network, "hexley-x", "copper-x")
    connect(force, network, "force-page", channel="facebook")
    for number in range(2):
        force.queued(f"Ducks {number}.", account_names=("hexley-x",))
    publish_all(force.context)
    force.queued("Geese.", account_names=("copper-x",))
    force.queued("Swans.", account_names=("force-page",))
    publish_all(other_worker, force.context)
    assert states(force) == [("copper-x", "queued"), ("force-page", "published"), *[("hexley-x", "published")] * 2]
    assert not network.world.windows.take_of_day("create", network.world.now_ms() - 1).remaining
    assert network.world.windows.take_of_day("create", network.world.now_ms()).allowed is False
    assert [a.outcome for a in force.attempts()] == ["sent", "sent", "sent"], "nothing was sent into the app's limit"
    (waiting,) = (entry for entry in force.entries() if entry.state == "queued")
    assert "limit for the app is used up" in story(force, waiting)


def test_a_limit_for_reading_stops_no_post(force: Force, practice: Start, other_worker: Context) -> None:
    network = practice(search=1)
    connect(force, network, "hexley-x")
    force.queued("Ducks.", account_names=("hexley-x",))
    publish_all(force.context)
    collect(force.context)
    (problem,) = collect(other_worker, everything=True).problems
    assert "limit" in problem
    force.queued("Geese.", account_names=("hexley-x",))
    publish_all(other_worker)
    assert states(force) == [("hexley-x", "published")] * 2


def test_an_account_that_waits_delays_no_other_however_many_posts_it_has(force: Force, practice: Start) -> None:
    network = practice()
    connect(force, network, "hexley-x")
    for number in range(20):
        force.queued(f"Ducks {number}.", account_names=("hexley-x",))
    force.queued("Geese.", account_names=("hexley",))
    network.faults.add(Fault("publish", "429", times=50))
    publish_all(force.context)
    assert [post.text for post in force.network().posts] == ["Geese."]
    assert spoiled(network, 50) == 1


def test_taking_down_is_tried_whatever_limit_is_used_up(force: Force, practice: Start) -> None:
    network = practice()
    connect(force, network, "hexley-x")
    post_id = force.queued("Ducks.", account_names=("hexley-x",))
    publish_all(force.context)
    with force.context.database.write() as session:
        account = account_named(session, "hexley-x")
        seen = Seen(Scope.ACCOUNT, "everything", Purpose.ALL, spent=True, refused=True)
        assert record_seen(session, force.clock.now(), account.id or 0, None, seen) is not None
    force.context.channel(account).withdraw(force.entry(post_id).platform_id or "")
    assert [post["deleted"] for post in network.truth()] == [True]


def test_two_posts_of_one_account_keep_their_distance_and_others_do_not_wait(force: Force) -> None:
    """A queue that empties itself at once floods whoever follows the account."""
    settings = replace(force.context.settings, account_gap=300)
    force.context.settings = settings
    first, second = force.queued(text="The drop-in is open."), force.queued(text="The drop-in closes at noon.")
    publish_due(force.context)
    states = {post: force.entry(post).state for post in (first, second)}
    assert sorted(states.values()) == ["published", "queued"]
    waits = next(post for post, state in states.items() if state == "queued")
    with force.context.database.read() as session:
        entry_id = force.entry(waits).id
        told = explain(session, entry_id, force.clock.now(), settings.account_gap)
    assert any("the next goes out from" in line for line in told)
    force.clock.advance(timedelta(seconds=299))
    publish_due(force.context)
    assert force.entry(waits).state == "queued"
    force.clock.advance(timedelta(seconds=2))
    publish_due(force.context)
    assert force.entry(waits).state == "published"
