"""Looks again at what is queued of a case when its stage changes, inside the transaction that changes it (R01-R03).

What may not go out any more is held with the finding that says why. What now asks for a higher approval loses the one
it has and goes back to review. Nothing of the case goes out unlooked at meanwhile: the worker's own look, at the moment
of publishing, takes the stage of that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from scheduler import queue
from scheduler.approvals import approval_needed
from scheduler.cases import STAGE_WORDS, CaseRecord, CaseStage, posts_of
from scheduler.checks import Finding, run_checks
from scheduler.entries import Entry
from scheduler.holding_back import hold_back_entry
from scheduler.lifecycle import Event, State
from scheduler.posts import Media, Post, Variant
from scheduler.subjects import facts_of, subject_of
from scheduler.surroundings import about_post
from scheduler.thread_parts import is_begun
from scheduler.writing import end_approval, entries_of, to_draft
from social.accounts import Account
from social.audit import record
from social.staff import Person

MOST = 100
"""Posts of one case that are looked at in one go; more are held unseen, so that the change never takes long."""
_GO_BY_THEMSELVES = frozenset({State.APPROVED, State.QUEUED, State.PUBLISHING})
_APPROVED_ONCE = _GO_BY_THEMSELVES | {State.HELD, State.LAPSED}


@dataclass(frozen=True)
class Rechecked:
    """What a change of stage did, as numbers of posts.

    held: may not go out as they are.  to_review: need a higher approval now.  live: are out, and could not go out as
    they are now; a person decides whether they come down."""

    held: tuple[int, ...] = ()
    to_review: tuple[int, ...] = ()
    live: tuple[int, ...] = ()


def change_stage(
    session: Session,
    case: CaseRecord,
    stage: str,
    actor: Person,
    now: datetime,
    reason: str,
    *,
    offence_class: str | None = None,
    involves_under_18: bool | None = None,
) -> Rechecked:
    """Give the case its stage, and look again at everything of it, in the caller's transaction.

    offence_class, involves_under_18: None leaves them as they are."""
    posts = posts_of(session, case.reference)
    before = {"stage": case.stage, "offence": case.offence_class, "under_18": case.involves_under_18}
    assert case.id is not None
    session.add(CaseStage(case_id=case.id, at=now, from_stage=case.stage, to_stage=stage, actor=actor.email,
                          reason=reason))  # fmt: skip
    case.stage, case.changed_at = stage, now
    case.offence_class = case.offence_class if offence_class is None else offence_class
    case.involves_under_18 = case.involves_under_18 if involves_under_18 is None else involves_under_18
    session.add(case)
    session.flush()
    done = _look_again(session, case, posts, actor, now)
    record(
        session, now, actor=actor, action="change stage", subject=("case", case.id), before=before, reason=reason,
        after={"stage": case.stage, "offence": case.offence_class, "under_18": case.involves_under_18,
               "held": done.held, "to_review": done.to_review, "live": done.live}, place_id=case.place_id,
    )  # fmt: skip
    return done


def _look_again(session: Session, case: CaseRecord, posts: Sequence[Post], actor: Person, now: datetime) -> Rechecked:
    held, to_review, live = [], [], []
    for post in posts[:MOST]:
        assert post.id is not None
        entries = entries_of(session, post.id)
        states = {State(entry.state) for entry in entries}
        if not states & (_APPROVED_ONCE | {State.PUBLISHED, State.UNCONFIRMED}):
            continue
        found = what_blocks(session, post, entries, now)
        if found and (states & {State.PUBLISHED, State.UNCONFIRMED} or any(map(is_begun, entries))):
            live.append(post.id)
        if states & _APPROVED_ONCE and _asks_for_more(session, post):
            _back_to_review(session, post, entries, actor, now)
            to_review.append(post.id)
        elif found and _hold(session, entries, f"{_now_is(case)} {found.message} ({found.rule})", actor, now):
            held.append(post.id)
    for post in posts[MOST:]:
        assert post.id is not None
        reason = f"{_now_is(case)} It has more posts than are looked at in one go. Look at this one, then release it."
        if _hold(session, entries_of(session, post.id), reason, actor, now):
            held.append(post.id)
    return Rechecked(tuple(held), tuple(to_review), tuple(live))


def _now_is(case: CaseRecord) -> str:
    return f"The case {case.reference} now stands at: {STAGE_WORDS[case.stage].lower()}."


def what_blocks(session: Session, post: Post, entries: Sequence[Entry], now: datetime) -> Finding | None:
    """The first finding that stops the post anywhere, as things stand in this transaction; None when nothing does."""
    media = session.exec(select(Media).where(Media.post_id == post.id)).all()
    versions = {v.channel: v.text for v in session.exec(select(Variant).where(Variant.post_id == post.id))}
    about, facts = about_post(session, post, now), facts_of(media)
    channels = {session.get_one(Account, entry.account_id).channel for entry in entries}
    for channel in sorted(channels):
        for finding in run_checks(subject_of(versions.get(channel, post.text), post.link, facts, about, channel)):
            if finding.level == "block":
                return finding
    return None


def _asks_for_more(session: Session, post: Post) -> bool:
    """Whether the approval that it has is below the one that it asks for now."""
    if post.approved_version != post.version:
        return False
    needed = approval_needed(session, post)
    if post.approved_by_id is None:
        return needed != "none"
    return needed == "corporate" and post.approved_level != "corporate"


def _hold(session: Session, entries: Sequence[Entry], reason: str, actor: Person, now: datetime) -> bool:
    done = [hold_back_entry(session, entry, actor.email, now, reason, drop=False) for entry in entries]
    return any(done)


def _back_to_review(session: Session, post: Post, entries: Sequence[Entry], actor: Person, now: datetime) -> None:
    """Its approval was for the case as it stood: somebody has to approve it as it stands now."""
    end_approval(post)
    post.updated_at = now
    session.add(post)
    reason = "The case has another stage now, and the post needs a higher approval."
    for entry in entries:
        hold_back_entry(session, entry, actor.email, now, reason, drop=False)
        if State(entry.state) in _APPROVED_ONCE - {State.PUBLISHING} and not is_begun(entry):
            to_draft(session, entry, actor.email, now, reason)
            queue.move(session, entry, Event.SUBMIT, actor=actor.email, now=now, reason=reason)
