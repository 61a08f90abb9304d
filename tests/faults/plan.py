"""What a fault campaign is to try, and what came of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.crash_points import POINTS


@dataclass(frozen=True)
class Plan:
    """posts, kills: at least so many of each.  workers: at once.  points: where workers may be struck.  sleepers: how
    many of those struck are stopped for long, and not killed, from 0 to 1.  sound: the network spoils nothing.
    patience: seconds without any move after which the campaign counts what is open as lost; looks that failed are
    made again after up to an hour."""

    posts: int
    kills: int
    seed: int
    workers: int = 3
    points: tuple[str, ...] = POINTS
    sleepers: float = 0.15
    sound: bool = False
    patience: float = 3700.0


@dataclass
class Report:
    """What was tried and what came of it.

    states: entries by state when the workers had nothing left to do.  doubled: words that the network took more than
    once.  lost: entries that are published and not there, open for ever, or in no person's hands.  astray: entries
    said not to have gone out whose words are at the network.  stray: words at the network that nobody published."""

    seed: int
    posts: int = 0
    deaths: int = 0
    at_points: Counter[str] = field(default_factory=Counter)
    stops: int = 0
    locks: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    attempts: int = 0
    states: dict[str, int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    after_decisions: dict[str, int] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether the promise held."""
        return not (self.doubled or self.lost or self.astray or self.stray)

    def lines(self) -> Iterator[str]:
        yield f"seed {self.seed}: {self.posts} posts, {self.deaths} deaths, {self.stops} workers stopped past their lease"
        yield f"database locked {self.locks} times; spoilt requests ordered: {dict(self.faults)}"
        yield f"{self.attempts} requests to publish in {self.seconds:.0f} s; deaths ordered at: {dict(self.at_points)}"
        yield f"without a person: {self.states}; then, after decisions: {self.after_decisions}"
        yield from (f"  {count} with a person: {reason}" for reason, count in self.reasons.most_common())
        yield f"doubled {len(self.doubled)}, lost {len(self.lost)}, astray {len(self.astray)}, stray {len(self.stray)}"
        for name in ("doubled", "lost", "astray", "stray"):
            yield from (f"  {name}: {one}" for one in getattr(self, name)[:20])
