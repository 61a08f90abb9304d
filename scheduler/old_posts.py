"""Forgets posts with their approvals when their time is over (R28): words, pictures, versions, reasons. Figures, states and
moments stay (M13), and so does the record of who did what.

A post that is still to go out, comes again, belongs to a running appeal or has a copy to come down is not over."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlmodel import Session, col

from scheduler.appeals import Appeal
from scheduler.entries import Entry
from scheduler.erasing import (
    ERASED,
    ERASED_BY_AGE,
    erase_posts,
    erase_traces,
    files_of,
)
from scheduler.lifecycle import State
from scheduler.picture_files import remove_files
from scheduler.posts import Post
from scheduler.recurrences import Recurrence
from scheduler.takedown_tasks import OPEN_TASKS, Takedown
from social.alerts.mailings_erased import erase_mailings, mailings_of
from social.audit import erase_reasons, record
from social.context import Context
from social.publications import Publication
from social.publications_erased import erase_publications
from social.purging import PURGE, RULE, Purger, before
from social.retention import POST
from social.settings import Settings
from social.staff import Action, Person, require

BATCH = 50
_GOING = (State.QUEUED.value, State.PUBLISHING.value, State.UNCONFIRMED.value)


def _due_posts(settings: Settings, now: datetime) -> Any:
    cutoff, here, one = before(settings, now, POST.setting or ""), col(Post.id), literal(1)
    busy = exists(
        select(one).where(
            col(Entry.post_id) == here, (col(Entry.updated_at) > cutoff) | col(Entry.state).in_(_GOING)
        ).correlate(Post)
    )  # fmt: skip
    runs = exists(
        select(one).where(col(Appeal.reference) == col(Post.appeal_ref), col(Appeal.ended_at).is_(None)).correlate(Post)
    )
    again = exists(
        select(one).where(col(Recurrence.post_id) == here, col(Recurrence.stopped_at).is_(None)).correlate(Post)
    )
    down = exists(select(one).where(col(Takedown.post_id) == here, col(Takedown.state).in_(OPEN_TASKS)).correlate(Post))
    gone = col(Post.text).in_((ERASED, ERASED_BY_AGE))
    return (col(Post.updated_at) <= cutoff) & ~gone & ~busy & ~runs & ~again & ~down


def _due_publications(settings: Settings, now: datetime) -> Any:
    """Those of before Beatline, which no post stands behind."""
    cutoff = before(settings, now, POST.setting or "")
    own = col(Publication.post_id).is_(None) & col(Publication.erased_at).is_(None)
    return (col(Publication.published_at) <= cutoff) & own


def _count(session: Session, settings: Settings, now: datetime) -> int:
    posts = select(func.count(col(Post.id))).where(_due_posts(settings, now))
    imported = select(func.count(col(Publication.id))).where(_due_publications(settings, now))
    return sum(int(session.connection().execute(query).scalar_one()) for query in (posts, imported))


def forget_old_posts(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    """Forget every post and publication that is due, a few in a transaction.  Returns how many."""
    total = 0
    while done := _forget_some(context, actor):
        total += done
        step(done)
    return total


def _forget_some(context: Context, actor: Person | str) -> int:
    with context.database.write() as session:
        if isinstance(actor, Person):
            require(session, actor, Action.ERASE, None)
        now = context.clock.now()
        posts = list(session.execute(select(Post).where(_due_posts(context.settings, now)).limit(BATCH)).scalars())
        column: Any = Publication.id
        imported = select(column).where(_due_publications(context.settings, now)).limit(BATCH)
        publications = list(session.connection().execute(imported).scalars())
        done = len(posts) + len(publications)
        if done:
            publications += _forget_posts(session, posts, context, now, actor)
            erase_publications(session, publications, now)
            record(session, now, actor=actor, action=PURGE, subject=("records", POST.key), after={"records": done})
    return done


def _forget_posts(
    session: Session, posts: Sequence[Post], context: Context, now: datetime, actor: Person | str
) -> list[int]:
    """Returns the publications that the posts left."""
    ids = [post.id for post in posts if post.id is not None]
    files = files_of(session, ids)
    erase_posts(session, posts, now, ERASED_BY_AGE)
    erase_traces(session, ids, now)
    column: Any = Entry.id
    entries = session.connection().execute(select(column).where(col(Entry.post_id).in_(ids))).scalars()
    for subject in [("post", number) for number in ids] + [("entry", number) for number in entries]:
        erase_reasons(session, now, actor=actor, subject=subject)
    column = Publication.id
    published = list(session.connection().execute(select(column).where(col(Publication.post_id).in_(ids))).scalars())
    files |= erase_mailings(session, mailings_of(session, published), now)
    remove_files(session, files, context.settings.media_folder)
    return published


PURGERS = (Purger(POST.key, _count, forget_old_posts),)


def purge_old_posts(context: Context) -> int:
    """The job."""
    done = forget_old_posts(context, RULE, lambda _records: None)
    if done:
        context.database.wipe_freed()
    return done
