"""Posts of several parts, of which each answers the one before: where each part is.

The first part is the publication: replies, figures and the address people are sent to are its own. Kept beside it is
what a network calls each part, so that all come down together and none of ours is taken for a resident's reply."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime
from social.publications import Publication


class PublicationPart(SQLModel, table=True):
    """One part of a thread that is out.  number: from 1.  platform_id, url, published_at: as for a publication.

    A post of one part has none."""

    __tablename__ = "publication_part"
    __table_args__ = (UniqueConstraint("publication_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(foreign_key="publication.id")
    number: int
    platform_id: str
    url: str | None = None
    published_at: datetime = Field(sa_type=UTCDateTime, index=True)


def parts_out(session: Session, entry_id: int | None) -> Sequence[PublicationPart]:
    """The parts of this entry's thread that are out, in their order; [] for a post of one part, or while none is out."""
    query = select(PublicationPart).join(Publication, col(Publication.id) == col(PublicationPart.publication_id))
    return session.exec(query.where(Publication.entry_id == entry_id).order_by(col(PublicationPart.number))).all()


def ids_of_parts(session: Session, publication_ids: Collection[int]) -> set[str]:
    """What the network calls the parts of these publications after the first."""
    query = select(PublicationPart.platform_id).where(
        col(PublicationPart.publication_id).in_(publication_ids), col(PublicationPart.number) > 1
    )
    return set(session.exec(query))
