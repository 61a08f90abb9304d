"""Pictures that a network has taken for a post that is not out yet, so that a post with several goes on where it stopped.

Readers see nothing of an upload, and a network throws away what no post shows. What is kept is a digest of the picture
with its description and the network's number for it, for less time than the network keeps the picture."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel, col, delete

from social.channels.base import Picture
from social.context import Context
from social.database import UTCDateTime
from social.errors import bare

KEPT_FOR = timedelta(minutes=50)
"""X and Facebook keep an unused picture for a day; a retry comes within minutes."""

_log = logging.getLogger("beatline.uploads")


class UploadedPicture(SQLModel, table=True):
    """One picture that waits at the network for its post.  digest: SHA-256 of the file, its kind and its description."""

    __tablename__ = "uploaded_picture"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    digest: str = Field(primary_key=True)
    media_id: str
    kept_until: datetime = Field(sa_type=UTCDateTime)


@dataclass(frozen=True)
class KeptUploads:
    """The uploads of one account.  Trouble here costs a second upload and nothing else, so none of it is raised."""

    context: Context
    account_id: int

    def known(self, picture: Picture) -> str | None:
        """The network's number for the picture; None when it has to be brought."""
        try:
            with self.context.database.read() as session:
                found = session.get(UploadedPicture, (self.account_id, digest_of(picture)))
        except Exception as error:
            return self._trouble(error)
        return found.media_id if found is not None and found.kept_until > self.context.clock.now() else None

    def keep(self, picture: Picture, media_id: str) -> None:
        """The network has it, with its description."""
        try:
            with self.context.database.write() as session:
                now = self.context.clock.now()
                session.exec(delete(UploadedPicture).where(col(UploadedPicture.kept_until) <= now))
                row = UploadedPicture(account_id=self.account_id, digest=digest_of(picture), media_id=media_id,
                                      kept_until=now + KEPT_FOR)  # fmt: skip
                session.merge(row)
        except Exception as error:
            self._trouble(error)

    def forget(self, pictures: tuple[Picture, ...]) -> None:
        """A post may show them now, or the network did not take them: they are not used again."""
        if not pictures:
            return
        try:
            with self.context.database.write() as session:
                digests = [digest_of(picture) for picture in pictures]
                session.exec(
                    delete(UploadedPicture).where(
                        col(UploadedPicture.account_id) == self.account_id, col(UploadedPicture.digest).in_(digests)
                    )
                )
        except Exception as error:
            self._trouble(error)

    @staticmethod
    def _trouble(error: Exception) -> None:
        _log.warning("what was uploaded could not be noted", exc_info=bare(error))


def digest_of(picture: Picture) -> str:
    """What makes a picture with its description the same one."""
    told = hashlib.sha256(picture.content)
    told.update(f"\0{picture.mime}\0{picture.alt_text}".encode())
    return told.hexdigest()
