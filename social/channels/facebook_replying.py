"""What the Page answers on Facebook, and which comments it hides there: a part of `FacebookChannel`.

Facts of Graph v26.0 read in August 2026 at https://developers.facebook.com/docs/graph-api: an answer to an answer may be
put under the comment above it, so whether ours is there is looked for in both places."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from social.channels import facebook_answers as answers
from social.channels.base import Draft, Limits, Published
from social.channels.canonical import canonical
from social.channels.transport import Asked
from social.clock import Clock

NAME = "facebook"
Json = Mapping[str, Any]
_ANSWER_FIELDS = "id,message,created_time,permalink_url,from{id}"


class FacebookReplying:
    """Answers and hidings.  What it asks of the rest of the channel is declared here."""

    limits: Limits
    _graph: Any
    _page: str
    _clock: Clock
    _ask: Callable[..., Any]
    _get: Callable[..., Any]
    _pages: Callable[..., Iterator[tuple[list[Any], str | None, int]]]
    count: Callable[[Draft], int]

    def reply(self, platform_id: str, text: str, *, key: str) -> Published:  # noqa: ARG002 - Facebook takes no key
        if self.count(Draft(text)) > self.limits.text:
            asked = Asked(NAME, "reply", True, self._clock.now())
            raise asked.refused("", f"The answer is longer than {self.limits.text:,} characters.", "too_long")
        path = f"{self._graph.version}/{platform_id}/comments"
        fields = {"fields": "id,permalink_url,created_time"}
        send = partial(self._graph.request, path, args=fields, post_args={"message": text})
        published: Published = self._ask(
            "reply", send, lambda comment: answers.published(comment, self._clock.now()), writes=True
        )
        return published

    def find_reply(self, platform_id: str, text: str, *, since: datetime) -> Published | None:
        def read(comment: Json) -> tuple[bool, str, Published]:
            ours = str((comment.get("from") or {}).get("id")) == self._page
            found = answers.published(comment, answers.created_at(comment))
            return ours, canonical(answers.message(comment)), found

        wanted, found = canonical(text), None
        earliest = since.replace(microsecond=0)  # Facebook tells times to the second
        for place in self._places(platform_id):
            pages = self._pages(
                "find", f"{place}/comments", read, filter="toplevel", order="chronological", fields=_ANSWER_FIELDS, limit=100
            )  # fmt: skip
            for items, _, skipped in pages:
                for ours, words, published in items:
                    same = ours and words == wanted and published.platform_id != platform_id
                    if same and published.published_at >= earliest:
                        found = published
                if skipped and found is None:  # one of these may be ours, so nothing shows that it is not there
                    asked = Asked(NAME, "find", False, self._clock.now())
                    raise asked.later("unreadable", "A comment beside the answer cannot be read.")
        return found

    def _places(self, platform_id: str) -> list[str]:
        """Where an answer to this comment may stand: under it, and under the comment above it."""

        def read(comment: Json) -> str | None:
            parent = (comment.get("parent") or {}).get("id")
            return str(parent) if parent else None

        above: str | None = self._ask("find", partial(self._get, platform_id, fields="id,parent{id}"), read)
        return [platform_id, above] if above else [platform_id]

    def hide(self, platform_id: str) -> None:
        self._set_hidden(platform_id, True)

    def show(self, platform_id: str) -> None:
        self._set_hidden(platform_id, False)

    def is_hidden(self, platform_id: str) -> bool:
        def read(comment: Json) -> bool:
            hidden = comment["is_hidden"]
            if not isinstance(hidden, bool):
                raise ValueError("neither hidden nor shown")
            return hidden

        found: bool = self._ask("look", partial(self._get, platform_id, fields="id,is_hidden"), read)
        return found

    def _set_hidden(self, platform_id: str, hidden: bool) -> None:
        def read(answer: Json) -> None:
            if answer["success"] is not True:
                raise ValueError("neither done nor refused")

        path = f"{self._graph.version}/{platform_id}"
        self._ask("hide", partial(self._graph.request, path, post_args={"is_hidden": hidden}), read, writes=True)
