"""The protocol of publishing against a model, in interleavings that hypothesis thinks up: two workers that stand still,
die or sleep between any two steps, a network that answers as it likes, and people who change their minds.

The model is short: a version of a post, and how often the network has taken it. The invariants are those of
docs/architecture.md, under "What always holds"."""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from scheduler import queue, worker
from scheduler.entries import Attempt, Entry, EntryHistory
from scheduler.lifecycle import MOVES, Event, State
from scheduler.planning import approve_post, discard_post, edit_post, move_post, send_for_approval
from scheduler.posts import Post
from social.accounts import Account, account_named, list_accounts
from social.channels import leaving, memory
from social.channels.base import Draft, Published
from social.channels.leaving import too_late_to_leave
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.publications import Publication
from tests.scheduler.fibers import Fiber, pause, running
from tests.scheduler.helpers import Force

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
LOST = OutcomeUnknown("memory", "publish", "", "Lost.", sent_at=START)
ANSWERS: dict[str, tuple[BeatlineError, bool]] = {
    "lost after it was taken": (LOST, True),
    "lost before it was taken": (LOST, False),
    "later": (TryLater("memory", "publish", "503", "Later."), False),
    "refused": (Refused("memory", "publish", "400", "No."), False),
    "a person": (NeedsPerson("memory", "publish", "401", "Ended.", action="Connect it again."), False),
}
"""What the network says, and whether it has taken the post."""
WITH_A_PERSON = (State.HELD, State.FAILED, State.LAPSED)
PLACES = ("claim", "begin_attempts", "about to leave", "on the wire", "answered", "claim_looks", "looked")
MOST_POSTS, MOST_STEPS = 3, 10
EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
"""Runs on each database; `EXAMPLES=1000` for a long search."""
NAMES = st.sampled_from(["first", "second"])


class SteppingChannel(MemoryChannel):
    """Takes the same words as often as they come, and stands still wherever a real request could be cut off.

    model: set by the machine that runs."""

    model: "Publishing"

    def publish(self, draft: Draft, *, key: str) -> Published:
        pause("about to leave")
        if too_late_to_leave():
            raise TryLater("memory", "publish", "too_late", "Too late.")
        self.model.leaves(key)
        try:
            pause("on the wire")
            error, taken = self.model.answers.pop(0) if self.model.answers else (None, True)
            post = self.network._keep(draft, self._clock.now(), key) if taken else None
        finally:
            self.model.arrived(key)
        pause("answered")
        if error is not None:
            raise error
        assert post is not None
        return Published(post.platform_id, post.url, post.published_at)

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        pause("about to look")
        found = super().find(draft, since=since)
        pause("looked")
        return found


class Publishing(RuleBasedStateMachine):
    """Two workers, one account, up to three posts."""

    world: Force
    answers: list[tuple[BeatlineError, bool]]

    def __init__(self) -> None:
        super().__init__()
        SteppingChannel.model = self
        self.world.clock.set(START)
        self.workers: dict[str, Fiber] = {}
        self.answers = []
        self.under_way: dict[str, datetime] = {}
        self.wrong: list[str] = []
        self.fences: dict[int, int] = {}
        self.posts: list[int] = []
        self.name = fresh_account(self.world)

    # What happens

    @initialize()
    def begin(self) -> None:
        self.plan()

    @precondition(lambda self: len(self.posts) < MOST_POSTS)
    @rule()
    def plan(self) -> None:
        text = f"Post {len(self.posts)}, version 1."
        self.posts.append(self.world.queued(text, content_type="survey", account_names=(self.name,)))

    @rule(name=NAMES, steps=st.integers(1, 7))
    def a_worker_goes_on(self, name: str, steps: int) -> None:
        for _ in range(steps):
            fiber = self.workers.get(name)
            if fiber is None or fiber.at is None:
                fiber = self.workers[name] = Fiber(name, lambda: worker.publish_due(self.world.context))
            fiber.step()

    def goes_to(self, name: str, place: str) -> None:
        """On to the place, or as far as it comes."""
        for _ in range(MOST_STEPS):
            self.a_worker_goes_on(name, 1)
            if self.workers[name].at in (place, None):
                return

    @rule(name=NAMES)
    def a_worker_dies(self, name: str) -> None:
        if name in self.workers:
            self.workers.pop(name).die()

    @rule(answer=st.sampled_from([*sorted(ANSWERS), "no look"]))
    def the_network_will_answer(self, answer: str) -> None:
        if answer == "no look":
            self.world.network(self.name).fail_next("find", TryLater("memory", "find", "", "Cannot be reached."))
        else:
            self.answers.append(ANSWERS[answer])

    @rule(seconds=st.sampled_from([20, 50, 125, 170, 700, 2400]))
    def time_passes(self, seconds: int) -> None:
        """Not past the moment by which a request that is under way has arrived or never will: that is what time-outs
        are for, and the one thing that is taken for granted."""
        until = self.world.clock.now() + timedelta(seconds=seconds)
        self.world.clock.set(min([until, *self.under_way.values()]))

    @rule(name=NAMES, place=st.sampled_from(PLACES), dies=st.booleans())
    def the_other_takes_over(self, name: str, place: str, dies: bool) -> None:
        """One worker stands still for long, or dies; the other takes back what it held, and looks for it."""
        self.goes_to(name, place)
        if dies:
            self.a_worker_dies(name)
        other = "second" if name == "first" else "first"
        for seconds in (self.settings.lease, self.settings.settle):
            self.time_passes(int(seconds) + 1)
            for _ in range(MOST_STEPS):
                self.a_worker_goes_on(other, 1)

    @rule(number=st.integers(0, MOST_POSTS - 1), how=st.sampled_from(["move", "discard", "edit", "approve", "connect"]))
    def a_person_decides(self, number: int, how: str) -> None:
        if how == "connect":
            self.connect()
        elif number < len(self.posts):
            with suppress(BeatlineError):
                self.decide(self.posts[number], how)

    def decide(self, post_id: int, how: str) -> None:
        world, context = self.world, self.world.context
        match how:
            case "move":
                move_post(context, post_id, world.local_now(), world.author)
            case "discard":
                discard_post(context, post_id, world.author)
            case "approve":
                approve_post(context, post_id, world.supervisor)
            case "edit":
                post = self.post(post_id)
                text = f"Post {self.posts.index(post_id)}, version {post.version + 1}."
                given = world.post(text, content_type="survey", account_names=(self.name,))
                edit_post(context, post_id, given, world.author, expected_version=post.version)
                send_for_approval(context, post_id, world.author)

    def connect(self) -> None:
        """The account works again, and nobody asks to wait."""
        with self.world.context.database.write() as session:
            account = account_named(session, self.name)
            account.state, account.paused_reason, account.not_before = "active", None, None

    # What the channel tells

    def leaves(self, key: str) -> None:
        """A request leaves: was it recorded, is it alone, and does an approval cover it?"""
        entry_id, version = map(int, key.split("-")[1:])
        if key in self.under_way:
            self.wrong.append(f"{key} is under way twice")
        with self.world.context.database.read() as session:
            entry = session.get_one(Entry, entry_id)
            post = session.get_one(Post, entry.post_id)
            written = session.exec(select(Attempt).where(Attempt.entry_id == entry_id, col(Attempt.outcome).is_(None)))
            if written.first() is None:
                self.wrong.append(f"{key} left without its record")
            if (post.version, post.approved_version) != (version, version):
                self.wrong.append(f"{key} left and is not what was approved")
            if entry.due_at is None or entry.due_at > self.world.clock.now():
                self.wrong.append(f"{key} left before its time")
        self.under_way[key] = self.world.clock.now() + timedelta(seconds=queue.longest_request(self.settings))

    def arrived(self, key: str) -> None:
        self.under_way.pop(key, None)

    # What always holds

    @invariant()
    def what_always_holds(self) -> None:
        assert self.wrong == []
        seen = self.look()
        taken = Counter(seen.live.values())
        assert not taken or max(taken.values()) == 1, f"sent twice: {taken}"
        recorded = {publication.platform_id for publication in seen.publications}
        assert recorded <= set(seen.live), "recorded and not there"
        going_out = {seen.text(entry) for entry in seen.entries if entry.state in ("publishing", "unconfirmed")}
        assert {text for at, text in seen.live.items() if at not in recorded} <= going_out, "live and nobody knows"
        for entry in seen.entries:
            self.holds_for(entry, seen)

    def holds_for(self, entry: Entry, seen: "Seen") -> None:
        assert entry.id is not None
        if entry.state == State.PUBLISHED:
            assert seen.live[str(entry.platform_id)] == seen.text(entry)
        else:
            assert entry.platform_id is None
        if entry.state in WITH_A_PERSON:
            assert entry.reason, "stuck without a reason"
            assert entry.owner_id is not None, "stuck without a person"
        assert entry.fence >= self.fences.get(entry.id, 0)
        self.fences[entry.id] = entry.fence
        assert entry.attempts == sum(attempt.entry_id == entry.id for attempt in seen.attempts)
        state = State.DRAFT
        for row in seen.history:
            if row.entry_id == entry.id:
                assert row.from_state == state
                state = MOVES[state][Event(row.event)]
                assert row.to_state == state
        assert entry.state == state

    def teardown(self) -> None:
        """Nothing lasts for ever: with a sound network and time, everything is out or in front of a person."""
        try:
            for fiber in self.workers.values():
                fiber.finish()
            self.answers.clear()
            self.under_way.clear()
            self.connect()
            for _ in range(12):
                self.world.clock.advance(timedelta(hours=1))
                worker.publish_due(self.world.context)
                worker.publish_due(self.world.context)
            left = {entry.state for entry in self.look().entries} & {"queued", "publishing", "unconfirmed"}
            assert not left, f"open for ever: {left}"
            self.what_always_holds()
        finally:
            for fiber in self.workers.values():
                fiber.die()

    # Looking

    @property
    def settings(self) -> Any:
        return self.world.context.settings

    def post(self, post_id: int) -> Post:
        with self.world.context.database.read() as session:
            return session.get_one(Post, post_id)

    def look(self) -> "Seen":
        live = {post.platform_id: post.text for post in self.world.network(self.name).posts}
        with self.world.context.database.read() as session:
            entries = session.exec(select(Entry).where(col(Entry.post_id).in_(self.posts))).all()
            ids = [entry.id for entry in entries]
            return Seen(
                live,
                {post.id: post.text for post in session.exec(select(Post).where(col(Post.id).in_(self.posts)))},
                entries,
                session.exec(select(Attempt).where(col(Attempt.entry_id).in_(ids))).all(),
                session.exec(
                    select(EntryHistory).where(col(EntryHistory.entry_id).in_(ids)).order_by(col(EntryHistory.id))
                ).all(),
                session.exec(select(Publication).where(col(Publication.post_id).in_(self.posts))).all(),
            )


@dataclass(frozen=True)
class Seen:
    """Everything at one moment.  live: platform id -> text, as the network has it.  texts: by post."""

    live: dict[str, str]
    texts: dict[int | None, str]
    entries: Sequence[Entry]
    attempts: Sequence[Attempt]
    history: Sequence[EntryHistory]
    publications: Sequence[Publication]

    def text(self, entry: Entry) -> str:
        return self.texts[entry.post_id]


def fresh_account(world: Force) -> str:
    """A new account with a network of its own; those of earlier runs are paused."""
    with world.context.database.write() as session:
        accounts: list[Account] = list_accounts(session)
        for account in accounts:
            account.state = "paused"
    return world.add_account(f"model-{len(accounts)}").name


def stepping(function: Any, where: str) -> Any:
    """The function, and a pause behind it."""

    def stepped(*arguments: Any, **more: Any) -> Any:
        result = function(*arguments, **more)
        if result:
            pause(where)
        return result

    return stepped


@pytest.fixture
def stepped(force: Force, monkeypatch: pytest.MonkeyPatch) -> Force:
    """The scheduler with a pause behind each of its steps, and one clock for everything.  With one request in flight
    a worker asks networks in its own thread, which is the fiber that stands still."""
    force.context.settings = replace(force.context.settings, in_flight=1)
    for name in ("reap", "claim", "begin_attempts", "claim_looks"):
        monkeypatch.setattr(queue, name, stepping(getattr(queue, name), name))
    named = running
    monkeypatch.setattr(queue, "worker_name", lambda: fiber.name if (fiber := named()) else "the last")
    for module in (queue, leaving):
        monkeypatch.setattr(module, "steady_seconds", lambda: force.clock.now().timestamp())
    monkeypatch.setattr(force.context, "make_channel", lambda context, account: SteppingChannel(account, context.clock))
    return force


def test_no_interleaving_breaks_what_always_holds(stepped: Force) -> None:
    class Here(Publishing):
        world = stepped

    memory.reset()
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=20, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
