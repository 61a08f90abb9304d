"""What an alert says besides the words of its post, and whom it is for: kept with the post until it goes out.

Subject, audience and urgency are part of what is approved: they stand in each version, and a change of them is an edit
like any other and ends the approval (R41)."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from scheduler.posts import Post
from social.alerts.audience import Audience, audience_from
from social.channels.base import AlertDraft


class PostAudience(SQLModel, table=True):
    """One row for each post that goes out as an alert.  audience: JSON of `Audience`.  subject: '' once erased."""

    __tablename__ = "post_audience"

    post_id: int = Field(primary_key=True, foreign_key="post.id")
    subject: str
    urgent: bool = False
    audience: str


@dataclass(frozen=True)
class AlertInput:
    """What somebody asks of an alert when they plan it.  urgent: goes to everybody of the audience at once, may be
    texted, and may ring at night (R30)."""

    subject: str
    audience: Audience
    urgent: bool = False


def keep_audience(session: Session, post_id: int, given: AlertInput | None) -> None:
    """Put this in place of what the post had; None takes it away."""
    session.exec(delete(PostAudience).where(col(PostAudience.post_id) == post_id))
    if given is not None:
        row = PostAudience(post_id=post_id, subject=given.subject.strip(), urgent=given.urgent,
                           audience=given.audience.to_json())  # fmt: skip
        session.add(row)


def alert_of(session: Session, post_id: int) -> AlertInput | None:
    """What the post asks as an alert; None for a post that is none."""
    row = session.get(PostAudience, post_id)
    return None if row is None else AlertInput(row.subject, audience_from(row.audience), row.urgent)


def alert_draft(post: Post, row: PostAudience | None, texts: int = 0) -> AlertDraft | None:
    """What the channel is handed.  texts: residents who would be texted now."""
    if row is None:
        return None
    return AlertDraft(row.subject, row.audience, row.urgent, texts, post.appeal_ref, post.place_id, post.lang)
