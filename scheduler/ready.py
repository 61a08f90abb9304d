"""What publishing needs to know of posts, worked out once and kept for as long as everything that it rests on is the
same. The checks cost milliseconds; what they rest on is read again each time, for a whole group in a few questions.

A worker makes posts ready some minutes before their time, so that at their time only the reading is left."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, SQLModel

from scheduler.approvals import approval_needed, authors_of
from scheduler.awareness import AwarenessDate, AwarenessDay
from scheduler.cases import CaseRecord, NameException
from scheduler.checks import About, Finding, MediaFact, run_checks
from scheduler.content_types import Approval
from scheduler.entries import Entry
from scheduler.kept_rows import IDS, Memory, Row, by_first, rows_of
from scheduler.kept_rows import MOST as MOST  # part of what this module offers
from scheduler.post_audience import PostAudience
from scheduler.posts import Media, Post, Variant
from scheduler.subjects import subject_for
from scheduler.surroundings import about_post
from scheduler.versions import PostVersion
from social.accounts import Account
from social.channels.base import Channel
from social.clock import as_local
from social.given import as_handed_over, dialect_of, given_table, given_values
from social.places import Place
from social.upsert import table_of


@dataclass(frozen=True)
class Prepared:
    """What is worked out of a post, and the rows that belong to it."""

    approval: Approval
    about: About
    editors: frozenset[int]
    variants: tuple[Variant, ...]
    media: tuple[Media, ...]
    audience: PostAudience | None


class RestsOn(NamedTuple):
    """All that what is worked out of one post rests on.  post: one object for as long as its row is the same, and world
    as well; rows: all others that belong to it, as they were read; day: of the moment only the day counts (R38), and
    only for what is late."""

    post_id: int
    post: Post
    world: Hashable
    rows: tuple[Any, ...]
    day: date

    def is_as(self, other: "RestsOn") -> bool:
        return (
            self.post is other.post and self.world is other.world and self.day == other.day and self.rows == other.rows
        )


WORLD = (Place, AwarenessDay, AwarenessDate)
"""Small tables that bear on any post."""
_BELONGING: tuple[tuple[type[SQLModel], tuple[str, ...]], ...] = (
    (Variant, ("post_id", "channel", "text")),
    (Media, ("post_id", *(column.name for column in table_of(Media).columns))),
    (PostAudience, tuple(column.name for column in table_of(PostAudience).columns)),
    (PostVersion, ("post_id", "editor_id")),
)
"""Tables whose rows belong to a post, and what of each is asked, the post first."""
_prepared, _found, _worlds = Memory(), Memory(), Memory(most=8)


@dataclass(frozen=True)
class Parts:
    """What a group of posts rests on, by post id, what is known of them, and the rows of those of which something is new."""

    rests_on: Mapping[int, RestsOn]
    known: Mapping[int, Prepared]
    variants: Mapping[int, Sequence[Variant]]
    media: Mapping[int, Sequence[Media]]
    alerts: Mapping[int, Sequence[PostAudience]]


def parts_of(session: Session, posts: Mapping[int, Post], now: datetime) -> Parts:
    """Everything else that belongs to these posts.  There must be no hold: what it changes is not looked at here.

    posts: by id, as `kept_rows.objects_of` hands them over."""
    ids = sorted(posts)
    world, today = _world(session, posts.values()), as_local(now).date()
    belonging = [by_first(rows_of(session, model, "post_id", ids, names)) for model, names in _BELONGING]
    belonging.append(by_first(_channels(session, ids)))
    rests_on = {
        one: RestsOn(one, post, world, tuple([rows.get(one) for rows in belonging]), _day(post.due_at, now, today))
        for one, post in posts.items()
    }
    known = {one: prepared for one, found in rests_on.items() if (prepared := _known(found)) is not None}
    new = [one for one in posts if one not in known]
    variants, media = _by_post(session, Variant, new, "channel"), _by_post(session, Media, new, "position")
    return Parts(rests_on, known, variants, media, _by_post(session, PostAudience, new, "post_id"))


def _day(due_at: datetime | None, now: datetime, today: date) -> date:
    return today if due_at is None or due_at <= now else as_local(due_at).date()


def prepare(session: Session, post_id: int, parts: Parts, now: datetime) -> Prepared:
    """What is worked out of one post: from memory, where nothing that it rests on has changed."""
    if post_id in parts.known:
        return parts.known[post_id]
    rests_on = parts.rests_on[post_id]
    post, variants, media = rests_on.post, tuple(parts.variants[post_id]), tuple(parts.media[post_id])
    editors = authors_of(session, post) if post.approved_by_id is not None else frozenset[int]()
    needed, about = approval_needed(session, post, variants, media), about_post(session, post, now)
    fresh = Prepared(needed, about, editors, variants, media, next(iter(parts.alerts[post_id]), None))
    _prepared.keep(post_id, (rests_on, fresh))
    return fresh


def _known(rests_on: RestsOn) -> Prepared | None:
    known: tuple[RestsOn, Prepared] | None = _prepared.get(rests_on.post_id)
    return known[1] if known is not None and known[0].is_as(rests_on) else None


def _by_post(session: Session, model: type[Any], ids: Collection[int], order: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if ids:
        query = select(model).where(model.post_id.in_(ids)).order_by(getattr(model, order))
        for row in session.scalars(query):
            found[row.post_id].append(row)
    return found


def _channels(session: Session, ids: Sequence[int]) -> list[Row]:
    """Post id and channel of each account that these posts are for."""
    dialect = dialect_of(session)
    values = given_values(dialect, IDS, [(one,) for one in ids])
    return as_handed_over(session, _channels_query(dialect), values)


@cache
def _channels_query(dialect: str) -> Any:
    entry, account, ids = table_of(Entry), table_of(Account), given_table(dialect, IDS)
    query = select(entry.c.post_id, account.c.channel).join_from(ids, entry, entry.c.post_id == ids.c.id)
    return query.join(account, account.c.id == entry.c.account_id).order_by(entry.c.id)


def _world(session: Session, posts: Iterable[Post]) -> Hashable:
    """The rows that bear on any post: areas, the calendar, decisions about names, and the cases of these posts."""
    references = sorted({post.appeal_ref for post in posts if post.appeal_ref})
    found = [as_handed_over(session, query) for query in _bearing()]
    found += [as_handed_over(session, _cases(), {"references": references})] if references else []
    rows = tuple(map(tuple, found))
    # The rows stand for themselves by one object, so that they are compared once for a group and not for each post.
    known: _World | None = _worlds.get(rows)
    if known is None:
        known = _worlds.keep(rows, _World())
    return known


@cache
def _bearing() -> tuple[Any, ...]:
    exception = table_of(NameException)
    named = _as_read(exception).where(exception.c.ended_at.is_(None))
    return (*(_as_read(table_of(model)) for model in WORLD), named)


@cache
def _cases() -> Any:
    case = table_of(CaseRecord)
    return _as_read(case).where(case.c.reference.in_(bindparam("references", expanding=True)))


def _as_read(table: Any) -> Any:
    """All of a small table as the driver hands it over."""
    return select(*[type_coerce(column, NullType()) for column in table.columns]).order_by(*table.primary_key.columns)


class _World:
    """Stands for the rows of `_world` as they were read; the same rows, the same object."""


def findings_for(
    account: Account, channel: Channel, text: str, link: str | None, facts: tuple[MediaFact, ...], about: About
) -> list[Finding]:
    """What the checks say about a post on one account; they are pure, so the same question has the same answer."""
    key = (account.channel, account.name, channel.can, channel.limits, text, link, facts, about)
    known: list[Finding] | None = _found.get(key)
    if known is None:
        known = _found.keep(key, run_checks(subject_for(account, channel, text, link, facts, about)))
    return list(known)
