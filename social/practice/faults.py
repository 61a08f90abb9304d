"""Switches that make the practice network fail as real ones do, so that what stands on it can be tried.

500_before     a 500 answer; nothing was done          500_after      it was done, then a 500 answer
reset_before   the connection is reset; nothing done   reset_after    it was done, then the connection is reset
hang_before    no answer ever comes; nothing was done  hang_after     it was done, and no answer ever comes
late           no answer; done when the client gave up 429            too many requests; nothing done
401            the token is refused; nothing done      html_503       a proxy's error page; nothing done
cut_body       done; the answer breaks off half way    garbled        done; the answer is not JSON
not_allowed    refused: X by its rule for answers, Facebook for want of a permission, Notify in trial mode; nothing done"""

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any

FAULTS = (
    "500_before", "500_after", "reset_before", "reset_after", "hang_before", "hang_after", "late", "429", "401",
    "html_503", "cut_body", "garbled", "not_allowed",
)  # fmt: skip
NOTHING_DONE = frozenset({"500_before", "reset_before", "hang_before", "429", "401", "html_503", "not_allowed"})
ROUTES = ("publish", "media", "find", "listen", "measure", "withdraw", "verify", "hide", "token", "any")
"""What a switch may be set on.  find: lists of own posts; listen: replies, comments, mentions; any: all of them."""


@dataclass(frozen=True)
class Fault:
    """network: x, facebook, notify, police_data or any.  times: how many requests it still spoils.  skip: how many it lets pass first."""

    route: str
    fault: str
    times: int = 1
    network: str = "any"
    skip: int = 0


def read_fault(given: dict[str, Any]) -> Fault:
    """The switch that a request describes.  Raises ValueError with a sentence."""
    unknown = set(given) - {"route", "fault", "times", "network", "skip"}
    if unknown:
        raise ValueError(f"A fault has no '{sorted(unknown)[0]}'. Give route, fault, times, network, skip.")
    fault = Fault(
        str(given.get("route", "")), str(given.get("fault", "")), int(given.get("times", 1)),
        str(given.get("network", "any")), int(given.get("skip", 0)),
    )  # fmt: skip
    for name, value, known in (
        ("route", fault.route, ROUTES),
        ("fault", fault.fault, FAULTS),
        ("network", fault.network, ("x", "facebook", "notify", "police_data", "any")),
    ):
        if value not in known:
            raise ValueError(f"There is no {name} '{value}'. Give one of: {', '.join(known)}.")
    if fault.times < 1 or fault.skip < 0:
        raise ValueError("times must be 1 or more, and skip 0 or more.")
    return fault


class Faults:
    """The switches in force, first set first used; they live in the process and end with it."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._set.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._set.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._set]

    def take(self, network: str, purpose: str) -> str | None:
        """The fault that spoils this request, used up by one; None when none applies."""
        with self._lock:
            for place, fault in enumerate(self._set):
                if fault.route not in (purpose, "any") or fault.network not in (network, "any"):
                    continue
                if fault.skip:
                    self._set[place] = replace(fault, skip=fault.skip - 1)
                    continue
                if fault.times > 1:
                    self._set[place] = replace(fault, times=fault.times - 1)
                else:
                    del self._set[place]
                return fault.fault
        return None
