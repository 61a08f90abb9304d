"""Appeals to the public as something that begins and must end: one for each reference, whatever posts it took.

An appeal opens by itself when a post of an appeal kind is approved. It ends once, with a word for why; then every copy
comes down (`appeal_closing.py`, `takedown.py`) and names and pictures are forgotten (`erasing.py`; R08, R10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from scheduler.checks.names import find_names
from scheduler.content_types import kind_of
from scheduler.posts import Media, Post, Variant, normal_reference
from social.audit import record
from social.database import UTCDateTime
from social.errors import BeatlineError

ERASED_WITHIN = timedelta(hours=24)
"""R10: from the moment an appeal ends until nothing here names or shows the person."""


class Status(StrEnum):
    OPEN = "open"
    ARRESTED = "arrested"
    CHARGED = "charged"
    FOUND = "found"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


STATUS_WORDS = {
    Status.OPEN: "Open",
    Status.ARRESTED: "Arrested",
    Status.CHARGED: "Charged",
    Status.FOUND: "Found",
    Status.WITHDRAWN: "Withdrawn",
    Status.CLOSED: "Closed",
}
PERSON_KINDS = frozenset({"appeal_missing", "appeal_wanted", "appeal_image"})
"""Kinds that show or name somebody: what is kept of them is erased when the appeal ends."""
SOUGHT_KINDS = frozenset({"appeal_wanted", "appeal_image"})
"""Kinds whose aim is an arrest: with it the picture has no purpose any more (R08)."""
AFTERMATH = frozenset({"appeal_closed", "arrest_update", "court_result", "correction"})
"""Kinds that tell what came of an appeal: they carry its reference and stay when it ends. A correction of the running
appeal is none of them: it repeats the name."""


class Appeal(SQLModel, table=True):
    """One appeal.

    reference: as its posts carry it, or 'POST-12' where its only post carries none; then post_id names that one.
    kind: content type of the post that opened it.  status: one of Status.  owner_id: who is asked when a copy cannot
    be taken down.  ended_at: when everything was to come down; None while it runs.  erase_by: R10, at the latest.
    erased_at: names and pictures are gone here.  scrubbed_at: the database's files hold no trace of them either."""

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    post_id: int | None = Field(default=None, foreign_key="post.id")
    kind: str
    status: str = Status.OPEN.value
    place_id: int | None = Field(default=None, foreign_key="place.id")
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    opened_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    erase_by: datetime | None = Field(default=None, sa_type=UTCDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    scrubbed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class AppealChange(SQLModel, table=True):
    """One change of an appeal's status.  reason: in the words of whoever made it; None once erased."""

    id: int | None = Field(default=None, primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    from_status: str
    to_status: str
    actor: str
    reason: str | None = None


def reference_of(post: Post) -> str:
    """What the post's appeal is known by."""
    return post.appeal_ref or normal_reference(f"post-{post.id}")


def appeal_with(session: Session, reference: str) -> Appeal | None:
    """The appeal of that reference; None when there is none."""
    return session.exec(select(Appeal).where(Appeal.reference == normal_reference(reference))).first()


def note_approved(session: Session, post: Post, actor: str, now: datetime) -> None:
    """A post is on its way out: if it is an appeal, its appeal is open from now on.

    Raises BeatlineError for a post of an appeal that has ended: it would bring back what was taken down (R08, R10)."""
    if not kind_of(post.content_type).appeal and not post.appeal_ref:
        return
    known = appeal_with(session, reference_of(post))
    if known is not None and known.ended_at is not None and is_part(post, known):
        raise BeatlineError(
            f"The appeal {known.reference} has ended ({STATUS_WORDS[Status(known.status)].lower()}), and a post of it must "
            "not go out again (R08, R10). If there is a new appeal, give the post a new reference."
        )
    if known is None and kind_of(post.content_type).appeal:
        _open(session, post, actor, now)


def _open(session: Session, post: Post, actor: str, now: datetime) -> None:
    appeal = Appeal(
        reference=reference_of(post),
        post_id=None if post.appeal_ref else post.id,
        kind=kind_of(post.content_type).rules_of,
        place_id=post.place_id,
        owner_id=post.author_id,
        opened_at=now,
    )
    session.add(appeal)
    session.flush()
    assert appeal.id is not None
    record(session, now, actor=actor, action="open appeal", subject=("appeal", appeal.id), place_id=post.place_id,
           after={"kind": appeal.kind, "post": post.id})  # fmt: skip


def is_part(post: Post, appeal: Appeal) -> bool:
    """Whether a post under the appeal's reference comes down with it: all do but those that tell what came of it."""
    kind = kind_of(post.content_type).rules_of
    while_it_ran = appeal.ended_at is None or post.created_at <= appeal.ended_at
    return kind not in AFTERMATH or (kind == "correction" and while_it_ran)


def posts_in(session: Session, appeal: Appeal) -> list[Post]:
    """The posts that come down with the appeal, oldest first."""
    if appeal.post_id is not None:
        return [session.get_one(Post, appeal.post_id)]
    query = select(Post).where(Post.appeal_ref == appeal.reference).order_by(col(Post.id))
    return [post for post in session.exec(query) if is_part(post, appeal)]


def shows_a_person(session: Session, appeal: Appeal, posts: list[Post]) -> bool:
    """Whether a person was named or shown: then their name and picture are erased when the appeal ends (R10)."""
    kinds = {appeal.kind, *(kind_of(post.content_type).rules_of for post in posts)}
    if kinds & PERSON_KINDS:
        return True
    ids = [post.id for post in posts]
    if session.exec(select(Media.id).where(col(Media.post_id).in_(ids)).limit(1)).first() is not None:
        return True
    return bool(names_in(session, posts))


def names_in(session: Session, posts: Sequence[Post]) -> set[str]:
    """Full names of members of the public that the posts give, in their words or under their pictures."""
    ids = [post.id for post in posts]
    texts = [post.text for post in posts]
    texts += session.exec(select(Variant.text).where(col(Variant.post_id).in_(ids)))
    texts += session.exec(select(Media.alt_text).where(col(Media.post_id).in_(ids)))
    named = (name for text in texts for name in find_names(text))
    return {name.words for name in named if name.role in ("person", "victim") and " " in name.words}
