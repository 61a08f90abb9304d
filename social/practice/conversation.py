"""What stands under a post at a moment: residents' replies, our answers, and what was hidden or removed."""

from dataclasses import dataclass

from social.practice import ids
from social.practice.residents import Crowd, Figures, crowd_of, figures_at
from social.practice.store import Mark, Post, Store

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Said:
    """One reply.  parent: platform id of what it answers, the post's own for a direct reply.  index: its place among
    the residents' replies, 0 for an answer that was sent in.  author: a number that names nobody; 0 is the account."""

    platform_id: str
    parent: str
    index: int
    text: str
    created_ms: int
    author: int
    ours: bool
    hidden: bool
    likes: int
    lang: str
    kind: str
    stance: str


def hours_since(post: Post, now_ms: int) -> float:
    """How long residents have had the post, in their own hours."""
    return max(now_ms - post.created_ms, 0) / HOUR_MS * post.pace


def crowd(post: Post) -> Crowd:
    return crowd_of(post.crowd, post.network, post.text, post.origin == "history")


def figures(post: Post, now_ms: int) -> Figures:
    """How far the post has got by now."""
    return figures_at(crowd(post), hours_since(post, now_ms))


def reply_id(post: Post, index: int, created_ms: int) -> str:
    if post.network == "x":
        return ids.x_id(created_ms, post.number, index)
    return ids.facebook_comment_id(post.number, index)


def said_under(store: Store, post: Post, now_ms: int) -> list[Said]:
    """Everything to be read under the post now, oldest first; hidden replies are in it and say so."""
    marks = store.marks_under(post.number)
    hours = hours_since(post, now_ms)
    known: dict[int, str] = {0: post.platform_id}
    found: list[Said] = []
    for reply in crowd(post).replies:
        created_ms = post.created_ms + int(reply.hours / post.pace * HOUR_MS)
        platform_id = known[reply.index] = reply_id(post, reply.index, created_ms)
        if reply.hours > hours or created_ms > now_ms:
            continue
        if reply.ours and created_ms > store.created_ms():
            continue  # from the day the account was made, answering is for those who hold it
        mark = marks.get(platform_id)
        if (reply.gone_after is not None and reply.hours + reply.gone_after <= hours) or (mark and mark.removed):
            continue
        hidden = mark.hidden if mark else reply.hidden
        likes = int(reply.likes * (1 - 2 ** (-(hours - reply.hours) / 8)))
        found.append(
            Said(
                platform_id,
                known[reply.parent],
                reply.index,
                reply.text,
                created_ms,
                reply.author,
                reply.ours,
                hidden,
                likes,
                reply.lang,
                reply.kind,
                reply.stance,
            )
        )
    for answer in store.answers_under(post.number):
        hidden = marks.get(answer.platform_id, Mark(False, False)).hidden
        found.append(
            Said(
                answer.platform_id,
                answer.parent or post.platform_id,
                0,
                answer.text,
                answer.created_ms,
                0,
                True,
                hidden,
                0,
                "en",
                "answer",
                "neutral",
            )
        )
    return sorted(found, key=lambda said: (said.created_ms, int(said.platform_id.split("_")[-1])))
