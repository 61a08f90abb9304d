"""What campaigns are: an aim, somebody it is for, a number before and a number hoped for, and what was done (M01, M02, M14).

    planned  -> launch -> running      drop -> dropped
    running  -> close  -> closed

A campaign is joined to posts by its name, which posts and publications carry as their label; the name is never changed,
the title that people read may be. `campaign_writing` writes, `campaign_measures` keeps numbers, `campaign_activity` what
was done; `insights.assessment` says what came of it. docs/campaigns.md says it in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from social.alerts.surveys import Survey  # noqa: F401 - an activity refers to its table
from social.clock import as_local
from social.database import UTCDateTime
from social.errors import InputError
from social.priorities import Priority  # noqa: F401 - a campaign refers to its table
from social.publications import Publication


class CampaignState(StrEnum):
    """PLANNED: being written.  RUNNING: launched.  CLOSED: assessed, for good.  DROPPED: planned and never begun."""

    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"
    DROPPED = "dropped"


MOVES: dict[tuple[CampaignState, str], CampaignState] = {
    (CampaignState.PLANNED, "launch"): CampaignState.RUNNING,
    (CampaignState.PLANNED, "drop"): CampaignState.DROPPED,
    (CampaignState.RUNNING, "close"): CampaignState.CLOSED,
}
"""From a state, by a move, to a state. There is no other way."""


class MeasureKind(StrEnum):
    """COUNT: how often something happened in a period, perhaps of so many (residents, replies).  SHARE: so many of those
    who were asked.  NUMBER: any other."""

    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"


class Stage(StrEnum):
    """Which of the six headings a measure stands under (M01)."""

    OUTTAKE = "outtake"
    OUTCOME = "outcome"
    IMPACT = "impact"


class ActivityKind(StrEnum):
    """ADVERT: paid online.  PREPARING: time and money that went into no single event."""

    EVENT = "event"
    MEETING = "meeting"
    VISIT = "visit"
    SURVEY = "survey"
    PARISH = "parish"
    LEAFLETS = "leaflets"
    ADVERT = "advert"
    PREPARING = "preparing"
    OTHER = "other"


class Campaign(SQLModel, table=True):
    """One campaign.  name: the label that its posts carry.  title: what people call it.

    priority: what it serves, in the words of the day it was chosen; priority_id: of that priority on record, None for
    free words.  objective to assessment: OSARA, in the words of staff.  impact, learning, other_causes: written when it
    is assessed.  starts_on, ends_on: local days, both included; None until known.  comparison: the place or group that it
    is compared with, '' for none.  version: raised with each change."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    title: str
    aim: str = ""
    audience: str = ""
    priority: str = ""
    priority_id: int | None = Field(default=None, foreign_key="priority.id")
    purpose: str = ""
    feedback_plan: str = ""
    objective: str = ""
    scanning: str = ""
    analysis: str = ""
    response: str = ""
    assessment: str = ""
    impact: str = ""
    learning: str = ""
    other_causes: str = ""
    comparison: str = ""
    comparison_place_id: int | None = Field(default=None, foreign_key="place.id")
    starts_on: date | None = None
    ends_on: date | None = None
    owner_id: int = Field(foreign_key="person.id")
    state: str = Field(default=CampaignState.PLANNED.value, index=True)
    version: int = 1
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by_id: int = Field(foreign_key="person.id")
    launched_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")


class CampaignArea(SQLModel, table=True):
    """An area that the campaign is for. A campaign without any is for the whole force."""

    __tablename__ = "campaign_area"

    campaign_id: int = Field(primary_key=True, foreign_key="campaign.id")
    place_id: int = Field(primary_key=True, foreign_key="place.id", index=True)


class CampaignMeasure(SQLModel, table=True):
    """Something that shall change.  unit: such as 'reports a week'.  stage: see Stage.  kind: see MeasureKind.

    baseline, target: numbers in the unit, of a SHARE in percent; None until known.  baseline_on: the day that the baseline
    is of; target_on: the day by which the target is to be met.  source: where the numbers come from.
    facts: a series of our own facts (`insights.assessment_series.SERIES`), '' for numbers that people type."""

    __tablename__ = "campaign_measure"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    name: str
    unit: str
    kind: str = MeasureKind.COUNT.value
    stage: str = Stage.OUTCOME.value
    source: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    facts: str = ""


class CampaignPoint(SQLModel, table=True):
    """A number of a measure's series.  starts_on: first day of its period.  comparison: of the comparison area.

    value: a count >= 0, or the number of people of a SHARE, or any number.  of: of how many, > 0; None for a plain one.
    source: where this number comes from."""

    __tablename__ = "campaign_point"

    measure_id: int = Field(primary_key=True, foreign_key="campaign_measure.id")
    comparison: bool = Field(primary_key=True)
    starts_on: date = Field(primary_key=True)
    value: float
    of: float | None = None
    source: str


class CampaignActivity(SQLModel, table=True):
    """Something that was done, or what went into it.  online: on the internet.  place: where, in words.

    people: how many took part, None when nobody counted.  minutes: of staff time.  pence: of money.  None: not measured.
    survey_id: the survey of ours that it was, None for none."""

    __tablename__ = "campaign_activity"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    kind: str
    online: bool = False
    day: date
    place_id: int | None = Field(default=None, foreign_key="place.id")
    place: str = ""
    what: str = ""
    people: int | None = None
    minutes: int | None = None
    pence: int | None = None
    survey_id: int | None = Field(default=None, foreign_key="survey.id")
    added_at: datetime = Field(sa_type=UTCDateTime)
    added_by_id: int = Field(foreign_key="person.id")


@dataclass(frozen=True)
class Unplanned:
    """A name that publications carry and nobody planned.  posts: publications.  first, last: local days."""

    name: str
    posts: int
    first: date
    last: date


def campaign_with_id(session: Session, campaign_id: int) -> Campaign:
    """Raises InputError when there is none."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        raise InputError(f"There is no campaign {campaign_id}. `beatline campaigns list` shows those there are.")
    return found


def campaign_named(session: Session, name: str) -> Campaign | None:
    """The campaign whose label that is; None for a name that nobody planned."""
    return session.exec(select(Campaign).where(Campaign.name == name)).first()


def list_campaigns(session: Session, *states: CampaignState) -> list[Campaign]:
    """Every campaign, or those in these states: running, planned, closed, dropped, and by title in each."""
    order = [CampaignState.RUNNING, CampaignState.PLANNED, CampaignState.CLOSED, CampaignState.DROPPED]
    wanted = [state.value for state in states or order]
    found = session.exec(select(Campaign).where(col(Campaign.state).in_(wanted)))
    return sorted(found, key=lambda one: (order.index(CampaignState(one.state)), one.title.casefold(), one.id or 0))


def areas_for(session: Session, campaign_id: int) -> tuple[int, ...]:
    """The areas that it is for, by number; () for the whole force."""
    query = select(CampaignArea.place_id).where(CampaignArea.campaign_id == campaign_id)
    return tuple(session.exec(query.order_by(col(CampaignArea.place_id))))


def measures_of(session: Session, campaign_id: int) -> list[CampaignMeasure]:
    """In the order in which they were added."""
    query = select(CampaignMeasure).where(CampaignMeasure.campaign_id == campaign_id)
    return list(session.exec(query.order_by(col(CampaignMeasure.id))))


def points_of(session: Session, measure_id: int) -> list[CampaignPoint]:
    """Both areas' numbers, oldest first, the campaign's own before the other's."""
    query = select(CampaignPoint).where(CampaignPoint.measure_id == measure_id)
    return list(session.exec(query.order_by(col(CampaignPoint.starts_on), col(CampaignPoint.comparison))))


def activities_of(session: Session, campaign_id: int) -> list[CampaignActivity]:
    """Newest first."""
    query = select(CampaignActivity).where(CampaignActivity.campaign_id == campaign_id)
    return list(session.exec(query.order_by(col(CampaignActivity.day).desc(), col(CampaignActivity.id).desc())))


def missing_before_launch(campaign: Campaign, measures: Sequence[CampaignMeasure]) -> list[str]:
    """What has to be said first, in words (M02); [] when it can begin."""
    told = (("an aim", campaign.aim), ("an audience", campaign.audience), ("a first day", campaign.starts_on))
    missing = [what for what, given in told if not given]
    if not any(is_whole(one) for one in measures):
        known = [one for one in measures if one.baseline is not None and one.baseline_on and one.source]
        missing.append("a target with its day" if known else "a measure with a baseline and a target")
    return missing


def is_whole(measure: CampaignMeasure) -> bool:
    """Whether it has a baseline and a target, each a number with its day, and says where they come from."""
    needed = (measure.baseline, measure.baseline_on, measure.target, measure.target_on)
    return all(one is not None for one in needed) and bool(measure.unit and measure.source)


def unplanned_names(session: Session) -> list[Unplanned]:
    """Names that publications carry and no campaign has, by name."""
    when, known = col(Publication.published_at), select(Campaign.name)
    query = (
        select(col(Publication.campaign), func.count(), func.min(when), func.max(when))
        .where(col(Publication.campaign).is_not(None), col(Publication.campaign).not_in(known))
        .group_by(col(Publication.campaign))
        .order_by(col(Publication.campaign))
    )
    return [
        Unplanned(name or "", n, as_local(first).date(), as_local(last).date())
        for name, n, first, last in session.exec(query)
    ]


def all_of(names: Sequence[str]) -> str:
    """'Copperbeck', 'Copperbeck and Stonemere', 'Copperbeck, Stonemere and Elderwick'; at least one name."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
