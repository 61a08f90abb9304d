"""What stays online is looked at again (R07): pictures of people whose day of review has come, and what was decided."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.posts import Media, Post
from scheduler.writing import post_with_id
from social.audit import record
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.staff import Action, Person, require

SOON = timedelta(days=7)


@dataclass(frozen=True)
class ReviewDue:
    """A post that is live with a picture to look at.  review_by: the earliest day of its pictures.  passed: it lies
    behind us.  place: the name of its area, None for none."""

    post_id: int
    content_type: str
    place: str | None
    review_by: date
    passed: bool


def reviews_due(session: Session, today: date, *, within: timedelta = SOON) -> list[ReviewDue]:
    """Live posts whose pictures are to be reviewed by then, the longest overdue first.  today: in UK time."""
    live = select(Entry.post_id).where(Entry.state == State.PUBLISHED.value)
    query = (
        select(Post, Place.name, Media)
        .join(Media, col(Media.post_id) == col(Post.id))
        .join(Place, col(Place.id) == col(Post.place_id), isouter=True)
        .where(col(Media.review_by) <= today + within, col(Post.id).in_(live))
        .order_by(col(Media.review_by), col(Post.id))
    )
    found: dict[int, ReviewDue] = {}
    for post, place, medium in session.exec(query):
        day = medium.review_by
        if post.id is not None and day is not None:
            found.setdefault(post.id, ReviewDue(post.id, post.content_type, place, day, day < today))
    return list(found.values())


def keep_online(context: Context, post_id: int, until: date, reason: str, by: Person) -> None:
    """The pictures of a live post may stay, for this reason, until somebody looks again.

    Whoever may take a post down decides it; taking it down is `withdraw_post`.
    Raises InputError without a reason, for a day that is not ahead, and for a post with nothing to review or not live:
    the day is part of what was approved."""
    now = context.clock.now()
    if not reason.strip():
        raise InputError("Say why the picture must stay online.")
    if until <= as_local(now).date():
        raise InputError("Choose a day ahead of today for the next review.")
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require(session, by, Action.WITHDRAW, post.place_id)
        pictures = session.exec(select(Media).where(Media.post_id == post_id, col(Media.review_by).is_not(None))).all()
        if not pictures:
            raise InputError("No picture of this post has a day of review.")
        live = select(Entry.id).where(Entry.post_id == post_id, Entry.state == State.PUBLISHED.value)
        if session.exec(live.limit(1)).first() is None:
            raise InputError("This post is not live, so its day of review is changed with the post and approved anew.")
        before = min(picture.review_by for picture in pictures if picture.review_by is not None)
        for picture in pictures:
            picture.review_by = until
            session.add(picture)
        record(session, now, actor=by, action="review picture", subject=("post", post_id),
               before={"review_by": before}, after={"review_by": until}, reason=reason.strip(),
               place_id=post.place_id)  # fmt: skip
