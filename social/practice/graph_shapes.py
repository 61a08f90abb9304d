"""Graph's JSON for a page, a post and a comment, field by field as they are asked for."""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from social.practice import conversation
from social.practice.attached import attached_to, graph_attachment
from social.practice.conversation import Said
from social.practice.graph_errors import graph_error
from social.practice.graph_fields import Wanted
from social.practice.graph_insights import graph_time, page_insights, post_insights
from social.practice.residents import Figures
from social.practice.store import Post
from social.practice.world import PAGE_NAME, World, to_ms

Reader = Callable[[Wanted], Any]
MOST_A_PAGE = 100
APPLICATION = {"id": "880011223344556", "name": "Beatline practice", "link": ""}


def shape(node: str, readers: dict[str, Reader], wanted: Sequence[Wanted], usual: Sequence[str]) -> dict[str, Any]:
    """The object with the fields asked for, or the usual ones, and its id; absent values are left out.

    Raises Halt when a field is asked for that such an object does not have."""
    shown: dict[str, Any] = {}
    for field in wanted or [Wanted(name, {}, name, ()) for name in usual]:
        if field.name not in readers:
            raise graph_error(100, f"(#100) Tried accessing nonexisting field ({field.name}) on node type ({node})")
        value = readers[field.name](field)
        if value is not None:
            shown[field.shown] = value
    shown.setdefault("id", readers["id"](Wanted("id", {}, "id", ())))
    return shown


def page_json(world: World, wanted: Sequence[Wanted], base: str) -> dict[str, Any]:
    followers = world.followers("facebook")
    return shape("Page", {
        "id": lambda _: world.page_id,
        "name": lambda _: PAGE_NAME,
        "followers_count": lambda _: followers,
        "fan_count": lambda _: followers - 1_900,
        "username": lambda _: "WoldershirePolice",
        "link": lambda _: f"{base}/",
        "category": lambda _: "Law enforcement agency",
        "about": lambda _: "Practice page of an invented force. Emergency 999, otherwise 101.",
        "verification_status": lambda _: "not_verified",
        "is_published": lambda _: True,
        "tasks": lambda _: ["ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"],
        "insights": lambda field: page_insights(world, field.args),
    }, wanted, ("name", "id"))  # fmt: skip


def post_json(world: World, post: Post, wanted: Sequence[Wanted], base: str) -> dict[str, Any]:
    now = world.now_ms()
    figures = conversation.figures(post, now)
    return shape("Post", {
        "id": lambda _: post.platform_id,
        "message": lambda _: post.text or None,
        "created_time": lambda _: graph_time(post.created_ms),
        "updated_time": lambda _: graph_time(post.created_ms),
        "permalink_url": lambda _: f"{base}/posts/{post.platform_id}",
        "is_published": lambda _: True,
        "is_hidden": lambda _: False,
        "status_type": lambda _: "added_photos" if post.media else "mobile_status_update",
        "application": lambda field: _inner(APPLICATION, field) if post.origin == "sent" else None,
        "from": lambda field: _inner({"id": world.page_id, "name": PAGE_NAME}, field),
        "full_picture": lambda _: f"{base}/media/{post.media[0]}" if post.media else None,
        "attachments": lambda _: _attachments(world, post, base),
        # Like the real one, the field is absent while nobody has shared the post.
        "shares": lambda _: {"count": figures.shares} if figures.shares else None,
        "reactions": lambda field: reactions(figures, field),
        "likes": lambda field: reactions(figures, Wanted("likes", {**field.args, "type": "LIKE"}, "likes", ())),
        "comments": lambda field: comments_edge(world, post, None, field.args, field.inner, base),
        "insights": lambda field: post_insights(world, post, field.args.get("metric", "")),
    }, wanted, ("created_time", "message", "id"))  # fmt: skip


def _inner(value: dict[str, Any], field: Wanted) -> dict[str, Any]:
    names = {inner.name for inner in field.inner} or set(value)
    return {name: value[name] for name in value if name in names}


def _attachments(world: World, post: Post, base: str) -> dict[str, Any] | None:
    data: list[dict[str, Any]] = []
    for medium in world.store.media("facebook", post.media):
        picture = {"image": {"src": f"{base}/media/{medium.id}"}}
        data.append({"type": "photo", "target": {"id": medium.id}, "media": picture, "description": medium.alt_text})
    if post.link:
        data.append({"type": "share", "unshimmed_url": post.link, "url": post.link, "title": post.link})
    return {"data": data} if data else None


def reactions(figures: Figures, field: Wanted) -> dict[str, Any]:
    """The reactions edge: nobody is listed, the summary counts."""
    kind = field.args.get("type")
    if kind and kind not in (*figures.reactions, "NONE"):
        raise graph_error(100, f"(#100) Param type must be one of {{{', '.join(figures.reactions)}}}")
    edge: dict[str, Any] = {"data": []}
    if field.args.get("summary"):
        count = figures.reactions.get(kind, 0) if kind else figures.reaction_count
        edge["summary"] = {"total_count": count, "viewer_reaction": "NONE"}
    return edge


def comment_json(
    world: World, post: Post, said: Said, under: Sequence[Said], wanted: Sequence[Wanted], base: str
) -> dict[str, Any]:
    parent = next((other for other in under if other.platform_id == said.parent), None)
    return shape("Comment", {
        "id": lambda _: said.platform_id,
        "message": lambda _: said.text,
        "created_time": lambda _: graph_time(said.created_ms),
        "from": lambda field: _writer(world, said, field),
        "parent": lambda field: _inner(_parent(parent), field) if parent else None,
        "comment_count": lambda _: sum(1 for other in under if other.parent == said.platform_id),
        "like_count": lambda _: said.likes,
        "is_hidden": lambda _: said.hidden,
        "is_private": lambda _: False,
        "can_hide": lambda _: not said.ours,
        "can_remove": lambda _: True,
        "can_reply_privately": lambda _: not said.ours,
        "permalink_url": lambda _: f"{base}/posts/{post.platform_id}#c{said.platform_id.split('_')[-1]}",
        "attachment": lambda _: graph_attachment(carried, base) if (carried := attached_to(said)) else None,
        "message_tags": lambda _: None,
        "user_likes": lambda _: False,
        "object": lambda _: {"id": post.platform_id},
        "comments": lambda field: comments_edge(world, post, said, field.args, field.inner, base),
    }, wanted, ("created_time", "from", "message", "id"))  # fmt: skip


def _writer(world: World, said: Said, field: Wanted) -> dict[str, Any] | None:
    """Who wrote it; absent for most residents, whom the application cannot see."""
    if said.ours:
        return _inner({"id": world.page_id, "name": PAGE_NAME}, field)
    if said.author % 5 < 3:
        return None
    return _inner({"id": str(7_000_000_000_000_000 + said.author), "name": f"Resident {said.author % 10_000}"}, field)


def _parent(parent: Said) -> dict[str, Any]:
    return {"id": parent.platform_id, "message": parent.text, "created_time": graph_time(parent.created_ms)}


def comments_edge(
    world: World, post: Post, of: Said | None, args: dict[str, str], wanted: Sequence[Wanted], base: str
) -> dict[str, Any]:
    """The comments edge of a post, or of one of its comments: filter, order, since, cursors, summary."""
    under = conversation.said_under(world.store, post, world.now_ms())
    top = of.platform_id if of else post.platform_id
    stream = args.get("filter", "toplevel") == "stream" and of is None
    listed = [said for said in under if stream or said.parent == top]
    order = args.get("order", "chronological" if stream else "ranked")
    if order not in ("chronological", "reverse_chronological", "ranked"):
        raise graph_error(100, "(#100) Param order must be one of {chronological, reverse_chronological, ranked}")
    total = len(listed)
    if (moment := since_ms(args.get("since"))) is not None:
        listed = [said for said in listed if said.created_ms >= moment]
    if order == "reverse_chronological":
        listed.reverse()
    key = f"{post.platform_id}/{top}/{order}/{args.get('after')}/{world.now_ms()}"
    page, paging = cut_page(
        listed, args, backwards=order == "reverse_chronological", again=lambda most: world.troubles.again(key, most)
    )
    shown = world.troubles.disordered(key, page)
    edge: dict[str, Any] = {"data": [comment_json(world, post, said, under, wanted, base) for said in shown]}
    if paging:
        edge["paging"] = paging
    if args.get("summary"):
        edge["summary"] = {"order": order, "total_count": total, "can_comment": True}
    return edge


def cut_page(
    items: Sequence[Said], args: dict[str, str], *, backwards: bool, again: Callable[[int], int]
) -> tuple[Sequence[Said], dict[str, Any]]:
    """The page that limit, after and before ask for, with its cursors; `next` is there when more follows.

    again: how many of at most so many items before it are on it once more.  A cursor holds a place in time, so it still leads on when the comment it came from has gone."""
    given = args.get("limit", "25")
    if not given.isdigit() or int(given) > MOST_A_PAGE:
        raise graph_error(100, f"(#100) Param limit must be a number of at most {MOST_A_PAGE}")
    limit = int(given)
    places = [_place(item) for item in items]
    start = 0
    if after := args.get("after"):
        last = _read_place(after)
        start = sum(1 for place in places if (place >= last if backwards else place <= last))
        start -= again(min(start, limit // 2))
    elif before := args.get("before"):
        first = _read_place(before)
        start = max(sum(1 for place in places if (place > first if backwards else place < first)) - limit, 0)
    page = items[start : start + limit]
    if not page:
        return [], {}
    ends = {"before": places[start], "after": places[start + len(page) - 1]}
    paging: dict[str, Any] = {"cursors": {way: cursor(f"{ms}_{number}") for way, (ms, number) in ends.items()}}
    if start + len(page) < len(items):
        paging["next"] = ""
    if start:
        paging["previous"] = ""
    return page, paging


def _place(said: Said) -> tuple[int, int]:
    return said.created_ms, int(said.platform_id.split("_")[-1])


def _read_place(text: str) -> tuple[int, int]:
    created, _, number = read_cursor(text).partition("_")
    return int(created), int(number or 0)


def cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(text: str) -> str:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        int(key.split("_")[-1])
    except ValueError:
        raise graph_error(100, "(#100) Invalid cursor") from None
    return key


def since_ms(given: str | None) -> int | None:
    """A moment given as epoch seconds or ISO 8601, in milliseconds."""
    if not given:
        return None
    if given.isdecimal() and len(given) <= 11:
        return int(given) * 1000
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise graph_error(100, f"(#100) Param since is not a time: {given[:40]}") from None
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
