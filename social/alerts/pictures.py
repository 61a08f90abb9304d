"""Pictures of mailings: files of the media folder, named by the hash of their content as those of posts are."""

import hashlib
from pathlib import Path

from sqlmodel import Session, col, select

from social.alerts.mailings import MailingPicture
from social.channels.base import Picture


def keep_picture(folder: Path, picture: Picture) -> MailingPicture:
    """Write the picture into the folder unless it is there.  Returns its row, without the mailing's number."""
    name = f"{hashlib.sha256(picture.content).hexdigest()}.{picture.mime.partition('/')[2]}"
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(".part")
        half.write_bytes(picture.content)
        half.replace(path)
    return MailingPicture(mailing_id=0, position=0, file_name=name, mime=picture.mime, alt_text=picture.alt_text)


def pictures_of(session: Session, mailing_id: int, folder: Path) -> tuple[Picture, ...]:
    """The mailing's pictures, in order; one whose file is gone is left out."""
    rows = session.exec(
        select(MailingPicture).where(MailingPicture.mailing_id == mailing_id).order_by(col(MailingPicture.position))
    )
    return tuple(
        Picture((folder / row.file_name).read_bytes(), row.mime, row.alt_text)
        for row in rows
        if (folder / row.file_name).exists()
    )
