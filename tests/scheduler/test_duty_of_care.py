"""Nothing unapproved, held or blocked is ever sent, whatever people do in whatever order (issue 4's promise).

Hypothesis thinks up sequences of edits, approvals, holds, releases, incidents, changes of stage and time; workers tick
in between. Each post that reaches the network is then held against a model of a few rules that shares no code with
the product: what was approved by whom (R17, R41), which holds there were (R31, R35, R37, R38), what stage the case is
at (R01, R02), and what the clock says (R42)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlmodel import col, delete, select, update

from scheduler.case_stages import set_stage
from scheduler.entries import Entry, EntryHistory
from scheduler.hold_kinds import HoldKind
from scheduler.hold_rules import Hold, HoldPass
from scheduler.holds import Order, begin_holds, let_through, place_hold, release_hold, say_yes
from scheduler.inputs import PostInput
from scheduler.planning import (
    approve_post,
    ask_for_changes,
    discard_post,
    edit_post,
    move_post,
    plan_post,
    send_for_approval,
)
from scheduler.worker import publish_due
from social.channels import memory
from social.errors import BeatlineError
from social.places import PlaceKind, find_or_add_place
from social.staff import Person
from tests.scheduler.helpers import Force
from tests.scheduler.test_model import fresh_accounts

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
LATE = 30 * MINUTES
EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
"""Runs, a third of them on PostgreSQL; `EXAMPLES=500` for a long search."""
STEPS = 20

# The model's own rules

NEEDS = {"lighthearted": "none", "road_info": "none", "survey": "supervisor", "campaign": "corporate",
         "court_result": "corporate"}  # fmt: skip
SUFFICE = {
    "none": ("nobody", "supervisor", "corporate"),
    "supervisor": ("supervisor", "corporate"),
    "corporate": ("corporate",),
}
GO_ON = {
    "lighthearted": {"pre_election"},
    "survey": {"pre_election", "serious_incident"},
    "court_result": {"pre_election", "serious_incident"},
    "campaign": {"serious_incident"},
    "road_info": {"pre_election", "serious_incident", "critical_incident", "mourning"},
}
WITHIN = {"here": {"here", "north"}, "north": {"north"}, "there": {"there"}, None: set[str]()}
"""Area of a post -> the areas in which it lies."""
MAY_BE_NAMED = ("charged",)
WORDS = {
    "lighthearted": "Ducks on Mill Road again",
    "survey": "What should we look at next",
    "campaign": "Lock your shed before you go away",
    "road_info": "Mill Road is closed by the bridge",
    "court_result": "Aled Rowse, 34, of Elderwick, has been charged with theft",
}


KINDS = st.sampled_from(["lighthearted", "survey", "road_info", "campaign", "court_result"])
AREAS = st.sampled_from(["here", "here", "north", "there", None])
ROLES = st.sampled_from(["author", "supervisor", "corporate"])
DELAYS = st.sampled_from([0, 10, 20, 30, 60])
APPROVERS = st.sampled_from(["corporate", "corporate", "supervisor", "author", None])
PAUSES = st.sampled_from([0, 10, 10, 20])
INDEXES = st.integers(0, 4)
HELD = st.sampled_from([None, "north", "here"])
WAITS = st.sampled_from([0, 0, 15, 45])
LASTS = st.sampled_from([None, 5, 25, 60])
"""When a planned hold begins, and how long one lasts: never at the very moment of anything else."""


@dataclass
class Planned:
    """A post as the model knows it.  decided_at, decided: when, and at which step, somebody last said that it may go."""

    number: int
    kind: str
    area: str | None
    author: str
    due: datetime
    begun: datetime
    version: int = 1
    submitted: int = 0
    approvals: dict[int, str] = field(default_factory=dict)
    decided_at: datetime = START
    decided: int = 0
    dropped: bool = False
    through: set[tuple[int, int]] = field(default_factory=set)

    @property
    def text(self) -> str:
        return f"{WORDS[self.kind]}. Number {self.number}, take {self.version}."


@dataclass
class Ordered:
    """A hold as the model knows it.  step: when it was placed, where it began at once; None for a planned one."""

    number: int
    kind: str
    area: str | None
    start: datetime
    end: datetime | None
    step: int | None
    released: datetime | None = None

    def stops(self, post: Planned) -> bool:
        inside = self.area is None or self.area in WITHIN[post.area]
        around = post.area is None or (self.area == "here" and post.area == "north")
        if not inside and not around:
            return False
        if self.kind == "stop_all":
            return True
        if self.kind == "pre_election":
            return post.kind == "campaign" and post.begun >= self.start
        return self.kind not in GO_ON[post.kind] and (inside or post.kind == "lighthearted")

    @property
    def over(self) -> datetime:
        return min(self.released or datetime.max.replace(tzinfo=UTC), self.end or datetime.max.replace(tzinfo=UTC))

    def forbids(self, post: Planned, now: datetime) -> bool:
        """In force now or at any moment since the post was due; or it began after somebody last said that it may go."""
        if not self.stops(post) or self.start > now or self.over <= self.start:
            return False
        if (self.number, post.version) in post.through and self.kind != "stop_all":
            return False
        asked_before = post.decided < self.step if self.step is not None else post.decided_at < self.start
        return self.over > post.due or (asked_before and (self.end is None or post.due < self.end))


class DutyOfCare(RuleBasedStateMachine):
    """One account, a few posts, three people, and holds."""

    world: Force
    areas: ClassVar[dict[str, int]]
    sent: ClassVar[int] = 0
    stopped: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world.clock.set(START)
        self.account = fresh_accounts(self.world)[0]
        self.reference = f"case-{self.account}"
        self.stage = "charged"  # so each post says, until there is a case
        self.posts: dict[int, Planned] = {}
        self.holds: list[Ordered] = []
        self.step = self.seen = 0
        with self.world.context.database.write() as session:
            for table in (HoldPass, Hold):
                session.exec(delete(table))
            session.exec(update(Entry).values(state="discarded", hold_id=None))

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def person(self, role: str) -> Person:
        return {"author": self.world.author, "supervisor": self.world.supervisor}.get(role, self.world.corporate)

    # What people do; after each thing some time passes, and workers tick

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for _ in range(3):
            self.plan(data.draw(KINDS), data.draw(AREAS), "author", data.draw(DELAYS), "corporate", 0)
        self.hold(data.draw(st.sampled_from(HoldKind)), data.draw(HELD), data.draw(WAITS), data.draw(LASTS), 10)

    @rule(kind=KINDS, area=AREAS, author=ROLES, delay=DELAYS, approver=APPROVERS, pause=PAUSES)
    def plan(self, kind: str, area: str | None, author: str, delay: int, approver: str | None, pause: int) -> None:
        post = Planned(len(self.posts) + 1, kind, area, author, self.now + delay * MINUTES, self.now)
        with self.then(pause):
            self.posts[plan_post(self.world.context, self.given(post), self.person(author))] = post
            self.hand_in(post, approver)

    def given(self, post: Planned) -> PostInput:
        local = self.world.local_now() + (post.due - self.now)
        name = {"here": "Marlpit End", "north": "North", "there": "Stonemere", None: None}[post.area]
        case = {"appeal_ref": self.reference, "case_stage": "charged"} if post.kind == "court_result" else {}
        return self.world.post(post.text, content_type=post.kind, account_names=(self.account,), due_local=local, place=name,
                               **case)  # fmt: skip

    def hand_in(self, post: Planned, approver: str | None) -> None:
        status = send_for_approval(self.world.context, self.number(post), self.person(post.author))
        post.submitted = post.version
        self.decides(post)
        if approver is not None and status == "in_review":
            self.approve(post, approver)

    def approve(self, post: Planned, role: str) -> None:
        approve_post(self.world.context, self.number(post), self.person(role))
        post.approvals[post.version] = role
        self.decides(post)

    @rule(index=INDEXES, delay=DELAYS, approver=APPROVERS, pause=PAUSES)
    def edit(self, index: int, delay: int, approver: str | None, pause: int) -> None:
        with self.then(pause):
            post = self.post(index)
            before = post.version, post.due
            post.version, post.due = post.version + 1, self.now + delay * MINUTES
            try:
                edit_post(self.world.context, self.number(post), self.given(post), self.person(post.author),
                          expected_version=before[0])  # fmt: skip
            except BeatlineError:
                post.version, post.due = before
                raise
            self.hand_in(post, approver)

    @rule(
        index=INDEXES,
        role=ROLES,
        what=st.sampled_from(["approve", "approve", "hand in", "send back", "discard"]),
        pause=PAUSES,
    )
    def decide(self, index: int, role: str, what: str, pause: int) -> None:
        with self.then(pause):
            post = self.post(index)
            match what:
                case "approve":
                    self.approve(post, role)
                case "hand in":
                    self.hand_in(post, None)
                case "send back":
                    ask_for_changes(self.world.context, self.number(post), self.person(role), "Say where.")
                    post.submitted = 0
                case "discard":
                    discard_post(self.world.context, self.number(post), self.person(role))
                    post.dropped = True

    @rule(index=INDEXES, delay=DELAYS, role=ROLES, pause=PAUSES)
    def move(self, index: int, delay: int, role: str, pause: int) -> None:
        with self.then(pause):
            post, local = self.post(index), self.world.local_now() + delay * MINUTES
            move_post(self.world.context, self.number(post), local, self.person(role))
            post.due = self.now + delay * MINUTES
            self.decides(post)

    @rule(kind=st.sampled_from(HoldKind), area=HELD, wait=WAITS, lasts=LASTS, pause=PAUSES)
    def hold(self, kind: HoldKind, area: str | None, wait: int, lasts: int | None, pause: int) -> None:
        start = self.now + wait * MINUTES
        end = start + lasts * MINUTES if lasts is not None else None
        order = Order(kind, "Why.", self.areas[area] if area else None, start if wait else None, end)
        with self.then(pause):
            number = place_hold(self.world.context, order, self.world.corporate)
            end = end or (start + timedelta(hours=72) if kind is HoldKind.SERIOUS_INCIDENT else None)
            self.holds.append(Ordered(number, kind.value, area, start, end, None if wait else self.step))

    @rule(index=INDEXES, role=ROLES, pause=PAUSES)
    def release(self, index: int, role: str, pause: int) -> None:
        with self.then(pause):
            if self.holds:
                hold = self.holds[index % len(self.holds)]
                release_hold(self.world.context, hold.number, self.person(role), "Over.")
                hold.released = self.now

    @rule(index=INDEXES, role=ROLES, pause=PAUSES)
    def yes(self, index: int, role: str, pause: int) -> None:
        with self.then(pause):
            post = self.post(index)
            say_yes(self.world.context, self.number(post), self.person(role))
            post.due = max(post.due, self.now)
            self.decides(post)

    @rule(index=INDEXES, role=ROLES, pause=PAUSES)
    def necessary(self, index: int, role: str, pause: int) -> None:
        with self.then(pause):
            post = self.post(index)
            let_through(self.world.context, self.number(post), self.person(role), "Required by law.")
            post.through |= {(hold.number, post.version) for hold in self.holds if hold.start <= self.now < hold.over}
            post.due = max(post.due, self.now)
            self.decides(post)

    @rule(stage=st.sampled_from(["arrested", "charged"]), pause=PAUSES)
    def case_is(self, stage: str, pause: int) -> None:
        with self.then(pause):
            set_stage(self.world.context, self.reference, stage, self.world.corporate, "So the court says.")
            self.stage = stage

    @rule(minutes=st.sampled_from([10, 20, 40]))
    def wait(self, minutes: int) -> None:
        with self.then(minutes):
            pass

    @contextmanager
    def then(self, minutes: int) -> Iterator[None]:
        """One thing that somebody does, or may not do; then time passes."""
        self.step += 1
        with suppress(BeatlineError):
            yield
        self.world.clock.advance(minutes * MINUTES)
        begin_holds(self.world.context)
        while publish_due(self.world.context):
            pass
        self.nothing_went_out_that_may_not()

    def post(self, index: int) -> Planned:
        posts = list(self.posts.values())
        return posts[index % len(posts)] if posts else Planned(0, "survey", None, "author", START, START)

    def number(self, post: Planned) -> int:
        return next((number for number, known in self.posts.items() if known is post), 0)

    def decides(self, post: Planned) -> None:
        post.decided, post.decided_at = self.step, self.now

    # What always holds

    def nothing_went_out_that_may_not(self) -> None:
        live = self.world.network(self.account).posts
        for found in live[self.seen :]:
            type(self).sent += 1
            self.may_go(
                next(post for post in self.posts.values() if f"Number {post.number}," in found.text), found.text
            )
        self.seen = len(live)

    def may_go(self, post: Planned, text: str) -> None:
        now, level = self.now, NEEDS[post.kind]
        assert text == post.text, "what went out is not the newest version"
        assert not post.dropped, "it was discarded"
        assert post.submitted == post.version, "nobody handed this version in"
        role = post.approvals.get(post.version, "nobody")
        assert role in SUFFICE[level], f"it needs {level} and has {role} (R41)"
        assert role != post.author, "its author approved it (R17)"
        assert post.due <= now <= post.due + LATE, "it went out before its time, or late by itself (R42)"
        forbidding = [hold for hold in self.holds if hold.forbids(post, now)]
        assert not forbidding, f"{forbidding[0]} stops it"
        assert post.kind != "court_result" or self.stage in MAY_BE_NAMED, "a name before charge (R01, R02)"

    def teardown(self) -> None:
        with self.world.context.database.read() as session:
            stopped = select(EntryHistory).where(col(EntryHistory.reason).startswith("Stopped by hold"))
            type(self).stopped = len(session.exec(stopped).all())


def test_nothing_unapproved_held_or_blocked_is_ever_sent(force: Force) -> None:
    with force.context.database.write() as session:
        top = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        north = find_or_add_place(session, "North", PlaceKind.DIVISION, top)
        here = find_or_add_place(session, "Marlpit End", PlaceKind.NEIGHBOURHOOD, north)
        find_or_add_place(session, "Stonemere", PlaceKind.NEIGHBOURHOOD, top)
        numbers = {"north": north.id or 0, "here": here.id or 0}

    class Here(DutyOfCare):
        world, areas = force, numbers

    memory.reset()
    examples = EXAMPLES if force.context.database.is_sqlite else EXAMPLES // 3
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        ),
    )  # fmt: skip
    assert Here.sent >= examples, "hardly anything went out, so hardly anything was tried"
    assert Here.stopped >= examples / 2, "hardly anything was stopped"
