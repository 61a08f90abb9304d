"""Plans a campaign, launches it, closes it. It begins with an aim, an audience, a number and a number hoped for (M02),
and ends with an assessment (M14): what lacks is named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from social.audit import record
from social.campaigns import (
    MOVES,
    Campaign,
    CampaignArea,
    CampaignState,
    all_of,
    areas_for,
    campaign_named,
    campaign_with_id,
    measures_of,
    missing_before_launch,
)
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.places import Place, areas_above
from social.priorities import Priority
from social.profile_input import FIRST_DAY, require_same
from social.staff import Action, Person, require
from social.words import say_day

LONGEST_NAME, LONGEST_WORDS = 80, 4_000
LONGEST_RUN = 1_100
"""Days: three years. What runs for longer has no end at which it could be assessed."""
_ONE_LINE = frozenset({"name", "title", "comparison"})


@dataclass(frozen=True)
class CampaignInput:
    """What a campaign says about itself.  The fields are those of `Campaign`.

    areas: numbers of places, none for the whole force.  owner_id: None for whoever plans it.  title: the name when ''."""

    name: str
    title: str = ""
    aim: str = ""
    audience: str = ""
    priority: str = ""
    priority_id: int | None = None
    purpose: str = ""
    feedback_plan: str = ""
    objective: str = ""
    scanning: str = ""
    analysis: str = ""
    response: str = ""
    comparison: str = ""
    comparison_place_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    areas: tuple[int, ...] = ()
    owner_id: int | None = None


@dataclass(frozen=True)
class AssessmentInput:
    """What staff say of a campaign that is over.  assessment: what changed, and what that says.  The rest as in `Campaign`."""

    assessment: str
    impact: str = ""
    learning: str = ""
    other_causes: str = ""


def plan_campaign(context: Context, person: Person, given: CampaignInput) -> int:
    """A new campaign; posts that carry its name already become its own.  Returns its number.

    Raises NotAllowed, and InputError with everything that is wrong with it."""
    with context.database.write() as session:
        _require_areas(session, person, given.areas)
        given = _sound(session, given)
        if campaign_named(session, given.name) is not None:
            raise InputError(f"There is a campaign '{given.name}' already. Give this one another name.")
        now = context.clock.now()
        told = {name: value for name, value in vars(given).items() if name not in ("areas", "owner_id")}
        campaign = Campaign(**told, owner_id=given.owner_id or person.id or 0, made_at=now, made_by_id=person.id or 0)
        session.add(campaign)
        session.flush()
        _put_areas(session, campaign, given.areas)
        note(session, now, person, "plan campaign", campaign, after={"areas": list(given.areas)})
        return campaign.id or 0


def change_campaign(
    context: Context,
    person: Person,
    campaign_id: int,
    given: CampaignInput,
    *,
    seen: Mapping[str, object] | None = None,
) -> None:
    """Other words, days, areas or owner; its name stays.

    seen: the fields that are changed, each as the person saw it; the others stay as they are. None changes all of them.

    Raises NotAllowed for either areas, and InputError, also where a field of `seen` says something else by now."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id)
        if seen is not None:
            there = input_of(session, campaign)
            require_same({name: getattr(there, name) for name in seen}, dict(seen), "This step of the campaign")
            given = replace(there, **{name: getattr(given, name) for name in seen})
        _require_areas(session, person, given.areas)
        given = _sound(session, replace(given, name=campaign.name))
        before = [name for name, value in vars(given).items()
                  if name not in ("areas", "owner_id") and getattr(campaign, name) != value]  # fmt: skip
        for name in before:
            setattr(campaign, name, getattr(given, name))
        campaign.owner_id = given.owner_id or campaign.owner_id
        if campaign.state == CampaignState.RUNNING:
            _require_whole(session, campaign)
        _put_areas(session, campaign, given.areas)
        note(session, context.clock.now(), person, "change campaign", campaign,
             after={"changed": before, "areas": list(given.areas)})  # fmt: skip


def launch_campaign(context: Context, person: Person, campaign_id: int) -> None:
    """Begin it.  Raises NotAllowed, and InputError that names all that has to be said first (M02)."""
    with context.database.write() as session:
        campaign = campaign_with_id(session, campaign_id)
        require_may_run(session, person, campaign)
        _require_move(campaign, "launch")
        _require_whole(session, campaign)
        now = context.clock.now()
        campaign.launched_at = now
        _move(session, now, person, campaign, "launch")


def drop_campaign(context: Context, person: Person, campaign_id: int, reason: str) -> None:
    """Give up one that never began.  Raises NotAllowed, and InputError without a reason."""
    if not reason.strip():
        raise InputError("Say why it is given up. The record keeps it.")
    with context.database.write() as session:
        campaign = campaign_with_id(session, campaign_id)
        require_may_run(session, person, campaign)
        _require_move(campaign, "drop")
        _move(session, context.clock.now(), person, campaign, "drop", reason.strip())


def write_assessment(context: Context, person: Person, campaign_id: int, given: AssessmentInput) -> None:
    """Keep what staff say of a campaign that runs, so far.  Raises NotAllowed, InputError."""
    with context.database.write() as session:
        campaign = open_campaign(session, person, campaign_id, running=True)
        _put_assessment(campaign, given)
        note(session, context.clock.now(), person, "write assessment", campaign, after=_lengths(campaign))


def close_campaign(context: Context, person: Person, campaign_id: int, given: AssessmentInput) -> None:
    """End it, with its assessment.  Raises NotAllowed, and InputError without an assessment (M14) or before it ran."""
    with context.database.write() as session:
        campaign = campaign_with_id(session, campaign_id)
        require_may_run(session, person, campaign)
        _require_move(campaign, "close")
        _put_assessment(campaign, given)
        if not campaign.assessment:
            raise InputError(
                "Write the assessment first: what changed, and what that says. A campaign cannot close without one."
            )
        now = context.clock.now()
        if campaign.starts_on is not None and as_local(now).date() < campaign.starts_on:
            raise InputError("It has not begun yet: its first day is still to come. There is nothing to assess.")
        campaign.closed_at, campaign.closed_by_id = now, person.id
        _move(session, now, person, campaign, "close")


def open_campaign(session: Session, person: Person, campaign_id: int, *, running: bool = False) -> Campaign:
    """The campaign, when this person may write in it now.  running: and it was launched.

    Raises NotAllowed, and InputError for one that is over."""
    campaign = campaign_with_id(session, campaign_id)
    require_may_run(session, person, campaign)
    if campaign.state not in (CampaignState.PLANNED, CampaignState.RUNNING):
        raise InputError(f"This campaign is {campaign.state}. What was written of it stays as it is.")
    if running and campaign.state != CampaignState.RUNNING:
        raise InputError("This campaign has not been launched yet.")
    return campaign


def require_may_run(session: Session, person: Person, campaign: Campaign) -> None:
    """Raise NotAllowed unless the person may run campaigns in every area of this one."""
    _require_areas(session, person, areas_for(session, campaign.id or 0))


def note(
    session: Session, now: datetime, person: Person, action: str, campaign: Campaign, *,
    before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    """Raise the version and leave a row in the audit record, without a word of what was written."""
    campaign.version += 1
    session.add(campaign)
    areas = areas_for(session, campaign.id or 0)
    record(session, now, actor=person, action=action, subject=("campaign", campaign.id or 0), before=before,
           after={**(after or {}), "version": campaign.version}, reason=reason,
           place_id=areas[0] if len(areas) == 1 else None)  # fmt: skip


def _require_areas(session: Session, person: Person, areas: tuple[int, ...]) -> None:
    for place_id in areas or (None,):
        require(session, person, Action.RUN_CAMPAIGNS, place_id)


def _require_move(campaign: Campaign, move: str) -> None:
    if (CampaignState(campaign.state), move) not in MOVES:
        raise InputError(f"A campaign that is {campaign.state} cannot be {_DONE[move]}.")


_DONE = {"launch": "launched", "drop": "given up", "close": "closed"}


def _move(
    session: Session, now: datetime, person: Person, campaign: Campaign, move: str, reason: str | None = None
) -> None:
    before = campaign.state
    campaign.state = MOVES[CampaignState(before), move].value
    note(session, now, person, f"{move} campaign", campaign, before={"state": before},
         after={"state": campaign.state}, reason=reason)  # fmt: skip


def _require_whole(session: Session, campaign: Campaign) -> None:
    missing = missing_before_launch(campaign, measures_of(session, campaign.id or 0))
    if missing:
        lacks = all_of(missing)
        raise InputError(
            f"This campaign lacks {lacks}. It cannot run without, since nobody could tell what came of it."
        )


def _put_assessment(campaign: Campaign, given: AssessmentInput) -> None:
    problems = [_too_long(name, LONGEST_WORDS) for name, words in vars(given).items() if len(words) > LONGEST_WORDS]
    if problems:
        raise InputError(*problems)
    for name, words in vars(given).items():
        setattr(campaign, name, words.strip())


def _lengths(campaign: Campaign) -> dict[str, int]:
    """How much was written under each heading: what may stand in the audit record, which holds nobody's words."""
    return {name: len(getattr(campaign, name)) for name in AssessmentInput.__dataclass_fields__}


def _put_areas(session: Session, campaign: Campaign, areas: tuple[int, ...]) -> None:
    session.connection().execute(delete(CampaignArea).where(col(CampaignArea.campaign_id) == campaign.id))
    session.add_all(CampaignArea(campaign_id=campaign.id or 0, place_id=place_id) for place_id in set(areas))
    session.flush()


def _sound(session: Session, given: CampaignInput) -> CampaignInput:
    """The same with its edges trimmed.  Raises InputError with everything that is wrong with it."""
    texts: dict[str, Any] = {name: value.strip() for name, value in vars(given).items() if isinstance(value, str)}
    given = replace(given, **{**texts, "name": " ".join(texts["name"].split())})
    given = replace(given, title=given.title or given.name.replace("_", " ").strip().capitalize())
    problems = [] if given.name else ["Give the campaign a name."]
    for name in texts:
        most = LONGEST_NAME if name in _ONE_LINE else LONGEST_WORDS
        if len(getattr(given, name)) > most:
            problems.append(_too_long(name, most))
    problems += _wrong_days(given)
    problems += _wrong_places(session, given)
    if given.priority_id is not None and session.get(Priority, given.priority_id) is None:
        problems.append("That priority is not on record any more. Choose another.")
    if (
        given.owner_id is not None
        and session.exec(select(Person.active).where(Person.id == given.owner_id)).first() is not True
    ):
        problems.append("Choose an owner who works with Beatline.")
    if problems:
        raise InputError(*problems)
    return given


def _too_long(name: str, most: int) -> str:
    return f"The {name.replace('_', ' ')} must be {most:,} characters or fewer."


def _wrong_days(given: CampaignInput) -> list[str]:
    if given.starts_on is not None and given.starts_on < FIRST_DAY:
        return [f"Its first day must be {say_day(FIRST_DAY)} or later."]
    if given.starts_on is None or given.ends_on is None:
        return []
    if given.ends_on < given.starts_on:
        return ["Its last day is before its first."]
    if (given.ends_on - given.starts_on).days > LONGEST_RUN:
        return ["It runs for three years at the most: assess it and plan the next."]
    return []


def _wrong_places(session: Session, given: CampaignInput) -> list[str]:
    problems = []
    if any(session.get(Place, place_id) is None for place_id in given.areas):
        problems.append("One of the areas is no area of this force.")
    other = given.comparison_place_id
    if other is not None:
        if session.get(Place, other) is None:
            problems.append("The comparison area is no area of this force.")
        elif not _lies_outside(session, other, given.areas):
            problems.append("Compare with an area outside the campaign's own.")
    return problems


def _lies_outside(session: Session, other: int, areas: tuple[int, ...]) -> bool:
    """Whether the place neither holds one of the areas nor lies within one; nothing lies outside the whole force."""
    within = not set(areas).isdisjoint(areas_above(session, other))
    return bool(areas) and not within and all(other not in areas_above(session, place_id) for place_id in areas)


def input_of(session: Session, campaign: Campaign) -> CampaignInput:
    """What the campaign says now, so that a part of it can be changed."""
    told = {name: getattr(campaign, name) for name in CampaignInput.__dataclass_fields__ if name != "areas"}
    return CampaignInput(**told, areas=areas_for(session, campaign.id or 0))
