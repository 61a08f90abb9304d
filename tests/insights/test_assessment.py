"""What came of a campaign: six headings, what was measured under each, and no word of cause of Beatline's own."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from insights.assessment import assess
from insights.assessment_series import Series
from insights.assessment_values import HEADINGS, NOT_MEASURED, Assessment
from insights.assessment_words import change_sentence, limits_of, result_sentence
from insights.before_after import Change, Estimate
from insights.cause_words import cause_words
from insights.reading.stored import read_new
from scheduler.demo.campaigns import run_campaign
from scheduler.demo.force import add_places, add_staff
from social.alerts.surveys import Survey
from social.campaign_activity import ActivityInput, add_activity
from social.campaign_measures import MeasureInput, PointInput, put_measure, put_points
from social.campaign_writing import AssessmentInput, close_campaign, write_assessment
from social.campaigns import ActivityKind, CampaignMeasure, MeasureKind, Stage, points_of
from social.context import Context
from social.sorting import NEVER_RANKED
from tests.social.campaigns import SHEDS, Campaigns

pytestmark = pytest.mark.sqlite_only
BEFORE, AFTER = (21, 19, 22, 18, 20, 20), (13, 15, 12, 14, 16, 14)
Desk = Any


@pytest.fixture
def campaigns(context: Context) -> Campaigns:
    return Campaigns(context)


def of(campaigns: Campaigns, number: int) -> Assessment:
    read_new(campaigns.context)
    with campaigns.context.database.read() as session:
        return assess(session, number, campaigns.context.clock.now())


def lines(found: Assessment, heading: str) -> str:
    return "\n".join(next(one for one in found.headings if one.name == heading).lines)


def test_an_empty_heading_prints_not_measured(campaigns: Campaigns) -> None:
    """M01."""
    found = of(campaigns, campaigns.running())
    assert tuple(one.name for one in found.headings) == HEADINGS
    assert [one.lines for one in found.headings] == [(NOT_MEASURED,)] * 6
    assert [one["lines"] for one in found.as_json()["headings"]] == [["not measured"]] * 6
    write_assessment(campaigns.context, campaigns.author, found.about.id, AssessmentInput("", learning="Ask earlier."))
    assert lines(of(campaigns, found.about.id), "Learning and innovation") == "Ask earlier."


def test_time_and_money_are_added_up_and_what_nobody_counted_is_said(campaigns: Campaigns) -> None:
    number = campaigns.running()
    for what in (
        ActivityInput(ActivityKind.EVENT, date(2026, 3, 7), minutes=150, pence=4_250, people=32),
        ActivityInput(ActivityKind.LEAFLETS, date(2026, 3, 9), minutes=60, people=None),
        ActivityInput(ActivityKind.ADVERT, date(2026, 3, 10), pence=2_000),
    ):
        add_activity(campaigns.context, campaigns.author, number, what)
    found = of(campaigns, number)
    assert lines(found, "Inputs") == (
        "Staff time: 3 h 30 min, and 1 of 3 rows do not say (activity log, 9 March 2026)\n"
        "Money: £62.50, and 1 of 3 rows do not say (activity log, 10 March 2026)"
    )
    assert "Events, offline: 1 " in lines(found, "Outputs")
    assert "Paid adverts, online: 1 " in lines(found, "Outputs")
    assert lines(found, "Outtakes") == "People who took part in events: 32 (activity log, 7 March 2026)"


def test_posts_are_told_network_by_network_and_reach_is_a_floor(campaigns: Campaigns, desk: Desk) -> None:
    """M03, M04: reach never added up, what is not reported left out; M02: no value of an advert."""
    number = campaigns.running()
    desk.publish(campaign="lock_it_lights_out", figures={"reach": 300, "impressions": 500, "reactions": 4})
    desk.publish(campaign="lock_it_lights_out", figures={"reach": 900, "shares": 2})
    desk.publish(campaign="lock_it_lights_out", channel="x")
    desk.publish(campaign="another", figures={"reach": 5_000})
    found = of(campaigns, number)
    told = lines(found, "Outputs")
    assert "Posts on Facebook: 2 " in told
    assert "Posts on X: 1 " in told
    assert "Accounts reached by posts on Facebook: at least 900, by the post that reached most" in told
    assert "Times shown on Facebook: 500, over the 1 that report it" in told
    assert "1,200" not in told
    assert "reached on X" not in told
    did = lines(found, "Outtakes")
    assert "Reactions on Facebook: 4 " in did
    assert "Clicks" not in did
    assert "Critical replies" not in did, "nobody replied"
    post = desk.publish(campaign="lock_it_lights_out")
    for n in range(30):
        desk.reply(post, "Useless, what a waste of money" if n % 3 else "Thank you, well done")
    assert re.search(r"Critical replies: \d+% \(95% interval \d+% to \d+%\) of 30 replies that were read",
                     lines(of(campaigns, number), "Outtakes"))  # fmt: skip
    assert "dvertising" not in json.dumps(found.as_json())


def test_a_measure_stands_against_its_baseline_and_target_and_against_the_comparison(campaigns: Campaigns) -> None:
    """M14."""
    number = campaigns.running(comparison_place_id=campaigns.hexley)
    campaigns.weekly(number, BEFORE, AFTER)
    (alone,) = of(campaigns, number).results
    assert alone.change is not None
    assert alone.change.beyond is None
    assert "Too few numbers are known of Hexley Moor, so it may have changed anyway." in alone.change_sentence
    campaigns.weekly(number, (10, 11, 9, 10, 12, 8), (10, 9, 11, 10, 8, 12), comparison=True)
    found = of(campaigns, number)
    (one,) = found.results
    assert (one.latest, one.latest_on, one.met) == (14.0, date(2026, 4, 6), True)
    assert one.progress == pytest.approx(1.0)
    assert "the target is met" in one.sentence
    assert one.change is not None
    assert one.change.beyond is not None
    assert one.change.beyond.value == pytest.approx(0.7)
    assert "it was 30% lower than before (95% interval:" in one.change_sentence
    assert "So in Copperbeck it was 30% lower than with the change of Hexley Moor" in one.change_sentence
    assert "Chance alone seldom does that." in one.change_sentence
    assert one.sentence in lines(found, "Outcomes")
    assert one.change_sentence in lines(found, "Outcomes")
    assert "force crime records, 6 April 2026" in lines(found, "Outcomes")
    assert {point.comparison for point in one.points} == {False, True}
    assert not any("one interval in twenty" in limit for limit in one.limits)
    second = put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, name="Sheds again"))
    with campaigns.context.database.read() as session:
        same = [PointInput(kept.starts_on, kept.value) for kept in points_of(session, one.measure_id)
                if not kept.comparison]  # fmt: skip
    put_points(campaigns.context, campaigns.author, number, second, same)
    assert all("2 measures are looked at" in result.limits[-1] for result in of(campaigns, number).results)


def test_our_own_replies_can_be_the_measure_and_the_week_of_the_start_counts_on_neither_side(
    campaigns: Campaigns, desk: Desk
) -> None:
    """M08, R11: no alerts and no missing-person appeals in it."""
    first = date(2026, 5, 6)
    measure = MeasureInput("Questions", "per 1,000 replies", facts="question", source="Beatline", baseline=500,
                           baseline_on=date(2026, 5, 1), target=200, target_on=date(2026, 7, 1))  # fmt: skip
    number = campaigns.running(measure=measure, starts_on=first)
    for days in (40, 26, 12, 5):  # 22 April, 6 May (the week of the start), 20 May, 27 May
        post = desk.publish(days=days, place_id=campaigns.beck)
        desk.reply(post, "When is the next meeting?")
        desk.reply(post, "Lovely picture")
    appeal = desk.publish(next(iter(NEVER_RANKED)), days=12, place_id=campaigns.beck)
    desk.reply(appeal, "Where was she last seen?")
    elsewhere = desk.publish(days=12, place_id=campaigns.hexley)
    desk.reply(elsewhere, "What about us?")
    (one,) = of(campaigns, number).results
    assert [(point.on, point.value) for point in one.points] == [
        (date(2026, 4, 20), 500.0), (date(2026, 5, 18), 500.0), (date(2026, 5, 25), 500.0)
    ]  # fmt: skip
    assert (one.latest, one.change) == (500.0, None)
    assert one.change_sentence.startswith("Too few to tell")
    close_campaign(campaigns.context, campaigns.author, number, AssessmentInput("Nothing changed."))
    desk.reply(desk.publish(days=-5, place_id=campaigns.beck), "When is the next one?")
    campaigns.context.clock.advance(timedelta(weeks=3))  # type: ignore[attr-defined]  # the tests' clock
    assert of(campaigns, number).results == (one,), "what came of it stays as it was when it closed"


def test_money_for_an_outcome_is_told_only_where_both_are_measured(campaigns: Campaigns) -> None:
    """M02."""
    signed = MeasureInput("Bicycles marked", "bicycles", source="marking register", baseline=10, target=110,
                          baseline_on=date(2026, 2, 28), target_on=date(2026, 5, 31))  # fmt: skip
    number = campaigns.running(measure=signed)
    event = ActivityInput(ActivityKind.EVENT, date(2026, 3, 7), pence=20_000)
    add_activity(campaigns.context, campaigns.author, number, event)
    assert "Money for" not in lines(of(campaigns, number), "Outcomes")
    campaigns.weekly(number, (), (50,))
    assert "£5 for each 1 of the change of 40 (bicycles)" in lines(of(campaigns, number), "Outcomes")
    add_activity(campaigns.context, campaigns.author, number, replace(event, pence=None))
    assert "Money for" not in lines(of(campaigns, number), "Outcomes")


def test_answers_to_a_survey_are_an_outtake_and_few_of_them_stay_hidden(campaigns: Campaigns) -> None:
    """R27."""
    number = campaigns.running()
    now = campaigns.context.clock.now()
    with campaigns.context.database.write() as session:
        survey = Survey(title="What matters?", intro="", made_at=now, made_by_id=campaigns.author.id or 0)
        session.add(survey)
        session.flush()
        survey_id = survey.id
    done = ActivityInput(ActivityKind.SURVEY, date(2026, 3, 7), online=True, survey_id=survey_id)
    for _ in range(2):
        add_activity(campaigns.context, campaigns.author, number, done)
    assert lines(of(campaigns, number), "Outtakes").count("fewer than 5, hidden") == 1


def test_what_staff_write_of_causes_is_marked_unless_something_is_compared(campaigns: Campaigns) -> None:
    """M14."""
    number = campaigns.running(comparison="Elderwick, by the next force's figures")
    words = AssessmentInput("Our patrols led to fewer break-ins.", other_causes="It rained.")
    write_assessment(campaigns.context, campaigns.author, number, words)
    (warning,) = of(campaigns, number).warnings
    assert warning.startswith("Assessment: This says \u2018led to\u2019, and nothing is compared")
    campaigns.weekly(number, BEFORE, AFTER)
    campaigns.weekly(number, BEFORE, BEFORE, comparison=True)
    found = of(campaigns, number)
    assert found.warnings == ()
    assert "than with the change of Elderwick, by the next force's figures" in found.results[0].change_sentence
    close_campaign(campaigns.context, campaigns.author, number, words)
    assert of(campaigns, number).about.state == "closed"


def test_whoever_measures_impact_and_outtakes_finds_them_under_their_headings(campaigns: Campaigns) -> None:
    number = campaigns.running()
    for stage in (Stage.OUTTAKE, Stage.IMPACT):
        put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, name=f"Of {stage}", stage=stage))
    assert [one.stage for one in of(campaigns, number).results] == [Stage.OUTCOME, Stage.OUTTAKE, Stage.IMPACT]


def test_the_demo_force_runs_a_campaign_that_is_measured_and_compared(context: Context) -> None:
    with context.database.write() as session:
        add_places(session)
        staff = add_staff(session)
    number = run_campaign(context, staff)
    with context.database.read() as session:
        found = assess(session, number, context.clock.now())
    assert (found.about.state, found.about.comparison, found.missing) == ("running", "Thornleigh Vale", ())
    counted, marked = found.results
    assert counted.change is not None
    assert counted.change.beyond is not None
    assert counted.change.beyond.high < 1
    assert (marked.latest, marked.stage) == (164, Stage.OUTTAKE)
    assert [one.name for one in found.headings if not one.measured] == ["Impact"]


ratio = st.floats(0.05, 20).map(lambda n: Estimate(n, n * 0.8, n * 1.3))


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(kind=st.sampled_from(MeasureKind), own=ratio, other=st.none() | ratio, follow=st.none() | st.floats(-1, 1),
       now=st.none() | st.floats(-10, 1e5), facts=st.sampled_from(["", "complaint"]))  # fmt: skip
def test_no_sentence_of_our_own_ever_says_what_caused_a_change(
    kind: MeasureKind, own: Estimate, other: Estimate | None, follow: float | None, now: float | None, facts: str
) -> None:
    """M14, whatever the numbers are; not even with a comparison."""
    change = Change(kind, own, other, other, 8, 6, follow)
    series = Series((), change, now, 0 if now is None else 4, None if now is None else date(2026, 3, 9))
    measure = CampaignMeasure(campaign_id=1, name="n", unit="u", kind=kind, baseline=8, target=2, facts=facts,
                              baseline_on=date(2026, 2, 1), target_on=date(2026, 6, 1))  # fmt: skip
    told = [result_sentence(measure, series), change_sentence(measure, change, "Copperbeck", "Stonemere"),
            change_sentence(measure, None, "Copperbeck", ""), *limits_of(measure, series)]  # fmt: skip
    assert not [words for one in told for words in cause_words(one)]
    assert all(one.endswith(".") for one in told)
