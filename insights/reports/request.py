"""What somebody may ask for: a kind, an area or a campaign, days, and a format; checked before anything is read."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from social.campaigns import campaign_with_id, list_campaigns
from social.errors import InputError
from social.near_words import suggestion
from social.places import Place

LONGEST = timedelta(days=2 * 366)
EARLIEST = date(2000, 1, 1)
OWN_DAYS = "Days of your own"
"""What the page calls it, and the address of a link that asks for it."""


class Kind(StrEnum):
    """QUARTERLY: everything of an area.  CAMPAIGN: what came of one campaign.  MEETING: one sheet for residents.

    PARTNERS: sums alone, for partners outside the force.  BRIEFING: one page."""

    QUARTERLY = "quarterly"
    CAMPAIGN = "campaign"
    MEETING = "meeting"
    PARTNERS = "partners"
    BRIEFING = "briefing"


class Format(StrEnum):
    HTML = "html"
    PDF = "pdf"
    WORD = "docx"
    SHEET = "xlsx"


KIND_NAMES: dict[Kind, str] = {
    Kind.QUARTERLY: "Quarterly pack",
    Kind.CAMPAIGN: "Campaign assessment",
    Kind.MEETING: "Neighbourhood meeting sheet",
    Kind.PARTNERS: "Partner pack",
    Kind.BRIEFING: "One-page briefing",
}
FORMAT_NAMES: dict[Format, str] = {
    Format.HTML: "Web page",
    Format.PDF: "PDF",
    Format.WORD: "Word",
    Format.SHEET: "Spreadsheet",
}
MEDIA_TYPES: dict[Format, str] = {
    Format.HTML: "text/html",
    Format.PDF: "application/pdf",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.SHEET: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OUTSIDE = frozenset({Kind.MEETING, Kind.PARTNERS})
"""Kinds that leave the force: small numbers are hidden in them (R27)."""


@dataclass(frozen=True)
class Request:
    """place_id: None for the whole force.  since, until: local days, both included.  campaign_id: of an assessment."""

    kind: Kind
    since: date
    until: date
    place_id: int | None = None
    campaign_id: int | None = None


def checked(session: Session, request: Request) -> Request:
    """The same, when it can be made.  Raises InputError: days the wrong way round, no such area or campaign."""
    if request.until < request.since:
        raise InputError(f"The last day, {request.until}, lies before the first, {request.since}. Change one of them.")
    if request.since < EARLIEST or request.until - request.since > LONGEST:
        raise InputError("A report spans two years at the most, from the year 2000 on. Choose fewer days.")
    if request.place_id is not None and session.get(Place, request.place_id) is None:
        raise InputError("There is no such area. Choose another.")
    if request.kind is Kind.CAMPAIGN:
        if request.campaign_id is None:
            raise InputError("Say which campaign the assessment is of (--campaign).")
        campaign_with_id(session, request.campaign_id)
    elif request.campaign_id is not None:
        raise InputError(f"A campaign goes with the {KIND_NAMES[Kind.CAMPAIGN].lower()} alone. Leave it out.")
    return request


def last_weeks(today: date) -> tuple[date, date]:
    """The 13 weeks that end today: what is looked at when nobody says otherwise."""
    return today - timedelta(days=90), today


def format_of(path: Path, given: str | None) -> Format:
    """The format: as given, else by the file's ending.  Raises InputError for one that is not known."""
    text = (given or path.suffix.removeprefix(".")).strip().lower()
    aliases = {"htm": "html", "word": "docx", "sheet": "xlsx", "excel": "xlsx", "spreadsheet": "xlsx", "web": "html"}
    try:
        return Format(aliases.get(text, text))
    except ValueError:
        said = f"'{text}' is no format of a report" if text else f"{path.name} does not end in a format"
        raise InputError(f"{said}. Use html, pdf, docx or xlsx.") from None


def campaign_called(session: Session, name: str) -> int:
    """The campaign's number, by its name or title.  Raises InputError when there is none."""
    every = list_campaigns(session)
    for one in every:
        if name.casefold() in (one.name.casefold(), one.title.casefold()) or name == str(one.id):
            return one.id or 0
    known = suggestion(name, [one.name for one in every]) if every else "There are none yet."
    raise InputError(f"There is no campaign called '{name}'. {known}")
