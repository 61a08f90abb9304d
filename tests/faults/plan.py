"""What a fault campaign is to try, drawn from its seed, and what came of it."""

import hashlib
import random
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from social.practice.faults import Fault
from tests.faults.crash_points import FREQUENT, POINTS
from tests.faults.hosts import CUTS
from tests.faults.workers import BRISK, STEADY, Waits

SPOILT = {
    "publish": ("500_before", "500_after", "reset_before", "reset_after", "hang_before", "hang_after", "late", "429",
                "401", "html_503", "cut_body", "garbled"),
    "find": ("500_before", "reset_before", "hang_before", "html_503", "cut_body", "garbled", "429"),
}  # fmt: skip
RARE = {"429": 0.3, "401": 0.15, "late": 0.5, "hang_before": 0.5, "hang_after": 0.5}
DATABASE_TROUBLES = {
    "sqlite": {"locked": (1.0, 31.0), "full": (1.0, 4.0), "read-only": (1.0, 4.0)},
    "postgresql": {"locked": (1.0, 8.0), "full": (1.0, 4.0), "read-only": (1.0, 4.0), "restarted": (0.2, 3.0)},
}
"""By database: the trouble, and for how many seconds it may last. SQLite's own patience with a lock ends at 30."""
LOCKED_LONG = 0.04
"""Part of the locks of SQLite that last for half a minute; the others a few seconds."""
HOSTS = 2
STORM = 12
"""Requests in a row that a storm of 429 answers."""


@dataclass(frozen=True)
class Plan:
    """posts, kills: at least so many of each.  database: sqlite or postgresql.  workers: at once.  points: where
    workers may be struck.  sleepers: how many of those struck are stopped for long, and not killed, from 0 to 1.
    sound: nothing but that goes wrong.  brief: how long troubles last, as a part of the usual.  patience: seconds
    without any move after which the campaign counts what is open as lost.  minutes: then it comes to its end,
    whatever was had by then."""

    posts: int
    kills: int
    seed: int
    database: str = "sqlite"
    workers: int = 3
    points: tuple[str, ...] = POINTS
    sleepers: float = 0.1
    sound: bool = False
    brief: float = 1.0
    patience: float = 300.0
    minutes: float = inf

    @property
    def waits(self) -> Waits:
        return BRISK if self.posts < 500 else STEADY

    @property
    def accounts(self) -> int:
        """How many accounts there are; twice as many posts are planned at once."""
        return 12 if self.posts < 500 else 48

    def dice(self, *what: object) -> random.Random:
        """Dice for one matter, the same in every run of this seed."""
        return random.Random("/".join(map(str, (self.seed, *what))))

    def order(self, number: int, hosts: int) -> dict[str, Any]:
        """What the worker of this number, counted from 0, is to be and to suffer: a host by its number, a name that
        another has too, death or a long sleep at a point."""
        dice = self.dice("worker", number)
        order: dict[str, Any] = {}
        if dice.random() < 0.4 and hosts and not self.sound:
            order["host"] = dice.randrange(hosts)
        if dice.random() < 0.15:
            order["name"] = "twin"
        if dice.random() < 0.15:
            return order
        frequent = [point for point in self.points if point in FREQUENT]
        point = self.points[number % len(self.points)] if dice.random() < 0.6 else dice.choice(frequent)
        # Whoever is stopped inside a transaction keeps all others waiting: that is tried, and rarely.
        sleeps = dice.random() < self.sleepers * (0.3 if point.endswith("commit") else 1.0)
        visit = dice.randint(1, 6) if point in FREQUENT else 1
        sign = int(signal.SIGSTOP if sleeps else signal.SIGKILL)
        return order | {"strike": {"point": point, "visit": visit, "sign": sign}}

    def spoil(self, number: int) -> Fault:
        """The next request to be spoilt: one in about eight that publish, one look in four."""
        dice = self.dice("fault", number)
        route = dice.choice(("publish", "publish", "find"))
        choice = dice.choices(SPOILT[route], [RARE.get(fault, 1.0) for fault in SPOILT[route]])[0]
        network = dice.choice(("x", "facebook"))
        return Fault(route, choice, dice.choice((1, 1, 2)), network, dice.randrange(12))

    def script(self) -> list["Event"]:
        """Everything else, each at its place in the run."""
        if self.sound:
            return []
        dice, events = self.dice("script"), list[Event]()
        for what, each in (("kill", 25), ("database", 60), ("line", 60), ("clock", 60), ("storm", 200)):
            for _ in range(max(self.posts // each, 4 if what == "database" else 2)):
                events.append(self._event(what, dice))
        # Each trouble of the database at least once, whatever the dice say.
        troubles = [number for number, event in enumerate(events) if event.what == "database"]
        for number, kind in zip(troubles, DATABASE_TROUBLES[self.database], strict=False):
            event = events[number]
            events[number] = Event(event.at, "database", kind, min(event.seconds, 3.0), event.choice)
        return sorted(events, key=lambda event: event.at)

    def _event(self, what: str, dice: random.Random) -> "Event":
        at, choice, kind, seconds = dice.randrange(self.posts), dice.randrange(1 << 30), "", dice.uniform(0.5, 4.0)
        if what == "database":
            kinds = DATABASE_TROUBLES[self.database]
            kind = dice.choice(tuple(kinds))
            least, most = kinds[kind]
            long = kind == "locked" and self.database == "sqlite" and dice.random() < LOCKED_LONG
            seconds = most if long else dice.uniform(least, min(most, 4.0))
        elif what == "line":
            kind, seconds = dice.choice(CUTS), dice.uniform(0.5, 8.0)
        elif what == "clock":
            kind, seconds = dice.choice(("forward", "back")), dice.uniform(1.0, 6.0)
        return Event(at, what, kind, round(seconds * self.brief, 2), choice)

    def fingerprint(self) -> str:
        """Twelve characters that are the same for two runs that try the same."""
        tried = [self.script(), *(self.order(n, HOSTS) for n in range(self.kills)), *map(self.spoil, range(self.posts))]
        return hashlib.sha256(repr(tried).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Event:
    """at: after so many posts have come to an end.  what: kill, database, line, clock or storm.  choice: a number
    that picks the one whom it meets."""

    at: int
    what: str
    kind: str
    seconds: float
    choice: int


@dataclass
class Report:
    """What was tried and what came of it.

    tried: how often each thing was done.  states: entries by state when the workers had nothing left to do.
    unsettled: every entry that was then in a person's hands, with its reason and that person.  doubled: words that
    the network took more than once.  lost: entries that are published and not there, open for ever, or in no person's
    hands.  threads: of several parts; parts: of them that the network took.  astray: entries said not to have gone out whose words are at the network.  stray: words at the network
    that nobody published."""

    seed: int
    database: str = "sqlite"
    fingerprint: str = ""
    hosts: str = ""
    posts: int = 0
    deaths: int = 0
    stops: int = 0
    at_points: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    attempts: int = 0
    threads: int = 0
    parts: int = 0
    states: dict[str, int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    unsettled: list[str] = field(default_factory=list)
    after_decisions: dict[str, int] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether the promise held."""
        return not (self.doubled or self.lost or self.astray or self.stray)

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "kept": self.kept}

    def lines(self) -> Iterator[str]:
        yield f"seed {self.seed} on {self.database}, plan {self.fingerprint}: {self.posts} posts, {self.deaths} deaths"
        yield f"{self.stops} workers stopped past their lease; hosts are {self.hosts}; tried: {_counts(self.tried)}"
        yield f"requests spoilt: {_counts(self.faults)}"
        yield f"deaths ordered at: {_counts(self.at_points)}"
        yield f"people: {_counts(self.people)}"
        yield f"{self.attempts} requests to publish in {self.seconds:.0f} s; {self.threads} threads, {self.parts} parts of them"
        yield f"by themselves: {_counts(self.states)}; after decisions: {_counts(self.after_decisions)}"
        yield from (f"  {count} with a person: {reason}" for reason, count in self.reasons.most_common())
        yield f"doubled {len(self.doubled)}, lost {len(self.lost)}, astray {len(self.astray)}, stray {len(self.stray)}"
        for name in ("doubled", "lost", "astray", "stray"):
            yield from (f"  {name}: {one}" for one in getattr(self, name)[:20])


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
