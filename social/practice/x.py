"""X API v2: posting, deleting, hiding, looking up, searching a conversation, mentions, own posts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from social.channels.x_text import parse_tweet
from social.practice import conversation, ids
from social.practice import x_shapes as shapes
from social.practice.attached import x_media
from social.practice.calls import Answer, Call, Halt, Route, route
from social.practice.conversation import Said
from social.practice.store import Mark, Post
from social.practice.world import HANDLE, World
from social.practice.x_params import is_id, moment, names, page_size, part_of_body, read_token
from social.practice.x_shapes import Tweet

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
DUPLICATE_MS = 3 * DAY_MS
_REPLIES_LAST_MS = 8 * DAY_MS


@dataclass(frozen=True)
class Listed:
    """A reply that a list may show."""

    post: Post
    said: Said

    @property
    def platform_id(self) -> str:
        return self.said.platform_id

    @property
    def number(self) -> int:
        return int(self.said.platform_id)

    @property
    def created_ms(self) -> int:
        return self.said.created_ms


class X:
    """X as the practice account sees it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._store = world.store

    def routes(self) -> tuple[Route, ...]:
        one, user = r"/2/tweets/(?P<id>\d+)", r"/2/users/(?P<id>\d+)"
        return (
            route("POST", r"/2/tweets", self.create, "publish", "create"),
            route("GET", r"/2/tweets", self.lookup, "measure", "lookup"),
            route("GET", r"/2/tweets/search/recent", self.search, "listen", "search"),
            route("DELETE", one, self.delete, "withdraw", "delete"),
            route("GET", one, self.one, "measure", "user"),
            route("PUT", one + r"/hidden", self.hide, "hide", "hidden"),
            route("GET", one + r"/(?P<edge>retweeted_by|liking_users)", self.people, "measure", "engaged"),
            route("GET", one + r"/quote_tweets", self.quotes, "listen", "engaged"),
            route("GET", r"/2/users/me", self.me, "verify", "me"),
            route("GET", user, self.user, "verify", "user"),
            route("GET", user + r"/tweets", self.timeline, "find", "timeline"),
            route("GET", user + r"/mentions", self.mentions, "listen", "mentions"),
        )

    def create(self, call: Call, _: "re.Match[str]") -> Answer:
        text = str(call.body.get("text") or "")
        media = [str(media) for media in part_of_body(call, "media").get("media_ids") or []]
        parent = part_of_body(call, "reply").get("in_reply_to_tweet_id")
        if not text.strip() and not media:
            raise shapes.invalid("text or media is required", {"text": [""]})
        if parse_tweet(text).weightedLength > 280:
            raise shapes.invalid("Your Tweet text is too long.", {"text": [text]})
        ready = [medium.id for medium in self._store.media("x", media) if medium.ready]
        if len(media) > 4 or ready != media:
            raise shapes.invalid("Your media IDs are invalid.", {"media.media_ids": media})
        with self._store.writing():
            post = self._accept(text, tuple(media), str(parent) if parent else None)
        tweet = shapes.tweet_of_post(self._world, post)
        return Answer(201, {"data": shapes.tweet_json(self._world, tweet, set(), [])})

    def _accept(self, text: str, media: tuple[str, ...], parent: str | None) -> Post:
        world, now = self._world, self._world.now_ms()
        root = None
        if parent is not None:
            found = self._find(parent)
            if found is None:
                raise shapes.forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
            root = found[0].number
        for other in self._store.posts_with_text("x", text):
            if world.refuses_repeats and now - other.created_ms < DUPLICATE_MS and other.parent == parent:
                raise shapes.forbidden("You are not allowed to create a Tweet with duplicate content.")
        number = self._store.next_number()
        crowd = "" if root else self._world.troubles.unrest.habits.seed(self._store.crowd_key("x", text))
        post = Post(
            number, "x", ids.x_id(now, number), text, None, media, now, world.pace, "sent", crowd, None, root, parent
        )
        self._store.add_post(post)
        return post

    def delete(self, _: Call, match: "re.Match[str]") -> Answer:
        post = self._store.post_by_id(match["id"])
        if post is None or post.network != "x":
            found = self._find(match["id"])
            if found is not None:
                raise shapes.forbidden("You are not permitted to perform this action.")
            raise shapes.missing(match["id"])
        if post.deleted_ms is not None:
            raise shapes.missing(match["id"])
        self._store.delete_post(post.number, self._world.now_ms())
        return Answer(200, {"data": {"deleted": True}})

    def hide(self, call: Call, match: "re.Match[str]") -> Answer:
        found = self._find(match["id"])
        if found is None:
            raise shapes.missing(match["id"])
        if found[1] is None:
            raise shapes.forbidden("You are not permitted to perform this action.")
        hidden = bool(call.body.get("hidden"))
        self._store.set_mark(match["id"], found[0].number, Mark(hidden, False))
        return Answer(200, {"data": {"hidden": hidden}})

    def lookup(self, call: Call, _: "re.Match[str]") -> Answer:
        asked = [one for one in call.query.get("ids", "").split(",") if one]
        if not 1 <= len(asked) <= 100 or not all(map(is_id, asked)):
            raise shapes.invalid("The `ids` query parameter takes 1 to 100 ids.", {"ids": asked})
        found: list[Tweet] = []
        errors: list[dict[str, Any]] = []
        for platform_id in asked:
            tweet = self._tweet(platform_id)
            if tweet is None:
                errors.append(shapes.not_found(platform_id))
            else:
                found.append(tweet)
        return self._listed(call, found, errors=errors)

    def one(self, call: Call, match: "re.Match[str]") -> Answer:
        tweet = self._tweet(match["id"])
        if tweet is None:
            return Answer(200, {"errors": [shapes.not_found(match["id"], "id")]})
        answer = self._listed(call, [tweet])
        return Answer(200, {**answer.body, "data": answer.body["data"][0]})

    def search(self, call: Call, _: "re.Match[str]") -> Answer:
        """Replies in a conversation, newest first, of the last seven days.

        The real default end, 30 seconds ago, is not kept: practice runs at its own pace."""
        query = call.query.get("query", "")
        roots = re.findall(r"conversation_id:(\d+)", query)
        if len(query) > 512:
            raise shapes.invalid("Rule length exceeds 512 characters.", {"query": [query]})
        to_us = f"to:{self._world.user_id}" in query.split()
        rest = re.sub(r"conversation_id:\d+|\bto:\d+|\bOR\b|-?from:\w+|-@\w+|-?is:(reply|retweet)|[()\s]", "", query)
        if not (roots or to_us) or rest:
            raise shapes.invalid(
                "The practice network searches by conversation_id, and by to: for its own account, only.",
                {"query": [query]},
            )
        now = self._world.now_ms()
        start = self._start(call, now)
        listed: list[Listed] = []
        if to_us:
            listed = self._to_us(start, now, named=f"-@{HANDLE}" not in query.split())
        for root in dict.fromkeys(roots):
            post = self._store.post_by_id(root)
            # A conversation outlives the post that began it, so a deleted root does not end the search.
            if post is not None and post.network == "x" and post.root is None:
                said = conversation.said_under(self._store, post, now)
                listed += [Listed(post, one) for one in said if not one.hidden and one.created_ms > start]
        if re.search(rf"-from:({self._world.user_id}|{HANDLE})", query):
            listed = [one for one in listed if not one.said.ours]
        return self._paged(call, listed, "next_token", 10, 100)

    def mentions(self, call: Call, match: "re.Match[str]") -> Answer:
        """The newest 800 posts by others that name the account: here, the replies to it."""
        self._require_own(match["id"])
        now = self._world.now_ms()
        since = call.query.get("since_id")
        start = self._start(call, now, oldest=0)
        posts = self._talked_under(start, 400 if since is None else 2000)
        listed = [
            Listed(post, one)
            for post in posts
            for one in conversation.said_under(self._store, post, now)
            if not (one.hidden or one.ours or shapes.leaves_us_out(self._world, post, one)) and one.created_ms >= start
        ]
        listed = sorted(listed, key=lambda one: -one.number)[:800]
        return self._paged(call, listed, "pagination_token", 5, 100)

    def _talked_under(self, start: int, most: int) -> list[Post]:
        """Residents fall silent a week after a post, so older posts cannot hold anything newer than `start`."""
        silent = int(_REPLIES_LAST_MS / min(self._world.pace, 1.0))
        return list(self._store.posts("x", after_ms=max(start - silent, 0), limit=most))

    def _to_us(self, start: int, now: int, *, named: bool) -> list[Listed]:
        """Answers to our own posts.  named: also those that name us."""
        if not (named or self._world.troubles.unnamed_every):
            return []
        return [
            Listed(post, one)
            for post in self._talked_under(start, 2000)
            for one in conversation.said_under(self._store, post, now)
            if one.parent == post.platform_id
            and not (one.hidden or one.ours)
            and one.created_ms > start
            and (named or shapes.leaves_us_out(self._world, post, one))
        ]

    def timeline(self, call: Call, match: "re.Match[str]") -> Answer:
        self._require_own(match["id"])
        start = moment(call, "start_time") or 0
        since = call.query.get("since_id") or "0"
        if not is_id(since):
            raise shapes.invalid("The `since_id` query parameter value is not a valid id.", {"since_id": [since]})
        start = max(start, ids.x_time(since) if since != "0" else 0)
        answers = "replies" not in call.query.get("exclude", "")
        size = page_size(call, 5, 100)
        token = call.query.get("pagination_token")
        posts = self._store.posts(
            "x", after_ms=start, before_ms=moment(call, "end_time"), limit=size + 1, answers=answers,
            past=read_token(token) if token else None,
        )  # fmt: skip
        posts = [post for post in posts if int(post.platform_id) > int(since)]
        tweets = [shapes.tweet_of_post(self._world, post) for post in posts]
        return self._page_of(call, tweets[:size], more=len(tweets) > size)

    def quotes(self, call: Call, match: "re.Match[str]") -> Answer:
        post = self._require_post(match["id"])
        return self._paged(call, shapes.quotes_of(self._world, post), "pagination_token", 10, 100)

    def people(self, call: Call, match: "re.Match[str]") -> Answer:
        post = self._require_post(match["id"])
        figures = conversation.figures(post, self._world.now_ms())
        count = min(
            figures.shares if match["edge"] == "retweeted_by" else figures.reaction_count, page_size(call, 1, 100)
        )
        people = [shapes.author_id(post.number * 1000 + place) for place in range(1, count + 1)]
        data = [shapes.user_json(self._world, person, set()) for person in people]
        return Answer(200, {**({"data": data} if data else {}), "meta": {"result_count": len(data)}})

    def me(self, call: Call, _: "re.Match[str]") -> Answer:
        return Answer(200, {"data": shapes.user_json(self._world, self._world.user_id, names(call, "user.fields"))})

    def user(self, call: Call, match: "re.Match[str]") -> Answer:
        self._require_own(match["id"])
        return self.me(call, match)

    def _require_own(self, user_id: str) -> None:
        if user_id != self._world.user_id:
            raise Halt(Answer(200, {"errors": [shapes.not_found(user_id, "id", "user")]}))

    def _require_post(self, platform_id: str) -> Post:
        post = self._store.post_by_id(platform_id)
        if post is None or post.network != "x" or post.deleted_ms is not None or post.root is not None:
            raise shapes.missing(platform_id)
        return post

    def _find(self, platform_id: str) -> tuple[Post, Said | None] | None:
        """The post under which something stands, with the reply itself; (post, None) when it is our own post."""
        if not is_id(platform_id):
            return None
        own = self._store.post_by_id(platform_id)
        if own is not None:
            if own.deleted_ms is not None or own.network != "x":
                return None
            root = self._store.post_by_number(own.root) if own.root is not None else None
            return root or own, None
        low, index = ids.x_parts(platform_id)
        number = low
        while number < self._store.next_number() and index:
            post = self._store.post_by_number(number)
            if post is not None and post.network == "x":
                for said in conversation.said_under(self._store, post, self._world.now_ms()):
                    if said.platform_id == platform_id:
                        return post, said
            number += 0x10000
        return None

    def _tweet(self, platform_id: str) -> Tweet | None:
        found = self._find(platform_id)
        if found is None:
            return None
        post, said = found
        if said is not None:
            under = conversation.said_under(self._store, post, self._world.now_ms())
            return self._reply(post, said, under)
        own = self._store.post_by_id(platform_id)
        return shapes.tweet_of_post(self._world, own) if own else None

    def _reply(self, post: Post, said: Said, under: Sequence[Said]) -> Tweet:
        return shapes.tweet_of_reply(self._world, post, said, under)

    def _start(self, call: Call, now: int, oldest: int | None = None) -> int:
        """The moment after which posts are wanted.  Raises Halt as X does when it lies too far back."""
        limit = now - WEEK_MS if oldest is None else oldest
        since = call.query.get("since_id")
        if since:
            if not is_id(since):
                raise shapes.invalid("The `since_id` query parameter value is not a valid id.", {"since_id": [since]})
            if ids.x_time(since) < limit:
                raise shapes.invalid(
                    f"'since_id' must be a tweet id created after [{shapes.stamp(limit)}]. Please use a 'since_id' "
                    f"that is larger than {ids.x_oldest(limit)}",
                    {"since_id": [since]},
                )
            return ids.x_time(since) - 1
        start = moment(call, "start_time")
        if start is not None and start < limit:
            raise shapes.invalid(
                f"Invalid 'start_time':'{call.query['start_time']}'. 'start_time' must be on or after "
                f"{shapes.stamp(limit)}.",
                {"start_time": [call.query["start_time"]]},
            )
        return limit if start is None else start - 1

    def _paged(self, call: Call, found: "Sequence[Listed | Tweet]", token: str, least: int, most: int) -> Answer:
        """The page that is asked for, newest first.  Only what stands on it is made into posts."""
        size = page_size(call, least, most)
        since = int(call.query.get("since_id") or 0)
        end = moment(call, "end_time")
        place = call.query.get(token) or call.query.get("pagination_token") or call.query.get("next_token")
        below = int(read_token(place)) if place else None
        wanted = [
            one
            for one in sorted(found, key=lambda one: -int(one.platform_id))
            if int(one.platform_id) > since and (end is None or one.created_ms < end)
        ]
        start = 0 if below is None else sum(1 for one in wanted if int(one.platform_id) >= below)
        key = f"{call.path}/{call.query.get('query')}/{place}/{self._world.now_ms()}"
        again = self._world.troubles.again(key, min(start, size // 2))
        page = wanted[start - again : start - again + size]
        tweets = [one if isinstance(one, Tweet) else self._listed_tweet(one) for one in page]
        return self._page_of(call, tweets, more=len(wanted) > start - again + size, key=key)

    def _listed_tweet(self, one: "Listed") -> Tweet:
        under = conversation.said_under(self._store, one.post, self._world.now_ms())
        return self._reply(one.post, one.said, under)

    def _page_of(self, call: Call, tweets: list[Tweet], *, more: bool, key: str = "") -> Answer:
        """key: names a page that may come in disorder, '' for one that never does."""
        meta: dict[str, Any] = {"result_count": len(tweets)}
        if tweets:
            meta = {"newest_id": tweets[0].platform_id, "oldest_id": tweets[-1].platform_id, **meta}
        if more:
            meta["next_token"] = f"p{int(tweets[-1].platform_id):x}"
        return self._listed(call, self._world.troubles.disordered(key, tweets) if key else tweets, meta=meta)

    def _sell(self, call: Call, tweets: Sequence[Tweet]) -> None:
        """Note what is charged for: each post once a day; a list of own posts is another price, and not practised."""
        if not call.path.endswith("/tweets") or call.path == "/2/tweets":
            kind = "own" if call.path.endswith("/mentions") else "listen"
            day = self._world.now_ms() // DAY_MS
            for tweet in tweets:
                self._world.sold.setdefault((day, tweet.platform_id), kind)

    def _listed(
        self, call: Call, tweets: list[Tweet], *, errors: list[dict[str, Any]] | None = None,
        meta: dict[str, Any] | None = None,
    ) -> Answer:  # fmt: skip
        fields = names(call, "tweet.fields") | names(call, "post.fields")
        problems = list(errors or [])
        data = [shapes.tweet_json(self._world, tweet, fields, problems) for tweet in tweets]
        self._sell(call, tweets)
        body: dict[str, Any] = {"data": data} if data else {}
        if "author_id" in names(call, "expansions") and tweets:
            people = dict.fromkeys(tweet.author_id for tweet in tweets)
            wanted = names(call, "user.fields")
            body["includes"] = {"users": [shapes.user_json(self._world, person, wanted) for person in people]}
        carried = [tweet.attached for tweet in tweets if tweet.attached is not None and tweet.attached.kind != "link"]
        if "attachments.media_keys" in names(call, "expansions") and carried:
            body.setdefault("includes", {})["media"] = [x_media(one, call.base) for one in carried]
        if problems:
            body["errors"] = problems
        if meta is not None:
            body["meta"] = meta
        return Answer(200, body)
