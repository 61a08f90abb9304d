"""What the account answers on X, and which replies it hides there: a part of `XChannel`.

Facts of API v2 read in August 2026 at https://docs.x.com/x-api. Apps that pay by use may answer only those who mentioned
or quoted the account (since 23 February 2026, https://docs.x.com/changelog); X says so in a 403. X tells nobody whether
a reply is hidden, but hiding what is hidden changes nothing, so an order of which nothing is known is simply repeated."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from social.channels import x_answers as answers
from social.channels.base import Draft, Limits, Published
from social.channels.transport import Asked
from social.clock import Clock, as_utc
from social.errors import Unsupported

NAME = "x"
T = TypeVar("T")
Json = Mapping[str, Any]


class XReplying:
    """Answers and hidings.  What it asks of the rest of the channel is declared here."""

    limits: Limits
    _client: Any
    _clock: Clock
    _ask: Callable[..., Any]
    _own_id: Callable[[str], str]
    _url: Callable[[str], str]
    _own_posts: Callable[..., Iterator[Any]]
    count: Callable[[Draft], int]

    def reply(self, platform_id: str, text: str, *, key: str) -> Published:  # noqa: ARG002 - X takes no key
        length = self.count(Draft(text))
        if length > self.limits.text:
            asked = Asked(NAME, "reply", True, self._clock.now())
            raise asked.refused("", f"The answer is {length} long; X takes {self.limits.text}.", "too_long")
        send = partial(self._client.create_tweet, text=text, in_reply_to_tweet_id=platform_id)
        answer_id: str = self._ask("reply", send, lambda answer: str(answer["data"]["id"]), writes=True)
        return Published(answer_id, self._url(answer_id), self._clock.now())

    def find_reply(self, platform_id: str, text: str, *, since: datetime) -> Published | None:
        def read(post: Json) -> tuple[str | None, str, Published]:
            found = Published(str(post["id"]), self._url(str(post["id"])), answers.created_at(post))
            return answers.answered(post), answers.canonical_answer(answers.plain_text(post)), found

        wanted, found = answers.canonical_answer(text), None
        earliest = as_utc(since).replace(microsecond=0)  # X tells and takes times to the second
        for parent, words, published in self._own_posts("find", since, read, replies=True):
            if parent == platform_id and words == wanted and published.published_at >= earliest:
                found = published
        return found

    def hide(self, platform_id: str) -> None:
        self._set_hidden(platform_id, self._client.hide_reply, True)

    def show(self, platform_id: str) -> None:
        self._set_hidden(platform_id, self._client.unhide_reply, False)

    def is_hidden(self, platform_id: str) -> bool:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell whether a reply is hidden")

    def _set_hidden(self, platform_id: str, send: Callable[[str], Any], hidden: bool) -> None:
        def read(answer: Json) -> None:
            if answer["data"]["hidden"] is not hidden:
                raise ValueError("neither done nor refused")

        self._ask("hide", partial(send, platform_id), read, writes=True)
