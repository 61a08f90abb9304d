"""Forgets what an ended appeal said and showed (R10): words, names, pictures, and what residents answered. What stays
are numbers, moments, ids and states (M13), so that figures keep their sums.

It is done at once where every copy is proved gone, else within 24 hours: a copy that a person still has to remove keeps
its task and its link, and nothing else. Then the database's own file is written anew, since a row that is overwritten
may leave its words behind in it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, delete, or_, select

from scheduler.appeals import Appeal, AppealChange, appeal_with, names_in, posts_in
from scheduler.cases import CaseRecord, CaseStage
from scheduler.entries import Attempt, Entry, EntryHistory, Look
from scheduler.hold_rules import HoldPass
from scheduler.picture_files import remove_files
from scheduler.post_audience import PostAudience
from scheduler.posts import Media, Post, Variant
from scheduler.recurrences import Recurrence
from scheduler.takedown_tasks import OPEN_TASKS, Takedown, tasks_of
from scheduler.versions import erase_versions, erase_versions_under, files_of_versions
from scheduler.working_drafts import erase_drafts
from scheduler.writing import GOING_OUT
from social.alerts.mailings_erased import erase_mailings, mailings_of
from social.audit import erase_reasons, record
from social.context import Context
from social.errors import BeatlineError, InputError
from social.publications import Publication
from social.publications_erased import erase_publications, erase_replies_naming
from social.staff import Action, Person, require

log = logging.getLogger("beatline.erasing")

RULE = "R10"
ERASED = "Erased when the appeal ended (R10)."
"""What stands in place of a post's words."""
ERASED_BY_AGE = "Erased: its time was over (R28)."
"""The same where nobody asked for it; see `old_posts.py`."""
BEFORE_THE_END = timedelta(hours=1)
"""So long before its last moment what is left is erased in any case, so that a late round of the job is in time."""


def erase_due(context: Context) -> int:
    """The job: erase what is due, and write files anew that may hold traces.  Returns how many appeals moved on."""
    waiting = select(Appeal.id).where(
        col(Appeal.ended_at).is_not(None),
        or_(
            col(Appeal.erase_by).is_not(None) & col(Appeal.erased_at).is_(None),
            col(Appeal.erased_at).is_not(None) & col(Appeal.scrubbed_at).is_(None),
        ),
    )
    with context.database.read() as session:
        ids = [appeal_id for appeal_id in session.exec(waiting) if appeal_id is not None]
    return sum(erase_if_due(context, appeal_id) for appeal_id in ids)


def erase_if_due(context: Context, appeal_id: int, *, by: Person | None = None) -> bool:
    """Erase the appeal if it has ended and nothing of it is on its way or to be seen, or its time is up.

    by: somebody who wants it now, whatever is left.  Returns whether anything was done."""
    with context.database.write() as session:
        now, appeal = context.clock.now(), session.get_one(Appeal, appeal_id, populate_existing=True)
        due = appeal.erased_at is None and (by is not None or _is_due(session, appeal, now))
        if due:
            _erase(session, appeal, posts_in(session, appeal), context.settings.media_folder, now, by)
        scrub = appeal.erased_at is not None and appeal.scrubbed_at is None
    return (_scrub(context, appeal_id) if scrub else False) or due


def erase_now(context: Context, reference: str, actor: Person) -> None:
    """Erase an ended appeal without waiting for the proof that its copies are gone.  Their tasks stay.

    Raises NotAllowed; InputError for an appeal that is not known, runs still or is erased already."""
    with context.database.read() as session:
        appeal = appeal_with(session, reference)
        if appeal is None or appeal.id is None:
            raise InputError(f"There is no appeal '{reference}'. `beatline appeal list` shows those there are.")
        require(session, actor, Action.ERASE, appeal.place_id)
        if appeal.ended_at is None:
            raise InputError("The appeal still runs. Close it first; then it is erased by itself.")
        if appeal.erased_at is not None:
            raise InputError("The appeal is erased already.")
    erase_if_due(context, appeal.id, by=actor)


def _is_due(session: Session, appeal: Appeal, now: datetime) -> bool:
    if appeal.ended_at is None or appeal.erase_by is None:
        return False
    if now >= appeal.erase_by - BEFORE_THE_END:
        return True
    for task in tasks_of(session, appeal):
        if task.state in OPEN_TASKS or (task.removed_at is not None and task.verified_at is None):
            return False
    # Whether an entry went out is looked up by its words: they stay until that is settled.
    ids = [post.id for post in posts_in(session, appeal)]
    unsettled = select(Entry.id).where(col(Entry.post_id).in_(ids), col(Entry.state).in_([s.value for s in GOING_OUT]))
    return session.exec(unsettled.limit(1)).first() is None


def _erase(
    session: Session, appeal: Appeal, posts: Sequence[Post], media_folder: Path, now: datetime, by: Person | None
) -> None:
    assert appeal.id is not None
    actor = by or RULE
    ids = [post.id for post in posts if post.id is not None]
    names = names_in(session, posts)
    files = files_of(session, ids) | erase_versions_under(session, appeal.reference)
    files |= erase_drafts(session, appeal.reference, ids, names)
    erase_posts(session, posts, now)
    erase_traces(session, ids, now)
    published = session.exec(select(Publication.id).where(col(Publication.post_id).in_(ids))).all()
    files |= erase_mailings(session, mailings_of(session, [one for one in published if one is not None]), now)
    replies = erase_publications(session, [number for number in published if number is not None], now)
    replies += erase_replies_naming(session, names, now, since=appeal.opened_at)
    _erase_reasons(session, appeal, ids, now, actor)
    removed = remove_files(session, files, media_folder)
    appeal.erased_at = now
    session.add(appeal)
    record(session, now, actor=actor, action="erase appeal", subject=("appeal", appeal.id), place_id=appeal.place_id,
           after={"posts": ids, "publications": len(published), "replies": replies, "files": removed})  # fmt: skip


def files_of(session: Session, post_ids: Sequence[int]) -> set[str]:
    """Every picture that a version of the posts ever had."""
    files = set(session.exec(select(Media.file_name).where(col(Media.post_id).in_(post_ids))))
    return {name for name in files if name} | files_of_versions(session, post_ids)


def erase_posts(session: Session, posts: Sequence[Post], now: datetime, words: str = ERASED) -> None:
    """Words, pictures' rows and versions.  words: what stands in their place."""
    ids = [post.id for post in posts if post.id is not None]
    for post in posts:
        post.text, post.link, post.campaign, post.updated_at = words, None, None, now
        session.add(post)
    session.exec(delete(Variant).where(col(Variant.post_id).in_(ids)))
    session.exec(delete(Media).where(col(Media.post_id).in_(ids)))
    session.exec(update(PostAudience).where(col(PostAudience.post_id).in_(ids)).values(subject=""))
    for post_id in ids:
        erase_versions(session, post_id)


def erase_traces(session: Session, post_ids: Sequence[int], now: datetime) -> None:
    """What people and networks said about the entries: reasons quote words of the post. None of it comes again."""
    entries = select(col(Entry.id)).where(col(Entry.post_id).in_(post_ids))
    session.exec(update(Entry).where(col(Entry.post_id).in_(post_ids)).values(reason=None))
    session.exec(update(EntryHistory).where(col(EntryHistory.entry_id).in_(entries)).values(reason=None))
    session.exec(update(Attempt).where(col(Attempt.entry_id).in_(entries)).values(detail=None, text_hash=""))
    session.exec(update(Look).where(col(Look.entry_id).in_(entries)).values(seen=""))
    session.exec(update(HoldPass).where(col(HoldPass.post_id).in_(post_ids)).values(reason=""))
    running = update(Recurrence).where(col(Recurrence.post_id).in_(post_ids), col(Recurrence.stopped_at).is_(None))
    session.exec(running.values(stopped_at=now))


def _erase_reasons(
    session: Session, appeal: Appeal, post_ids: Sequence[int], now: datetime, actor: Person | str
) -> None:
    """Why somebody did something, in their own words: it may give the name."""
    assert appeal.id is not None
    session.exec(update(AppealChange).where(col(AppealChange.appeal_id) == appeal.id).values(reason=None))
    session.exec(update(Takedown).where(col(Takedown.post_id).in_(post_ids)).values(reason=None))
    subjects: list[tuple[str, int]] = [("appeal", appeal.id), *(("post", post_id) for post_id in post_ids)]
    entries = session.exec(select(Entry.id).where(col(Entry.post_id).in_(post_ids)))
    subjects += [("entry", entry_id) for entry_id in entries if entry_id is not None]
    case = session.exec(select(CaseRecord).where(CaseRecord.reference == appeal.reference)).first()
    if case is not None and case.id is not None:
        session.exec(update(CaseStage).where(col(CaseStage.case_id) == case.id).values(reason=None))
        subjects.append(("case", case.id))
    for subject in subjects:
        erase_reasons(session, now, actor=actor, subject=subject)


def _scrub(context: Context, appeal_id: int) -> bool:
    """Write the database's files anew, so that they hold no trace of what was erased.  False when it has to wait."""
    try:
        done = context.database.forget_erased()
    except BeatlineError as error:
        log.warning("the database's file could not be written anew yet: %s", error)
        return False
    if done:
        with context.database.write() as session:
            session.exec(update(Appeal).where(col(Appeal.id) == appeal_id).values(scrubbed_at=context.clock.now()))
    return done


def is_erased(post: Post) -> bool:
    """Whether the words of the post were erased."""
    return post.text in (ERASED, ERASED_BY_AGE)
