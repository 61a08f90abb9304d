"""Small look-ups for pages that are about the worker rather than about posts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from scheduler.entries import Attempt, Entry, EntryHistory, Heartbeat
from scheduler.lifecycle import Event, State
from scheduler.posts import Post
from social.accounts import Account
from social.publications import Publication


@dataclass(frozen=True)
class AttemptView:
    """One request to publish.  outcome: sent, not_sent, refused, unknown, or None while open."""

    started_at: datetime
    account: str
    channel: str
    post_id: int
    text: str
    outcome: str | None
    detail: str | None
    seconds: float | None


def heartbeats(session: Session, limit: int = 20) -> list[Heartbeat]:
    """The workers, most lately seen first."""
    return list(session.exec(select(Heartbeat).order_by(col(Heartbeat.seen_at).desc()).limit(limit)))


def last_attempts(session: Session, limit: int = 50) -> list[AttemptView]:
    """The newest requests to publish, newest first."""
    rows = session.exec(
        select(Attempt, Account, Post)
        .join(Entry, col(Entry.id) == Attempt.entry_id)
        .join(Account, col(Account.id) == Entry.account_id)
        .join(Post, col(Post.id) == Entry.post_id)
        .order_by(col(Attempt.id).desc())
        .limit(limit)
    )
    return [_attempt_view(*row) for row in rows]


def _attempt_view(attempt: Attempt, account: Account, post: Post) -> AttemptView:
    took = None if attempt.finished_at is None else (attempt.finished_at - attempt.started_at).total_seconds()
    return AttemptView(
        attempt.started_at,
        account.name,
        account.channel,
        post.id or 0,
        post.text,
        attempt.outcome,
        attempt.detail,
        took,
    )


def last_published(session: Session, account_id: int) -> datetime | None:
    """When a post last went out there through Beatline; None for never."""
    found = select(func.max(Entry.published_at)).where(Entry.account_id == account_id)
    return session.exec(found).one()


def publication_of(session: Session, entry_id: int) -> int | None:
    """The id of the publication that an entry became; None when it is not out."""
    return session.exec(select(Publication.id).where(Publication.entry_id == entry_id)).first()


def sent_back(session: Session, author_id: int) -> list[tuple[int, str, str]]:
    """This author's posts that somebody asked to change and that are drafts since: id, text, what should change."""
    last = select(func.max(EntryHistory.id)).where(EntryHistory.entry_id == Entry.id).correlate(Entry).scalar_subquery()
    rows = session.exec(
        select(Post.id, Post.text, EntryHistory.reason)
        .join(Entry, col(Entry.post_id) == Post.id)
        .join(EntryHistory, col(EntryHistory.id) == last)
        .where(
            Post.author_id == author_id,
            Entry.state == State.DRAFT.value,
            EntryHistory.event == Event.REQUEST_CHANGES.value,
        )
        .order_by(col(EntryHistory.id).desc())
    )
    found = {post_id: (post_id, text, reason or "no reason was given") for post_id, text, reason in rows if post_id}
    return list(found.values())
