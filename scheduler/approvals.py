"""Who says that a post may go out (R17, R41). An approval covers one exact version, and nobody approves their own:
whoever wrote any version of a post is one of its authors. What the checks find now is said, and kept with the
approval; what they stop cannot be approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from scheduler import queue
from scheduler.appeals import note_approved
from scheduler.checking import findings_of
from scheduler.checks import Finding
from scheduler.content_types import Approval, approval_for
from scheduler.entries import Entry
from scheduler.inputs import said
from scheduler.lifecycle import Event, State
from scheduler.post_audience import require_for_areas
from scheduler.posts import Media, Post, Variant
from scheduler.queries import post_view
from scheduler.status import status_of
from scheduler.subjects import asks_for_corporate, facts_of
from scheduler.surroundings import about_post
from scheduler.versions import PostVersion
from scheduler.writing import entries_of, post_with_id
from social.accounts import Account
from social.audit import record
from social.context import Context
from social.errors import InputError, NotAllowed, Problem
from social.staff import Action, Person, may, require

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
    about = about_post(session, post)
    raised = asks_for_corporate(texts, post.link, facts, about)
    urgent = about.alert is not None and about.alert.urgent
    texts = [about.alert.subject, *texts] if about.alert is not None else texts
    return approval_for(post.content_type, text="\n".join(texts), has_picture=bool(media), channels=channels,
                        raised=raised, urgent=urgent)  # fmt: skip


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
    needed = approval_needed(session, post)
    record(session, now, actor=actor, action="send for approval", subject=("post", post.id),
           after={"version": post.version, "needs": needed}, place_id=post.place_id)  # fmt: skip
    if needed == "none":
        pass_on(session, post, "R41", now)


def approve_post(context: Context, post_id: int, approver: Person, *, expected_version: int | None = None) -> None:
    """Approve the post as it stands and queue it.

    expected_version: the version that the approver read; another one now raises InputError.
    A post whose time has passed meanwhile is held for a new time and never fires at once.
    Raises NotAllowed for one's own post and for a role that may not, and InputError with each finding that stops it."""
    findings, checked = _as_it_stands(context, post_id)
    now = context.clock.now()
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require_version(post, checked if expected_version is None else expected_version)
        require_version(post, checked)
        require_in_review(session, post, approver)
        if stopped := [f for f in findings if f.level == "block"]:
            raise InputError(*(Problem(f"It cannot be approved as it is. {said(f)}", column=f.column) for f in stopped))
        approve(session, post, approver, now, [finding.code for finding in findings])


def require_version(post: Post, read: int | None) -> None:
    """Raise InputError when the post is no longer the version that somebody read.  read: None for whichever it is."""
    if read is not None and post.version != read:
        raise InputError("The post was changed after you opened it. Read it again before you decide.")


def _as_it_stands(context: Context, post_id: int) -> tuple[list[Finding], int]:
    """What the checks say now, with somebody there to answer, and of which version."""
    with context.database.read() as session:
        view = post_view(session, post_id)
    return findings_of(context, view, answering=True), view.post.version


def approve(session: Session, post: Post, approver: Person, now: datetime, codes: Sequence[str] = ()) -> None:
    """`approve_post` inside the caller's transaction, without its look at what the checks say.

    codes: of what the checks say, kept with the approval."""
    require_in_review(session, post, approver)
    corporate = may(session, approver, Action.APPROVE_CORPORATE, post.place_id)
    post.approved_by_id, post.approved_level = approver.id, "corporate" if corporate else "supervisor"
    codes = list(dict.fromkeys(codes))
    record(session, now, actor=approver, action="approve post", subject=("post", post.id or 0),
           after={"version": post.version, "level": post.approved_level, "findings": codes},
           place_id=post.place_id)  # fmt: skip
    pass_on(session, post, approver.email, now, f"The checks said: {', '.join(codes)}." if codes else None)
    if post.due_at is not None and post.due_at < now:
        for entry in entries_of(session, post.id or 0):
            if entry.state == State.QUEUED:
                queue.move(session, entry, Event.HOLD, actor="R42", now=now, reason=LATE_APPROVAL)


def require_in_review(session: Session, post: Post, approver: Person) -> None:
    """Raise NotAllowed unless this person may approve it, InputError when it is not waiting for that."""
    assert post.id is not None
    require_may_approve(session, post, approver)
    if not _waiting(session, post.id):
        raise InputError("This post is not waiting for approval.")


def _waiting(session: Session, post_id: int) -> list[Entry]:
    return [entry for entry in entries_of(session, post_id) if entry.state == State.IN_REVIEW]


def require_may_approve(session: Session, post: Post, approver: Person) -> None:
    """Raise NotAllowed unless this person may approve this very post: its level, its area, not their own (R17, R41)."""
    if approver.id in authors_of(session, post):
        raise NotAllowed("Nobody approves their own post, nor one that they changed (R17). Ask someone else.")
    needed = approval_needed(session, post)
    require(session, approver, _NEEDED.get(needed, Action.APPROVE_LOCAL), post.place_id)
    require_for_areas(session, approver, _NEEDED.get(needed, Action.APPROVE_LOCAL), post)


def authors_of(session: Session, post: Post) -> frozenset[int]:
    """Ids of everybody who wrote a version of the post, or the words that it repeats (R17)."""
    editors = session.exec(select(PostVersion.editor_id).where(PostVersion.post_id == post.id))
    authors = {post.author_id, *editors}
    if post.taken_from_id is not None:
        authors.add(session.get_one(Post, post.taken_from_id).author_id)
        until_then = col(PostVersion.at) <= post.created_at
        authors |= set(session.exec(
            select(PostVersion.editor_id).where(PostVersion.post_id == post.taken_from_id, until_then)
        ))  # fmt: skip
    return frozenset(authors)


def pass_on(session: Session, post: Post, actor: str, now: datetime, reason: str | None = None) -> None:
    """From review into the queue, with the version that this covers.  reason: what the checks said, for the history."""
    assert post.id is not None
    note_approved(session, post, actor, now)
    post.approved_version, post.approved_at, post.updated_at = post.version, now, now
    session.add(post)
    for entry in entries_of(session, post.id):
        if entry.state == State.IN_REVIEW:
            queue.move(session, entry, Event.APPROVE, actor=actor, now=now, reason=reason)
        if entry.state == State.APPROVED and entry.due_at is not None:
            queue.move(session, entry, Event.SCHEDULE, actor=actor, now=now)


def ask_for_changes(
    context: Context, post_id: int, approver: Person, reason: str, *, expected_version: int | None = None
) -> None:
    """Send a post back to its author with a reason.  expected_version: as for `approve_post`.

    Raises NotAllowed; InputError without a reason, or for a version that the person has not read."""
    _say_no(context, post_id, approver, reason, expected_version, drop=False)


def refuse_post(
    context: Context, post_id: int, approver: Person, reason: str, *, expected_version: int | None = None
) -> None:
    """Say that a post will not go out at all, with a reason: it is discarded.  Raises as `ask_for_changes`."""
    _say_no(context, post_id, approver, reason, expected_version, drop=True)


def _say_no(
    context: Context, post_id: int, approver: Person, reason: str, expected_version: int | None, *, drop: bool
) -> None:
    reason = reason.strip()
    if not reason:
        what = "why it is refused" if drop else "what should change"
        raise InputError(f"Say {what}, so that the author can act on it.")
    now = context.clock.now()
    with context.database.write() as session:
        post = post_with_id(session, post_id)
        require_version(post, expected_version)
        require_in_review(session, post, approver)
        for entry in _waiting(session, post_id):
            queue.move(session, entry, Event.REQUEST_CHANGES, actor=approver.email, now=now, reason=reason)
            if drop:
                queue.move(session, entry, Event.DISCARD, actor=approver.email, now=now, reason=f"Refused: {reason}")
        record(session, now, actor=approver, action="refuse post" if drop else "ask for changes",
               subject=("post", post_id), after={"version": post.version}, reason=reason,
               place_id=post.place_id)  # fmt: skip
