"""How often X may be asked, counted as X counts: so many requests a quarter of an hour and user, by endpoint.

Graph counts otherwise, by a share of a large allowance; `graph_usage` says that share. Counts live in the process."""

import threading
from dataclasses import dataclass, field

WINDOW_MS = 15 * 60 * 1000
DAY_MS = 24 * 3600 * 1000

X_LIMITS = {
    "create": 100, "delete": 50, "hidden": 50, "search": 300, "mentions": 300, "timeline": 900, "lookup": 5000,
    "engaged": 75, "upload": 500, "chunks": 1875, "metadata": 500, "me": 75, "user": 900,
}  # fmt: skip
"""Requests a user and 15 minutes (X's published table of August 2026; `me` is the older guide's)."""

GRAPH_CALLS_A_DAY = 4800 * 250
"""4,800 calls for each engaged user in a day, taken for 250 engaged users."""


@dataclass(frozen=True)
class Allowance:
    """reset: epoch seconds at which the window ends."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(self.reset),
        }


@dataclass
class Windows:
    """Counters.  scale: multiplies every limit, for trials that send more than a force ever would."""

    scale: float = 1.0
    _windows: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, now_ms: int) -> Allowance:
        """Count one request against X's limit `name`."""
        limit = int(X_LIMITS[name] * self.scale)
        with self._lock:
            used, end = self._count(name, now_ms, WINDOW_MS)
        return Allowance(used <= limit, limit, max(limit - used, 0), -(-end // 1000))

    def graph_usage(self, now_ms: int) -> int:
        """Count one Graph call; the share of the day's allowance used so far, in per cent, rounded up."""
        with self._lock:
            used, _ = self._count("graph", now_ms, DAY_MS)
        return -(-used * 100 // int(GRAPH_CALLS_A_DAY * self.scale))

    def _count(self, name: str, now_ms: int, length_ms: int) -> tuple[int, int]:
        used, end = self._windows.get(name, (0, 0))
        if now_ms >= end:
            used, end = 0, now_ms + length_ms
        self._windows[name] = (used + 1, end)
        return used + 1, end
