"""What somebody is writing and has not saved yet: kept every few seconds, so that a reload or a dead battery loses nothing.

It is the person's alone, is no post, and goes nowhere. Saving the post takes its place; left alone it goes after some
weeks, and with an appeal that ends what was written for it goes as well (R10, R28)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from scheduler.media import StoredPicture, kept_files
from scheduler.picture_files import remove_files
from scheduler.posts import WorkingDraft, normal_reference
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require

LONGEST = 100_000
"""Characters of a draft with all its fields: no post is anywhere near that."""


@dataclass(frozen=True)
class DraftView:
    """A draft as it stands.  values: by the names of the page's fields.  saved_at: UTC."""

    id: int
    post_id: int | None
    version: int
    saved_at: datetime
    values: Mapping[str, Any]

    @property
    def words(self) -> str:
        """What it says, '' where there are no words yet."""
        return str(self.values.get("w_text") or "").strip()


class KeptElsewhere(InputError):
    """Another window kept this draft after this one looked at it last.  now: the draft as it stands."""

    def __init__(self, now: DraftView) -> None:
        super().__init__("This draft was changed in another window. Choose which words to keep.")
        self.now = now


def keep_draft(
    context: Context, person: Person, values: Mapping[str, Any], *, draft_id: int | None = None, version: int = 0,
    post_id: int | None = None, picture: StoredPicture | None = None,
) -> DraftView:  # fmt: skip
    """Keep what stands in the fields.  values: what JSON can hold.  draft_id: None for a new draft.

    picture: a new one, whose file name stands in the values as `w_stored`; one that it takes the place of goes.
    version: the one that this window kept or opened last.  Raises KeptElsewhere; InputError for a draft that is too
    long, or is somebody else's or gone."""
    fields = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if len(fields) > LONGEST:
        raise InputError("The draft is too long to be kept. Shorten it.")
    folder = context.settings.media_folder
    with kept_files(folder, (picture,) if picture else ()), context.database.write() as session:
        require(session, person, Action.PLAN)
        row = WorkingDraft(person_id=person.id or 0, post_id=post_id, fields="", version=0,
                           saved_at=context.clock.now())  # fmt: skip
        if draft_id is not None:
            row = own_draft(session, person, draft_id)
            if row.version != version:
                raise KeptElsewhere(_view(row))
        row.fields, row.version, row.saved_at = fields.replace("\\u0000", ""), row.version + 1, context.clock.now()
        row.appeal_ref = normal_reference(str(values.get("w_appeal") or "")) or None
        before, row.picture = row.picture, str(values.get("w_stored") or "") or None
        session.add(row)
        session.flush()
        if before and before != row.picture:
            remove_files(session, [before], folder)
        return _view(row)


def draft_with(session: Session, person: Person, draft_id: int) -> DraftView:
    """The person's draft of that number.  Raises InputError when it is not theirs, or gone."""
    return _view(own_draft(session, person, draft_id))


def drafts_of(session: Session, person: Person, *, most: int = 3) -> list[DraftView]:
    """What the person left unfinished, newest first."""
    query = select(WorkingDraft).where(col(WorkingDraft.person_id) == person.id)
    newest = query.order_by(col(WorkingDraft.saved_at).desc(), col(WorkingDraft.id).desc()).limit(most)
    return [_view(row) for row in session.execute(newest).scalars()]


def draft_of_post(session: Session, person: Person, post_id: int) -> DraftView | None:
    """The changes to a post that the person left unfinished, the newest; None where there are none."""
    query = select(WorkingDraft).where(col(WorkingDraft.person_id) == person.id, col(WorkingDraft.post_id) == post_id)
    row = session.execute(query.order_by(col(WorkingDraft.saved_at).desc()).limit(1)).scalars().first()
    return _view(row) if row is not None else None


def erase_drafts(session: Session, reference: str, post_ids: Sequence[int], names: Collection[str]) -> set[str]:
    """Remove what was being written for an appeal that ended: under its reference, as a change of its posts, or with one
    of the names (R10).  Returns the names of the files of their pictures, for `erasing.remove_files`."""
    wanted = {name.casefold() for name in names}
    doomed = [
        row for row in session.execute(select(WorkingDraft)).scalars()
        if row.appeal_ref == reference or row.post_id in post_ids or any(name in _words_in(row) for name in wanted)
    ]  # fmt: skip
    files = {row.picture for row in doomed if row.picture}
    session.execute(delete(WorkingDraft).where(col(WorkingDraft.id).in_([row.id for row in doomed])))
    return files


def _words_in(row: WorkingDraft) -> str:
    """Everything that stands in its fields, to look for a name in."""
    return "\n".join(value for value in json.loads(row.fields).values() if isinstance(value, str)).casefold()


def own_draft(session: Session, person: Person, draft_id: int) -> WorkingDraft:
    """The row.  Raises as `draft_with`."""
    row = session.get(WorkingDraft, draft_id, populate_existing=True)
    if row is None or row.person_id != person.id:
        raise InputError("This draft is not there any more, or it is somebody else's. You are writing a new post.")
    return row


def _view(row: WorkingDraft) -> DraftView:
    return DraftView(row.id or 0, row.post_id, row.version, row.saved_at, json.loads(row.fields))
