"""Several requests at a time: one to an account, nobody waiting for another's slow network, nothing lost on the way."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduler import queue, ready, settling
from scheduler.checks import Finding, Subject, run_checks
from scheduler.kept_rows import objects_of, rows_of
from scheduler.making_ready import make_ready
from scheduler.posts import Post, Variant
from scheduler.ready import Memory
from scheduler.sending import Round
from scheduler.worker import publish_due
from social.accounts import account_named
from social.channels.base import Draft, Published
from social.channels.memory import MemoryChannel
from social.database_trouble import DatabaseTrouble
from social.errors import OutcomeUnknown
from tests.scheduler.helpers import Force

NAMES = ("hexley", "stonemere", "copperbeck")
Meeting = Callable[[MemoryChannel], None]


@pytest.fixture
def three(force: Force) -> Force:
    for name in NAMES[1:]:
        force.add_account(name)
    return force


@pytest.fixture
def on_the_way(monkeypatch: pytest.MonkeyPatch) -> Callable[[Meeting], None]:
    """Have something happen while a request is under way."""

    def during(happens: Meeting) -> None:
        really = MemoryChannel.publish

        def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
            happens(channel)
            return really(channel, draft, key=key)

        monkeypatch.setattr(MemoryChannel, "publish", publish)

    return during


def test_a_network_that_hangs_keeps_only_its_own_account_waiting(
    three: Force, on_the_way: Callable[[Meeting], None]
) -> None:
    """The first request to Hexley does not come back before everything of the others is out and written down."""
    for number in range(4):
        three.queued(f"Number {number}.", account_names=NAMES)
    others_out = threading.Event()
    seen: list[list[str]] = []

    def hang(channel: MemoryChannel) -> None:
        if channel._account == "hexley" and not seen:
            assert others_out.wait(20)
            seen.append([entry.state for entry in three.entries() if entry.account == "hexley"])
        elif sum(entry.state == "published" for entry in three.entries() if entry.account != "hexley") >= 6:
            others_out.set()

    on_the_way(hang)
    publish_due(three.context)
    assert seen == [["publishing", "queued", "queued", "queued"]], "its next ones waited for it"
    assert {entry.state for entry in three.entries()} == {"published"}
    for name in NAMES:
        assert [post.text for post in three.network(name).posts] == [f"Number {n}." for n in range(4)], "in their order"


def test_never_are_two_requests_of_one_account_or_more_than_allowed_under_way(
    three: Force, on_the_way: Callable[[Meeting], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        three.queued(f"Number {number}.", account_names=NAMES)
    three.context.settings = replace(three.context.settings, in_flight=2)
    lock, under_way, most = threading.Lock(), set[str](), [0]
    really = MemoryChannel.publish

    def publish(channel: MemoryChannel, draft: Draft, *, key: str) -> Published:
        with lock:
            assert channel._account not in under_way
            under_way.add(channel._account)
            most[0] = max(most[0], len(under_way))
        published = really(channel, draft, key=key)
        with lock:
            under_way.discard(channel._account)
        return published

    monkeypatch.setattr(MemoryChannel, "publish", publish)
    publish_due(three.context)
    assert len(three.publications()) == 9
    assert most[0] <= 2


def test_outcomes_of_one_moment_are_recorded_together_and_an_odd_one_by_itself(
    three: Force, monkeypatch: pytest.MonkeyPatch, on_the_way: Callable[[Meeting], None]
) -> None:
    together: list[int] = []
    really = settling.sent_together

    def record(context: Any, live: Any) -> int:
        together.append(len(live))
        return really(context, live)

    monkeypatch.setattr(settling, "sent_together", record)
    meet = threading.Barrier(3)

    def all_meet(_: MemoryChannel) -> None:
        meet.wait(20)

    on_the_way(all_meet)
    lost = OutcomeUnknown("memory", "publish", "503", "Lost.", sent_at=three.clock.now())
    three.network("stonemere").fail_next("publish", lost, accepted=True)
    three.queued("All at once.", account_names=NAMES)
    publish_due(three.context)
    states = {entry.account: entry.state for entry in three.entries()}
    assert states == {"hexley": "published", "stonemere": "unconfirmed", "copperbeck": "published"}
    assert together in ([2], [])
    assert len(three.publications()) == 2
    assert {attempt.outcome for attempt in three.attempts()} == {"sent", "unknown"}


def test_what_was_claimed_before_the_database_failed_is_given_back_without_waiting_for_its_lease(
    three: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.queued("Ducks.", account_names=NAMES)

    def fail(*_: Any) -> Any:
        raise DatabaseTrouble("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "begin_attempts", fail)
        with pytest.raises(DatabaseTrouble):
            publish_due(three.context)
    assert {entry.state for entry in three.entries()} == {"publishing"}
    publish_due(three.context)
    assert {entry.state for entry in three.entries()} == {"published"}


def test_a_known_outcome_that_could_not_be_written_down_is_not_forgotten(
    three: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.queued("Ducks.", account_names=NAMES)

    def fail(*_: Any) -> Any:
        raise DatabaseTrouble("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(settling, "record", fail)
        patch.setattr(settling, "sent_together", fail)
        with pytest.raises(DatabaseTrouble):
            publish_due(three.context)
    assert {entry.state for entry in three.entries()} == {"publishing"}
    publish_due(three.context)
    assert {entry.state for entry in three.entries()} == {"published"}
    assert [three.network(name).sent for name in NAMES] == [["publish"]] * 3, "no look and no second request"


def test_a_worker_that_is_told_to_stop_ends_what_is_under_way_and_takes_nothing_more(
    three: Force, on_the_way: Callable[[Meeting], None]
) -> None:
    for number in range(3):
        three.queued(f"Number {number}.")
    on_the_way(lambda _: three.context.stopping.set())
    publish_due(three.context)
    assert sorted(entry.state for entry in three.entries()) == ["published", "queued", "queued"]


def test_what_the_checks_said_is_kept_only_while_all_that_it_rests_on_is_the_same(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(subject: Subject) -> list[Finding]:
        asked.append(subject.text)
        return run_checks(subject)

    monkeypatch.setattr(ready, "_prepared", Memory())
    monkeypatch.setattr(ready, "_found", Memory())
    monkeypatch.setattr(ready, "run_checks", ask)
    post_id = force.queued("Ducks.", due_local=force.local_now() + timedelta(minutes=10))
    make_ready(force.context)
    make_ready(force.context)
    assert asked == ["Ducks."], "ten minutes before its time, and once"
    with force.context.database.write() as session:
        session.get_one(Post, post_id).text = "Murder suspect Bob Smith is guilty. Call 01632 960001."
    force.clock.advance(timedelta(minutes=10))
    publish_due(force.context)
    assert len(asked) == 2, "other words are looked at anew, whatever the version says"
    assert force.entry(post_id).state == "held", "and so is who has to approve them"
    assert not force.network().sent


def test_what_was_made_ready_goes_out_with_the_words_and_to_the_account_that_there_are_now(force: Force) -> None:
    """Rows that belong to a post are held against those it was made ready from, and so is its account's."""
    post_id = force.queued("Ducks.", due_local=force.local_now() + timedelta(minutes=10))
    make_ready(force.context)
    with force.context.database.write() as session:
        session.add(Variant(post_id=post_id, channel="memory", text="Ducks, for this network."))
        account = account_named(session, force.entry(post_id).account)
        account.not_before = force.clock.now() + timedelta(minutes=12)
    force.clock.advance(timedelta(minutes=10))
    publish_due(force.context)
    assert not force.network().sent, "the account was asked to wait meanwhile"
    force.clock.advance(timedelta(minutes=3))
    publish_due(force.context)
    assert [post.text for post in force.network().posts] == ["Ducks, for this network."]


def test_an_object_is_made_anew_only_where_its_row_is_another(force: Force) -> None:
    post_id = force.queued("Ducks.")

    def read() -> Post:
        with force.context.database.read() as session:
            rows = {row[0]: row for row in rows_of(session, Post, "id", [post_id])}
            return objects_of(session, Post, rows)[post_id]

    before = read()
    assert read() is before
    with force.context.database.write() as session:
        session.get_one(Post, post_id).text = "Geese."
    after = read()
    assert (before.text, after.text) == ("Ducks.", "Geese.")


def test_a_round_with_nothing_to_do_ends(force: Force) -> None:
    assert Round(force.context).run() == 0
