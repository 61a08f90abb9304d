"""data.police.uk: the one door to it (D01). About a hundred lines of our own, since both libraries for it fail on its
quirks (D07, D08).

It allows fifteen requests a second with bursts of thirty, so no more leave; when it asks to wait all the same, we wait
and ask again. What it answered is kept for a day, and stands in for it when it cannot be reached. Nothing here runs
unless a person or a setting asks for it: what was taken in lies in our own tables, and every page and figure reads
those."""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from social import police_data_shapes as shapes
from social.clock import Clock, steady_seconds
from social.police_data_answers import KeptAnswers
from social.police_data_shapes import PoliceDataTrouble, Unreadable
from social.settings import Settings

A_DAY = timedelta(days=1)
LONGEST_WAIT = 60.0
TRIES = 5
_PATIENCE = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries where the service names none."""

T = TypeVar("T")


class NotThere(PoliceDataTrouble):
    """The service knows no such force, neighbourhood or point."""


class NotAnswering(PoliceDataTrouble):
    """It cannot be reached, or asks us to wait longer than we do: no other question would be answered either."""


class Throttle:
    """Lets requests through at a rate, some at once.  rate: a second.  burst: how many at once after a pause."""

    def __init__(
        self, rate: float = 15.0, burst: int = 30, *,
        seconds: Callable[[], float] = steady_seconds, sleep: Callable[[float], object] = time.sleep,
    ) -> None:  # fmt: skip
        self._rate, self._burst, self._seconds, self._sleep = rate, burst, seconds, sleep
        self._left, self._at = float(burst), seconds()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when the next request may leave."""
        with self._lock:
            now = self._seconds()
            self._left = min(self._burst, self._left + (now - self._at) * self._rate) - 1
            self._at = now
            short = -self._left / self._rate
        if short > 0:
            self._sleep(short)


_FOR_ALL = Throttle()
"""One for the process: what counts at the service is the address that asks."""


class PoliceData:
    """The service as functions.  Each raises PoliceDataTrouble, or NotThere.

    fresh: ask even where there is an answer of today, and let no older one stand in.  ask: who answers a path in place
    of the service.  throttle, sleep: for tests.  as_of: when the oldest answer that was used was given, None before the first one."""

    def __init__(
        self, settings: Settings, clock: Clock, *, fresh: bool = False, ask: Callable[[str], Any] | None = None,
        throttle: Throttle = _FOR_ALL, sleep: Callable[[float], object] = time.sleep,
    ) -> None:  # fmt: skip
        # requests is slow to import, and most of what imports this module never asks the service.
        from social.channels.transport import Door

        self._base, self._fresh = settings.police_data_address, fresh
        self._clock, self._throttle, self._sleep = clock, throttle, sleep
        self._door = Door(self._base, settings)
        self._kept = KeptAnswers(settings.home / "police-data", self._base)
        self._ask = ask or self._ask_service
        self.as_of: datetime | None = None

    def forces(self) -> tuple[shapes.Named, ...]:
        return self._get("forces", shapes.named)

    def force_name(self, force: str) -> str | None:
        return self._get(f"forces/{_part(force)}", shapes.force_name)

    def neighbourhoods(self, force: str) -> tuple[shapes.Named, ...]:
        return self._get(f"{_part(force)}/neighbourhoods", shapes.named)

    def neighbourhood(self, force: str, key: str) -> shapes.Neighbourhood:
        return self._get(f"{_part(force)}/{_part(key)}", shapes.neighbourhood)

    def boundary(self, force: str, key: str) -> list[tuple[float, float]] | None:
        return self._get(f"{_part(force)}/{_part(key)}/boundary", shapes.boundary)

    def priorities(self, force: str, key: str) -> tuple[shapes.ReadPriority, ...]:
        return self._get(f"{_part(force)}/{_part(key)}/priorities", shapes.priorities)

    def events(self, force: str, key: str) -> tuple[shapes.ReadEvent, ...]:
        return self._get(f"{_part(force)}/{_part(key)}/events", shapes.events)

    def contactable(self, force: str, key: str) -> int:
        """How many officers are named with a way to reach them. Who they are is not kept, not even for the day (D05)."""
        return self._get(f"{_part(force)}/{_part(key)}/people", int, keep=shapes.contactable)

    def locate(self, latitude: float, longitude: float) -> tuple[str, str]:
        """(force, neighbourhood) of a point."""
        return self._get(f"locate-neighbourhood?q={latitude:.6f},{longitude:.6f}", shapes.located)

    def _get(self, path: str, read: Callable[[Any], T], *, keep: Callable[[Any], Any] = lambda answer: answer) -> T:
        """keep: what of the answer is kept; `read` is given that."""
        now = self._clock.now()
        kept = None if self._fresh else self._kept.get(path, now)
        if kept is None or not now - A_DAY < kept.at <= now:
            try:
                answer = keep(self._ask(path))
                value = read(answer)
            except NotThere:
                raise
            except PoliceDataTrouble:
                if kept is None:
                    raise
            else:
                self._kept.put(path, answer, now)
                self._seen(now)
                return value
        self._seen(kept.at)
        return read(kept.answer)

    def _seen(self, at: datetime) -> None:
        self.as_of = at if self.as_of is None else min(self.as_of, at)

    def _ask_service(self, path: str) -> Any:
        import requests

        failure: PoliceDataTrouble
        for attempt in range(TRIES):
            self._throttle.wait()
            pause = _PATIENCE[min(attempt, len(_PATIENCE) - 1)]
            try:
                answer = self._door.get(f"{self._base}/{path}", headers={"Accept": "application/json"})
            except requests.Timeout:
                failure = NotAnswering("data.police.uk did not answer in time. Try later.")
            except requests.RequestException:
                raise NotAnswering(
                    "data.police.uk cannot be reached from here. What was taken in before stays and can be used; try "
                    "again when there is a connection."
                ) from None
            else:
                if answer.status_code == 200:
                    return _decoded(answer.content)
                if answer.status_code == 404:
                    raise NotThere("data.police.uk does not know that force or neighbourhood.")
                failure = PoliceDataTrouble(f"data.police.uk answered with status {answer.status_code}. Try later.")
                if answer.status_code == 429:
                    failure = NotAnswering("data.police.uk asks us to wait longer. Try again in some minutes.")
                    pause = _named_wait(answer.headers.get("Retry-After"), pause)
                elif answer.status_code < 500:
                    break
            if attempt + 1 < TRIES:
                self._sleep(pause)
        raise failure


def _part(text: str) -> str:
    """An id as a part of an address: spaces and slashes percent-encoded (D04)."""
    return quote(text, safe="")


def _named_wait(header: str | None, otherwise: float) -> float:
    """Seconds that the service asks us to wait; more than a minute is not waited for."""
    text = (header or "").strip()
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise Unreadable from None
