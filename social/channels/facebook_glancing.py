"""What is new on a Page, told of many posts at once: a part of `FacebookChannel`.

Facts of Graph v26.0 read in August 2026 at https://developers.facebook.com/docs/graph-api. A Page's list may leave out
posts where there are hundreds in a year, so each can be asked for by itself as well. Several ids in one request are not
asked for: Graph has been taking such older ways of asking away."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from social.channels import facebook_answers as answers
from social.channels.base import Glanced
from social.errors import Refused

_GLANCE_FIELDS = (
    "id,comments.filter(stream).order(reverse_chronological).limit(1).summary(total_count){id,created_time}"
)


class FacebookGlancing:
    """Glancing.  What it asks of the rest of the channel is declared here."""

    _page: str
    _ask: Callable[..., Any]
    _get: Callable[..., Any]
    _pages: Callable[..., Any]

    def glance(self, *, since: datetime, until: datetime | None = None) -> Iterator[Mapping[str, Glanced]]:
        """How many comments each post has, and the newest one's id: a hundred posts in one request."""
        span = {"since": int(since.timestamp()), "until": None if until is None else ceil(until.timestamp())}
        for marks, _, _ in self._pages(
            "listen", f"{self._page}/posts", answers.glanced, fields=_GLANCE_FIELDS, limit=100, **span
        ):
            yield dict(marks)

    def glance_at(self, platform_id: str) -> Glanced | None:
        try:
            send = partial(self._get, platform_id, fields=_GLANCE_FIELDS)
            found: Glanced = self._ask("listen", send, lambda post: answers.glanced(post)[1])
        except Refused as refused:
            if refused.reason != "gone":
                raise
            return None
        return found
