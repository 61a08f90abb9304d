"""When the file of a picture goes: as soon as nothing shows it any more, whatever it was that showed it last."""

from collections.abc import Collection
from pathlib import Path

from sqlmodel import Session, select

from scheduler.media import is_stored_name
from scheduler.posts import Media, WorkingDraft
from social.alerts.mailings import MailingPicture


def remove_files(session: Session, names: Collection[str], folder: Path) -> int:
    """Delete the pictures that no other post and no draft uses, while nobody else can write.  Returns how many."""
    session.flush()
    removed = 0
    for name in names:
        used = session.exec(select(Media.id).where(Media.file_name == name).limit(1)).first()
        sent = session.exec(select(MailingPicture.mailing_id).where(MailingPicture.file_name == name).limit(1)).first()
        drafted = session.exec(select(WorkingDraft.id).where(WorkingDraft.picture == name).limit(1)).first()
        if used is None and sent is None and drafted is None and is_stored_name(name):
            (folder / name).unlink(missing_ok=True)
            removed += 1
    return removed
