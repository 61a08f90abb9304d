"""X's answers in our words: posts, pages, figures, and what a refusal means.

Since August 2026 X's published description renames fields (`repost_count` for `retweet_count`, `post` for `tweet`)
while its service still sends the old names, so both are read here. Nothing here makes a request."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from social.channels.attached import x_attachments
from social.channels.base import Figure, Heard, PastPost
from social.channels.canonical import canonical, unshortened
from social.channels.items import all_of, id_of, id_or_none, is_count, moment_of, part_of, readable, words_of
from social.channels.transport import Asked, epoch, judge_status, retry_after, safe_words, wait_until
from social.errors import ChannelError
from social.measurements import Metric

Json = Mapping[str, Any]

_WINDOW = timedelta(minutes=15)
"""X counts requests in windows of this length."""
_CLOCKS_DIFFER = timedelta(days=1)
_PICTURE_LINK = re.compile(r"/status/\d+/(photo|video)/\d+$")
_LEADING_NAMES = re.compile(r"^(?:@\w{1,15}\s+)+")

NOT_SUMMONED = (
    "X did not take the answer. On X's pay-as-you-go plan an app may answer only people who mentioned or quoted the "
    "account. Answer in X's own app, or ask X for a plan that allows it."
)
"""X's rule since 23 February 2026 (https://docs.x.com/changelog)."""

_COUNTS: tuple[tuple[Metric, tuple[tuple[str, ...], ...]], ...] = (
    (Metric.IMPRESSIONS, (("impression_count",),)),
    (Metric.REACTIONS, (("like_count",),)),
    (Metric.REPLIES, (("reply_count",),)),
    (Metric.SHARES, (("retweet_count", "repost_count"), ("quote_count",))),
    (Metric.SAVES, (("bookmark_count",),)),
    (Metric.CLICKS, (("url_link_clicks",),)),
)
"""Metric, and the counts that add up to it, each under its old and its new name."""


@dataclass(frozen=True)
class Page:
    """One page of posts.  newest: the highest id among them.  token: of the next page, None on the last.  skipped:
    items that are no posts.  whole: False when nobody can say whether another page follows."""

    posts: tuple[Json, ...]
    newest: str | None
    token: str | None
    skipped: int = 0
    whole: bool = True


def read_page(answer: Json) -> Page:
    """A page of a timeline.  Raises LookupError when the answer says that the look was not complete."""
    page = read_heard_page(answer)
    if not page.whole or page.skipped:
        raise LookupError("a list without its meta part, or with posts that are none, is no complete look")
    return page


def read_heard_page(answer: Json, now: datetime | None = None) -> Page:
    """A page of what was heard.  now: posts whose id is of later than tomorrow do not count for `newest`, from which
    the next look goes on: such an id would hide all that is still to come.

    X names the newest itself; one that is not among the posts is not believed, for the same reason."""
    meta, posts, skipped = answer.get("meta"), *readable(answer.get("data"), _post)
    token = meta.get("next_token") if isinstance(meta, Mapping) else None
    whole = isinstance(meta, Mapping) and (token is None or (isinstance(token, str) and bool(token)))
    numbers = [int(post["id"]) for post in posts if str(post["id"]).isdecimal()]
    if now is not None:
        numbers = [number for number in numbers if _made_at_ms(number) <= (now + _CLOCKS_DIFFER).timestamp() * 1000]
    newest = str(max(numbers)) if numbers else None
    return Page(tuple(posts), newest, token if whole else None, skipped, whole)


def _post(item: Json) -> Json:
    id_of(item["id"])
    return item


def _made_at_ms(number: int) -> int:
    """When an id of X was made, in milliseconds since 1970."""
    return (number >> 22) + 1288834974657


def plain_text(post: Json) -> str:
    """What the author wrote: long posts in full, links as they were, the link that stands for a picture left out."""
    long = part_of(post, "note_tweet") or part_of(post, "note_post")
    entities = part_of(long, "entities") or part_of(post, "entities")
    links, _ = readable(all_of(entities, "urls"), _link)
    return unshortened(words_of(long.get("text") or post["text"]), links)


def _link(url: Json) -> tuple[str, str]:
    """An address as it stands in the text, and what is meant by it."""
    short = words_of(url["url"])
    return short, "" if _stands_for_picture(url) else words_of(url.get("expanded_url") or short)


def _stands_for_picture(url: Json) -> bool:
    return bool(url.get("media_key") or _PICTURE_LINK.search(str(url.get("expanded_url") or "")))


def created_at(post: Json) -> datetime:
    return moment_of(post["created_at"])


def past_post(post: Json, url: str) -> PastPost:
    now_named = str(post["id"])
    before = tuple(one for one in versions(post) if one != now_named)
    return PastPost(now_named, plain_text(post), created_at(post), url, bool(post.get("attachments")), before)


def heard(post: Json, me: str, media: Mapping[str, Json] | None = None) -> Heard:
    """A post that answers, quotes or mentions us. The names that X puts before a reply are left out (R26).

    media: of the answer that it came in, by their keys; None where X was not asked for them."""
    answered, quoted = _referenced(post, "replied_to"), _referenced(post, "quoted")
    text = plain_text(post)
    conversation = id_of(post.get("conversation_id") or post["id"])
    if answered:
        kind, text = "reply", _LEADING_NAMES.sub("", text) or text
    elif quoted:
        kind, conversation = "quote", quoted
    else:
        kind = "mention"
    author, lang = id_or_none(post.get("author_id")), post.get("lang")
    return Heard(
        platform_id=versions(post)[0],
        conversation=conversation,
        parent=answered or quoted,
        text=text,
        created_at=created_at(post),
        author=author,
        ours=author == me,
        kind=kind,
        lang=lang if isinstance(lang, str) and lang else None,
        hidden=None,
        attachments=x_attachments(post, media or {}),
    )


def versions(post: Json) -> list[str]:
    """Ids of all that the post ever was, oldest first: X gives an edited post a new id, and the oldest stays its name
    here."""
    told = post.get("edit_history_tweet_ids") or post.get("edit_history_post_ids")
    found = [one for one in map(id_or_none, told) if one is not None] if isinstance(told, list) else []
    return sorted({*found, id_of(post["id"])}, key=lambda number: (len(number), number))


def looked_up(answer: Json, asked_for: Sequence[str]) -> tuple[list[Json], tuple[str, ...]]:
    """The posts of a look-up, and the ids of those that X shows us no more: deleted, or kept from us, which its terms
    treat alike (https://docs.x.com/developer-terms/policy, content compliance).

    Raises LookupError for an answer that speaks of no post at all."""
    if "data" not in answer and "errors" not in answer:
        raise LookupError("neither posts nor errors")
    gone = _missing_ids(answer, asked_for, ("/resource-not-found", "/not-authorized-for-resource"))
    return readable(answer.get("data"), _post)[0], gone


def answered(post: Json) -> str | None:
    """Id of what the post answers; None when it answers nothing."""
    return _referenced(post, "replied_to")


def canonical_answer(text: str) -> str:
    """The form in which answers are compared: X puts the names of those who are answered before the words."""
    return canonical(_LEADING_NAMES.sub("", text) or text)


def _referenced(post: Json, how: str) -> str | None:
    for reference in all_of(post, "referenced_tweets") or all_of(post, "referenced_posts"):
        if reference.get("type") == how:
            return id_of(reference["id"])
    return None


@dataclass(frozen=True)
class Counted:
    """A post with the figures that were reported for it."""

    platform_id: str
    created_at: datetime
    figures: tuple[Figure, ...]


def counted(answer: Json, *, part: str, asked_for: Sequence[str]) -> tuple[list[Counted], tuple[str, ...]]:
    """The figures in one part (public_metrics, non_public_metrics) of the posts, and the ids that are gone.

    What is not there is not reported.  Raises LookupError for an answer that speaks of no post at all."""
    if "data" not in answer and "errors" not in answer:
        raise LookupError("neither posts nor errors")
    posts, _ = readable(answer.get("data"), lambda p: Counted(id_of(p["id"]), created_at(p), tuple(_figures(p, part))))
    return posts, _missing_ids(answer, asked_for)


def is_live(answer: Json, *, platform_id: str) -> bool:
    """Whether a look-up of one post shows it.  Raises LookupError when X neither shows it nor says that it is gone."""
    if any(str(post["id"]) == platform_id for post in answer.get("data") or ()):
        return True
    if _missing_ids(answer, [platform_id]):
        return False
    raise LookupError("neither there nor gone")


def _figures(post: Json, part: str) -> Iterator[Figure]:
    counts = part_of(post, part)
    for metric, parts in _COUNTS:
        names = [name for alternatives in parts for name in alternatives if is_count(counts.get(name))]
        if names:
            yield Figure(str(post["id"]), metric, sum(counts[name] for name in names), "+".join(names))


def _missing_ids(
    answer: Json, asked_for: Sequence[str], kinds: tuple[str, ...] = ("/resource-not-found",)
) -> tuple[str, ...]:
    """Those of the ids that X says are not there. Posts that it only keeps from us are not among them, unless their
    kind is asked for."""
    gone = {
        str(error.get("resource_id") or error.get("value"))
        for error in all_of(answer, "errors")
        if str(error.get("type", "")).endswith(kinds)
    }
    return tuple(platform_id for platform_id in asked_for if platform_id in gone)


def judge_answer(asked: Asked, response: requests.Response, now: datetime, secrets: Sequence[str]) -> ChannelError:
    """The verdict on an answer of X that tweepy did not take."""
    body = _body(response)
    words = _words(body, secrets)
    kind = str(body.get("type") or "").rpartition("/2/problems/")[2] or str(body.get("title") or "")
    status = response.status_code
    if status in (402, 403) and ("credits" in kind.lower() or status == 402):
        return judge_status(asked, 402, code="credits", words=words)
    if status == 403:
        return _judge_forbidden(asked, body, kind, words)
    if status == 429 and kind == "usage-capped":
        return asked.needs(
            kind, "The month's allowance with X is used up.", "Raise the plan with X or wait for next month."
        )
    not_before = _reset(response, now) if status == 429 else None
    return judge_status(asked, status, words=words, not_before=not_before)


def _judge_forbidden(asked: Asked, body: Json, kind: str, words: str) -> ChannelError:
    codes = {error.get("code") for error in body.get("errors") or () if isinstance(error, Mapping)}
    if 187 in codes or "duplicate content" in words.lower():
        return asked.refused("duplicate", "X has a post with the same text already.", "duplicate")
    if kind in ("client-forbidden", "not-authorized-for-resource", "oauth1-permissions", "unsupported-authentication"):
        action = "Check with X that the app may read and write for this account, then run `beatline accounts verify`."
        return asked.needs(kind, f"X does not allow it. It says: {words or 'no reason'}", action)
    if asked.operation == "reply":
        return asked.refused(kind or "403", f"{NOT_SUMMONED} It says: {words or 'no reason'}", "not_summoned")
    return asked.refused(kind or "403", f"X refused. It says: {words or 'no reason'}", "forbidden")


def is_too_old(response: requests.Response) -> bool:
    """Whether X refused because the place to go on from lies further back than it searches (seven days)."""
    return response.status_code == 400 and "since_id" in str(_messages(_body(response)))


def is_bad_token(response: requests.Response) -> bool:
    """Whether X refused the token of a next page."""
    return response.status_code == 400 and bool(
        re.search(r"next_token|pagination.token", str(_messages(_body(response))), re.IGNORECASE)
    )


def _body(response: requests.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}


def _messages(body: Json) -> list[object]:
    errors = body.get("errors")
    found = [error.get("message") for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []
    return [text for text in (*found, body.get("detail"), body.get("title")) if text]


def _words(body: Json, secrets: Sequence[str]) -> str:
    return next((safe_words(text, secrets) for text in _messages(body)), "")


def _reset(response: requests.Response, now: datetime) -> datetime:
    """When the next request may go: the latest reset among the limits that are used up."""
    headers = response.headers
    resets = [
        epoch(headers.get(f"x-{limit}-reset"))
        for limit in ("rate-limit", "app-limit-24hour", "user-limit-24hour")
        if limit == "rate-limit" or headers.get(f"x-{limit}-remaining") == "0"
    ]
    return wait_until(now, *resets, retry_after(headers, now), otherwise=_WINDOW)
