"""Decides who answers a request: X, Graph, the pages or the practice switches; and plays the faults that are set."""

import hmac
import re
from dataclasses import replace
from typing import Any

from social.practice import attached, page
from social.practice.calls import Answer, Call, Halt, Route, find_route, route
from social.practice.faults import Faults, read_fault
from social.practice.graph import Graph, version_problem, versioned
from social.practice.graph_errors import bad_token, error_answer, gone
from social.practice.world import NOTICE, World, from_ms
from social.practice.x import X
from social.practice.x_auth import require_user, unauthorized
from social.practice.x_media import XMedia
from social.practice.x_shapes import too_many
from social.practice.x_tokens import XTokens

_PROXY_PAGE = "<html><head><title>503</title></head><body><h1>Service unavailable</h1></body></html>"


class Switchboard:
    """Everything that can be asked of the practice network."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
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
            route("GET", r"/practice/truth", self.tell_truth, ""),
        )

    def respond(self, call: Call) -> Answer:
        """Do what is asked and answer it."""
        try:
            if call.path.startswith("/2/"):
                return self._x(call)
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
            found = find_route(self._x_routes, call.method, call.path)
            return self._faults.take("x", found[0].purpose) if found else None
        if graph := versioned(call.path):
            found = find_route(self._graph_routes, call.method, graph[1])
            return self._faults.take("facebook", found[0].purpose) if found else None
        return None

    def spoiled(self, call: Call, fault: str) -> Answer:
        """What the request's network answers for a fault."""
        if fault == "html_503":
            return Answer(503, _PROXY_PAGE, html=True)
        if fault == "garbled":
            return Answer(200, b'{"data": {"id": "12')
        x = call.path.startswith("/2/")
        if fault == "401":
            return unauthorized() if x else bad_token("Error validating access token: Session has expired")
        if fault == "429":
            if x:
                reset = self._world.now_ms() // 1000 + 900
                headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
                return replace(too_many(), headers=headers)
            return replace(error_answer(32, "(#32) Page request limit reached", status=403), headers=self._usage(100))
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
        try:
            self._require_user(call, entry)
            answer = entry.handler(call, match) if allowance.allowed and day.allowed else too_many()
        except Halt as halt:
            answer = halt.answer
        headers = {**answer.headers, **allowance.headers(), **day.headers("x-app-limit-24hour")}
        return replace(answer, headers=headers)

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

    def _usage(self, percent: int) -> dict[str, str]:
        page_id = self._world.page_id
        return {
            "X-App-Usage": f'{{"call_count":{percent},"total_time":{percent},"total_cputime":{percent}}}',
            "X-Business-Use-Case-Usage": f'{{"{page_id}":[{{"type":"pages","call_count":{percent},"total_cputime":'
            f'{percent},"total_time":{percent},"estimated_time_to_regain_access":{30 if percent >= 100 else 0}}}]}}',
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
        return Answer(200, page.landing(self._world, self._faults), html=True)

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

    def tell_truth(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, {"practice": NOTICE, "posts": self.truth()})

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
