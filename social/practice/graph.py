"""The Graph API for one page: posts, photos, comments, insights, tokens."""

import json
import re
from typing import Any
from urllib.parse import urlencode

from social.practice import conversation, ids
from social.practice import graph_shapes as shapes
from social.practice.calls import Answer, Call, Halt, Route, route
from social.practice.conversation import Said
from social.practice.graph_errors import error_answer, gone, graph_error
from social.practice.graph_fields import Wanted, read_fields
from social.practice.graph_insights import page_insights, post_insights
from social.practice.graph_tokens import is_good, require_page
from social.practice.store import Mark, Medium, Post
from social.practice.world import World

OLDEST, NEWEST = 21, 26
MOST_CHARACTERS = 63_206
MOST_PHOTO_BYTES = 10_000_000
_VERSION = re.compile(r"/v(\d+)\.(\d+)(/.*)\Z")
_TRUE = ("true", "1", "True")
SCOPES = (
    "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_read_user_content",
    "pages_manage_engagement", "read_insights",
)  # fmt: skip


def versioned(path: str) -> tuple[int, str] | None:
    """The major version and the rest of a Graph path; None when the path has no version."""
    match = _VERSION.match(path)
    return (int(match[1]), match[3]) if match else None


def version_problem(version: int) -> Answer | None:
    """The answer to a version that is no longer, or not yet, there; None when it is."""
    if version < OLDEST:
        message = f"(#2635) You are calling a deprecated version of the API. Please update to the latest version: v{NEWEST}.0."
        return error_answer(2635, message)
    if version > NEWEST:
        return error_answer(2500, "Unknown path components: /v" + str(version))
    return None


def token_of(call: Call) -> str:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else call.params.get("access_token", "")


class Graph:
    """The Graph API as the practice page's token sees it; paths come without their version."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._store = world.store

    def routes(self) -> tuple[Route, ...]:
        page = rf"/(?:me|{self._world.page_id})"
        thing = r"/(?P<id>\d+(?:_\d+)?)"
        return (
            route("GET", r"/debug_token", self.debug_token, "verify"),
            route("GET", page, self.page, "verify"),
            route("POST", page + r"/feed", self.feed, "publish"),
            route("POST", page + r"/photos", self.photos, "media"),
            route("GET", page + r"/(?:published_posts|feed|posts)", self.posts, "find"),
            route("POST", page + r"/subscribed_apps", self.subscribed, "verify"),
            route("GET", page + r"/scheduled_posts", self.scheduled, "find"),
            route("GET", page + r"/insights", self.page_figures, "measure"),
            route("GET", thing + r"/comments", self.comments, "listen"),
            route("POST", thing + r"/comments", self.answer, "publish"),
            route("GET", thing + r"/insights", self.post_figures, "measure"),
            route("GET", thing + r"/reactions", self.reactions, "measure"),
            route("GET", thing, self.one, "measure"),
            route("POST", thing, self.change, "hide"),
            route("DELETE", thing, self.delete, "withdraw"),
        )

    def authorised(self, call: Call) -> None:
        """Raises Halt with code 190 when the token is not the page's."""
        token = token_of(call)
        if not token:
            message = "An active access token must be used to query information about the current user."
            raise Halt(error_answer(2500, message))
        require_page(self._world, token)

    def debug_token(self, call: Call, _: "re.Match[str]") -> Answer:
        asked = call.query.get("input_token", "")
        if not is_good(self._world, asked):
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return Answer(200, {"data": {"error": error, "is_valid": False, "scopes": []}})
        return Answer(200, {"data": {
            "app_id": shapes.APPLICATION["id"], "application": shapes.APPLICATION["name"], "type": "PAGE",
            "expires_at": 0, "data_access_expires_at": 0, "is_valid": True, "scopes": list(SCOPES),
            "profile_id": self._world.page_id, "user_id": "100000000000001",
        }})  # fmt: skip

    def page(self, call: Call, _: "re.Match[str]") -> Answer:
        return Answer(200, shapes.page_json(self._world, self._fields(call), call.base))

    def subscribed(self, call: Call, _: "re.Match[str]") -> Answer:
        if not call.params.get("subscribed_fields"):
            raise graph_error(100, "(#100) The parameter subscribed_fields is required")
        return Answer(200, {"success": True})

    def page_figures(self, call: Call, _: "re.Match[str]") -> Answer:
        return Answer(200, page_insights(self._world, call.params))

    def feed(self, call: Call, _: "re.Match[str]") -> Answer:
        params = call.params
        message, link = params.get("message", ""), params.get("link") or None
        photos = self._attached(params.get("attached_media"))
        if params.get("published", "true") not in _TRUE:
            raise graph_error(
                100, "(#100) The practice network publishes at once; scheduled and unpublished posts are not kept"
            )
        post = self._publish(message, link, photos)
        wanted = self._fields(call)
        return Answer(
            200, shapes.post_json(self._world, post, wanted, call.base) if wanted else {"id": post.platform_id}
        )

    def _publish(self, message: str, link: str | None, photos: tuple[str, ...]) -> Post:
        world = self._world
        if not message.strip() and not link and not photos:
            raise graph_error(100, "(#100) Missing message or attachment")
        if len(message) > MOST_CHARACTERS:
            raise graph_error(100, f"(#100) Param message must be at most {MOST_CHARACTERS} characters long.")
        if link and not link.startswith(("http://", "https://")):
            raise graph_error(100, "(#100) link URL is not properly formatted")
        with self._store.writing():
            last = self._store.posts("facebook", limit=1)
            if world.refuses_repeats and message and last and last[0].text == message and last[0].link == link:
                text = "(#506) Duplicate status message"
                raise Halt(error_answer(506, text, title="Duplicate post"))
            number, now = self._store.next_number(), world.now_ms()
            post = Post(
                number, "facebook", f"{world.page_id}_{ids.facebook_post_part(number)}", message, link, photos, now,
                world.pace, "sent", world.troubles.unrest.habits.seed(self._store.crowd_key("facebook", message)), None,
                None, None,
            )  # fmt: skip
            self._store.add_post(post)
        return post

    def _attached(self, given: str | None) -> tuple[str, ...]:
        if not given:
            return ()
        try:
            asked = [str(entry["media_fbid"]) for entry in json.loads(given)]
        except (ValueError, TypeError, KeyError):
            raise graph_error(100, "(#100) Param attached_media must be an array.") from None
        if [medium.id for medium in self._store.media("facebook", asked)] != asked:
            raise graph_error(100, "(#100) Invalid parameter: attached_media", subcode=33)
        return tuple(asked)

    def photos(self, call: Call, _: "re.Match[str]") -> Answer:
        params, source = call.params, call.files.get("source")
        if source is None or not source.content:
            raise graph_error(324, "(#324) Requires upload file")
        if len(source.content) > MOST_PHOTO_BYTES or not source.mime.startswith("image/"):
            raise graph_error(324, "(#324) Missing or invalid image file")
        with self._store.writing():
            count = int(self._store.get_or_make("photo_count", "0")) + 1
            self._store.put("photo_count", str(count))
        photo_id = str(122_900_000_000_000_000 + count)
        alt = params.get("alt_text_custom", "")
        now = self._world.now_ms()
        self._store.save_medium(Medium(photo_id, "facebook", source.mime, len(source.content), alt, True, now))
        if params.get("published", "true") not in _TRUE:
            return Answer(200, {"id": photo_id})
        post = self._publish(params.get("message") or params.get("caption", ""), None, (photo_id,))
        return Answer(200, {"id": photo_id, "post_id": post.platform_id})

    def posts(self, call: Call, _: "re.Match[str]") -> Answer:
        params = call.params
        limit = params.get("limit", "25")
        if not limit.isdigit() or not 1 <= int(limit) <= 100:
            raise graph_error(100, "(#100) Param limit must be a number from 1 to 100")
        until = shapes.since_ms(params.get("until"))
        found = self._store.posts(
            "facebook", after_ms=shapes.since_ms(params.get("since")),
            before_ms=None if until is None else until + 1000, limit=int(limit) + 1,
            past=shapes.read_cursor(params["after"]) if params.get("after") else None,
        )  # fmt: skip
        page = found[: int(limit)]
        data = [shapes.post_json(self._world, post, self._fields(call), call.base) for post in page]
        body: dict[str, Any] = {"data": data}
        if page:
            cursors = {"before": shapes.cursor(page[0].platform_id), "after": shapes.cursor(page[-1].platform_id)}
            body["paging"] = {"cursors": cursors}
            if len(found) > len(page):
                body["paging"]["next"] = self._next(call, cursors["after"])
        return Answer(200, body)

    def scheduled(self, _: Call, __: "re.Match[str]") -> Answer:
        return Answer(200, {"data": []})

    def comments(self, call: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"])
        body = shapes.comments_edge(self._world, post, said, call.params, self._fields(call), call.base)
        for way, cursor in (("next", "after"), ("previous", "before")):
            if way in body.get("paging", {}):
                body["paging"][way] = self._next(call, body["paging"]["cursors"][cursor], cursor)
        return Answer(200, body)

    def _next(self, call: Call, cursor: str, name: str = "after") -> str:
        """The address of the next page; like the real one it repeats the token when that came in the query."""
        kept = {key: value for key, value in call.query.items() if key not in ("after", "before")}
        return f"{call.base}{call.path}?{urlencode({**kept, name: cursor})}"

    def answer(self, call: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"], "post")
        message = call.params.get("message", "")
        if not message.strip():
            raise graph_error(100, "(#100) Missing message or attachment")
        with self._store.writing():
            number, now = self._store.next_number(), self._world.now_ms()
            parent = said.platform_id if said else post.platform_id
            comment_id = ids.facebook_answer_id(post.number, number)
            self._store.add_post(
                Post(number, "facebook", comment_id, message, None, (), now, 1.0, "sent", "", None, post.number, parent)
            )
        wanted = self._fields(call)
        if not wanted:
            return Answer(200, {"id": comment_id})
        under = conversation.said_under(self._store, post, now)
        ours = next(one for one in under if one.platform_id == comment_id)
        return Answer(200, shapes.comment_json(self._world, post, ours, under, wanted, call.base))

    def post_figures(self, call: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"])
        if said is not None:
            raise gone(match["id"])
        return Answer(200, post_insights(self._world, post, call.params.get("metric", "")))

    def reactions(self, call: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"])
        figures = conversation.figures(post, self._world.now_ms())
        wanted = read_fields("reactions")[0]
        if said is not None:
            summary = {"total_count": said.likes, "viewer_reaction": "NONE"}
            return Answer(200, {"data": [], "summary": summary})
        wanted.args.update(call.params)
        return Answer(200, shapes.reactions(figures, wanted))

    def one(self, call: Call, match: "re.Match[str]") -> Answer:
        photo = self._store.media("facebook", [match["id"]])
        if photo:
            alt = photo[0].alt_text
            return Answer(200, {"id": photo[0].id, "alt_text": alt, "alt_text_custom": alt})
        post, said = self._find(match["id"])
        wanted = self._fields(call)
        if said is None:
            return Answer(200, shapes.post_json(self._world, post, wanted, call.base))
        under = conversation.said_under(self._store, post, self._world.now_ms())
        return Answer(200, shapes.comment_json(self._world, post, said, under, wanted, call.base))

    def change(self, call: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"], "post")
        hidden = call.params.get("is_hidden")
        if said is None or hidden is None:
            raise graph_error(100, "(#100) The practice network changes nothing but is_hidden of a comment")
        if said.ours:
            raise graph_error(200, "(#200) Cannot hide a comment of the page itself")
        self._store.set_mark(said.platform_id, post.number, Mark(hidden in _TRUE, False))
        return Answer(200, {"success": True})

    def delete(self, _: Call, match: "re.Match[str]") -> Answer:
        post, said = self._find(match["id"], "delete")
        now = self._world.now_ms()
        if said is None:
            self._store.delete_post(post.number, now)
        elif own := self._store.post_by_id(said.platform_id):
            self._store.delete_post(own.number, now)
        else:
            self._store.set_mark(said.platform_id, post.number, Mark(said.hidden, True))
        return Answer(200, {"success": True})

    def _fields(self, call: Call) -> tuple[Wanted, ...]:
        return read_fields(call.params.get("fields", ""))

    def _find(self, object_id: str, method: str = "get") -> tuple[Post, Said | None]:
        """The post, with the comment when the id is one's.  Raises Halt (100/33) when there is no such thing."""
        post = self._store.post_by_id(object_id)
        if post is not None and post.network == "facebook" and post.root is None:
            if post.deleted_ms is None:
                return post, None
            raise gone(object_id, method)
        root = self._store.post_by_id(f"{self._world.page_id}_{object_id.split('_')[0]}")
        if root is not None and root.deleted_ms is None:
            for said in conversation.said_under(self._store, root, self._world.now_ms()):
                if said.platform_id == object_id:
                    return root, said
        raise gone(object_id, method)
