"""What the networks say is attached to a reply, in our words: kind, address and number, and nothing of who made it.

A shape that is not known costs the attachment and never the reply. Titles, descriptions and tags stay behind (R26).

X: `attachments.media_keys` with the expansion `includes.media` (https://docs.x.com/x-api/fundamentals/data-dictionary,
media). Facebook: a comment's `attachment` (https://developers.facebook.com/docs/graph-api/reference/comment), read
in August 2026."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from social.channels.base import HeardAttachment

Json = Mapping[str, Any]

MEDIA_FIELDS = ["url", "type", "variants"]
"""What X is asked to tell of media; `expansions=attachments.media_keys` with it."""
MEDIA = ["attachments.media_keys"]
COMMENT_ATTACHMENT = "attachment{type,url,unshimmed_url,target{id},media{source,image{src}}}"
"""What Facebook is asked to tell of a comment's attachment."""
MOST = 20
_FILMS = ("video", "animated_gif")


def x_media(answer: object) -> dict[str, Json]:
    """The media of an answer by their key; {} where there are none."""
    listed = _part(_part(answer, "includes"), "media")
    return {str(one["media_key"]): one for one in _all(listed) if "media_key" in one}


def x_attachments(post: Json, media: Mapping[str, Json]) -> tuple[HeardAttachment, ...]:
    """Pictures and films of one post.  media: as `x_media` gave them."""
    keys = _part(_part(post, "attachments"), "media_keys")
    found = []
    for key in keys if isinstance(keys, list) else ():
        one = media.get(str(key), {})
        film = one.get("type") in _FILMS
        address = _best_film(one) if film else one.get("url")
        if isinstance(address, str):
            found.append(HeardAttachment("video" if film else "picture", address, str(key)))
    return tuple(found[:MOST])


def _best_film(one: Json) -> object:
    """The address of the sharpest MP4 among the variants."""
    films = [v for v in _all(one.get("variants")) if v.get("content_type") == "video/mp4" and v.get("url")]
    return max(films, key=_sharpness)["url"] if films else None


def _sharpness(variant: Json) -> int:
    for name in ("bit_rate", "bitrate"):
        if isinstance(variant.get(name), int):
            return int(variant[name])
    return 0


def facebook_attachments(comment: Json) -> tuple[HeardAttachment, ...]:
    """What a comment carries: a picture, a film, or a link to elsewhere."""
    one = _part(comment, "attachment")
    if not isinstance(one, Mapping):
        return ()
    media, number = _part(one, "media"), _part(_part(one, "target"), "id")
    known_by = str(number) if isinstance(number, str | int) else None
    kind = str(one.get("type") or "")
    if "video" in kind and isinstance(source := _part(media, "source"), str):
        return (HeardAttachment("video", source, known_by),)
    if "share" in kind and "animated_image" not in kind:
        link = one.get("unshimmed_url") or _unshimmed(one.get("url"))
        return (HeardAttachment("link", link),) if isinstance(link, str) else ()
    source = _part(_part(media, "image"), "src")
    if kind.startswith("sticker") or not isinstance(source, str):
        return ()
    return (HeardAttachment("picture", source, known_by),)


def _unshimmed(address: object) -> object:
    """The address behind Facebook's own, which counts who follows it."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
        behind = parse_qs(parts.query).get("u") if (parts.hostname or "").endswith("facebook.com") else None
    except ValueError:
        return None
    return behind[0] if behind and parts.path == "/l.php" else address


def _part(whole: object, name: str) -> object:
    return whole.get(name) if isinstance(whole, Mapping) else None


def _all(listed: object) -> Iterator[Json]:
    yield from (one for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()
