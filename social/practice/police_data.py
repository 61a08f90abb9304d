"""data.police.uk for the invented force, with every quirk of the real service that has been seen (D04).

Numbers are strings, one population is "0", one is no number and one is null; names and texts hold HTML and `&amp;`, ids
hold spaces, and most of what can be null is null somewhere. One event is past, one priority is older than 90 days and
one has no date. Officers are invented (D05). It answers fifteen requests a second with thirty at once, then 429 (D01)."""

import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote

from social.clock import as_local
from social.practice.calls import Answer, Call, Route, find_route, route
from social.practice.police_data_map import MIDDLES, lies_in, outline_of
from social.practice.police_data_words import EVENTS, PEOPLE, POPULATIONS, PRIORITIES, Said
from social.practice.world import World, from_ms

FORCE = "woldershire"
IDS = {name: f"WD {number}" for number, name in enumerate(MIDDLES, 1)}
ELSEWHERE = ("WD 10", "Quarry Side &amp; Locks")
"""A neighbourhood of the service's that the force's own map does not have."""
_RATE, _BURST = 15.0, 30.0
_NOT_FOUND = Answer(404, b"")


class PoliceData:
    """The service under /api/.  seconds: a clock that nobody sets, for its limit."""

    def __init__(self, world: World, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._world, self._seconds = world, seconds
        self._lock = threading.Lock()
        self._rate, self._burst = _RATE * world.windows.scale, _BURST * world.windows.scale
        self._left, self._at = self._burst, seconds()
        self.routes: tuple[Route, ...] = (
            route("GET", r"/api/forces", self._forces, "listen"),
            route("GET", r"/api/forces/(?P<force>[^/]+)", self._force, "listen"),
            route("GET", r"/api/locate-neighbourhood", self._locate, "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/neighbourhoods", self._neighbourhoods, "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/(?P<id>[^/]+)", self._about(self._detail), "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/(?P<id>[^/]+)/boundary", self._about(self._boundary), "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/(?P<id>[^/]+)/people", self._about(self._people), "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/(?P<id>[^/]+)/events", self._about(self._events), "listen"),
            route("GET", r"/api/(?P<force>[^/]+)/(?P<id>[^/]+)/priorities", self._about(self._priorities), "listen"),
        )

    def answer(self, call: Call, found: "tuple[Route, re.Match[str]] | None") -> Answer:
        """What the service says, or 429 where it was asked too often."""
        if not self._let_in():
            return too_many()
        return found[0].handler(call, found[1]) if found is not None else _NOT_FOUND

    def told(self, path: str) -> Any:
        """What it says to a GET of a path below /api/, asked in this process and so without its limit.

        Raises LookupError where it knows nothing of it."""
        there, _, query = path.partition("?")
        call = Call("GET", f"/api/{unquote(there)}", dict(parse_qsl(query)), {}, {}, {}, {}, "")
        found = find_route(self.routes, "GET", call.path)
        answer = found[0].handler(call, found[1]) if found is not None else _NOT_FOUND
        if answer.status != 200:
            raise LookupError(path)
        return answer.body

    def _let_in(self) -> bool:
        with self._lock:
            now = self._seconds()
            self._left = min(self._burst, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def _forces(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, [{"id": "larkshire", "name": "Larkshire &amp; Vale Constabulary"},
                            {"id": FORCE, "name": "Woldershire Police"}])  # fmt: skip

    def _force(self, _: Call, match: "re.Match[str]") -> Answer:
        if match["force"] != FORCE:
            return _NOT_FOUND
        return Answer(200, {"id": FORCE, "name": "Woldershire Police", "description": None, "url": "",
                            "telephone": "101", "engagement_methods": []})  # fmt: skip

    def _neighbourhoods(self, _: Call, match: "re.Match[str]") -> Answer:
        if match["force"] != FORCE:
            return Answer(200, []) if match["force"] == "larkshire" else _NOT_FOUND
        listed = [{"id": key, "name": name} for name, key in IDS.items()]
        return Answer(200, [*listed, {"id": ELSEWHERE[0], "name": ELSEWHERE[1]}])

    def _locate(self, call: Call, __: "re.Match[str]") -> Answer:
        try:
            latitude, longitude = (float(part) for part in call.query.get("q", "").split(","))
        except ValueError:
            return Answer(400, b"")
        name = lies_in(latitude, longitude)
        return Answer(200, {"force": FORCE, "neighbourhood": IDS[name]}) if name else _NOT_FOUND

    def _about(self, tell: Callable[[str, str], Any]) -> "Callable[[Call, re.Match[str]], Answer]":
        """A route about one neighbourhood.  tell: from its id and name, the answer."""

        def answer(_: Call, match: "re.Match[str]") -> Answer:
            known = {**{key: name for name, key in IDS.items()}, ELSEWHERE[0]: ELSEWHERE[1]}
            name = known.get(match["id"]) if match["force"] == FORCE else None
            return Answer(200, tell(match["id"], name)) if name is not None else _NOT_FOUND

        return answer

    def _detail(self, key: str, name: str) -> dict[str, Any]:
        middle = MIDDLES.get(name)
        centre = None if middle is None else {"latitude": str(middle[0]), "longitude": str(middle[1])}
        return {
            "id": key, "name": name, "description": "<p>Streets, shops &amp; a market.</p>" if middle else None,
            "population": POPULATIONS.get(name, "0"), "url_force": "", "centre": centre, "links": [],
            "locations": [{"name": "", "type": "station", "address": "1 Market Street<br />Woldershire",
                           "postcode": None, "latitude": None, "longitude": None}],
            "contact_details": {"email": "", "telephone": "101"},
        }  # fmt: skip

    def _boundary(self, _: str, name: str) -> list[dict[str, str]]:
        corners = outline_of(name) if name in MIDDLES else []
        return [{"latitude": str(lat), "longitude": str(lon)} for lat, lon in corners]

    def _people(self, _: str, name: str) -> list[dict[str, Any]]:
        return [
            {"name": officer, "rank": rank, "bio": None, "contact_details": dict(ways)}
            for officer, rank, ways in PEOPLE.get(name, ())
        ]

    def _events(self, _: str, name: str) -> list[dict[str, Any]]:
        return [
            {
                "title": one.title, "type": one.kind, "description": one.description, "address": one.address,
                "start_date": self._on(one.day, one.hour), "end_date": self._on(one.day, one.hour + 1), "contact_details": {},
            }
            for one in EVENTS.get(name, ())
        ]  # fmt: skip

    def _priorities(self, _: str, name: str) -> list[dict[str, Any]]:
        def told(one: Said) -> dict[str, Any]:
            return {
                "issue": one.issue, "action": one.action,
                "issue-date": None if one.issued is None else self._on(-one.issued, 0),
                "action-date": None if one.acted is None else self._on(-one.acted, 0),
            }  # fmt: skip

        return [told(one) for one in PRIORITIES.get(name, ())]

    def _on(self, days: int, hour: int) -> str:
        """Local time so many days from the day that the network was set up on, as the service writes it: without offset."""
        first = as_local(from_ms(self._world.created_ms))
        moment = (first + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0, tzinfo=None)
        return moment.isoformat()


def too_many() -> Answer:
    """As the service says it: no word of how long to wait."""
    return Answer(429, b"Too many requests")
