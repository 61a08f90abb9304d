"""Campaigns: what they need before they begin and before they end, and who may write in them (M02, M14, M16)."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from sqlmodel import col, select

from social.audit import AuditRecord
from social.campaign_activity import ActivityInput, add_activity, remove_activity
from social.campaign_measures import import_points, put_measure, remove_measure
from social.campaign_writing import (
    AssessmentInput,
    CampaignInput,
    change_campaign,
    close_campaign,
    drop_campaign,
    launch_campaign,
    plan_campaign,
)
from social.campaigns import (
    MOVES,
    ActivityKind,
    CampaignState,
    MeasureKind,
    activities_of,
    points_of,
    unplanned_names,
)
from social.context import Context
from social.errors import InputError, NotAllowed
from tests.social.campaigns import SHEDS, WHOLE, Campaigns

pytestmark = pytest.mark.sqlite_only
DONE = AssessmentInput("Break-ins fell; the comparison area stayed as it was.")


@pytest.fixture
def campaigns(context: Context) -> Campaigns:
    return Campaigns(context)


def test_a_campaign_cannot_launch_without_aim_audience_baseline_and_target_and_is_told_all_it_lacks(
    campaigns: Campaigns,
) -> None:
    number = campaigns.plan(None, aim=" ", audience="", starts_on=None, ends_on=None)
    with pytest.raises(
        InputError, match="lacks an aim, an audience, a first day and a measure with a baseline and a target"
    ):
        launch_campaign(campaigns.context, campaigns.author, number)
    put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, target=None, target_on=None))
    change_campaign(campaigns.context, campaigns.author, number, replace(WHOLE, areas=(campaigns.beck,)))
    with pytest.raises(InputError, match="lacks a target with its day"):
        launch_campaign(campaigns.context, campaigns.author, number)
    assert campaigns.one(number).state == CampaignState.PLANNED
    put_measure(campaigns.context, campaigns.author, number, SHEDS, measure_id=campaigns.measure(number))
    launch_campaign(campaigns.context, campaigns.author, number)
    assert campaigns.one(number).state == CampaignState.RUNNING


def test_a_baseline_is_a_number_with_unit_source_and_day(campaigns: Campaigns) -> None:
    number = campaigns.plan(None)
    for lacking, words in (
        ({"unit": ""}, "in what it is counted"), ({"source": " "}, "where the numbers come from"),
        ({"baseline_on": None}, "of which day the baseline is"), ({"target_on": None}, "by which day the target"),
        ({"baseline": float("nan")}, "must be a number"), ({"target": 20.0}, "shall be different"),
        ({"kind": MeasureKind.SHARE, "target": 120.0}, "100 at the most"), ({"target": 1e300}, "that can be true"),
        ({"kind": MeasureKind.NUMBER, "facts": "complaint"}, "a count of so many replies"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, **lacking))  # type: ignore[arg-type]  # fields by name


def test_a_campaign_cannot_close_without_an_assessment(campaigns: Campaigns) -> None:
    number = campaigns.running()
    with pytest.raises(InputError, match="Write the assessment first"):
        close_campaign(campaigns.context, campaigns.author, number, AssessmentInput("  ", learning="Begin earlier."))
    assert campaigns.one(number).state == CampaignState.RUNNING
    assert campaigns.one(number).learning == ""
    close_campaign(campaigns.context, campaigns.author, number, DONE)
    closed = campaigns.one(number)
    assert (closed.state, closed.assessment, closed.closed_by_id) == ("closed", DONE.assessment, campaigns.author.id)


def test_there_is_no_move_but_those_of_the_table(campaigns: Campaigns) -> None:
    moves = {
        "launch": lambda n: launch_campaign(campaigns.context, campaigns.author, n),
        "drop": lambda n: drop_campaign(campaigns.context, campaigns.author, n, "not needed"),
        "close": lambda n: close_campaign(campaigns.context, campaigns.author, n, DONE),
    }
    ways: dict[CampaignState, tuple[str, ...]] = {
        CampaignState.PLANNED: (), CampaignState.RUNNING: ("launch",), CampaignState.CLOSED: ("launch", "close"),
        CampaignState.DROPPED: ("drop",),
    }  # fmt: skip
    for state, move in product(CampaignState, moves):
        number = campaigns.plan(name=f"{state} {move}")
        for step in ways[state]:
            moves[step](number)
        if (state, move) in MOVES:
            moves[move](number)
            assert campaigns.one(number).state == MOVES[state, move]
        else:
            with pytest.raises(InputError, match=f"that is {state} cannot be"):
                moves[move](number)


def test_what_a_campaign_set_out_with_is_not_moved_once_it_runs(campaigns: Campaigns) -> None:
    number = campaigns.running()
    measure = campaigns.measure(number)
    with pytest.raises(InputError, match="its baseline and target stay"):
        put_measure(campaigns.context, campaigns.author, number, replace(SHEDS, target=19), measure_id=measure)
    with pytest.raises(InputError, match="part of its assessment"):
        remove_measure(campaigns.context, campaigns.author, number, measure)
    with pytest.raises(InputError, match="lacks an aim"):
        change_campaign(campaigns.context, campaigns.author, number, replace(WHOLE, aim="", areas=(campaigns.beck,)))
    close_campaign(campaigns.context, campaigns.author, number, DONE)
    with pytest.raises(InputError, match="closed"):
        change_campaign(campaigns.context, campaigns.author, number, WHOLE)


def test_who_changes_a_campaign_that_changed_meanwhile_is_told_and_overwrites_nothing(campaigns: Campaigns) -> None:
    number = campaigns.plan()
    seen = {"aim": campaigns.one(number).aim, "audience": campaigns.one(number).audience}
    mine, theirs = (replace(WHOLE, aim=aim, areas=(campaigns.beck,)) for aim in ("Mine.", "Theirs."))
    change_campaign(campaigns.context, campaigns.author, number, theirs, seen=seen)
    with pytest.raises(InputError, match="changed by somebody else"):
        change_campaign(campaigns.context, campaigns.author, number, mine, seen=seen)
    assert campaigns.one(number).aim == "Theirs."
    other = replace(mine, scanning="At night.")
    change_campaign(campaigns.context, campaigns.author, number, other, seen={"scanning": ""})
    assert (campaigns.one(number).aim, campaigns.one(number).scanning) == ("Theirs.", "At night."), "one step by itself"
    with pytest.raises(InputError, match="1 January 2000 or later"):
        change_campaign(campaigns.context, campaigns.author, number, replace(mine, starts_on=date(1, 1, 5)))


def test_numbers_of_a_measure_are_counted_in_one_way(campaigns: Campaigns) -> None:
    """A rate made of some with and some without a denominator would be neither."""
    number = campaigns.plan()
    measure = campaigns.measure(number)
    for content in ("2026-02-02,1e300,\n", "1999-12-31,4,\n", "2026-02-02,18,\n2026-02-09,18,500\n"):
        with pytest.raises(InputError, match=r"too large|2000 on|Say it for all"):
            import_points(
                campaigns.context, campaigns.author, number, measure, f"date,value,of\n{content}".encode(), "sheds.csv"
            )
    campaigns.weekly(number, (18, 21), ())
    share = replace(SHEDS, kind=MeasureKind.SHARE)
    with pytest.raises(InputError, match="counted in the old way"):
        put_measure(campaigns.context, campaigns.author, number, share, measure_id=measure)


def test_only_who_may_run_campaigns_in_every_area_of_it_writes_in_it(campaigns: Campaigns) -> None:
    """R17."""
    number = campaigns.plan(areas=(campaigns.beck, campaigns.hexley))
    what = ActivityInput(ActivityKind.EVENT, date(2026, 3, 3))
    for person in (campaigns.reader, campaigns.bound):
        for act in (
            lambda who: launch_campaign(campaigns.context, who, number),
            lambda who: put_measure(campaigns.context, who, number, replace(SHEDS, name="Other")),
            lambda who: add_activity(campaigns.context, who, number, what),
            lambda who: change_campaign(campaigns.context, who, number, replace(WHOLE, areas=(campaigns.hexley,))),
            lambda who: plan_campaign(campaigns.context, who, replace(WHOLE, name="For the whole force")),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert plan_campaign(campaigns.context, campaigns.bound, replace(WHOLE, name="Own", areas=(campaigns.hexley,)))


def test_what_was_done_is_kept_and_nobody_counted_stays_unknown(campaigns: Campaigns) -> None:
    number = campaigns.running()
    done = ActivityInput(ActivityKind.VISIT, date(2026, 3, 3), place=" The allotments ", minutes=90)
    row = add_activity(campaigns.context, campaigns.author, number, done)
    for wrong, words in ((replace(done, day=date(2027, 1, 1)), "still to come"), (replace(done, people=-1), "from 0")):
        with pytest.raises(InputError, match=words):
            add_activity(campaigns.context, campaigns.author, number, wrong)
    with campaigns.context.database.read() as session:
        (kept,) = activities_of(session, number)
    assert (kept.place, kept.minutes, kept.people, kept.pence, kept.online) == ("The allotments", 90, None, None, False)
    remove_activity(campaigns.context, campaigns.author, number, row)
    with campaigns.context.database.read() as session:
        assert activities_of(session, number) == []


def test_a_file_of_numbers_is_kept_whole_or_not_at_all(campaigns: Campaigns) -> None:
    number = campaigns.running()
    measure = campaigns.measure(number)
    bad = b"date,value,area\n2026-02-02,18,campaign\n2026-02-30,4,campaign\n2026-02-09,-1,campaign\n2026-02-09,1,moon\n"
    with pytest.raises(InputError) as told:
        import_points(campaigns.context, campaigns.author, number, measure, bad, "sheds.csv")
    assert [(one.row, one.column) for one in told.value.problems] == [(2, "date"), (4, "area")]
    good = b"date,value,area\n2026-02-02,18,campaign\n2026-02-02,11,Comparison\n2026-02-09,21,\n"
    assert import_points(campaigns.context, campaigns.author, number, measure, good, "sheds.csv") == 3
    assert (
        import_points(campaigns.context, campaigns.author, number, measure, b"date,value\n2026-02-09,22\n", "b.csv")
        == 1
    )
    with campaigns.context.database.read() as session:
        kept = [(one.starts_on.day, one.value, one.comparison) for one in points_of(session, measure)]
    assert kept == [(2, 18, False), (2, 11, True), (9, 22, False)]


def test_the_record_says_who_did_what_and_holds_none_of_the_words(campaigns: Campaigns) -> None:
    number = campaigns.running()
    close_campaign(campaigns.context, campaigns.author, number, DONE)
    with campaigns.context.database.read() as session:
        rows = session.exec(
            select(AuditRecord).where(AuditRecord.subject_kind == "campaign").order_by(col(AuditRecord.seq))
        ).all()
    assert [row.action for row in rows] == ["plan campaign", "add measure", "launch campaign", "close campaign"]
    assert all(row.actor == campaigns.author.email for row in rows)
    told = " ".join(f"{row.before} {row.after}" for row in rows)
    assert '"state":"running"' in told.replace(" ", "")
    assert not any(words in told for words in (WHOLE.aim, WHOLE.audience, WHOLE.name, DONE.assessment, SHEDS.name))


def test_a_name_that_posts_carry_can_be_planned_afterwards(campaigns: Campaigns) -> None:
    from social.accounts import Account
    from social.publications import Publication, record_publication

    now = campaigns.context.clock.now()
    with campaigns.context.database.write() as session:
        account = Account(name="desk", channel="facebook", credentials_sealed=b"", added_at=now)
        session.add(account)
        session.flush()
        for n, name in enumerate(("old_name", "old_name", None)):
            record_publication(session, Publication(account_id=account.id or 0, platform_id=f"p{n}", text="A post",
                               published_at=now, content_type="campaign", campaign=name), now)  # fmt: skip
    with campaigns.context.database.read() as session:
        assert [(one.name, one.posts) for one in unplanned_names(session)] == [("old_name", 2)]
    number = plan_campaign(campaigns.context, campaigns.author, CampaignInput("old_name"))
    with campaigns.context.database.read() as session:
        assert unplanned_names(session) == []
    assert campaigns.one(number).title == "Old name"
    with pytest.raises(InputError, match="already"):
        plan_campaign(campaigns.context, campaigns.author, CampaignInput(" old_name "))
