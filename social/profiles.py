"""What is known of a neighbourhood beyond its figures: who else speaks to its residents there, in which languages, what
was asked for and what was done about it.

Pages and partners are organisations, never people (R25): a page's name is the name of a group or a body, and what it
is known by is its public address. `community_pages`, `partners` and `asked_and_done` write here, and nothing else does."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class PartnerKind(StrEnum):
    COUNCIL = "council"
    WATCH = "watch"
    BUSINESS = "business"
    SCHOOL = "school"
    HOUSING = "housing"
    HEALTH = "health"
    FAITH = "faith"
    CHARITY = "charity"
    OTHER = "other"


class SeenHow(StrEnum):
    """Where a number comes from of those who saw a post on somebody else's page (M05)."""

    MEASURED = "measured"
    ESTIMATED = "estimated"


class AskedBy(StrEnum):
    """How the force came to know what was asked for."""

    SURVEY = "survey"
    MEETING = "meeting"
    REPLIES = "replies"
    PRIORITY = "priority"
    PARTNER = "partner"
    OTHER = "other"


class CommunityPage(SQLModel, table=True):
    """A page or group of a community, not of a person, that may pass the force's posts on (M05).

    place_id: the area that it serves.  channel: the network, a code of `PAGE_CHANNELS`.  name: as it calls itself.
    address: https, unique; what it is known by.  followers: as last read there, >= 0; None when not known, and then
    followers_on is None too.  active False: taken off the register, kept since posts were credited to it."""

    __tablename__ = "community_page"

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    channel: str
    name: str
    address: str = Field(unique=True)
    followers: int | None = None
    followers_on: date | None = None
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class PageShare(SQLModel, table=True):
    """A community page passed one of our posts on, as somebody saw and noted it.

    followers: the page's at that time, None when not known.  shared_on: local day.  seen: accounts that saw it there, as
    the page's owner told us, None when nobody did; seen_how: a `SeenHow`, None with seen None.  Only pages: who else
    shared a post is not kept (R25)."""

    __tablename__ = "page_share"
    __table_args__ = (UniqueConstraint("page_id", "publication_id"),)

    id: int | None = Field(default=None, primary_key=True)
    page_id: int = Field(foreign_key="community_page.id", index=True)
    publication_id: int = Field(foreign_key="publication.id", index=True)
    shared_on: date
    followers: int | None = None
    seen: int | None = None
    seen_how: str | None = None
    noted_by: str
    noted_at: datetime = Field(sa_type=UTCDateTime)


class Partner(SQLModel, table=True):
    """A body that the neighbourhood team works with.  kind: a `PartnerKind`.  about: what they do together.

    contact: how to reach the body (an address, a number of an office), None when nobody gave one.
    active False: no partner any more; its contact is then gone."""

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    kind: str
    name: str
    about: str = ""
    website: str | None = None
    contact: str | None = None
    active: bool = True
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class PlaceLanguage(SQLModel, table=True):
    """A language that residents of the area use.  lang: a code of `LANGUAGES`.

    share: of residents for whom it is the first one, in (0, 1]; None when not known, and then year and source too."""

    __tablename__ = "place_language"

    place_id: int = Field(primary_key=True, foreign_key="place.id")
    lang: str = Field(primary_key=True)
    share: float | None = None
    year: int | None = None
    source: str | None = None


class AskedFor(SQLModel, table=True):
    """What residents of an area asked for, in the force's own words: 'you said'.

    by: an `AskedBy`.  asked_on: local day.  survey_id: the survey that said so.  publication_id: the post under which
    it was said.  link: another address that shows it.  closed_on: since when nothing more is planned; None while
    something is."""

    __tablename__ = "asked_for"

    id: int | None = Field(default=None, primary_key=True)
    place_id: int = Field(foreign_key="place.id", index=True)
    asked_on: date
    by: str
    text: str
    survey_id: int | None = Field(default=None, foreign_key="survey.id")
    publication_id: int | None = Field(default=None, foreign_key="publication.id")
    link: str | None = None
    closed_on: date | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


class DoneAbout(SQLModel, table=True):
    """What was done about it: 'we did'.  done_on: local day.  partner_id: with whom.  survey_id, publication_id, link:
    where it was told, or what came of it."""

    __tablename__ = "done_about"

    id: int | None = Field(default=None, primary_key=True)
    asked_id: int = Field(foreign_key="asked_for.id", index=True)
    done_on: date
    text: str
    partner_id: int | None = Field(default=None, foreign_key="partner.id")
    survey_id: int | None = Field(default=None, foreign_key="survey.id")
    publication_id: int | None = Field(default=None, foreign_key="publication.id")
    link: str | None = None
    version: int = 1
    changed_at: datetime = Field(sa_type=UTCDateTime)


PAGE_CHANNELS: dict[str, str] = {
    "facebook": "Facebook",
    "x": "X",
    "instagram": "Instagram",
    "nextdoor": "Nextdoor",
    "whatsapp": "WhatsApp",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "web": "Website",
}
"""Where a community page may be, as code and in words. Those that are channels of ours bear the channel's name."""

PARTNER_KINDS: dict[PartnerKind, str] = {
    PartnerKind.COUNCIL: "Council or parish",
    PartnerKind.WATCH: "Neighbourhood Watch or Speedwatch",
    PartnerKind.BUSINESS: "Business",
    PartnerKind.SCHOOL: "School or college",
    PartnerKind.HOUSING: "Housing",
    PartnerKind.HEALTH: "Health and care",
    PartnerKind.FAITH: "Faith group",
    PartnerKind.CHARITY: "Charity or community group",
    PartnerKind.OTHER: "Other",
}

ASKED_BY: dict[AskedBy, str] = {
    AskedBy.SURVEY: "A survey",
    AskedBy.MEETING: "A meeting or event",
    AskedBy.REPLIES: "Replies to posts",
    AskedBy.PRIORITY: "A local priority",
    AskedBy.PARTNER: "A partner",
    AskedBy.OTHER: "Something else",
}

LANGUAGES: dict[str, str] = {
    "en": "English", "cy": "Welsh", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "bfi": "British Sign Language",
    "cs": "Czech", "de": "German", "el": "Greek", "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati",
    "hi": "Hindi", "hu": "Hungarian", "it": "Italian", "ku": "Kurdish", "lt": "Lithuanian", "lv": "Latvian",
    "ne": "Nepali", "nl": "Dutch", "pa": "Panjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese",
    "rmn": "Romani", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "so": "Somali", "sq": "Albanian",
    "ta": "Tamil", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yue": "Cantonese",
    "zh": "Chinese",
}  # fmt: skip
"""Code (ISO 639) and name of what is spoken and signed in the United Kingdom; English and Welsh come first."""
