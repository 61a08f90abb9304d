"""Facebook's answers in our words: posts, comments, figures, and what a refusal means. Nothing here makes a request."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from social.channels.attached import facebook_attachments
from social.channels.base import Figure, Glanced, Heard, PastPost, Published
from social.channels.items import all_of, id_of, id_or_none, is_count, moment_of, part_of, readable, words_of
from social.channels.transport import Asked, judge_status, retry_after, safe_words, wait_until
from social.errors import ChannelError
from social.measurements import Metric

T = TypeVar("T")
Json = Mapping[str, Any]

INSIGHTS: Mapping[str, Metric] = {
    "post_media_view": Metric.IMPRESSIONS,
    "post_total_media_view_unique": Metric.REACH,
    "post_clicks": Metric.CLICKS,
}
"""Names in force since 15 June 2026 (https://developers.facebook.com/docs/pages-api/changelog)."""

_WAIT = timedelta(minutes=15)
_TEMPORARY = frozenset({1, 2})
_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_TOKEN = frozenset({102, 190, 458, 459, 460, 463, 464, 467, 492})
_PERMISSION = frozenset({3, 10, 283, *range(200, 300)})
_BLOCKED = 368
_DUPLICATE = 506
_INVALID = 100
_GONE = 33
_LINK = 1609005


def created_at(thing: Json) -> datetime:
    return moment_of(thing["created_time"])


def published(post: Json, now: datetime) -> Published:
    """What a create answered.  now: stands in for the time when Facebook did not tell it."""
    url = post.get("permalink_url")
    return Published(str(post["id"]), str(url) if url else None, created_at(post) if "created_time" in post else now)


def past_post(post: Json) -> PastPost:
    url = post.get("permalink_url")
    attached = all_of(part_of(post, "attachments"), "data")
    pictured = any(str(part.get("media_type")) in ("photo", "album", "video") for part in attached)
    return PastPost(str(post["id"]), message(post), created_at(post), str(url) if url else None, pictured)


def message(post: Json) -> str:
    return words_of(post.get("message") or "")


def heard(comment: Json, post_id: str, page_id: str) -> Heard:
    """A comment. Facebook leaves `from` out for people whom the app may not see."""
    author = id_or_none(part_of(comment, "from").get("id"))
    hidden = comment.get("is_hidden", False)
    return Heard(
        platform_id=id_of(comment["id"]),
        conversation=post_id,
        parent=id_or_none(part_of(comment, "parent").get("id")) or post_id,
        text=message(comment),
        created_at=created_at(comment),
        author=author,
        ours=author == page_id,
        hidden=hidden if isinstance(hidden, bool) else None,
        attachments=facebook_attachments(comment),
    )


def is_published(post: Json) -> bool:
    """Whether residents see the post; one that Facebook says nothing about counts as seen."""
    return post.get("is_published", True) is not False


def items(answer: Json, read: Callable[[Any], T]) -> tuple[list[T], int]:
    """What can be read of an edge's page, and how many of its items cannot.  Raises LookupError when it is no page."""
    if not isinstance(answer["data"], list):
        raise LookupError("no list where one belongs")
    return readable(answer["data"], read)


def next_cursor(answer: Json) -> tuple[str | None, bool]:
    """The cursor after this page, and whether another page follows. The `next` address may hold the token: not kept."""
    paging = part_of(answer, "paging")
    following = paging.get("next")
    named = part_of(paging, "cursors").get("after")
    after = named if isinstance(named, str) and named else _after(following)
    return after, bool(following)


def _after(address: object) -> str | None:
    """The cursor in the address of the next page."""
    try:
        return dict(parse_qsl(urlsplit(words_of(address)).query)).get("after")
    except ValueError:
        return None


def post_figures(post: Json) -> list[Figure]:
    """Reactions, comments and shares. A post that nobody shared comes without `shares` although it was asked for."""
    counts: tuple[tuple[Metric, str, Any], ...] = (
        (Metric.REACTIONS, "reactions.summary.total_count", _total(post.get("reactions"))),
        (Metric.REPLIES, "comments.summary.total_count", _total(post.get("comments"))),
        (Metric.SHARES, "shares.count", part_of(post, "shares").get("count") if post.get("shares") else 0),
    )
    return [Figure(id_of(post["id"]), metric, value, source) for metric, source, value in counts if is_count(value)]


def glanced(post: Json) -> tuple[str, Glanced]:
    """A post's id, and a mark that changes with its comments: their number and the newest one's id.

    Raises LookupError where nothing is said of its comments: a mark of nothing would never change."""
    if not isinstance(post.get("comments"), Mapping):
        raise LookupError("nothing about comments")
    newest = all_of(part_of(post, "comments"), "data")
    mark = f"{_total(post.get('comments'))}|{','.join(words_of(one.get('id')) for one in newest)}"
    return id_of(post["id"]), Glanced(mark, max(readable(newest, created_at)[0], default=None))


def _total(edge: object) -> object:
    return part_of(edge, "summary").get("total_count")


def insight_figures(answer: Json, post_id: str) -> list[Figure]:
    """Lifetime figures of a post. A name that comes for several periods counts only for its lifetime."""
    found = []
    if not isinstance(answer["data"], list):
        raise LookupError("no list of insights")
    for entry in all_of(answer, "data"):
        metric = INSIGHTS.get(str(entry.get("name")))
        values = all_of(entry, "values")
        if metric and entry.get("period") == "lifetime" and values and is_count(values[-1].get("value")):
            found.append(Figure(post_id, metric, values[-1]["value"], str(entry["name"])))
    return found


def judge_refusal(
    asked: Asked, status: int, error: Json, headers: Mapping[str, str], now: datetime, secrets: Sequence[str]
) -> ChannelError:
    """The verdict on an answer of Facebook.  error: its `error` part, or {} when the answer was no such thing."""
    number, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    code = "/".join(str(part) for part in (number, subcode) if part is not None)
    words = safe_words(error.get("error_user_msg") or error.get("message"), secrets)
    if number is None:
        return judge_status(asked, status, words=words, not_before=_not_before(headers, now))
    if number in _TEMPORARY or status >= 500:
        return asked.unclear(code, "Facebook had a fault of its own.")
    if number in _THROTTLED or status == 429:
        return asked.later(code, "Facebook asks us to wait.", _not_before(headers, now))
    if number in _TOKEN or status == 401:
        action = "Make a new Page token and give it to `beatline accounts verify`."
        return asked.needs(code, f"Facebook does not take the token. It says: {words or 'no reason'}", action)
    if number in _PERMISSION:
        action = "Grant the app the permission that Facebook names, then run `beatline accounts verify`."
        return asked.needs(code, f"Facebook does not allow it. It says: {words or 'no reason'}", action)
    if number == _BLOCKED:
        action = "Look at the Page's quality page on Facebook and appeal there. Do not publish until it is settled."
        return asked.needs(code, "Facebook has blocked this as against its rules.", action)
    if number == _DUPLICATE:
        return asked.refused(code, "Facebook has a post with the same text already.", "duplicate")
    if is_gone(number, subcode):
        return asked.refused(code, "Facebook does not have it (any more), or does not show it to us.", "gone")
    if number == _LINK:
        return asked.refused(code, "Facebook cannot read the page behind the link.", "link")
    if status in (408, 409) or error.get("is_transient") is True:
        return asked.unclear(code, "Facebook had a passing fault.")
    return asked.refused(code, f"Facebook refused. It says: {words or 'no reason'}")


def is_gone(code: int | None, subcode: int | None) -> bool:
    return code == _INVALID and subcode == _GONE


def is_invalid(code: str) -> bool:
    """Whether Facebook called a part of the request invalid, such as a metric's name or a cursor."""
    number, _, subcode = code.partition("/")
    return number == str(_INVALID) and subcode != str(_GONE)


def is_about_permission(code: str) -> bool:
    """Whether Facebook lacked a permission for this request, which says nothing of others."""
    return code.partition("/")[0] in {str(number) for number in _PERMISSION}


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _not_before(headers: Mapping[str, str], now: datetime) -> datetime:
    """When the next request may go, by the usage headers, which tell minutes only when an allowance is used up."""
    minutes = [
        entry.get("estimated_time_to_regain_access")
        for entries in _usage(headers.get("X-Business-Use-Case-Usage")).values()
        if isinstance(entries, list)
        for entry in entries
        if isinstance(entry, Mapping)
    ]
    moments = [now + timedelta(minutes=m) for m in minutes if isinstance(m, int) and 0 < m < 10_000]
    return wait_until(now, *moments, retry_after(headers, now), otherwise=_WAIT)


def _usage(text: str | None) -> Mapping[str, Any]:
    try:
        usage = json.loads(text or "{}")
    except ValueError:
        return {}
    return usage if isinstance(usage, Mapping) else {}
