"""X, through tweepy. What tweepy cannot do is mended here: no host, no timeout, no upload by API v2, talkative logs.

Facts of API v2 read in August 2026 at https://docs.x.com/x-api. X keeps searched posts for seven days only."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, TypeVar

import requests
import tweepy

from social.accounts import Account
from social.channels import x_answers as answers
from social.channels import x_pictures
from social.channels.attached import x_media
from social.channels.base import (
    Capabilities,
    Draft,
    Figure,
    Glanced,
    Heard,
    Limits,
    Measured,
    PastPost,
    Profile,
    Published,
)
from social.channels.canonical import canonical, with_link
from social.channels.items import readable
from social.channels.transport import Asked, Bearer, Door, Uploads, Watch, ask, brought, judge_exception, showing
from social.channels.x_listening import MOST_IDS, SEARCHED, XListening, threads_in
from social.channels.x_replying import XReplying
from social.channels.x_signing import Signer
from social.channels.x_text import parse_tweet
from social.clock import Clock, as_utc
from social.errors import ChannelError, Refused, Unsupported
from social.settings import Settings

NAME = "x"
ADDRESS = "https://api.x.com"
_OLD_ADDRESS = "https://api.twitter.com"
"""What tweepy has built in."""
_SIGNING = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
_PRIVATE_FIGURES = timedelta(days=30)
"""X reports clicks for posts up to this age."""
_POST_FIELDS = ["created_at", "edit_history_tweet_ids", "entities", "note_tweet", "attachments"]

for _talkative in ("tweepy", "requests_oauthlib", "oauthlib"):
    # These write tokens and signatures at DEBUG, whatever the program's own level is.
    logging.getLogger(_talkative).setLevel(logging.INFO)
_log = logging.getLogger(__name__)

T = TypeVar("T")
Json = Mapping[str, Any]


@lru_cache(maxsize=4096)
def _length(text: str) -> int:
    """As X counts.  Asked for the same words at every check and before every request; parsing costs half a
    millisecond."""
    return int(parse_tweet(text).weightedLength)


class XChannel(XListening, XReplying):
    """One account on X.

    credentials: consumer_key, consumer_secret, access_token, access_token_secret (OAuth 1.0a, which does not expire), or
    those of OAuth 2.0, whose token `bearer` renews.  watch: is asked before each request and told after it.
    uploads: remembers pictures that X has already.
    wait: how to pass the seconds that X takes over a moving picture."""

    name = NAME
    can = Capabilities(
        withdraws=True,
        finds_own_posts=True,
        proves_absence=True,
        listens=True,
        hears_mentions=True,
        hears_threads=True,
        reports_reach=False,
        tells_history=True,
        takes_images=True,
        takes_video=False,
        needs_agreement=True,
        rechecks=True,
        reaches_back=SEARCHED,
        answers=True,
        hides=True,
        threads=True,
    )
    limits = Limits(text=280, images=4, alt_text=1000, image_bytes=5_000_000)

    def __init__(
        self,
        account: Account,
        credentials: Mapping[str, str],
        settings: Settings,
        clock: Clock,
        *,
        wait: Callable[[float], None] = time.sleep,
        watch: Watch | None = None,
        bearer: Bearer | None = None,
        uploads: Uploads | None = None,
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._uploads = uploads
        self._secrets = tuple(credentials.values())
        # With a bearer nothing that tweepy signs is sent: the door puts the token of this moment in its place.
        keys = {name: credentials.get(name) or "-" for name in _SIGNING}
        self._client = tweepy.Client(**keys, return_type=dict)
        self._client.session = Door(
            account.base_url or ADDRESS, settings, instead_of=_OLD_ADDRESS, watch=watch, bearer=bearer,
            signer=None if bearer is not None else Signer(keys),
        )  # fmt: skip
        self._me = account.platform_id
        self._handle = account.handle
        self._site = (account.base_url or "https://x.com").rstrip("/")
        self.limits = replace(self.limits, threads=threads_in(settings.x_query))

    def count(self, draft: Draft) -> int:
        return _length(with_link(draft.text, draft.link))

    def verify(self) -> Profile:
        def read(answer: Json) -> Profile:
            user = answer["data"]
            followers = (user.get("public_metrics") or {}).get("followers_count")
            return Profile(str(user["id"]), user["username"], user["name"], followers, "followers_count")

        profile = self._ask("verify", lambda: self._client.get_me(user_fields=["public_metrics"]), read)
        self._me, self._handle = profile.platform_id, profile.handle
        return profile

    def publish(self, draft: Draft, *, key: str) -> Published:  # noqa: ARG002 - X takes no key
        asked = Asked(NAME, "publish", True, self._clock.now())
        if self.count(draft) > self.limits.text:
            raise asked.refused("", f"The text is {self.count(draft)} long; X takes {self.limits.text}.", "too_long")
        x_pictures.refuse_what_cannot_go(asked, draft.pictures, self.limits)
        bring = x_pictures.Bringing(asked, self._raw, self._verdict, self._wait)
        media = brought(self._uploads, draft.pictures, bring.picture) or None
        text = with_link(draft.text, draft.link)
        send = partial(
            self._ask,
            "publish",
            lambda: self._client.create_tweet(text=text, media_ids=media, in_reply_to_tweet_id=draft.after),
            lambda answer: str(answer["data"]["id"]),
            writes=True,
        )
        platform_id = showing(self._uploads, draft.pictures, send)
        return Published(platform_id, self._url(platform_id), self._clock.now())

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        if draft.after is not None:  # X lists a later part of a thread among our answers
            return self.find_reply(draft.after, with_link(draft.text, draft.link), since=since)

        def read(post: Json) -> tuple[str, Published]:
            published = Published(str(post["id"]), self._url(str(post["id"])), answers.created_at(post))
            return canonical(answers.plain_text(post)), published

        wanted = canonical(with_link(draft.text, draft.link))
        earliest = as_utc(since).replace(microsecond=0)  # X tells and takes times to the second
        found = None
        for text, published in self._own_posts("find", since, read):
            if text == wanted and published.published_at >= earliest:
                found = published
        return found

    def withdraw(self, platform_id: str) -> None:
        def read(answer: Json) -> None:
            if answer["data"]["deleted"] is not True:
                raise ValueError("neither deleted nor refused")

        try:
            self._ask("withdraw", lambda: self._client.delete_tweet(platform_id), read, writes=True)
        except Refused as refused:
            if refused.reason != "gone":
                raise

    def is_live(self, platform_id: str) -> bool:
        send = partial(self._client.get_tweets, [platform_id], user_auth=True)
        return self._ask("look", send, partial(answers.is_live, platform_id=platform_id))

    def measure(self, platform_ids: Sequence[str]) -> Measured:
        figures: list[Figure] = []
        gone: list[str] = []
        for start in range(0, len(platform_ids), MOST_IDS):
            some = list(platform_ids[start : start + MOST_IDS])
            posts, missing = self._look_up(some, "public_metrics")
            figures += [figure for post in posts for figure in post.figures]
            gone += missing
            figures += self._private_figures([post.platform_id for post in posts if self._is_young(post)])
        return Measured(tuple(figures), tuple(gone))

    def history(self, *, since: datetime) -> Iterator[PastPost]:
        def read(post: Json) -> PastPost:
            return answers.past_post(post, self._url(str(post["id"])))

        yield from self._own_posts("history", since, read)

    def _ask(self, operation: str, send: Callable[[], Any], read: Callable[[Any], T], *, writes: bool = False) -> T:
        return ask(Asked(NAME, operation, writes, self._clock.now()), send, read, self._verdict)

    def _verdict(self, asked: Asked, error: Exception) -> ChannelError:
        if isinstance(error, tweepy.HTTPException):
            return answers.judge_answer(asked, error.response, self._clock.now(), self._secrets)
        return judge_exception(asked, error)

    def _own_id(self, operation: str) -> str:
        if self._me is None:
            user = self._ask(
                operation, self._client.get_me, lambda a: (str(a["data"]["id"]), str(a["data"]["username"]))
            )
            self._me, self._handle = user
        return self._me

    def _url(self, platform_id: str) -> str:
        return f"{self._site}/{self._handle or 'i'}/status/{platform_id}"

    def _own_posts(
        self, operation: str, since: datetime, read: Callable[[Json], T], *, replies: bool = False
    ) -> Iterator[T]:
        """Our own posts from `since` on, newest first, without reposts.  replies: our answers too."""
        look = partial(
            self._client.get_users_tweets,
            self._own_id(operation),
            start_time=as_utc(since),
            max_results=100,
            exclude=["retweets"] if replies else ["replies", "retweets"],
            tweet_fields=[*_POST_FIELDS, "referenced_tweets"] if replies else _POST_FIELDS,
            user_auth=True,
        )

        def read_page(answer: Json) -> tuple[list[T], str | None]:
            page = answers.read_page(answer)
            return [read(post) for post in page.posts], page.token

        token: str | None = None
        while True:
            posts, token = self._ask(operation, partial(look, pagination_token=token), read_page)
            yield from posts
            if token is None:
                return

    def _heard_page(
        self, operation: str, ask: Callable[[], Any], me: str
    ) -> requests.Response | tuple[answers.Page, tuple[Heard, ...]]:
        """One page, or X's answer when it says that the request itself is at fault."""

        def send() -> Any:
            try:
                return ask()
            except tweepy.BadRequest as error:
                return error.response

        def read(answer: Any) -> requests.Response | tuple[answers.Page, tuple[Heard, ...]]:
            if isinstance(answer, requests.Response):
                return answer
            page, media = answers.read_heard_page(answer, self._clock.now()), x_media(answer)
            items, _ = readable(list(page.posts), lambda post: answers.heard(post, me, media))
            return page, tuple(items)

        return self._ask(operation, send, read)

    def _look_up(self, ids: Sequence[str], part: str) -> tuple[list[answers.Counted], tuple[str, ...]]:
        fields = ["created_at", part]
        send = partial(self._client.get_tweets, list(ids), tweet_fields=fields, user_auth=True)
        return self._ask("measure", send, partial(answers.counted, part=part, asked_for=ids))

    def _is_young(self, post: answers.Counted) -> bool:
        return self._clock.now() - post.created_at < _PRIVATE_FIGURES

    def _private_figures(self, ids: Sequence[str]) -> list[Figure]:
        """What X tells only the author. It is asked for apart, so that a refusal hides no public figure."""
        if not ids:
            return []
        try:
            posts, _ = self._look_up(ids, "non_public_metrics")
        except ChannelError as error:
            _log.info("figures for the author only are not to be had: %s", error)
            return []
        return [figure for post in posts for figure in post.figures]

    def _raw(self, method: str, route: str, **what: Any) -> Any:
        """A request that tweepy has no method for, signed as tweepy signs."""
        client = self._client
        signer = tweepy.OAuth1UserHandler(
            client.consumer_key, client.consumer_secret, client.access_token, client.access_token_secret
        )
        response = client.session.request(method, _OLD_ADDRESS + route, auth=signer.apply_auth(), **what)
        if not 200 <= response.status_code < 300:
            raise tweepy.HTTPException(response, response_json={})
        return response.json()

    def glance(self, *, since: datetime, until: datetime | None = None) -> Iterator[Mapping[str, Glanced]]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell what is new under many posts at once")

    def glance_at(self, platform_id: str) -> Glanced | None:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell whether something is new under a post")

    def subscribe(self) -> None:
        raise Unsupported(NAME, "deliver by itself")
