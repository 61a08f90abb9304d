"""Works out what came of a campaign: the one value that the page, `beatline campaigns assess` and reports all show.

The six headings of the Government Evaluation Cycle (M01), from what went in to what was learnt; no advertising value and
no multiplier (M02); before and after with a comparison where there is one (M14). docs/campaigns.md says it in full."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from insights.assessment_activity import activities_for_people, inputs, outputs, outtakes
from insights.assessment_series import series_of
from insights.assessment_values import HEADINGS, About, Assessment, Figure, Heading, Result
from insights.assessment_words import change_sentence, limits_of, progress_of, result_sentence, say_pence, say_value
from insights.cause_words import cause_warning
from social.campaigns import (
    Campaign,
    CampaignActivity,
    CampaignMeasure,
    MeasureKind,
    Stage,
    activities_of,
    all_of,
    areas_for,
    campaign_with_id,
    measures_of,
    missing_before_launch,
)
from social.places import Place
from social.staff import Person

SARA = ("objective", "scanning", "analysis", "response", "assessment")
"""Objective, scanning, analysis, response, assessment: OSARA, in this order (M14)."""
_CHECKED = ("assessment", "impact", "learning", "response")


def assess(session: Session, campaign_id: int, now: datetime) -> Assessment:
    """Everything that is known of the campaign at this moment.  Raises InputError when there is none."""
    campaign = campaign_with_id(session, campaign_id)
    about = about_campaign(session, campaign)
    measures, rows = measures_of(session, campaign_id), activities_of(session, campaign_id)
    results = _together([_result(session, campaign, about, measure, now) for measure in measures])
    found = Assessment(
        about, now, _headings(session, campaign, rows, results, now), results, activities_for_people(session, rows),
        tuple((field.capitalize(), getattr(campaign, field)) for field in SARA), campaign.other_causes,
        tuple(missing_before_launch(campaign, measures)), (),
    )  # fmt: skip
    return replace(found, warnings=_warnings(campaign, compared=found.compared))


def _together(results: Sequence[Result]) -> tuple[Result, ...]:
    """The same, each with what looking at several says of chance: one interval in twenty misses by chance alone."""
    told = sum(one.change is not None for one in results)
    if told < 2:
        return tuple(results)
    limit = (
        f"{told} measures are looked at here: where nothing changed at all, one interval in twenty would still say so."
    )
    return tuple(replace(one, limits=(*one.limits, limit)) if one.change is not None else one for one in results)


def _warnings(campaign: Campaign, *, compared: bool) -> tuple[str, ...]:
    """What staff wrote that says more than was measured, field by field."""
    told = ((field.capitalize(), cause_warning(getattr(campaign, field), compared=compared)) for field in _CHECKED)
    return tuple(f"{field}: {warning}" for field, warning in told if warning)


def at_a_glance(session: Session, campaign: Campaign, now: datetime) -> tuple[About, Result | None]:
    """The campaign and where its first measure stands, for a list; None without a measure."""
    about = about_campaign(session, campaign)
    first = next(iter(measures_of(session, campaign.id or 0)), None)
    return about, _result(session, campaign, about, first, now) if first is not None else None


def about_campaign(session: Session, campaign: Campaign) -> About:
    """The campaign in words, with the names of its areas and its owner."""
    place_ids = areas_for(session, campaign.id or 0)
    wanted = {*place_ids, *([campaign.comparison_place_id] if campaign.comparison_place_id else [])}
    names = {one.id: one.name for one in session.exec(select(Place).where(col(Place.id).in_(wanted)))}
    owner = session.get(Person, campaign.owner_id)
    return About(
        campaign.id or 0, campaign.name, campaign.title, campaign.state, owner.name if owner else "",
        tuple(names[one] for one in place_ids), place_ids,
        campaign.comparison or names.get(campaign.comparison_place_id, ""), campaign.starts_on, campaign.ends_on,
        campaign.aim, campaign.audience, campaign.priority, campaign.purpose, campaign.feedback_plan,
    )  # fmt: skip


def _result(session: Session, campaign: Campaign, about: About, measure: CampaignMeasure, now: datetime) -> Result:
    series = series_of(session, campaign, measure, now)
    where = all_of(about.areas) if about.areas else "the whole force"
    progress = progress_of(measure, series.now)
    return Result(
        measure_id=measure.id or 0, name=measure.name, unit=measure.unit, kind=MeasureKind(measure.kind),
        stage=Stage(measure.stage), source=measure.source, baseline=measure.baseline, baseline_on=measure.baseline_on,
        target=measure.target, target_on=measure.target_on, latest=series.now, latest_on=series.now_on,
        progress=progress, met=None if progress is None else progress >= 1, sentence=result_sentence(measure, series),
        change=series.change,
        change_sentence=change_sentence(measure, series.change, where, about.comparison),
        limits=limits_of(measure, series), points=series.points,
    )  # fmt: skip


def _headings(
    session: Session, campaign: Campaign, rows: Sequence[CampaignActivity], results: Sequence[Result], now: datetime
) -> tuple[Heading, ...]:
    costs = tuple(one for result in results if (one := _cost(result, rows)) is not None)
    figures = {
        "Inputs": inputs(rows),
        "Outputs": outputs(session, campaign, rows, now),
        "Outtakes": (*outtakes(session, campaign, rows, now), *_measured(results, Stage.OUTTAKE)),
        "Outcomes": (*_measured(results, Stage.OUTCOME), *costs),
        "Impact": _measured(results, Stage.IMPACT),
    }
    words = {"Outcomes": campaign.assessment, "Impact": campaign.impact, "Learning and innovation": campaign.learning}
    return tuple(Heading(name, figures.get(name, ()), words.get(name, "")) for name in HEADINGS)


def _measured(results: Sequence[Result], stage: Stage) -> tuple[Figure, ...]:
    """What was measured since the campaign began; a baseline alone says nothing of what came of it."""
    found = []
    for one in results:
        if one.stage is stage and one.latest is not None:
            found.append(Figure(one.name, one.sentence, one.source, one.latest_on, one.latest))
            if one.change is not None:
                told = one.change.beyond or one.change.own
                found.append(Figure(f"{one.name}, before and after", one.change_sentence, one.source, one.latest_on,
                                    told.value, told.low, told.high))  # fmt: skip
    return tuple(found)


def _cost(result: Result, rows: Sequence[CampaignActivity]) -> Figure | None:
    """Money for each step of a useful outcome, only where both were measured: every row says what it cost, and a count
    or number has come nearer to its target."""
    pence = [row.pence for row in rows]
    spent = sum(one or 0 for one in pence)
    useful = result.stage is Stage.OUTCOME and result.kind is not MeasureKind.SHARE and (result.progress or 0) > 0
    if not useful or not spent or None in pence or result.latest is None or result.baseline is None:
        return None
    gained = abs(result.latest - result.baseline)
    each = round(spent / gained)
    shown = (
        f"{say_pence(each)} for each 1 of the change of {say_value(gained)} ({result.unit}) since the baseline, whatever brought "
        "the change about"
    )
    return Figure(
        f"Money for each step: {result.name}", shown, "activity log; " + result.source, result.latest_on, float(each)
    )
