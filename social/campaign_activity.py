"""Keeps what was done in a campaign and what went into it, online and off: events, surveys, visits, parish reports,
leaflets, time and money. What nobody counted stays unknown and is no 0."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from social.alerts.surveys import Survey
from social.campaign_writing import LONGEST_NAME, note, open_campaign
from social.campaigns import ActivityKind, CampaignActivity
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place
from social.staff import Person

LONGEST_WHAT = 500
MOST_PEOPLE, MOST_MINUTES, MOST_PENCE = 1_000_000, 1_000_000, 1_000_000_000
"""What one row may say: more is a slip of the keyboard."""
ONLINE_KINDS = frozenset({ActivityKind.ADVERT})
"""Kinds that are online whatever is said."""


@dataclass(frozen=True)
class ActivityInput:
    """The fields are those of `CampaignActivity`."""

    kind: ActivityKind
    day: date
    online: bool = False
    place_id: int | None = None
    place: str = ""
    what: str = ""
    people: int | None = None
    minutes: int | None = None
    pence: int | None = None
    survey_id: int | None = None


def add_activity(context: Context, person: Person, campaign_id: int, given: ActivityInput) -> int:
    """Write down what was done.  Returns its number.  Raises NotAllowed, and InputError with all that is wrong."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        now = context.clock.now()
        given = _sound(session, given, now)
        row = CampaignActivity(
            **{**vars(given), "kind": given.kind.value},
            campaign_id=campaign_id,
            added_at=now,
            added_by_id=person.id or 0,
        )
        session.add(row)
        session.flush()
        note(session, now, person, "add activity", campaign, after=_numbers(row))
        return row.id or 0


def remove_activity(context: Context, person: Person, campaign_id: int, activity_id: int) -> None:
    """Take out a row that is wrong; the record keeps its numbers.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        row = session.get(CampaignActivity, activity_id)
        if row is None or row.campaign_id != campaign_id:
            raise InputError("There is no such activity any more. Load the page again.")
        before = _numbers(row)
        session.delete(row)
        session.flush()
        note(session, context.clock.now(), person, "remove activity", campaign, before=before)


def _numbers(row: CampaignActivity) -> dict[str, object]:
    return {"activity": row.id, "kind": row.kind, "on": row.day, "people": row.people, "minutes": row.minutes,
            "pence": row.pence}  # fmt: skip


def _sound(session: Session, given: ActivityInput, now: datetime) -> ActivityInput:
    given = replace(given, place=given.place.strip(), what=given.what.strip(),
                    online=given.online or given.kind in ONLINE_KINDS)  # fmt: skip
    problems = []
    if given.day > as_local(now).date():
        problems.append("That day is still to come: write down what was done.")
    for words, value, most in (("people", given.people, MOST_PEOPLE), ("minutes", given.minutes, MOST_MINUTES),
                               ("pence", given.pence, MOST_PENCE)):  # fmt: skip
        if value is not None and not 0 <= value <= most:
            problems.append(f"The {words} must be from 0 to {most:,}.")
    if len(given.what) > LONGEST_WHAT or len(given.place) > LONGEST_NAME:
        problems.append(f"Write {LONGEST_WHAT} characters or fewer of what was done, and {LONGEST_NAME} of the place.")
    if given.place_id is not None and session.get(Place, given.place_id) is None:
        problems.append("Choose an area of this force.")
    if given.survey_id is not None and (
        given.kind is not ActivityKind.SURVEY or session.get(Survey, given.survey_id) is None
    ):
        problems.append("Choose a survey that there is, for an activity that is one.")
    if problems:
        raise InputError(*problems)
    return given
