"""What publishing needs to know of posts, worked out once and kept for as long as everything that it rests on is the
same. The checks cost milliseconds; what they rest on is read again each time, for a whole group in a few questions.

A worker makes posts ready some minutes before their time, so that at their time only the reading is left."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from scheduler.approvals import approval_needed, authors_of
from scheduler.awareness import AwarenessDate, AwarenessDay
from scheduler.cases import CaseRecord, NameException
from scheduler.checks import About, Finding, MediaFact, run_checks
from scheduler.content_types import Approval
from scheduler.entries import Entry
from scheduler.post_audience import PostAudience
from scheduler.posts import Media, Post, Variant
from scheduler.subjects import subject_for
from scheduler.surroundings import about_post
from scheduler.versions import PostVersion
from social.accounts import Account
from social.channels.base import Channel
from social.clock import as_local
from social.places import Place
from social.upsert import table_of

MOST = 5000
"""Posts that are kept ready; of more the longest unused are forgotten."""


@dataclass(frozen=True)
class Prepared:
    """What is worked out of a post.  The fields are those of `work.Work`."""

    approval: Approval
    about: About
    editors: frozenset[int]


class Memory:
    """Values by key; of more than `most` those that were not asked for longest are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[Hashable, Any](), threading.Lock()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, key: Hashable, value: Any) -> Any:
        with self._lock:
            self._kept[key] = value
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value


@dataclass(frozen=True)
class Parts:
    """The rows that belong to a group of posts, by post id, and what all of them rest on."""

    variants: Mapping[int, Sequence[Variant]]
    media: Mapping[int, Sequence[Media]]
    alerts: Mapping[int, PostAudience]
    rests_on: Mapping[int, Hashable]


WORLD = (Place, AwarenessDay, AwarenessDate)
"""Small tables that bear on any post."""
_post_values = attrgetter(*[column.name for column in table_of(Post).columns])
_prepared, _found, _worlds = Memory(), Memory(), Memory(most=8)


def parts_of(session: Session, posts: Collection[Post]) -> Parts:
    """Everything else that belongs to these posts.  There must be no hold: what it changes is not looked at here."""
    ids = [post.id for post in posts]
    variants = _by_post(session, Variant, ids, "channel")
    media = _by_post(session, Media, ids, "position")
    approved = [post.id for post in posts if post.approved_by_id is not None]
    editors = _editors(session, approved)
    entry, account = table_of(Entry).c, table_of(Account).c
    channels: dict[int, list[str]] = defaultdict(list)
    query = select(entry.post_id, account.channel).where(entry.post_id.in_(ids), account.id == entry.account_id)
    for post_id, channel in session.connection().execute(query.order_by(entry.id)):
        channels[post_id].append(channel)
    world = _world(session, posts)
    alerts = {post_id: rows[0] for post_id, rows in _by_post(session, PostAudience, ids, "post_id").items()}
    return Parts(
        variants, media, alerts,
        {
            post.id: (
                _post_values(post), world, tuple(channels[post.id]), editors.get(post.id),
                tuple((one.channel, one.text) for one in variants.get(post.id, ())),
                tuple(tuple(one.model_dump().items()) for one in media.get(post.id, ())),
                tuple(alerts[post.id].model_dump().items()) if post.id in alerts else None,
            )
            for post in posts if post.id is not None
        },
    )  # fmt: skip


def prepare(session: Session, post: Post, parts: Parts, now: datetime) -> Prepared:
    """What is worked out of one post: from memory, where nothing that it rests on has changed."""
    assert post.id is not None
    # Of the moment only the day counts (R38), and only for what is late.
    key = parts.rests_on[post.id], as_local(max(post.due_at or now, now)).date()
    known: Prepared | None = _prepared.get(key)
    if known is not None:
        return known
    variants, media = parts.variants.get(post.id, ()), parts.media.get(post.id, ())
    editors = authors_of(session, post) if post.approved_by_id is not None else frozenset[int]()
    fresh = Prepared(approval_needed(session, post, variants, media), about_post(session, post, now), editors)
    _prepared.keep(key, fresh)
    return fresh


def _world(session: Session, posts: Collection[Post]) -> Hashable:
    """The rows that bear on any post: areas, the calendar, decisions about names, and the cases of these posts."""
    case, exception = table_of(CaseRecord), table_of(NameException)
    references = {post.appeal_ref for post in posts if post.appeal_ref}
    cases: Any = select(case).where(case.c.reference.in_(references)).order_by(case.c.id)
    open_ones = select(exception).where(exception.c.ended_at.is_(None)).order_by(exception.c.id)
    queries: list[Any] = [select(table).order_by(*table.primary_key.columns) for table in [table_of(m) for m in WORLD]]
    queries += [open_ones, *([cases] if references else [])]
    rows = tuple(tuple(map(tuple, session.connection().execute(query))) for query in queries)
    # The rows stand for themselves by one object, so that they are compared once for a group and not for each post.
    known: _World | None = _worlds.get(rows)
    if known is None:
        known = _worlds.keep(rows, _World())
    return known


class _World:
    """Stands for the rows of `_world` as they were read; the same rows, the same object."""


def _by_post(session: Session, model: type[Any], ids: Collection[int | None], order: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    query = select(model).where(model.post_id.in_(ids)).order_by(getattr(model, order))
    for row in session.execute(query).scalars():
        found[row.post_id].append(row)
    return found


def _editors(session: Session, ids: Collection[int | None]) -> dict[int, tuple[int, ...]]:
    version = table_of(PostVersion).c
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    if ids:
        query = select(version.post_id, version.editor_id).where(version.post_id.in_(ids)).order_by(version.id)
        for post_id, editor_id in session.connection().execute(query):
            found[post_id] += (editor_id,)
    return found


def findings_for(
    account: Account, channel: Channel, text: str, link: str | None, facts: tuple[MediaFact, ...], about: About
) -> list[Finding]:
    """What the checks say about a post on one account; they are pure, so the same question has the same answer."""
    key = (account.channel, account.name, channel.can, channel.limits, text, link, facts, about)
    known: list[Finding] | None = _found.get(key)
    if known is None:
        known = _found.keep(key, run_checks(subject_for(account, channel, text, link, facts, about)))
    return list(known)
