"""The protocol of publishing against a model, in interleavings that hypothesis thinks up: two workers that take groups
of posts for two accounts, stand still, die or sleep between any two steps and ask the networks in any order; networks
that answer as they like; people who change their minds, and stop everything.

Every second post is a thread of two parts. The model is short: a part of a version of a post, and how often the network has
taken it. The invariants are those of
docs/architecture.md, under "What always holds"."""

import os
import queue as queues
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
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

from scheduler import queue, sending, settling, worker
from scheduler.entries import Attempt, Entry, EntryHistory
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold, holds_in_force
from scheduler.holds import Order, place_hold, release_hold, say_yes
from scheduler.lifecycle import MOVES, Event, State
from scheduler.planning import approve_post, discard_post, edit_post, move_post, send_for_approval
from scheduler.posts import Post
from scheduler.thread_words import parts_of
from social.accounts import Account, account_named, list_accounts
from social.channels import leaving, memory
from social.channels.base import Draft, Published
from social.channels.leaving import too_late_to_leave
from social.channels.memory import MemoryChannel
from social.errors import BeatlineError, NeedsPerson, OutcomeUnknown, Refused, TryLater
from social.publication_parts import PublicationPart
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
PLACES = ("claim", "begin_attempts", "about to leave", "on the wire", "answered", "before it is recorded", "claim_looks",
          "looked")  # fmt: skip
MOST_POSTS, MOST_STEPS, ACCOUNTS = 4, 14, 2
OBEYED_WITHIN = timedelta(seconds=1)
"""After a hold was placed no request leaves (R31)."""
EXAMPLES = int(os.environ.get("EXAMPLES", "10"))
"""Runs on each database; `EXAMPLES=1000` for a long search."""
NAMES = st.sampled_from(["first", "second"])


def words(number: int, version: int) -> str:
    """What a post says in one version."""
    said = f"Post {number}, version {version}."
    return f"{said}\n---\n{said} That is all." if number % 2 else said


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


class SteppingAnswers:
    """In place of the threads that ask networks: when the worker waits for an answer, one of its open requests is made,
    in the worker's own fiber, so that it stands still where a thread would."""

    def __init__(self) -> None:
        self._ready: list[tuple[Any, BaseException | None]] = []
        self.senders: list[SteppingSenders] = []
        self._gathers = False

    def put(self, answer: tuple[Any, BaseException | None]) -> None:
        self._ready.append(answer)

    def empty(self) -> bool:
        return not self._ready

    def get(self, timeout: float | None = None) -> tuple[Any, BaseException | None]:
        """The next answer.  Raises Empty when the machine lets none come with the one before."""
        model = SteppingChannel.model
        tasks = [(sender, task) for sender in self.senders for task in sender.tasks]
        if not self._ready and (not tasks or (self._gathers and not model.together)):
            self._gathers = False
            raise queues.Empty
        if not self._ready:
            sender, task = tasks[-1 if model.backwards else 0]
            sender.tasks.remove(task)
            self.put((task(), None))
        self._gathers = True
        return self._ready.pop(0)


class SteppingSenders:
    def __init__(self, most: int, answers: SteppingAnswers, ahead: int = 0) -> None:
        self._most, self.tasks, self.busy = most + ahead, list[Any](), 0
        answers.senders.append(self)

    @property
    def free(self) -> int:
        return self._most - self.busy

    def give(self, task: Any) -> None:
        self.busy += 1
        self.tasks.append(task)

    def fetched(self) -> None:
        self.busy -= 1

    def more(self) -> None:
        """Nothing to start: there are no threads."""

    def close(self) -> None:
        """Nothing to end either."""


class Publishing(RuleBasedStateMachine):
    """Two workers, two accounts, up to four posts.

    together: answers that come one after another are recorded together.  backwards: the last request of a group is
    made first."""

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
        self.names = fresh_accounts(self.world)
        self.together, self.backwards = True, False
        release_all(self.world)

    # What happens

    @initialize()
    def begin(self) -> None:
        self.plan()

    @precondition(lambda self: len(self.posts) < MOST_POSTS)
    @rule()
    def plan(self) -> None:
        text = words(len(self.posts), 1)
        name = self.names[len(self.posts) % ACCOUNTS]
        self.posts.append(self.world.queued(text, content_type="survey", account_names=(name,)))

    @rule(together=st.booleans(), backwards=st.booleans())
    def the_order_of_answers_changes(self, together: bool, backwards: bool) -> None:
        self.together, self.backwards = together, backwards

    @rule()
    def everything_is_stopped_or_goes_on(self) -> None:
        if not release_all(self.world):
            place_hold(self.world.context, Order(HoldKind.STOP_ALL, "Something happened."), self.world.corporate)

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
            for name in self.names:
                self.world.network(name).fail_next("find", TryLater("memory", "find", "", "Cannot be reached."))
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

    @rule(
        number=st.integers(0, MOST_POSTS - 1),
        how=st.sampled_from(["move", "discard", "edit", "approve", "connect", "yes"]),
    )
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
            case "yes":
                say_yes(context, post_id, world.corporate)
            case "discard":
                discard_post(context, post_id, world.author)
            case "approve":
                approve_post(context, post_id, world.supervisor)
            case "edit":
                post = self.post(post_id)
                text = words(self.posts.index(post_id), post.version + 1)
                given = world.post(text, content_type="survey", account_names=(self.name_of(post_id),))
                edit_post(context, post_id, given, world.author, expected_version=post.version)
                send_for_approval(context, post_id, world.author)

    def connect(self) -> None:
        """The account works again, and nobody asks to wait."""
        with self.world.context.database.write() as session:
            for name in self.names:
                account = account_named(session, name)
                account.state, account.paused_reason, account.not_before = "active", None, None

    # What the channel tells

    def leaves(self, key: str) -> None:
        """A request leaves: was it recorded, is it alone, and does an approval cover it?"""
        entry_id, version = map(int, key.split("-")[1:3])
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
            for hold in holds_in_force(session, self.world.clock.now()):
                if self.world.clock.now() - hold.starts_at > OBEYED_WITHIN:
                    self.wrong.append(f"{key} left though everything was stopped")
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
        recorded = {(self.name_of(one.post_id), at) for one in seen.publications for at in seen.parts_at(one)}
        assert recorded <= set(seen.live), "recorded and not there"
        busy = [entry for entry in seen.entries if entry.state in ("publishing", "unconfirmed")]
        going_out = {part for entry in busy for part in seen.says(entry)}
        assert {text for at, text in seen.live.items() if at not in recorded} <= going_out, "live and nobody knows"
        for entry in seen.entries:
            self.holds_for(entry, seen)

    def holds_for(self, entry: Entry, seen: "Seen") -> None:
        assert entry.id is not None
        name, says = self.name_of(entry.post_id), seen.says(entry)
        at = next((seen.parts_at(one) for one in seen.publications if one.entry_id == entry.id), [])
        assert [seen.live[name, one] for one in at] == list(says[: len(at)])
        assert [seen.after[name, one] for one in at] == [None, *at][: len(at)]
        if entry.state == State.PUBLISHED:
            assert entry.platform_id == at[0]
            assert len(at) == len(says) or "It ends here" in (entry.reason or "")
        elif at:
            assert len(says) > len(at)
            assert entry.platform_id == at[0]
            assert f"{len(at)} of {len(says)} part" in (entry.reason or "") or entry.state in ("queued", "publishing")
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
            release_all(self.world)
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

    def name_of(self, post_id: int | None) -> str:
        """The account that the post is for."""
        return self.names[self.posts.index(post_id or 0) % ACCOUNTS]

    def post(self, post_id: int) -> Post:
        with self.world.context.database.read() as session:
            return session.get_one(Post, post_id)

    def look(self) -> "Seen":
        there = {(name, post.platform_id): post for name in self.names for post in self.world.network(name).posts}
        with self.world.context.database.read() as session:
            entries = session.exec(select(Entry).where(col(Entry.post_id).in_(self.posts))).all()
            ids = [entry.id for entry in entries]
            published = session.exec(select(Publication).where(col(Publication.post_id).in_(self.posts))).all()
            numbers = [one.id for one in published]
            kept = select(PublicationPart).where(col(PublicationPart.publication_id).in_(numbers))
            return Seen(
                {at: post.text for at, post in there.items()},
                {at: post.draft.after for at, post in there.items()},
                {post.id: post.text for post in session.exec(select(Post).where(col(Post.id).in_(self.posts)))},
                entries,
                session.exec(select(Attempt).where(col(Attempt.entry_id).in_(ids))).all(),
                session.exec(
                    select(EntryHistory).where(col(EntryHistory.entry_id).in_(ids)).order_by(col(EntryHistory.id))
                ).all(),
                published,
                session.exec(kept.order_by(col(PublicationPart.number))).all(),
            )


@dataclass(frozen=True)
class Seen:
    """Everything at one moment.  live: (account, platform id) -> text, as the network has it; after: what each answers.
    texts: by post."""

    live: dict[tuple[str, str], str]
    after: dict[tuple[str, str], str | None]
    texts: dict[int | None, str]
    entries: Sequence[Entry]
    attempts: Sequence[Attempt]
    history: Sequence[EntryHistory]
    publications: Sequence[Publication]
    parts: Sequence[PublicationPart]

    def says(self, entry: Entry) -> tuple[str, ...]:
        """Its words, part by part."""
        return parts_of(self.texts[entry.post_id])

    def parts_at(self, publication: Publication) -> list[str]:
        """The network's numbers of what is written down of it, part by part."""
        found = [part.platform_id for part in self.parts if part.publication_id == publication.id]
        return found or [publication.platform_id]


def fresh_accounts(world: Force) -> list[str]:
    """New accounts with networks of their own; those of earlier runs are paused."""
    with world.context.database.write() as session:
        accounts: list[Account] = list_accounts(session)
        for account in accounts:
            account.state = "paused"
    return [world.add_account(f"model-{len(accounts) + more}").name for more in range(ACCOUNTS)]


def release_all(world: Force) -> int:
    """End every hold that is in force.  Returns how many were."""
    with world.context.database.read() as session:
        holds: list[Hold] = holds_in_force(session, world.clock.now())
    for hold in holds:
        release_hold(world.context, hold.id or 0, world.corporate, "It is over.")
    return len(holds)


def stepping(function: Any, where: str) -> Any:
    """The function, and a pause behind it."""

    def stepped(*arguments: Any, **more: Any) -> Any:
        result = function(*arguments, **more)
        if result:
            pause(where)
        return result

    return stepped


def before(function: Any, where: str) -> Any:
    """A pause before the function."""

    def stepped(*arguments: Any, **more: Any) -> Any:
        pause(where)
        return function(*arguments, **more)

    return stepped


@pytest.fixture
def stepped(force: Force, monkeypatch: pytest.MonkeyPatch) -> Force:
    """The scheduler with a pause between any two of its steps, requests made one at a time, and one clock for
    everything."""
    force.context.settings = replace(force.context.settings, in_flight=3)
    monkeypatch.setattr(sending, "queues", SimpleNamespace(SimpleQueue=SteppingAnswers, Empty=queues.Empty))
    monkeypatch.setattr(sending, "Senders", SteppingSenders)
    for name in ("sent_together", "record"):
        monkeypatch.setattr(settling, name, before(getattr(settling, name), "before it is recorded"))
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
