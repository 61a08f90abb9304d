"""How a draft ends: its post is saved, somebody throws it away, or nobody has touched it for its time (R28)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from scheduler.picture_files import remove_files
from scheduler.posts import WorkingDraft
from social.context import Context
from social.purging import RULE, Purger, ask_whoever_purges, before, note_purge
from social.retention import DRAFT
from social.settings import Settings
from social.staff import Action, Person, require


def drop_draft(context: Context, person: Person, draft_id: int) -> None:
    """Throw the person's own draft away, with its picture where no post shows that; nothing where it is gone already."""
    with context.database.write() as session:
        require(session, person, Action.PLAN)
        _remove(context, session, (col(WorkingDraft.id) == draft_id) & (col(WorkingDraft.person_id) == person.id))


def _remove(context: Context, session: Session, which: Any) -> int:
    rows = list(session.execute(select(WorkingDraft).where(which)).scalars())
    session.execute(delete(WorkingDraft).where(col(WorkingDraft.id).in_([row.id for row in rows])))
    remove_files(session, {row.picture for row in rows if row.picture}, context.settings.media_folder)
    return len(rows)


def _due(settings: Settings, now: datetime) -> Any:
    return col(WorkingDraft.saved_at) <= before(settings, now, DRAFT.setting or "")


def _count(session: Session, settings: Settings, now: datetime) -> int:
    return int(session.execute(select(func.count()).select_from(WorkingDraft).where(_due(settings, now))).scalar_one())


def _forget(context: Context, actor: Person | str, step: Callable[[int], None]) -> int:
    with context.database.write() as session:
        ask_whoever_purges(session, actor)
        now = context.clock.now()
        done = _remove(context, session, _due(context.settings, now))
        if done:
            note_purge(session, now, actor, DRAFT.key, done)
    step(done)
    return done


PURGERS = (Purger(DRAFT.key, _count, _forget),)


def purge_drafts(context: Context) -> int:
    """The job."""
    done = _forget(context, RULE, lambda _records: None)
    if done:
        context.database.wipe_freed()
    return done
