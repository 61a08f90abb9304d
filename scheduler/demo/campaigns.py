"""A campaign of the invented force that is under way: against break-ins to vans and garages, with numbers before and after,
what was done, and an area to compare with, so that the page Campaigns has something to show."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from scheduler.demo.force import Staff
from social.alerts.surveys import list_surveys
from social.campaign_activity import ActivityInput, add_activity
from social.campaign_measures import MeasureInput, PointInput, put_measure, put_points
from social.campaign_writing import AssessmentInput, CampaignInput, launch_campaign, plan_campaign, write_assessment
from social.campaigns import ActivityKind, MeasureKind, Stage
from social.clock import as_local
from social.context import Context
from social.places import places_named
from social.priorities import Priority

NAME = "tools_in_tonight"
"""What its posts carry; see scheduler/demo/plan.py."""
AREAS, COMPARISON = ("Marlpit End", "Copperbeck", "Larkfield Rise"), "Thornleigh Vale"
BEGAN = timedelta(weeks=8)
BEFORE, AFTER = (9, 11, 8, 12, 10, 9, 13, 10, 11, 9, 12, 10), (9, 7, 8, 6, 7, 5, 6, 7)
ELSEWHERE_BEFORE, ELSEWHERE_AFTER = (6, 5, 7, 6, 8, 5, 6, 7, 6, 5, 7, 6), (6, 5, 6, 7, 5, 6, 5, 6)
"""Reports in each week, invented."""
RECORDS = "invented crime records of Woldershire Police"


def run_campaign(context: Context, staff: Staff) -> int:
    """Plan it, launch it, and write down what was done so far.  Returns its number."""
    today = as_local(context.clock.now()).date()
    first = today - BEGAN - timedelta(days=today.weekday())
    with context.database.read() as session:
        given = _given(session, first)
        survey = next((one.id for one in list_surveys(session)), None)
    number = plan_campaign(context, staff.second, given)
    counted = put_measure(context, staff.second, number, MeasureInput(
        "Break-ins to vans and garages", "reports a week", source=RECORDS, baseline=10.3,
        baseline_on=first - timedelta(days=1), target=7, target_on=first + timedelta(weeks=16),
    ))  # fmt: skip
    marked = put_measure(context, staff.second, number, MeasureInput(
        "Tools and bikes marked", "marked so far", MeasureKind.NUMBER, Stage.OUTTAKE, "marking register", 0,
        first, 250, first + timedelta(weeks=16),
    ))  # fmt: skip
    launch_campaign(context, staff.second, number)
    put_points(context, staff.second, number, counted, [
        *_weekly(first, BEFORE, AFTER, comparison=False), *_weekly(first, ELSEWHERE_BEFORE, ELSEWHERE_AFTER, comparison=True),
    ])  # fmt: skip
    register = [PointInput(first + timedelta(weeks=n), value) for n, value in ((1, 38), (3, 97), (6, 164))]
    put_points(context, staff.second, number, marked, register)
    for done in _done(first, survey):
        add_activity(context, staff.second, number, done)
    write_assessment(context, staff.second, number, AssessmentInput(
        "", learning="Marking at the builders' merchant before 8am reached more trades than the evening drop-ins.",
        other_causes="Nights grew longer in both areas. A builders' merchant next to Marlpit End put up cameras in the third week.",
    ))  # fmt: skip
    return number


def _given(session: Session, first: date) -> CampaignInput:
    areas = tuple(places_named(session, name)[0].id or 0 for name in AREAS)
    asked = session.exec(
        select(Priority)
        .where(col(Priority.place_id).in_(areas), col(Priority.ended_at).is_(None))
        .order_by(col(Priority.id))
    ).all()
    priority = next((one for one in asked if "van" in one.issue.lower() or "tool" in one.issue.lower()), None)
    return CampaignInput(
        NAME, "Tools in tonight", areas=areas, starts_on=first, ends_on=first + timedelta(weeks=16),
        comparison_place_id=places_named(session, COMPARISON)[0].id,
        aim="Fewer vans and garages are broken into in Marlpit End, Copperbeck and Larkfield Rise.",
        audience="People in the trades who park a van at home, and residents with a garage",
        priority=priority.issue if priority else "Theft of tools from vans", priority_id=priority.id if priority else None,
        purpose="Ask where vans are parked overnight and what would help; tell how tools are marked and locked away.",
        feedback_plan="Numbers of the first eight weeks at both community centres, and a post that says what was done.",
        objective="From about ten reports a week to seven or fewer within sixteen weeks.",
        scanning="Half of the reports come from six streets around Kiln Street, between 11pm and 5am.",
        analysis="Vans stand on the road with tools in them. Most owners said that they have nowhere to put them.",
        response="Marking events, visits to the six streets, lock vouchers with the council, posts and leaflets.",
    )  # fmt: skip


def _weekly(first: date, before: tuple[int, ...], after: tuple[int, ...], *, comparison: bool) -> list[PointInput]:
    begins = first - timedelta(weeks=len(before))
    return [
        PointInput(begins + timedelta(weeks=n), value, comparison=comparison)
        for n, value in enumerate((*before, *after))
    ]


def _done(first: date, survey: int | None) -> tuple[ActivityInput, ...]:
    def on(days: int) -> date:
        return first + timedelta(days=days)

    return (
        ActivityInput(ActivityKind.PREPARING, on(0), what="Planning with the council and the merchant", minutes=540, pence=0),
        ActivityInput(ActivityKind.EVENT, on(5), place="Community centre, Copperbeck", what="Marking tools and bikes",
                      people=61, minutes=420, pence=18_600),
        ActivityInput(ActivityKind.VISIT, on(9), place="Kiln Street and Quarry Lane", what="Door to door, six streets",
                      people=112, minutes=690, pence=0),
        ActivityInput(ActivityKind.LEAFLETS, on(12), place="Marlpit End", what="Leaflets through doors", minutes=180,
                      pence=7_400),
        ActivityInput(ActivityKind.PARISH, on(20), place="Copperbeck", what="Report to the parish council", minutes=60,
                      pence=0),
        ActivityInput(ActivityKind.EVENT, on(26), place="Builders' merchant", what="Marking before work, from 6.30am",
                      people=88, minutes=360, pence=9_200),
        ActivityInput(ActivityKind.SURVEY, on(33), online=True, what="What matters most where you live", minutes=120,
                      pence=0, survey_id=survey),
    )  # fmt: skip
