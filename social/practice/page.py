"""The pages that people see: what the accounts have posted, what came back, and which switches are set."""

from collections.abc import Sequence
from html import escape

from social.clock import as_local
from social.practice import conversation
from social.practice.faults import Faults
from social.practice.notify_store import Notification
from social.practice.store import Medium, Post
from social.practice.world import HANDLE, NOTICE, PAGE_NAME, World, from_ms

_STYLE = (
    "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:52rem;margin:0 auto;padding:1rem;color:#1a1a1a;"
    "background:#fff}.notice{background:#7a1f00;color:#fff;padding:.75rem 1rem;font-weight:700}"
    "article{border-top:1px solid #767676;padding:.75rem 0}p{white-space:pre-wrap;overflow-wrap:anywhere}"
    "small{color:#444}a{color:#0b4f9e}"
)
NOTIFICATIONS = 20
"""Messages by Notify that the first page shows."""
_NETWORKS = {"x": f"X, @{HANDLE}", "facebook": f"Facebook page, {PAGE_NAME}"}


def landing(world: World, faults: Faults, taken: Sequence[Notification]) -> str:
    """The first page: the newest posts of both accounts, what Notify took (newest first) and the switches."""
    parts = []
    for network, name in _NETWORKS.items():
        posts = world.store.posts(network, limit=50)
        parts.append(f"<section><h2>{escape(name)}</h2><p>{world.store.count_posts(network)} posts, newest first.</p>")
        parts += [_post(world, post, linked=True) for post in posts]
        parts.append("</section>")
    messages = "".join(_notification(world, one) for one in taken) or "<p>None.</p>"
    parts.append(f"<section><h2>GOV.UK Notify, newest first</h2>{messages}</section>")
    switches = "".join(
        f"<li>{escape(fault['fault'])} on {escape(fault['route'])} ({escape(fault['network'])}), {fault['times']} times</li>"
        for fault in faults.listed()
    )
    parts.append(f"<section><h2>Faults set</h2>{f'<ul>{switches}</ul>' if switches else '<p>None.</p>'}</section>")
    return _page("Practice network", "".join(parts))


def one_post(world: World, post: Post) -> str:
    """One post with everything under it."""
    said = conversation.said_under(world.store, post, world.now_ms())
    replies = "".join(
        f'<article id="c{reply.platform_id.split("_")[-1]}"><p>{escape(reply.text)}</p><small>'
        f"{escape(PAGE_NAME) if reply.ours else 'A resident'}, {_when(reply.created_ms)}"
        f"{', hidden' if reply.hidden else ''}</small></article>"
        for reply in said
    )
    body = f"{_post(world, post, linked=False)}<h2>{len(said)} replies</h2>{replies}<p><a href='/'>All posts</a></p>"
    return _page("A post", body)


def one_picture(medium: Medium) -> str:
    """What is known of an uploaded picture; the picture itself is not kept."""
    text = escape(medium.alt_text or "No alternative text was given.")
    return _page("A picture", f"<p>{text}</p><p>{escape(medium.mime)}, {medium.size} bytes. Pictures are not kept.</p>")


def not_there() -> str:
    return _page("Not here", "<p>There is no such page. <a href='/'>All posts</a></p>")


def _post(world: World, post: Post, *, linked: bool) -> str:
    figures = conversation.figures(post, world.now_ms())
    when = _when(post.created_ms)
    if linked:
        when = f"<a href='/posts/{escape(post.platform_id)}'>{when}</a>"
    pictures = "".join(
        f" Picture: {escape(medium.alt_text or 'no alternative text')}." for medium in _media(world, post)
    )
    link = f" Link: {escape(post.link)}." if post.link else ""
    return (
        f"<article><p>{escape(post.text)}</p><small>{when}. Seen by {figures.reach}, {figures.reaction_count} reactions, "
        f"{figures.shares} shares.{pictures}{link}</small></article>"
    )


def _notification(world: World, one: Notification) -> str:
    """One e-mail or text as it was taken."""
    subject = f"<strong>{escape(one.subject)}</strong>\n" if one.subject else ""
    kind = "E-mail" if one.type == "email" else "Text"
    return (
        f"<article><p>{subject}{escape(one.body)}</p><small>{kind} to {escape(one.recipient)}, {_when(one.created_ms)}, "
        f"{escape(one.status(world.now_ms()))}</small></article>"
    )


def _media(world: World, post: Post) -> list[Medium]:
    return world.store.media(post.network, post.media)


def _when(moment_ms: int) -> str:
    return as_local(from_ms(moment_ms)).strftime("%-d %b %Y, %H:%M")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}: practice</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f'<body><div class="notice" role="note">{escape(NOTICE)}</div><main><h1>{escape(title)}</h1>{body}</main></body></html>'
    )
