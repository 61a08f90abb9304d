"""What there is in the queue and the plan, as plain values for pages and commands. Nothing here changes anything."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from scheduler.content_types import label_of
from scheduler.entries import Attempt, Entry, EntryHistory
from scheduler.lifecycle import State
from scheduler.posts import Media, Post, Variant
from scheduler.status import status_of
from scheduler.writing import post_with_id
from social.accounts import Account
from social.places import Place
from social.staff import Person


@dataclass(frozen=True)
class EntryView:
    """One entry with what people ask about it.

    account, channel, place: names.  place_id: of that place; None is the whole force.  due_at, published_at: UTC or None.  owner: name of the person to turn to when it
    is stuck."""

    id: int
    post_id: int
    account: str
    channel: str
    state: str
    due_at: datetime | None
    text: str
    platform_id: str | None
    url: str | None
    reason: str | None
    content_type: str
    place: str | None
    place_id: int | None
    attempts: int
    published_at: datetime | None
    owner: str | None


@dataclass(frozen=True)
class PostView:
    """One post with all that belongs to it.  variants: text by channel.  history, attempts: oldest first."""

    post: Post
    variants: dict[str, str]
    media: list[Media]
    entries: list[EntryView]
    history: list[EntryHistory]
    attempts: list[Attempt]
    author: Person
    approver: Person | None
    place: Place | None
    status: str


@dataclass(frozen=True)
class PostSummary:
    """One post in a list.  label: the content type in plain words.  accounts, channels, states: of its entries, by account.

    place_id: of the area that it is about; None is the whole force."""

    post_id: int
    due_at: datetime | None
    status: str
    content_type: str
    label: str
    text: str
    place: str | None
    accounts: tuple[str, ...]
    channels: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    place_id: int | None = None


def list_entries(
    session: Session,
    *,
    states: Collection[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    post_id: int | None = None,
) -> list[EntryView]:
    """Entries by due time, those without one last.  start, end: due at or after, and before."""
    query = (
        select(Entry, Post, Account, Variant)
        .join(Post, col(Post.id) == col(Entry.post_id))
        .join(Account, col(Account.id) == col(Entry.account_id))
        .join(
            Variant,
            (col(Variant.post_id) == col(Post.id)) & (col(Variant.channel) == col(Account.channel)),
            isouter=True,
        )
        .order_by(col(Entry.due_at).is_(None), col(Entry.due_at), col(Entry.id))
    )
    for condition in _conditions(states, start, end, post_id):
        query = query.where(condition)
    rows = session.exec(query).all()
    places = _place_names(session, {post.place_id for _, post, _, _ in rows})
    owners = _person_names(session, {entry.owner_id for entry, _, _, _ in rows})
    return [_entry_view(*row, places.get(row[1].place_id), owners.get(row[0].owner_id)) for row in rows]


def _conditions(
    states: Collection[str] | None, start: datetime | None, end: datetime | None, post_id: int | None
) -> Iterable[Any]:
    if states is not None:
        yield col(Entry.state).in_([str(state) for state in states])
    if start is not None:
        yield col(Entry.due_at) >= start
    if end is not None:
        yield col(Entry.due_at) < end
    if post_id is not None:
        yield col(Entry.post_id) == post_id


def _entry_view(
    entry: Entry, post: Post, account: Account, variant: Variant | None, place: str | None, owner: str | None
) -> EntryView:
    assert entry.id is not None
    return EntryView(
        id=entry.id,
        post_id=entry.post_id,
        account=account.name,
        channel=account.channel,
        state=entry.state,
        due_at=entry.due_at,
        text=variant.text if variant else post.text,
        platform_id=entry.platform_id,
        url=entry.url,
        reason=entry.reason,
        content_type=post.content_type,
        place=place,
        place_id=post.place_id,
        attempts=entry.attempts,
        published_at=entry.published_at,
        owner=owner,
    )


def post_view(session: Session, post_id: int) -> PostView:
    """Everything about one post.  Raises InputError when there is none."""
    post = post_with_id(session, post_id)
    entries = list_entries(session, post_id=post_id)
    ids = [entry.id for entry in entries]
    variants = session.exec(select(Variant).where(Variant.post_id == post_id).order_by(Variant.channel))
    media = session.exec(select(Media).where(Media.post_id == post_id).order_by(col(Media.position)))
    history = session.exec(
        select(EntryHistory).where(col(EntryHistory.entry_id).in_(ids)).order_by(col(EntryHistory.id))
    )
    attempts = session.exec(select(Attempt).where(col(Attempt.entry_id).in_(ids)).order_by(col(Attempt.id)))
    return PostView(
        post=post,
        variants={variant.channel: variant.text for variant in variants},
        media=list(media),
        entries=entries,
        history=list(history),
        attempts=list(attempts),
        author=session.get_one(Person, post.author_id),
        approver=session.get(Person, post.approved_by_id) if post.approved_by_id else None,
        place=session.get(Place, post.place_id) if post.place_id else None,
        status=status_of(entry.state for entry in entries),
    )


def posts_between(session: Session, start: datetime, end: datetime) -> list[PostSummary]:
    """Posts due from `start` up to but not at `end`, by time.  Discarded ones are left out."""
    query = (
        select(Post).where(col(Post.due_at) >= start, col(Post.due_at) < end).order_by(col(Post.due_at), col(Post.id))
    )
    summaries = _summaries(session, list(session.exec(query)))
    return [summary for summary in summaries if summary.status != State.DISCARDED]


def recent_posts(session: Session, limit: int) -> list[PostSummary]:
    """The posts that were changed last, newest first."""
    query = select(Post).order_by(col(Post.updated_at).desc(), col(Post.id).desc()).limit(limit)
    return _summaries(session, list(session.exec(query)))


def posts_numbered(session: Session, numbers: Sequence[int]) -> list[PostSummary]:
    """The posts with these numbers, in their order."""
    found = {post.id: post for post in session.exec(select(Post).where(col(Post.id).in_(numbers)))}
    return _summaries(session, [found[number] for number in numbers if number in found])


def count_states(session: Session) -> dict[str, int]:
    """How many entries are in each state; every state is there, with 0 where there is none."""
    counted = dict(session.exec(select(Entry.state, func.count()).group_by(Entry.state)).all())
    return {state.value: counted.get(state.value, 0) for state in State}


def _summaries(session: Session, posts: Sequence[Post]) -> list[PostSummary]:
    ids = [post.id for post in posts]
    rows = session.exec(
        select(Entry.post_id, Entry.state, Account.name, Account.channel)
        .join(Account, col(Account.id) == col(Entry.account_id))
        .where(col(Entry.post_id).in_(ids))
        .order_by(Account.name)
    )
    states, accounts, channels = defaultdict(list), defaultdict(list), defaultdict(list)
    for post_id, state, account, channel in rows:
        states[post_id].append(state)
        accounts[post_id].append(account)
        channels[post_id].append(channel)
    places = _place_names(session, {post.place_id for post in posts})
    return [
        PostSummary(
            post_id=post.id,
            due_at=post.due_at,
            status=status_of(states[post.id]),
            content_type=post.content_type,
            label=label_of(post.content_type),
            text=post.text,
            place=places.get(post.place_id),
            accounts=tuple(accounts[post.id]),
            channels=tuple(channels[post.id]),
            states=tuple(states[post.id]),
            place_id=post.place_id,
        )
        for post in posts
        if post.id is not None
    ]


def _place_names(session: Session, ids: Collection[int | None]) -> dict[int | None, str]:
    known = [place_id for place_id in ids if place_id is not None]
    return dict(session.exec(select(Place.id, Place.name).where(col(Place.id).in_(known))).all())


def _person_names(session: Session, ids: Collection[int | None]) -> dict[int | None, str]:
    known = [person_id for person_id in ids if person_id is not None]
    return dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(known))).all())
