"""X's JSON: posts, users and problems, with the field names that live answers carry (the tweet names)."""

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from social.channels.x_text import extract_urls_with_indices
from social.practice import conversation
from social.practice.attached import Attached, attached_to
from social.practice.calls import Answer, Halt
from social.practice.conversation import Said
from social.practice.ids import MOST_REPLIES, x_id
from social.practice.residents import Figures
from social.practice.store import Post
from social.practice.wording import COMMUNITY_PAGES
from social.practice.world import HANDLE, PAGE_NAME, World, from_ms

_PROBLEMS = "https://api.twitter.com/2/problems/"
_OWN_FIELDS = ("non_public_metrics", "organic_metrics")
_MONTH_MS = 30 * 86_400_000


@dataclass(frozen=True)
class Tweet:
    """A post, a reply or an answer on X, ready to be shown.  figures: None for what residents wrote."""

    platform_id: str
    text: str
    media: tuple[str, ...]
    created_ms: int
    author_id: str
    conversation: str
    parent: str | None
    parent_author: str | None
    lang: str
    replies: int
    likes: int
    figures: Figures | None
    quoted: str | None = None
    attached: Attached | None = None

    @property
    def media_keys(self) -> list[str]:
        """What X calls its pictures and films."""
        carried = [self.attached.key] if self.attached is not None and self.attached.kind != "link" else []
        return [*(f"3_{media}" for media in self.media), *carried]

    @property
    def ours(self) -> bool:
        return self.figures is not None


def author_id(author: int) -> str:
    return str(1_400_000_000_000_000_000 + author * 7)


def tweet_of_post(world: World, post: Post) -> Tweet:
    now = world.now_ms()
    if post.root is None:
        said = [reply for reply in conversation.said_under(world.store, post, now) if not reply.hidden]
        figures, conversation_id = conversation.figures(post, now), post.platform_id
    else:
        root = world.store.post_by_number(post.root)
        said, conversation_id = [], root.platform_id if root else post.platform_id
        figures = Figures(0, 0, {}, 0, 0, 0, 0, 0)
    return Tweet(
        post.platform_id, _names_before(world, post) + post.text, post.media, post.created_ms, world.user_id, conversation_id, post.parent,
        None, "en", len(said), figures.reaction_count, figures,
    )  # fmt: skip


def _names_before(world: World, post: Post) -> str:
    """What X puts before our own answer: the name of the resident whom it answers."""
    root = world.store.post_by_number(post.root) if post.root is not None else None
    under = conversation.said_under(world.store, root, world.now_ms()) if root is not None else []
    above = next((said for said in under if said.platform_id == post.parent and not said.ours), None)
    return f"@{username(author_id(above.author))} " if above is not None else ""


def leaves_us_out(world: World, post: Post, said: Said) -> bool:
    """Whether a resident who answers the post took our name out, as X lets people do."""
    every = world.troubles.unnamed_every
    return bool(every) and not said.ours and said.parent == post.platform_id and said.index % every == 0


def tweet_of_reply(world: World, post: Post, said: Said, under: Iterable[Said]) -> Tweet:
    """A resident's reply; like every reply on X it begins with the names of those whom it answers."""
    everyone = list(under)
    parent = next((other for other in everyone if other.platform_id == said.parent), None)
    parent_author = author_id(parent.author) if parent and not parent.ours else world.user_id
    others = sum(1 for other in everyone if other.parent == said.platform_id)
    names = f"@{HANDLE} "
    if parent and not parent.ours and parent.author != said.author:
        names = f"@{username(author_id(parent.author))} {names}"
    if leaves_us_out(world, post, said):
        names = ""
    if said.ours and parent is not None:
        names = f"@{username(parent_author)} "
    figures = Figures(0, 0, {}, 0, 0, 0, 0, 0) if said.ours else None
    return Tweet(
        said.platform_id, names + said.text, (), said.created_ms,
        world.user_id if said.ours else author_id(said.author), post.platform_id, said.parent, parent_author,
        said.lang, others, said.likes, figures, attached=attached_to(said),
    )  # fmt: skip


def quotes_of(world: World, post: Post) -> list[Tweet]:
    """The quotes by community pages so far.  They take the ids below the last one, which replies never reach."""
    quotes = []
    for reshare in conversation.crowd(post).reshares:
        created_ms = post.created_ms + int(reshare.hours / post.pace * conversation.HOUR_MS)
        if created_ms <= world.now_ms():
            platform_id = x_id(created_ms, post.number, MOST_REPLIES - reshare.page)
            text = f"{COMMUNITY_PAGES[reshare.page]}: please read and share."
            author = author_id(900_000_000_000 + reshare.page)
            quotes.append(
                Tweet(
                    platform_id,
                    text,
                    (),
                    created_ms,
                    author,
                    platform_id,
                    None,
                    None,
                    "en",
                    0,
                    3,
                    None,
                    post.platform_id,
                )
            )
    return quotes


def username(user_id: str) -> str:
    """An invented handle; residents here have no names."""
    return f"resident_{int(user_id) % 1_000_000:06d}"


def user_json(world: World, user_id: str, fields: set[str]) -> dict[str, Any]:
    if user_id != world.user_id:
        return {"id": user_id, "name": f"Resident {int(user_id) % 1_000_000}", "username": username(user_id)}
    user: dict[str, Any] = {"id": user_id, "name": PAGE_NAME, "username": HANDLE}
    if "public_metrics" in fields:
        user["public_metrics"] = {
            "followers_count": world.followers("x"),
            "following_count": 312,
            "tweet_count": world.store.count_posts("x"),
            "listed_count": 96,
        }
    if "created_at" in fields:
        user["created_at"] = "2011-03-02T09:15:00.000Z"
    if "description" in fields:
        user["description"] = "Practice account of an invented force. Emergency 999, otherwise 101."
    return user


def tweet_json(world: World, tweet: Tweet, fields: set[str], errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The post with the fields asked for; a field that may not be had is named in `errors` and left out."""
    text, entities = _shown(world, tweet)
    full: dict[str, Any] = {
        "id": tweet.platform_id,
        "text": html.escape(text, quote=False),
        "edit_history_tweet_ids": [tweet.platform_id],
        "author_id": tweet.author_id,
        "conversation_id": tweet.conversation,
        "created_at": stamp(tweet.created_ms),
        "lang": tweet.lang,
        "entities": entities,
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "edit_controls": {
            "edits_remaining": 5,
            "is_edit_eligible": False,
            "editable_until": stamp(tweet.created_ms + 3_600_000),
        },
        "public_metrics": _public(tweet),
    }
    if tweet.parent is not None:
        full["in_reply_to_user_id"] = tweet.parent_author or world.user_id
        full["referenced_tweets"] = [{"type": "replied_to", "id": tweet.parent}]
    if tweet.quoted is not None:
        full["referenced_tweets"] = [{"type": "quoted", "id": tweet.quoted}]
    if tweet.media_keys:
        full["attachments"] = {"media_keys": tweet.media_keys}
    shown = {name: full[name] for name in full if name in fields or name in ("id", "text", "edit_history_tweet_ids")}
    for name in _OWN_FIELDS:
        if name in fields:
            if tweet.figures is None or world.now_ms() - tweet.created_ms > _MONTH_MS:
                errors.append(_not_for_you(tweet.platform_id, name))
            else:
                shown[name] = _own(tweet.figures)
    if not shown.get("entities", True):
        del shown["entities"]
    return shown


def _public(tweet: Tweet) -> dict[str, int]:
    figures = tweet.figures
    quotes = figures.quotes if figures else 0
    return {
        "retweet_count": max(figures.shares - quotes, 0) if figures else 0,
        "reply_count": tweet.replies,
        "like_count": tweet.likes,
        "quote_count": quotes,
        "bookmark_count": figures.saves if figures else 0,
        "impression_count": figures.impressions if figures else tweet.likes * 31 + 12,
    }


def _own(figures: Figures) -> dict[str, int]:
    engagements = figures.reaction_count + figures.shares + figures.clicks + figures.profile_clicks + figures.saves
    return {
        "impression_count": figures.impressions,
        "url_link_clicks": figures.clicks,
        "user_profile_clicks": figures.profile_clicks,
        "engagements": engagements,
    }


def _shown(world: World, tweet: Tweet) -> tuple[str, dict[str, Any]]:
    """The text with every link as t.co, a link to the media at its end, and the entities that undo it."""
    pieces, urls, end = [], [], 0
    length = 0
    for found in extract_urls_with_indices(tweet.text):
        start, stop = found["indices"]
        pieces.append(tweet.text[end:start])
        length += start - end
        short = "https://t.co/" + hashlib.sha256(f"{tweet.platform_id}{start}".encode()).hexdigest()[:10]
        expanded = found["url"] if "://" in found["url"] else f"http://{found['url']}"
        display = re.sub(r"^https?://(www\.)?", "", expanded)
        urls.append({
            "start": length, "end": length + len(short), "url": short, "expanded_url": expanded,
            "display_url": display if len(display) <= 28 else display[:26] + "…",
        })  # fmt: skip
        pieces.append(short)
        length += len(short)
        end = stop
    pieces.append(tweet.text[end:])
    text = "".join(pieces)
    if tweet.media_keys:
        short = "https://t.co/" + hashlib.sha256(f"{tweet.platform_id}media".encode()).hexdigest()[:10]
        start = len(text) + 1 if text else 0
        text = f"{text} {short}".strip()
        urls += [
            {
                "start": start, "end": start + len(short), "url": short,
                "expanded_url": f"https://x.com/{HANDLE}/status/{tweet.platform_id}/photo/1",
                "display_url": f"pic.x.com/{short[-10:]}", "media_key": key,
            }
            for key in tweet.media_keys
        ]  # fmt: skip
    entities: dict[str, Any] = {"urls": urls} if urls else {}
    tags = [(m.start(), m.end(), m.group(1)) for m in re.finditer(r"(?<!\w)#(\w+)", text)]
    if tags:
        entities["hashtags"] = [{"start": start, "end": stop, "tag": tag} for start, stop, tag in tags]
    names = [(m.start(), m.end(), m.group(1)) for m in re.finditer(r"(?<!\w)@(\w{1,15})", text)]
    if names:
        entities["mentions"] = [
            {"start": start, "end": stop, "username": name, **({"id": world.user_id} if name == HANDLE else {})}
            for start, stop, name in names
        ]
    return text, entities


def stamp(moment_ms: int) -> str:
    return from_ms(moment_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def not_found(platform_id: str, parameter: str = "ids", resource: str = "tweet") -> dict[str, Any]:
    """One entry of `errors` for an id that is not there."""
    return {
        "value": platform_id,
        "detail": f"Could not find {resource} with {parameter}: [{platform_id}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": platform_id,
        "type": f"{_PROBLEMS}resource-not-found",
    }


def _not_for_you(platform_id: str, field: str) -> dict[str, Any]:
    return {
        "resource_id": platform_id, "parameter": "tweet.fields", "resource_type": "tweet", "section": "data",
        "field": field, "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with id: [{platform_id}].",
        "type": f"{_PROBLEMS}not-authorized-for-field",
    }  # fmt: skip


def invalid(message: str, parameters: dict[str, list[str]] | None = None) -> Halt:
    """X's 400."""
    return Halt(
        Answer(400, {
            "errors": [{"parameters": parameters or {}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{_PROBLEMS}invalid-request",
        })
    )  # fmt: skip


def forbidden(detail: str) -> Halt:
    """X's 403."""
    return Halt(Answer(403, {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": 403}))


def missing(platform_id: str) -> Halt:
    """X's 404 for a post that is not there."""
    return Halt(Answer(404, {"errors": [not_found(platform_id, "id")]}))


def too_many() -> Answer:
    return Answer(
        429, {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    )
