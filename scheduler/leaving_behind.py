"""The fact that publishing leaves behind: a publication with everything that figures ask for, so that they never need
the queue."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from scheduler.work import Work
from social.channels.base import Draft, Published
from social.channels.canonical import with_link
from social.publications import Publication, record_publication


def leave_publication(session: Session, work: Work, draft: Draft, published: Published, now: datetime) -> Publication:
    """Leave it behind of one post, in the caller's transaction.  Returns it."""
    known = publication_with(session, work.entry.account_id, published.platform_id)
    if known is None:
        return record_publication(session, Publication(**publication_of(work, draft, published)), now)
    # A history import saw it first: it is ours, so it takes on what we know of it.
    assert known.id is not None
    ours = publication_of(work, draft, published)
    known.sqlmodel_update({name: ours[name] for name in ours if name not in ("text", "published_at")})
    session.add(known)
    return known


def publication_of(work: Work, draft: Draft, published: Published) -> dict[str, Any]:
    """What is live, as the columns of a `Publication`."""
    post = work.post
    return {
        "account_id": work.entry.account_id,
        "platform_id": published.platform_id,
        "text": with_link(draft.text, draft.link),
        "published_at": published.published_at,
        "url": published.url,
        "content_type": post.content_type,
        "content_type_guessed": False,
        "place_id": post.place_id,
        "campaign": post.campaign,
        "appeal_ref": post.appeal_ref,
        "has_picture": bool(draft.pictures),
        "imported": False,
        "post_id": post.id,
        "entry_id": work.entry.id,
    }


def publication_with(session: Session, account_id: int, platform_id: str) -> Publication | None:
    query = select(Publication).where(Publication.account_id == account_id, Publication.platform_id == platform_id)
    return session.exec(query).first()
