"""A hold against a worker in a second process that stands still somewhere between its claim and its request (R31)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from scheduler.entries import Attempt, Entry
from scheduler.hold_kinds import HoldKind
from scheduler.holds import Order, place_hold
from scheduler.inputs import PostInput
from scheduler.planning import plan_post, send_for_approval
from scheduler.worker import publish_due
from social.accounts_admin import add_account, verify_account
from social.channels.registry import make_channel
from social.clock import SettableClock, SystemClock, as_local
from social.context import Context, open_context
from social.practice.network import PracticeNetwork
from social.settings import Settings
from social.staff import Person, Role, find_or_add_person

ROOT = Path(__file__).parents[2]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[PracticeNetwork]:
    with PracticeNetwork(tmp_path / "practice", history_weeks=0) as running:
        yield running


@pytest.fixture
def running(settings: Settings) -> Iterator[Context]:
    """Under the system's own clock, as the other process is."""
    opened = open_context(settings, make_channel, SystemClock())
    yield opened
    opened.database.close()


@pytest.fixture
def chief(running: Context, network: PracticeNetwork) -> Person:
    """One post for X is in the queue, and due.  Returns somebody who may place holds."""
    add_account(running, channel="x", name="town", base_url=network.base_url, credentials=network.credentials("x"))
    verify_account(running, "town")
    with running.database.write() as session:
        author = find_or_add_person(session, "author@woldershire.example", Role.AUTHOR)
        chief = find_or_add_person(session, "chief@woldershire.example", Role.SUPERVISOR)
    due = as_local(running.clock.now()).replace(tzinfo=None, fold=0)
    post_id = plan_post(running, PostInput("lighthearted", "Ducks on Mill Road again.", ("town",), due), author)
    assert send_for_approval(running, post_id, author) == "queued"
    return chief


@contextmanager
def worker_stopped_at(point: str, settings: Settings) -> Iterator[None]:
    """Starts a worker, hands over when it stands still at the point, then wakes it and waits until its round is over."""
    environment = {
        **os.environ,
        "BEATLINE_HOME": str(settings.home),
        "BEATLINE_KEY": "k" * 40,
        "BEATLINE_DATABASE_URL": settings.database_url,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.scheduler.one_worker", point], cwd=ROOT, env=environment
    ) as worker:
        try:
            _, status = os.waitpid(worker.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status), f"it ended before it came to {point}"
            yield
            worker.send_signal(signal.SIGCONT)
            assert worker.wait(60) == 0
        finally:
            worker.kill()


def kept(context: Context) -> tuple[Entry, list[str | None]]:
    """The one entry, and what came of its requests."""
    with context.database.read() as session:
        return session.exec(select(Entry)).one(), [attempt.outcome for attempt in session.exec(select(Attempt))]


@pytest.mark.parametrize("point", ["claim.exit", "intent.enter"])
def test_a_hold_placed_while_a_worker_is_between_claim_and_send_stops_it(
    running: Context, settings: Settings, network: PracticeNetwork, chief: Person, point: str
) -> None:
    """With its claim in hand, and again with its decision to publish made."""
    with worker_stopped_at(point, settings):
        assert kept(running)[0].state == "publishing"
        hold_id = place_hold(running, Order(HoldKind.STOP_ALL, "All publishing is stopped."), chief)
    entry, requests = kept(running)
    assert (entry.state, entry.hold_id, requests) == ("held", hold_id, [])
    assert entry.reason is not None
    assert f"hold {hold_id}" in entry.reason
    assert network.truth() == []


def test_a_hold_stops_a_request_that_is_recorded_and_has_not_left(
    running: Context, settings: Settings, network: PracticeNetwork, chief: Person
) -> None:
    with worker_stopped_at("post.enter", settings):
        hold_id = place_hold(running, Order(HoldKind.STOP_ALL, "All publishing is stopped."), chief)
    assert kept(running)[1] == ["not_sent"]
    assert network.truth() == []
    later = SettableClock(running.clock.now() + timedelta(minutes=1))
    afterwards = open_context(settings, make_channel, later)
    publish_due(afterwards)
    afterwards.database.close()
    entry, requests = kept(running)
    assert (entry.state, entry.hold_id, requests) == ("held", hold_id, ["not_sent"])
    assert network.truth() == []


def test_without_a_hold_the_worker_that_stood_still_goes_on_and_sends(
    running: Context, settings: Settings, network: PracticeNetwork, chief: Person
) -> None:
    assert chief.id is not None
    with worker_stopped_at("intent.enter", settings):
        pass
    assert kept(running)[0].state == "published"
    assert [post["text"] for post in network.truth()] == ["Ducks on Mill Road again."]
