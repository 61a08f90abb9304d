"""What is to be said: a post, its versions per channel and its pictures. Where it goes and when is `queue.py`'s.

A post's status is derived from its entries; nothing here has a state of its own."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from social.database import UTCDateTime


def normal_reference(given: str) -> str:
    """The one form in which the reference of a case or an appeal is kept: capitals, single spaces, none around it.

    People type 'OP-Larch' and 'op-larch' for the same case; a change of its stage must miss neither (R01-R03, R10)."""
    return " ".join(given.split()).upper()


class Post(SQLModel, table=True):
    """One planned post.

    external_ref: the id it had in an imported file, unique.  content_type: a key of `content_types`.  text: for
    channels without a version of their own.  due_at: when it is to go out, UTC, or None while undecided.  place_id: what
    area it is about.  case_stage: none, suspect, arrested, charged, convicted, sentenced.  lang: en, cy or cy+en.
    version counts edits; approved_version is the one that somebody approved (an approval covers exact content).
    approved_by_id None with approved_version set: the content type needs no approval (R41).
    approved_level: the highest level that whoever approved it may approve, supervisor or corporate.
    appeal_ref: as `normal_reference` gives it, None for none.
    taken_from_id: the post whose words it repeats, None for words of its own: who wrote those wrote these (R17)."""

    id: int | None = Field(default=None, primary_key=True)
    external_ref: str | None = Field(default=None, index=True, unique=True)
    content_type: str
    text: str
    link: str | None = None
    lang: str = "en"
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime, index=True)
    place_id: int | None = Field(default=None, foreign_key="place.id", index=True)
    campaign: str | None = Field(default=None, index=True)
    appeal_ref: str | None = Field(default=None, index=True)
    case_stage: str = "none"
    author_id: int = Field(foreign_key="person.id")
    taken_from_id: int | None = None
    version: int = 1
    approved_version: int | None = None
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_level: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)
    updated_at: datetime = Field(sa_type=UTCDateTime, index=True)


class Variant(SQLModel, table=True):
    """The text of a post for one channel, where it differs."""

    __table_args__ = (UniqueConstraint("post_id", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    channel: str
    text: str


class Media(SQLModel, table=True):
    """One picture or film of a post, in order.

    kind: image or video.  file_name: in the media folder, named by the hash of its content; None while it is only
    planned.  alt_text: '' when nobody wrote one yet (R32).  captions: yes, no, or na for a picture.

    owner, licence: whose it is and on what terms it may be used (R14).  shows_person: whether somebody can be
    recognised, None when nobody was asked.  source: one of IMAGE_SOURCES or ''.  consent: who agreed and when, outside
    of enquiries.  lawful_reason: why it is lawful, necessary and proportionate to show the person; enquiry_approver:
    who of the enquiry (SIO, OIC) approved that; others_masked: yes, no, or none where nobody else can be seen;
    review_by: the day on which somebody looks whether it must stay online (R07)."""

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    position: int
    kind: str
    file_name: str | None = None
    mime: str | None = None
    alt_text: str = ""
    captions: str = "na"
    owner: str = ""
    licence: str = ""
    shows_person: bool | None = None
    source: str = ""
    consent: str = ""
    lawful_reason: str = ""
    enquiry_approver: str = ""
    others_masked: str = ""
    review_by: date | None = Field(default=None, index=True)


class WorkingDraft(SQLModel, table=True):
    """One post that is being written.  fields: JSON, values by the names of the page's fields.

    post_id: the post that is changed, None for a new one.  appeal_ref: in the form of `normal_reference`, or None.
    picture: file name in the media folder, or None.  version: counts how often it was kept, so that two windows do not
    overwrite each other."""

    __tablename__ = "working_draft"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    appeal_ref: str | None = None
    picture: str | None = None
    fields: str
    version: int = 1
    saved_at: datetime = Field(sa_type=UTCDateTime, index=True)


def picture_named(session: Session, file_name: str) -> Media | None:
    """The newest post's picture of that file, with its description and answers; None where no post shows it."""
    found = select(Media).where(Media.file_name == file_name, Media.kind == "image")
    return session.exec(found.order_by(col(Media.id).desc()).limit(1)).first()
