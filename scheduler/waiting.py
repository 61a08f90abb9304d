"""What waits for one person's approval, soonest first, and how quickly approvals came this week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from sqlmodel import Session, col, select

from scheduler.approvals import LATE_APPROVAL, approve_post, authors_of, require_may_approve
from scheduler.entries import Entry
from scheduler.lifecycle import State
from scheduler.planning import move_post
from scheduler.posts import Post
from scheduler.slots import to_instant
from scheduler.writing import entries_of
from social.accounts import Account
from social.audit import AuditRecord
from social.clock import LONDON, as_local, as_utc
from social.context import Context
from social.errors import InputError, NotAllowed, Problem
from social.places import areas_above
from social.staff import Person


@dataclass(frozen=True)
class WaitingPost:
    """One post that waits.  due_at: UTC or None.  place_id: None is the whole force.  accounts: names, in their order."""

    post_id: int
    due_at: datetime | None
    place_id: int | None
    accounts: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """mine: what this person may approve, soonest first, those without a time last.  own: how many of their own wait
    for somebody else.  others: how many wait for somebody with another right or area."""

    mine: tuple[WaitingPost, ...]
    own: int = 0
    others: int = 0


@dataclass(frozen=True)
class Approved:
    """Posts that people approved since Monday.  minutes: the median from sending to approving, None for none."""

    count: int
    minutes: float | None


def waiting_for(
    session: Session, person: Person, *, place_id: int | None = None, account: str | None = None
) -> Waiting:
    """What waits for this person now.  place_id: about this area or one beneath it.  account: for this one's name."""
    mine, own, others = [], 0, 0
    for post, accounts in _in_review(session):
        if account is not None and account not in accounts:
            continue
        if place_id is not None and place_id not in areas_above(session, post.place_id):
            continue
        try:
            require_may_approve(session, post, person)
        except NotAllowed:
            is_own = person.id in authors_of(session, post)
            own, others = own + is_own, others + (not is_own)
            continue
        mine.append(WaitingPost(post.id or 0, post.due_at, post.place_id, accounts))
    return Waiting(tuple(mine), own, others)


def _in_review(session: Session) -> list[tuple[Post, tuple[str, ...]]]:
    rows = session.exec(
        select(Post, Account.name)
        .join(Entry, col(Entry.post_id) == col(Post.id))
        .join(Account, col(Account.id) == col(Entry.account_id))
        .where(Entry.state == State.IN_REVIEW.value)
        .order_by(col(Post.due_at).is_(None), col(Post.due_at), col(Post.id), Account.name)
    )
    posts: dict[int, tuple[Post, list[str]]] = {}
    for post, account in rows:
        posts.setdefault(post.id or 0, (post, []))[1].append(account)
    return [(post, tuple(accounts)) for post, accounts in posts.values()]


def approve_for(
    context: Context,
    post_id: int,
    approver: Person,
    *,
    expected_version: int,
    due_local: datetime | None = None,
    fold: int | None = None,
) -> bool:
    """Approve the version that the approver read.  due_local, fold: the new time that they gave a late post.

    Returns whether it goes out by itself: False when its time was over and no new one was given (R42).
    Raises as `approve_post` and `move_post`; a time that has passed is refused before anything is approved."""
    if due_local is not None and to_instant(due_local, fold) <= context.clock.now():
        raise InputError(Problem("That time has passed. Choose a later one.", column="scheduled_local"))
    approve_post(context, post_id, approver, expected_version=expected_version)
    with context.database.read() as session:
        is_late = any(entry.reason == LATE_APPROVAL for entry in entries_of(session, post_id))
    if is_late and due_local is not None:
        move_post(context, post_id, due_local, approver, fold=fold)
    return not is_late or due_local is not None


def approved_this_week(session: Session, now: datetime, areas: Collection[int] | None = None) -> Approved:
    """How many approvals people gave since Monday, and how long they took.  areas: of posts about these; None for all."""
    today = as_local(now).date()
    monday = as_utc(datetime.combine(today - timedelta(days=today.weekday()), time(), LONDON))
    given = select(AuditRecord).where(col(AuditRecord.at) >= monday, AuditRecord.action == "approve post")
    approvals = [one for one in session.exec(given) if areas is None or one.place_id in areas]
    sent_for = select(AuditRecord.subject_id, AuditRecord.seq, AuditRecord.at).where(
        AuditRecord.subject_kind == "post",
        col(AuditRecord.subject_id).in_({one.subject_id for one in approvals}),
        AuditRecord.action == "send for approval",
    )
    sent: dict[str | None, list[tuple[int, datetime]]] = {}
    for post, seq, at in session.exec(sent_for):
        sent.setdefault(post, []).append((seq, at))
    took = []
    for one in approvals:
        before = [(seq, at) for seq, at in sent.get(one.subject_id, []) if seq < one.seq]
        if before:
            took.append((one.at - max(before)[1]).total_seconds() / 60)
    return Approved(len(approvals), median(took) if took else None)
