"""Decides who answers a request: X, Graph, the pages or the practice switches; and plays the faults that are set."""

import hmac
import re
import threading
from dataclasses import replace
from math import ceil
from typing import Any

from social.practice import attached, page
from social.practice.calls import Answer, Call, Halt, Route, find_route, route
from social.practice.conversation import ever_said_under
from social.practice.faults import Faults, read_fault
from social.practice.graph import Graph, version_problem, versioned
from social.practice.graph_errors import bad_token, error_answer, gone
from social.practice.graph_tokens import end_token, new_token
from social.practice.notify import STATUSES, Notify
from social.practice.notify_shapes import error as notify_error
from social.practice.notify_shapes import spoiled as notify_spoiled
from social.practice.police_data import PoliceData
from social.practice.police_data import too_many as police_data_too_many
from social.practice.troubles import FAULT_OF, read_unrest
from social.practice.world import NOTICE, World, from_ms, to_ms
from social.practice.x import X
from social.practice.x_auth import require_user, unauthorized
from social.practice.x_media import XMedia
from social.practice.x_shapes import too_many
from social.practice.x_tokens import XTokens

_PROXY_PAGE = "<html><head><title>503</title></head><body><h1>Service unavailable</h1></body></html>"


_NO_PERMISSION = "(#200) Requires pages_manage_engagement permission to manage the object"


def _not_allowed_on_x() -> Answer:
    """X to an app that pays by use and answers somebody who did not mention the account."""
    detail = "You are not permitted to reply to this post: its author has not mentioned or quoted you."
    return Answer(403, {"title": "Forbidden", "type": "about:blank", "status": 403, "detail": detail})


class Switchboard:
    """Everything that can be asked of the practice network."""

    def __init__(self, world: World, faults: Faults, notify: Notify) -> None:
        self._world = world
        self._notify = notify
        self._notify_routes = notify.routes()
        self._police_data = PoliceData(world)
        self._faults = faults
        self._counting = threading.Lock()
        self._graph = Graph(world)
        self._x_tokens = XTokens(world)
        self._x_routes = (*X(world).routes(), *XMedia(world).routes(), *self._x_tokens.routes())
        self._graph_routes = self._graph.routes()
        self._own_routes: tuple[Route, ...] = (
            route("GET", r"/", self.landing, ""),
            route("GET", r"/posts/(?P<id>\d+(?:_\d+)?)", self.post_page, ""),
            route("GET", r"/\w+/status/(?P<id>\d+)", self.post_page, ""),
            route("GET", r"/media/(?P<id>\d+)", self.picture_page, ""),
            *attached.routes(),
            route("GET", r"/practice/faults", self.faults_listed, ""),
            route("POST", r"/practice/faults", self.set_fault, ""),
            route("DELETE", r"/practice/faults", self.clear_faults, ""),
            route("GET", r"/practice/unrest", self.unrest_listed, ""),
            route("POST", r"/practice/unrest", self.set_unrest, ""),
            route("DELETE", r"/practice/unrest", self.clear_unrest, ""),
            route("POST", r"/practice/token", self.move_token, ""),
            route("POST", r"/practice/notify", self.move_notify, ""),
            route("GET", r"/practice/truth", self.tell_truth, ""),
            route("GET", r"/practice/said", lambda *_: Answer(200, {"practice": NOTICE, "said": self.said()}), ""),
        )

    def respond(self, call: Call) -> Answer:
        """Do what is asked and answer it."""
        try:
            if call.path.startswith("/2/"):
                return self._x(call)
            if call.path.startswith("/v2/"):
                return self._notify_call(call)
            if call.path.startswith("/api/"):
                return self._police_data.answer(call, find_route(self._police_data.routes, call.method, call.path))
            if found := versioned(call.path):
                return self._graph_call(call, *found)
            own = find_route(self._own_routes, call.method, call.path)
            if own is None:
                return Answer(404, page.not_there(), html=True)
            if call.path.startswith("/practice/"):
                self._require_admin(call)
            return own[0].handler(call, own[1])
        except Halt as halt:
            return halt.answer

    def take_fault(self, call: Call) -> str | None:
        """The fault that spoils this request, used up by this."""
        if call.path.startswith("/2/"):
            return self._spoils("x", find_route(self._x_routes, call.method, call.path))
        if call.path.startswith("/v2/"):
            return self._spoils("notify", find_route(self._notify_routes, call.method, call.path))
        if call.path.startswith("/api/"):
            return self._spoils("police_data", find_route(self._police_data.routes, call.method, call.path))
        if graph := versioned(call.path):
            return self._spoils("facebook", find_route(self._graph_routes, call.method, graph[1]))
        return None

    def _spoils(self, network: str, found: tuple[Route, "re.Match[str]"] | None) -> str | None:
        if found is None:
            return None
        purpose = found[0].purpose
        with self._counting:
            self._world.asked[network, purpose] += 1
        if fault := self._faults.take(network, purpose):
            return fault
        spell = self._world.troubles.spell(network, purpose, self._world.clock.now())
        return FAULT_OF[spell.how] if spell is not None else None

    def spoiled(self, call: Call, fault: str) -> Answer:
        """What the request's network answers for a fault."""
        if fault == "html_503":
            return Answer(503, _PROXY_PAGE, html=True)
        if fault == "garbled":
            return Answer(200, b'{"data": {"id": "12')
        if call.path.startswith("/v2/"):
            return notify_spoiled(fault)
        if call.path.startswith("/api/"):
            return police_data_too_many() if fault == "429" else Answer(500, b"")
        x = call.path.startswith("/2/")
        if fault == "401":
            return unauthorized() if x else bad_token("Error validating access token: Session has expired")
        if fault == "not_allowed":
            return _not_allowed_on_x() if x else error_answer(200, _NO_PERMISSION, status=403)
        if fault == "429":
            spell = self._world.troubles.spell("x" if x else "facebook", "listen", self._world.clock.now())
            wait = (to_ms(spell.ends) - self._world.now_ms()) / 1000 if spell is not None else 900
            if x:
                reset = ceil(self._world.now_ms() / 1000 + wait)
                headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
                return replace(too_many(), headers=headers)
            return replace(
                error_answer(32, "(#32) Page request limit reached", status=403),
                headers=self._usage(100, ceil(wait / 60)),
            )
        if x:
            return Answer(500, {"title": "Internal Server Error", "type": "about:blank", "status": 500, "detail": ""})
        return error_answer(
            2, "An unexpected error has occurred. Please retry your request later.", status=500, transient=True
        )

    def _x(self, call: Call) -> Answer:
        found = find_route(self._x_routes, call.method, call.path)
        if found is None:
            return Answer(404, {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"})
        entry, match = found
        allowance = self._world.windows.take(entry.limit, self._world.now_ms())
        day = self._world.windows.take_of_day(entry.limit, self._world.now_ms())
        if not (allowance.allowed and day.allowed):
            with self._counting:
                self._world.asked["x", "too many"] += 1
        try:
            self._require_user(call, entry)
            answer = entry.handler(call, match) if allowance.allowed and day.allowed else too_many()
        except Halt as halt:
            answer = halt.answer
        headers = {**answer.headers, **allowance.headers(), **day.headers("x-app-limit-24hour")}
        return replace(answer, headers=headers)

    def _notify_call(self, call: Call) -> Answer:
        found = find_route(self._notify_routes, call.method, call.path)
        return found[0].handler(call, found[1]) if found else notify_error(404, "NotFound", "Not found")

    def _require_user(self, call: Call, entry: Route) -> None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if entry.purpose == "token":
            return  # the app itself asks, and says so to the endpoint
        if scheme.lower() == "bearer":
            self._x_tokens.require(token.strip())
        else:
            require_user(call, self._world.credentials["x"])

    def _graph_call(self, call: Call, version: int, path: str) -> Answer:
        used = self._world.windows.graph_usage(self._world.now_ms())
        try:
            answer = version_problem(version) or self._graph_answer(call, path)
        except Halt as halt:
            answer = halt.answer
        headers = {**answer.headers, **self._usage(used), "facebook-api-version": f"v{version}.0"}
        return replace(answer, headers=headers)

    def _graph_answer(self, call: Call, path: str) -> Answer:
        self._graph.authorised(call)
        found = find_route(self._graph_routes, call.method, path)
        if found is None:
            raise gone(path.strip("/").split("/")[0], call.method.lower())
        return found[0].handler(call, found[1])

    def _usage(self, percent: int, minutes: int = 30) -> dict[str, str]:
        """minutes: until the allowance is there again, once it is used up."""
        page_id = self._world.page_id
        return {
            "X-App-Usage": f'{{"call_count":{percent},"total_time":{percent},"total_cputime":{percent}}}',
            "X-Business-Use-Case-Usage": f'{{"{page_id}":[{{"type":"pages","call_count":{percent},"total_cputime":'
            f'{percent},"total_time":{percent},"estimated_time_to_regain_access":{minutes if percent >= 100 else 0}}}]}}',
        }

    def _require_admin(self, call: Call) -> None:
        given = call.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode(), self._world.admin.encode()):
            message = "Send `Authorization: Bearer` and the token in the file practice_token of the practice folder."
            raise Halt(Answer(403, {"practice": NOTICE, "error": message}))

    def landing(self, call: Call, _: "re.Match[str]") -> Answer:
        if "application/json" in call.headers.get("accept", ""):
            counts = {network: self._world.store.count_posts(network) for network in ("x", "facebook")}
            return Answer(200, {"practice": NOTICE, "posts": counts, "faults": self._faults.listed()})
        taken = self._notify.store.listed(self._world.now_ms(), limit=page.NOTIFICATIONS)
        return Answer(200, page.landing(self._world, self._faults, taken), html=True)

    def post_page(self, _: Call, match: "re.Match[str]") -> Answer:
        post = self._world.store.post_by_id(match["id"])
        if post is None or post.deleted_ms is not None or post.root is not None:
            return Answer(404, page.not_there(), html=True)
        return Answer(200, page.one_post(self._world, post), html=True)

    def picture_page(self, _: Call, match: "re.Match[str]") -> Answer:
        found = self._world.store.media("facebook", [match["id"]])
        return Answer(200, page.one_picture(found[0]), html=True) if found else Answer(404, page.not_there(), html=True)

    def faults_listed(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, {"practice": NOTICE, "faults": self._faults.listed()})

    def set_fault(self, call: Call, _: "re.Match[str]") -> Answer:
        try:
            self._faults.add(read_fault(dict(call.body)))
        except (ValueError, TypeError) as error:
            return Answer(400, {"practice": NOTICE, "error": str(error)})
        return Answer(201, {"practice": NOTICE, "faults": self._faults.listed()})

    def clear_faults(self, _: Call, __: "re.Match[str]") -> Answer:
        self._faults.clear()
        return Answer(200, {"practice": NOTICE, "faults": []})

    def unrest_listed(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, {"practice": NOTICE, "unrest": self._world.troubles.listed()})

    def set_unrest(self, call: Call, match: "re.Match[str]") -> Answer:
        try:
            self._world.troubles.set(read_unrest(dict(call.body), self._world.clock.now()))
        except (ValueError, TypeError, OverflowError) as error:
            return Answer(400, {"practice": NOTICE, "error": str(error)})
        return replace(self.unrest_listed(call, match), status=201)

    def clear_unrest(self, call: Call, match: "re.Match[str]") -> Answer:
        self._world.troubles.clear()
        return self.unrest_listed(call, match)

    def move_token(self, call: Call, _: "re.Match[str]") -> Answer:
        """End a network's token, or make the new one that a person would make."""
        network, what = call.body.get("network"), call.body.get("do")
        if network not in ("x", "facebook") or what not in ("end", "renew") or (network, what) == ("x", "renew"):
            error = "Give network and do: x or facebook and end, or facebook and renew. X's token renews itself."
            return Answer(400, {"practice": NOTICE, "error": error})
        if what == "renew":
            return Answer(201, {"practice": NOTICE, "credentials": new_token(self._world)})
        if network == "x":
            self._x_tokens.expire()
        else:
            end_token(self._world)
        return Answer(200, {"practice": NOTICE, "ended": network})

    def move_notify(self, call: Call, _: "re.Match[str]") -> Answer:
        """End a notification as it is wanted, or have somebody text the service."""
        given = {name: call.body.get(name) for name in ("id", "status", "from", "text")}
        number, status, source, words = (one if isinstance(one, str) else "" for one in given.values())
        if source and words:
            return Answer(201, {"practice": NOTICE, "id": self._notify.text_came(source, words).id})
        if status not in STATUSES or self._notify.store.one(number) is None:
            error = f"Give from and text, or the id of a notification and its status: {', '.join(STATUSES)}."
            return Answer(400, {"practice": NOTICE, "error": error})
        self._notify.settle(number, status)
        return Answer(200, {"practice": NOTICE, "id": number, "status": status})

    def tell_truth(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, {"practice": NOTICE, "posts": self.truth()})

    def said(self) -> list[dict[str, Any]]:
        """What residents ever said (see `PracticeNetwork.said`)."""
        world = self._world
        return [
            {
                "platform_id": said.platform_id,
                "network": post.network,
                "under": post.platform_id,
                "parent": said.parent,
                "text": said.text,
                "hidden": said.hidden,
                "gone": said.gone or post.deleted_ms is not None,
                "said_at": from_ms(said.created_ms).isoformat(),
            }
            for post in world.store.accepted()
            if post.root is None
            for said in ever_said_under(world.store, post, world.now_ms())
            if not said.ours
        ]

    def truth(self) -> list[dict[str, Any]]:
        """What was really accepted (see `PracticeNetwork.truth`)."""
        return [
            {
                "platform_id": post.platform_id,
                "network": post.network,
                "text": post.text,
                "link": post.link,
                "alt_texts": [medium.alt_text for medium in self._world.store.media(post.network, post.media)],
                "reply_to": post.parent,
                "accepted_at": from_ms(post.created_ms).isoformat(),
                "deleted": post.deleted_ms is not None,
            }
            for post in self._world.store.accepted()
        ]
