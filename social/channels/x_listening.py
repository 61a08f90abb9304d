"""What the account hears on X: replies post by post, mentions, many threads at once, and what became of replies: a part of
`XChannel`.

Facts of API v2 read in August 2026 at https://docs.x.com/x-api. X keeps searched posts for seven days only; a reply of
today is among them however old the post is that it stands under."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests

from social.channels import x_answers as answers
from social.channels.attached import MEDIA, MEDIA_FIELDS
from social.channels.base import Heard, HeardPage, Limits, Rechecked
from social.channels.items import readable
from social.channels.transport import Asked
from social.channels.x_cursor import Cursor
from social.clock import Clock, as_utc

NAME = "x"
SEARCHED = timedelta(days=7) - timedelta(seconds=60)
MOST_IDS = 100
_FEW = 25
"""Answers that leave our name out are seldom more, and money for as many as are asked for is set aside."""
_LONGEST_ID = 19
"""Digits of a post's number, until the year 2080."""
_HEARD_FIELDS = [
    "attachments",
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "entities",
    "lang",
    "note_tweet",
    "referenced_tweets",
]
_HEARD: dict[str, Any] = {"tweet_fields": _HEARD_FIELDS, "expansions": MEDIA, "media_fields": MEDIA_FIELDS}
_NOT_WHOLE = "X's answer does not say whether more follows."
Json = Mapping[str, Any]


_THREAD, _OR = "conversation_id:", " OR "


def threads_in(characters: int) -> int:
    """How many threads one search can ask for.  characters: the longest query that X takes, 512 or more."""
    return (characters + len(_OR)) // (len(_THREAD) + _LONGEST_ID + len(_OR))


class XListening:
    """Hearing.  What it asks of the rest of the channel is declared here."""

    limits: Limits
    _handle: str | None
    _client: Any
    _clock: Clock
    _secrets: tuple[str, ...]
    _ask: Callable[..., Any]
    _own_id: Callable[[str], str]
    _heard_page: Callable[..., requests.Response | tuple[answers.Page, tuple[Heard, ...]]]

    def listen(
        self,
        platform_id: str,
        *,
        cursor: str | None,
        published_at: datetime,  # noqa: ARG002 - X counts its seven days from today, not from the post
    ) -> Iterator[HeardPage]:
        def ask(**where: Any) -> Any:
            query = f"{_THREAD}{platform_id}"
            return self._client.search_recent_tweets(query, max_results=100, user_auth=True, **_HEARD, **where)

        for page in self._stream("listen", ask, cursor, "next_token"):
            items = tuple(item for item in page.items if item.platform_id != platform_id)
            yield HeardPage(items, page.cursor, page.skipped)

    def threads(self, platform_ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:
        earliest = max(since, self._clock.now() - SEARCHED)
        for start in range(0, len(platform_ids), self.limits.threads):
            yield from self._together(platform_ids[start : start + self.limits.threads], earliest)

    def _together(self, platform_ids: Sequence[str], earliest: datetime) -> Iterator[HeardPage]:
        query = _OR.join(f"{_THREAD}{one}" for one in platform_ids)

        def ask(**where: Any) -> Any:
            where = {"start_time": as_utc(earliest), **where}
            return self._client.search_recent_tweets(query, max_results=100, user_auth=True, **_HEARD, **where)

        for page in self._stream("threads", ask, None, "next_token"):
            yield HeardPage(
                tuple(item for item in page.items if item.platform_id not in platform_ids), "", page.skipped
            )

    def unnamed(self, *, since: datetime) -> Iterator[HeardPage]:
        """One search for all posts of any age: `to:` is what answers an account. What names us is among the mentions, at
        a quarter of the price."""
        me = self._own_id("unnamed")
        query, earliest = f"to:{me} -from:{me}", max(since, self._clock.now() - SEARCHED)
        if self._handle:
            query += f" -@{self._handle.removeprefix('@')}"

        def ask(**where: Any) -> Any:
            where = {"start_time": as_utc(earliest), **where}
            return self._client.search_recent_tweets(query, max_results=_FEW, user_auth=True, **_HEARD, **where)

        for page in self._stream("unnamed", ask, None, "next_token"):
            yield HeardPage(page.items, "", page.skipped)

    def mentions(self, *, cursor: str | None) -> Iterator[HeardPage]:
        me = self._own_id("mentions")

        def ask(**where: Any) -> Any:
            return self._client.get_users_mentions(me, max_results=100, user_auth=True, **_HEARD, **where)

        yield from self._stream("mentions", ask, cursor, "pagination_token")

    def recheck(self, replies: Mapping[str, Sequence[str]]) -> Rechecked:
        me = self._own_id("recheck")
        ids = [one for under in replies.values() for one in under]
        items: list[Heard] = []
        gone: list[str] = []
        for start in range(0, len(ids), MOST_IDS):
            posts, missing = self._replies(ids[start : start + MOST_IDS])
            gone += missing
            newest = {str(post["id"]): answers.versions(post)[-1] for post in posts}
            changed = [latest for asked, latest in newest.items() if latest != asked]
            latest_posts = self._replies(changed)[0] if changed else []
            seen = [post for post in posts if newest[str(post["id"])] == str(post["id"])]
            items += readable([*seen, *latest_posts], lambda post: answers.heard(post, me))[0]
        return Rechecked(tuple(items), tuple(gone))

    def _stream(
        self, operation: str, ask: Callable[..., Any], text: str | None, token_name: str
    ) -> Iterator[HeardPage]:
        """Every page after the cursor, each with a cursor from which nothing is lost."""
        me, cursor = self._own_id(operation), Cursor.parse(text)
        start: datetime | None = None
        while True:
            where = {token_name: cursor.token, "since_id": cursor.since, "start_time": start}
            found = self._heard_page(operation, partial(ask, **{k: v for k, v in where.items() if v is not None}), me)
            if isinstance(found, requests.Response):
                cursor, start = self._after_refusal(operation, cursor, start, found)
                continue
            page, items = found
            skipped = page.skipped + len(page.posts) - len(items)
            if not page.whole:  # what is there is not lost, and the next look begins where this one did
                yield HeardPage(items, str(cursor), skipped)
                raise Asked(NAME, operation, False, self._clock.now()).later("unreadable", _NOT_WHOLE)
            cursor = cursor.after(page.newest, page.token)
            if (
                items or skipped or page.token or start is not None
            ):  # a place that X refused must not be asked for again
                yield HeardPage(items, str(cursor), skipped)
            if page.token is None:
                return

    def _after_refusal(
        self, operation: str, cursor: Cursor, start: datetime | None, response: requests.Response
    ) -> tuple[Cursor, datetime | None]:
        """Where to go on when X will not go on from the cursor.  Raises when the cursor is not what it minds."""
        if cursor.token and answers.is_bad_token(response):
            return cursor.restarted(), start
        if cursor.since and answers.is_too_old(response):
            return Cursor(), self._clock.now() - SEARCHED
        asked = Asked(NAME, operation, False, self._clock.now())
        raise answers.judge_answer(asked, response, self._clock.now(), self._secrets)

    def _replies(self, ids: Sequence[str]) -> tuple[list[Json], tuple[str, ...]]:
        send = partial(self._client.get_tweets, list(ids), tweet_fields=_HEARD_FIELDS, user_auth=True)
        found: tuple[list[Json], tuple[str, ...]] = self._ask(
            "recheck", send, partial(answers.looked_up, asked_for=ids)
        )
        return found
