"""Who says that a post may go out (R17, R41). An approval covers one exact version, and nobody approves their own."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.content_types import Approval, approval_for
from scheduler.entries import Entry
from scheduler.lifecycle import Event, State
from scheduler.posts import Media, Post, Variant
from scheduler.status import status_of
from scheduler.subjects import asks_for_corporate, facts_of
from scheduler.surroundings import about_post
from scheduler.writing import entries_of, post_with_id
from social.accounts import Account
from social.context import Context
from social.errors import InputError, NotAllowed
from social.staff import Action, Person, require

_NEEDED: dict[Approval, Action] = {"supervisor": Action.APPROVE_LOCAL, "corporate": Action.APPROVE_CORPORATE}
LATE_APPROVAL = "It was approved after its time. Give it a new time."


def approval_needed(
    session: Session, post: Post, versions: Sequence[Variant] | None = None, media: Sequence[Media] | None = None
) -> Approval:
    """The level that this very post asks for, by its kind, words, pictures and channels (R41), and by what
    the checks ask for.

    versions, media: of the post, where the caller has them already."""
    channels = session.exec(
        select(Account.channel).join(Entry, col(Entry.account_id) == col(Account.id)).where(Entry.post_id == post.id)
    ).all()
    if versions is None:
        versions = session.exec(select(Variant).where(Variant.post_id == post.id)).all()
    if media is None:
        media = session.exec(select(Media).where(Media.post_id == post.id)).all()
    texts = [post.text, *(version.text for version in versions)]
    facts = facts_of(media)
    raised = asks_for_corporate(texts, post.link, facts, about_post(session, post))
    return approval_for(
        post.content_type, text="\n".join(texts), has_picture=bool(media), channels=channels, raised=raised
    )


def send_for_approval(context: Context, post_id: int, actor: Person) -> str:
    """Hand a draft in.  Where R41 asks for no approval it goes straight on into the queue.

    Returns the post's status afterwards.  Raises InputError when nothing of it is a draft."""
    now = context.clock.now()
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require(session, actor, Action.PLAN, post.place_id)
        submit(session, post, actor, now)
        return status_of(entry.state for entry in entries_of(session, post_id))


def submit(session: Session, post: Post, actor: Person, now: datetime) -> None:
    """`send_for_approval` inside the caller's transaction."""
    assert post.id is not None
    drafts = [entry for entry in entries_of(session, post.id) if entry.state == State.DRAFT]
    if not drafts:
        raise InputError("Nothing of this post is a draft, so there is nothing to send for approval.")
    for entry in drafts:
        queue.move(session, entry, Event.SUBMIT, actor=actor.email, now=now)
    if approval_needed(session, post) == "none":
        pass_on(session, post, "R41", now)


def approve_post(context: Context, post_id: int, approver: Person, *, expected_version: int | None = None) -> None:
    """Approve the post as it stands and queue it.

    expected_version: the version that the approver read; another one now raises InputError.
    A post whose time has passed meanwhile is held for a new time and never fires at once.
    Raises NotAllowed for one's own post and for a role that may not."""
    now = context.clock.now()
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        if expected_version is not None and post.version != expected_version:
            raise InputError("The post was changed after you opened it. Read it again before you approve it.")
        approve(session, post, approver, now)
        late = post.due_at is not None and post.due_at < now
        for entry in entries_of(session, post_id):
            if late and entry.state == State.QUEUED:
                queue.move(session, entry, Event.HOLD, actor="R42", now=now, reason=LATE_APPROVAL)


def approve(session: Session, post: Post, approver: Person, now: datetime) -> None:
    """`approve_post` inside the caller's transaction, without the rule for late approvals."""
    assert post.id is not None
    require_may_approve(session, post, approver)
    if not any(entry.state == State.IN_REVIEW for entry in entries_of(session, post.id)):
        raise InputError("This post is not waiting for approval.")
    post.approved_by_id = approver.id
    pass_on(session, post, approver.email, now)


def require_may_approve(session: Session, post: Post, approver: Person) -> None:
    """Raise NotAllowed unless this person may approve this very post: its level, its area, not their own (R17, R41)."""
    if approver.id == post.author_id:
        raise NotAllowed("Nobody approves their own post (R17). Ask someone else.")
    needed = approval_needed(session, post)
    require(session, approver, _NEEDED.get(needed, Action.APPROVE_LOCAL), post.place_id)


def pass_on(session: Session, post: Post, actor: str, now: datetime) -> None:
    """From review into the queue, with the version that this covers."""
    assert post.id is not None
    post.approved_version, post.approved_at, post.updated_at = post.version, now, now
    session.add(post)
    for entry in entries_of(session, post.id):
        if entry.state == State.IN_REVIEW:
            queue.move(session, entry, Event.APPROVE, actor=actor, now=now)
        if entry.state == State.APPROVED and entry.due_at is not None:
            queue.move(session, entry, Event.SCHEDULE, actor=actor, now=now)


def ask_for_changes(context: Context, post_id: int, approver: Person, reason: str) -> None:
    """Send a post back to its author with a reason.  Raises NotAllowed, or InputError without a reason."""
    if not reason.strip():
        raise InputError("Say what should change, so that the author can act on it.")
    now = context.clock.now()
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require_may_approve(session, post, approver)
        waiting = [entry for entry in entries_of(session, post_id) if entry.state == State.IN_REVIEW]
        if not waiting:
            raise InputError("This post is not waiting for approval.")
        for entry in waiting:
            queue.move(session, entry, Event.REQUEST_CHANGES, actor=approver.email, now=now, reason=reason.strip())
