"""What stands under a post at a moment: residents' replies, our answers, and what was hidden or removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from social.practice import ids
from social.practice.residents import Crowd, Figures, Reply, crowd_of, figures_at
from social.practice.store import Mark, Post, Store

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Said:
    """One reply.  parent: platform id of what it answers, the post's own for a direct reply.  index: its place among
    the residents' replies, 0 for an answer that was sent in.  author: a number that names nobody; 0 is the account.
    gone: its author took it back, or it was removed."""

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
    gone: bool = False


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
        return ids.x_reply_id(created_ms, post.number, index)
    return ids.facebook_comment_id(post.number, index)


def said_under(store: Store, post: Post, now_ms: int) -> list[Said]:
    """Everything to be read under the post now, oldest first; hidden replies are in it and say so."""
    return [said for said in ever_said_under(store, post, now_ms) if not said.gone]


def ever_said_under(store: Store, post: Post, now_ms: int) -> Sequence[Said]:
    """The same with what was said and is gone, in the words it had last."""
    marks = tuple(sorted(store.marks_under(post.number).items()))
    return _said(post, now_ms, store.created_ms(), marks, tuple(store.answers_under(post.number)))


@lru_cache(maxsize=512)
def _said(
    post: Post, now_ms: int, account_made_ms: int, marks: tuple[tuple[str, Mark], ...], answers: tuple[Post, ...]
) -> tuple[Said, ...]:
    """Pure, and asked for again and again at one moment: for a page, for one reply on it, for its parent."""
    marked = dict(marks)
    hours = hours_since(post, now_ms)
    known: dict[int, str] = {0: post.platform_id}
    found: list[Said] = []
    for reply in crowd(post).replies:
        created_ms = post.created_ms + int(reply.hours / post.pace * HOUR_MS)
        platform_id = known[reply.index] = reply_id(post, reply.index, created_ms)
        if reply.hours > hours or created_ms > now_ms:
            continue
        if reply.ours and created_ms > account_made_ms:
            continue  # from the day the account was made, answering is for those who hold it
        found.append(_reply(reply, platform_id, known[reply.parent], created_ms, hours, marked.get(platform_id)))
    found += [_answer(answer, post, marked) for answer in answers]
    return tuple(sorted(found, key=lambda said: (said.created_ms, int(said.platform_id.split("_")[-1]))))


def _reply(reply: Reply, platform_id: str, parent: str, created_ms: int, hours: float, mark: Mark | None) -> Said:
    since = hours - reply.hours
    taken_back = reply.gone_after is not None and reply.gone_after <= since
    return Said(
        platform_id=platform_id,
        parent=parent,
        index=reply.index,
        text=reply.edit[1] if reply.edit is not None and reply.edit[0] <= since else reply.text,
        created_ms=created_ms,
        author=reply.author,
        ours=reply.ours,
        hidden=mark.hidden if mark else reply.hidden,
        likes=int(reply.likes * (1 - 2 ** (-since / 8))),
        lang=reply.lang,
        kind=reply.kind,
        stance=reply.stance,
        gone=taken_back or (mark is not None and mark.removed),
    )


def _answer(answer: Post, post: Post, marked: Mapping[str, Mark]) -> Said:
    """What the account itself sent in."""
    return Said(
        platform_id=answer.platform_id,
        parent=answer.parent or post.platform_id,
        index=0,
        text=answer.text,
        created_ms=answer.created_ms,
        author=0,
        ours=True,
        hidden=marked.get(answer.platform_id, Mark(False, False)).hidden,
        likes=0,
        lang="en",
        kind="answer",
        stance="neutral",
    )
