"""What people leave beside a reply: notes, who has it open now, and the answers that are kept for use again.

Words about a resident are sealed: whoever reads the database without the key finds none (R25)."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class ReplyNote(SQLModel, table=True):
    """What one member of staff tells the others of a reply.  text_sealed: opened by the vault alone."""

    __tablename__ = "reply_note"

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id", index=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    text_sealed: bytes


class ReplyPresence(SQLModel, table=True):
    """Somebody has a reply open.  at: when they were last there.  typing_at: when they last wrote an answer, or None."""

    __tablename__ = "reply_presence"

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime, index=True)
    typing_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SavedAnswer(SQLModel, table=True):
    """Words that answer what many ask.  place_id: the area whose people use it; None is the whole force.

    active False: retired, kept for the record.  version: counts its changes, so that nobody overwrites another's."""

    __tablename__ = "saved_answer"

    id: int | None = Field(default=None, primary_key=True)
    title: str
    text: str
    place_id: int | None = Field(default=None, foreign_key="place.id")
    owner_id: int = Field(foreign_key="person.id")
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)
