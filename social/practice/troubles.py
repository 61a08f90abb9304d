"""What goes wrong by itself over days: the network is away for a while, its limits are used up, tokens end, and pages
come in disorder. Drawn from a seed and read off the clock, so that the same week goes wrong twice in the same way.

Single requests are spoiled by `faults`; these last."""

import random
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from social.practice.habits import Habits

T = TypeVar("T")
AWAY = ("503", "reset")
"""How a network is away: connections are broken off before anything is read, or a proxy says 503."""
LIMITED = "429"
FAULT_OF = {"reset": "reset_before", "503": "html_503", LIMITED: "429"}
"""How a spell shows in a request: one of `faults.FAULTS`."""
_READING = ("listen", "measure")


@dataclass(frozen=True)
class Spell:
    """A stretch of time.  network: x, facebook or any.  how: reset, 503 or 429; at 429 only reading is turned away."""

    network: str
    how: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Unrest:
    """seed: draws what is left open.  spells: when a network is away or turns reading away.  token_ends: when the
    Page's token is taken no more, until somebody makes a new one; X's ends every two hours by itself.
    shuffled: share of pages whose items come in another order.  repeated: share of pages that hold items of the page
    before, or one twice.  habits: of the residents of posts that are accepted from now on."""

    seed: int = 1
    spells: tuple[Spell, ...] = ()
    token_ends: tuple[datetime, ...] = ()
    shuffled: float = 0.0
    repeated: float = 0.0
    habits: Habits = field(default_factory=Habits)


def drawn(
    seed: int, starts: datetime, days: float, *, outages: int = 2, limited: int = 6, token_ends: int = 1,
    shuffled: float = 0.3, repeated: float = 0.3, habits: Habits | None = None,
) -> Unrest:  # fmt: skip
    """Unrest for so many days.  outages: each of two to six hours, in both manners.  limited: quarters of an hour, one
    network at a time, in which reading is turned away.  token_ends: how often the Page's token ends."""
    rng = random.Random(f"unrest/{seed}")  # noqa: S311  (simulation, not security)
    spells: list[Spell] = []
    for number in range(outages):
        # Each in its own part of the time, so that two never melt into one.
        at = starts + timedelta(days=days * (number + rng.uniform(0.15, 0.6)) / outages)
        network = "any" if number == 0 else rng.choice(("x", "facebook"))
        spells.append(Spell(network, AWAY[number % 2], at, at + timedelta(hours=rng.uniform(2, 6))))
    for number in range(limited):
        at = starts + timedelta(days=days * rng.uniform(0.02, 0.95))
        network = ("x", "facebook")[number % 2]
        spells.append(Spell(network, LIMITED, at, at + timedelta(minutes=rng.uniform(15, 45))))
    ends = tuple(starts + timedelta(days=days * rng.uniform(0.3, 0.8)) for _ in range(token_ends))
    return Unrest(seed, tuple(spells), ends, shuffled, repeated, habits or Habits())


class Troubles:
    """The unrest in force; it lives in the process and ends with it.

    unnamed_every: of direct answers on X one in so many leaves our name out, 0 for none."""

    def __init__(self, unrest: Unrest | None = None) -> None:
        self.unnamed_every = 0
        self._unrest = unrest or Unrest()
        self._ended: set[datetime] = set()
        self._lock = threading.Lock()

    @property
    def unrest(self) -> Unrest:
        return self._unrest

    def set(self, unrest: Unrest) -> None:
        with self._lock:
            self._unrest, self._ended = unrest, set()

    def clear(self) -> None:
        self.set(Unrest())

    def spell(self, network: str, purpose: str, now: datetime) -> Spell | None:
        """What this request meets at this moment; an absence before a limit."""
        found = [
            spell
            for spell in self._unrest.spells
            if spell.network in (network, "any") and spell.starts <= now < spell.ends
            if spell.how != LIMITED or purpose in _READING
        ]
        return min(found, key=lambda spell: spell.how == LIMITED, default=None)

    def token_has_ended(self, now: datetime) -> bool:
        """Whether the Page's token ends at this moment; True once for each time."""
        with self._lock:
            over = {moment for moment in self._unrest.token_ends if moment <= now} - self._ended
            self._ended |= over
        return bool(over)

    def again(self, key: str, most: int) -> int:
        """How many items of the page before come again on this one, 0 to `most`.  key: names the page."""
        rng = self._rng("again", key)
        return rng.randint(1, most) if most > 0 and rng.random() < self._unrest.repeated else 0

    def disordered(self, key: str, items: Sequence[T]) -> list[T]:
        """The items as this page shows them: perhaps in another order, perhaps one of them twice."""
        rng, shown = self._rng("order", key), list(items)
        if shown and rng.random() < self._unrest.repeated:
            shown.append(rng.choice(shown))
        if rng.random() < self._unrest.shuffled:
            rng.shuffle(shown)
        return shown

    def listed(self) -> dict[str, Any]:
        """As JSON takes it; moments in ISO 8601."""
        plain = asdict(self._unrest)
        for spell in plain["spells"]:
            spell |= {"starts": spell["starts"].isoformat(), "ends": spell["ends"].isoformat()}
        plain["token_ends"] = [moment.isoformat() for moment in plain["token_ends"]]
        return plain

    def _rng(self, what: str, key: str) -> random.Random:
        return random.Random(f"{what}/{self._unrest.seed}/{key}")  # noqa: S311  (simulation, not security)


_COUNTS = ("seed", "outages", "limited", "token_ends")
_SHARES = ("shuffled", "repeated")


def read_unrest(given: dict[str, Any], now: datetime) -> Unrest:
    """The unrest that a request asks for, drawn from `now` on.  Raises ValueError with a sentence."""
    habits = given.get("habits") or {}
    unknown = set(given) - {"days", "habits", *_COUNTS, *_SHARES}
    if not isinstance(habits, dict) or unknown or set(habits) - {"replies", "deleted", "edited"}:
        raise ValueError(
            "Give seed, days, outages, limited, token_ends, shuffled, repeated, and habits of replies, deleted, edited."
        )
    days, seed = float(given.get("days", 7)), int(given.get("seed", 1))
    counts: dict[str, Any] = {name: int(given[name]) for name in _COUNTS[1:] if name in given}
    shares: dict[str, Any] = {name: float(given[name]) for name in _SHARES if name in given}
    parts = [value for name in ("deleted", "edited") if (value := habits.get(name)) is not None]
    replies = habits.get("replies")
    if not 0 < days <= 366 or any(not 0 <= count <= 100 for count in counts.values()):
        raise ValueError("days must be above 0 and at most 366, and each count 0 to 100.")
    if any(not 0 <= float(share) <= 1 for share in (*shares.values(), *parts)):
        raise ValueError("shuffled, repeated, deleted and edited are shares, 0 to 1.")
    if replies is not None and not 0 <= int(replies) <= 2000:
        raise ValueError("replies must be 0 to 2,000.")
    deleted = habits.get("deleted")
    kept = Habits(
        None if replies is None else int(replies), None if deleted is None else float(deleted),
        float(habits.get("edited") or 0),
    )  # fmt: skip
    return drawn(seed, now, days, **counts, **shares, habits=kept)
