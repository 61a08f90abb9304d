"""How often X may be asked, counted as X counts: so many requests a quarter of an hour and user, by endpoint.

Graph counts otherwise, by a share of a large allowance; `graph_usage` says that share. Counts live in the process."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

WINDOW_MS = 15 * 60 * 1000
DAY_MS = 24 * 3600 * 1000

X_LIMITS = {
    "create": 100, "delete": 50, "hidden": 50, "search": 300, "mentions": 300, "timeline": 900, "lookup": 5000,
    "engaged": 75, "upload": 500, "chunks": 1875, "metadata": 500, "me": 75, "user": 900, "token": 300,
}  # fmt: skip
"""Requests a user and 15 minutes (X's published table of August 2026; `me` is the older guide's)."""

X_APP_LIMITS = {"create": 10_000, "upload": 50_000, "chunks": 180_000, "metadata": 50_000}
"""Requests an app and 24 hours, whatever account of the app they are for."""

GRAPH_CALLS_A_DAY = 4800 * 250
"""4,800 calls for each engaged user in a day, taken for 250 engaged users."""


@dataclass(frozen=True)
class Allowance:
    """reset: epoch seconds at which the window ends."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self, name: str = "x-rate-limit") -> dict[str, str]:
        """Empty for a limit that there is not."""
        if not self.limit:
            return {}
        return {
            f"{name}-limit": str(self.limit),
            f"{name}-remaining": str(self.remaining),
            f"{name}-reset": str(self.reset),
        }


@dataclass
class Windows:
    """Counters.  scale: multiplies every limit, for trials that send more than a force ever would.
    instead: other limits for some of X's names, an app's as in 'create a day'."""

    scale: float = 1.0
    instead: Mapping[str, int] = field(default_factory=dict)
    _windows: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, now_ms: int) -> Allowance:
        """Count one request against X's limit `name`."""
        limit = self.instead.get(name, int(X_LIMITS[name] * self.scale))
        with self._lock:
            used, end = self._count(name, now_ms, WINDOW_MS)
        return Allowance(used <= limit, limit, max(limit - used, 0), -(-end // 1000))

    def take_of_day(self, name: str, now_ms: int) -> Allowance:
        """Count one request against the app's limit of 24 hours; where X has none, everything is allowed."""
        limit = self.instead.get(f"{name} a day", int(X_APP_LIMITS.get(name, 0) * self.scale))
        if not limit:
            return Allowance(True, 0, 0, 0)
        with self._lock:
            used, end = self._count(f"{name} a day", now_ms, DAY_MS)
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
