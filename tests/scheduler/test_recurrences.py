"""What comes again keeps people's time over both clock changes, is approved each time, and is never made up for."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import col, select
from typer.testing import CliRunner

import app
from scheduler import recurrences
from scheduler.planning import (
    approve_post,
    discard_post,
    edit_post,
    plan_post,
    refuse_post,
    send_for_approval,
    withdraw_post,
)
from scheduler.posts import Post
from scheduler.recurrence_rules import LAST, Rule, in_words, problems_of
from scheduler.recurrences import Occurrence, add_recurrence, list_recurrences, plan_occurrences, stop_recurrence
from scheduler.worker import publish_due
from social.alarms import open_alarms
from social.clock import as_local
from social.errors import InputError, NotAllowed
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force, picture

MONDAY = 0
SUNDAY = 6
TODAY = date(2026, 6, 1)


def weekly(at: str, weekday: int = MONDAY, first: date = TODAY, **more: object) -> Rule:
    return Rule(time.fromisoformat(at), first, weekday, **more)  # type: ignore[arg-type]  # builder


def came(force: Force) -> list[Post]:
    with force.context.database.read() as session:
        query = select(Post).where(col(Post.external_ref).startswith("recurrence ")).order_by(col(Post.due_at))
        return list(session.exec(query))


def outcomes(force: Force) -> list[str]:
    with force.context.database.read() as session:
        return [row.outcome for row in session.exec(select(Occurrence).order_by(col(Occurrence.day)))]


def test_the_local_time_is_kept_over_both_clock_changes() -> None:
    rule = weekly("09:30", SUNDAY, date(2026, 10, 18))
    days = list(rule.days(date(2026, 10, 18), date(2027, 4, 4)))
    assert problems_of(rule) == []
    assert {f"{as_local(rule.instant(day)):%A %H:%M}" for day in days} == {"Sunday 09:30"}
    assert rule.instant(date(2026, 10, 18)) == datetime(2026, 10, 18, 8, 30, tzinfo=UTC)
    assert rule.instant(date(2026, 10, 25)) == datetime(2026, 10, 25, 9, 30, tzinfo=UTC)
    assert rule.instant(date(2027, 3, 28)) == datetime(2027, 3, 28, 8, 30, tzinfo=UTC)


def test_a_time_that_a_day_does_not_have_is_refused_and_one_that_comes_twice_is_asked_about() -> None:
    (gap,) = problems_of(weekly("01:30", SUNDAY, date(2026, 11, 1)))
    assert "01:30 on 28 March 2027 does not exist" in gap
    (twice,) = problems_of(weekly("01:30", SUNDAY, last=date(2026, 11, 30)))
    assert "01:30 on 25 October 2026 comes twice" in twice
    for fold, hour in ((0, 0), (1, 1)):
        rule = weekly("01:30", SUNDAY, fold=fold, last=date(2026, 11, 30))
        assert problems_of(rule) == []
        assert rule.instant(date(2026, 10, 25)) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert problems_of(weekly("01:30", MONDAY)) == [], "the clocks change on Sundays"


def test_the_last_day_of_a_month_is_its_last_in_leap_years_too() -> None:
    rule = Rule(time(9, 0), date(2028, 1, 1), month_day=LAST)
    days = list(rule.days(date(2028, 1, 1), date(2028, 4, 30)))
    assert days == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]
    assert in_words(rule) == "On the last day of every month at 09:00, UK time"


@pytest.mark.parametrize(
    "rule",
    [Rule(time(9, 0), TODAY), weekly("09:00", 7), Rule(time(9, 0), TODAY, month_day=29), weekly("09:00", month_day=3),
     weekly("09:00", last=date(2026, 5, 1)), weekly("09:00", 2, last=TODAY)],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(rule: Rule) -> None:
    assert problems_of(rule)


@given(st.integers(0, 6), st.times(), st.dates(date(2026, 1, 1), date(2035, 1, 1)), st.sampled_from([0, 1]))
@hypothesis_settings(max_examples=60, deadline=None)
def test_whatever_is_accepted_comes_at_its_own_time_every_week(weekday: int, at: time, first: date, fold: int) -> None:
    rule = Rule(at.replace(second=0, microsecond=0), first, weekday, fold=fold, last=first + timedelta(days=400))
    if problems_of(rule):
        assert rule.at.hour == 1
        assert weekday == SUNDAY
        return
    instants = [rule.instant(day) for day in rule.days(first, first + timedelta(days=400))]
    assert {f"{as_local(instant):%H:%M}" for instant in instants} == {f"{rule.at:%H:%M}"}
    steps = {later - earlier for earlier, later in pairwise(instants)}
    assert steps <= {timedelta(days=7) + timedelta(hours=hours) for hours in (-1, 0, 1)}


def test_each_occurrence_is_a_post_of_its_own_that_needs_the_approval_of_its_kind(force: Force) -> None:
    free = force.queued("Ducks on Mill Road.")
    asks = plan_post(
        force.context, force.post("Tell us what you think at the library.", content_type="survey"), force.author
    )
    for post_id in (free, asks):
        add_recurrence(force.context, post_id, weekly("12:15", first=TODAY + timedelta(days=1)), force.author)
    assert plan_occurrences(force.context) == 4
    posts = came(force)
    assert [f"{as_local(post.due_at):%d %H:%M}" for post in posts if post.due_at] == ["08 12:15"] * 2 + ["15 12:15"] * 2
    states = {post.text: {entry.state for entry in force.entries(post.id)} for post in posts}
    assert states == {"Ducks on Mill Road.": {"queued"}, "Tell us what you think at the library.": {"in_review"}}
    assert {post.author_id for post in posts} == {force.author.id}
    assert plan_occurrences(force.context) == 0, "none is planned twice"


def test_a_worker_that_died_half_way_plans_nothing_twice(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    add_recurrence(force.context, force.queued(), weekly("12:15", first=TODAY + timedelta(days=1)), force.author)

    class Death(BaseException):
        pass

    def die(*_: object) -> None:
        raise Death

    for place in ("_keep", "_hand_in"):
        with monkeypatch.context() as patch:
            patch.setattr(recurrences, place, die)
            with pytest.raises(Death):
                plan_occurrences(force.context)
    plan_occurrences(force.context)
    assert len(came(force)) == 2
    assert {entry.state for post in came(force) for entry in force.entries(post.id)} == {"queued"}


def test_what_was_missed_in_an_outage_is_told_and_not_made_up_for(force: Force) -> None:
    """R42: nothing bursts when the worker comes back."""
    add_recurrence(force.context, force.queued(), weekly("12:15", first=TODAY + timedelta(days=1)), force.author)
    while publish_due(force.context):
        pass
    plan_occurrences(force.context)
    force.clock.advance(timedelta(days=40))
    plan_occurrences(force.context)
    assert outcomes(force) == ["planned"] * 2 + ["missed"] * 3 + ["planned"] * 2
    while publish_due(force.context):
        pass
    assert len(force.network().posts) == 1, "what was planned and is now late waits for a person or has lapsed"
    states = sorted(entry.state for post in came(force) for entry in force.entries(post.id))
    assert states == ["held", "held", "queued", "queued"]
    with force.context.database.read() as session:
        (alarm,) = (alarm for alarm in open_alarms(session) if alarm.key.startswith("recurrence:"))
        (view,) = list_recurrences(session)
    assert alarm.person_id == force.author.id
    assert [line.split(":")[0] for line in view.missed] == ["2026-07-06", "2026-06-29", "2026-06-22"]


def test_what_may_not_be_planned_any_more_is_told_too(force: Force) -> None:
    add_recurrence(force.context, force.queued(), weekly("12:15", first=TODAY + timedelta(days=1)), force.author)
    with force.context.database.write() as session:
        author = find_or_add_person(session, force.author.email, Role.AUTHOR)
        author.active = False
        session.add(author)
    assert plan_occurrences(force.context) == 0
    assert outcomes(force) == ["refused"] * 2
    assert came(force) == []


def test_a_row_of_a_file_is_not_taken_for_an_occurrence_because_of_its_id(force: Force) -> None:
    number = add_recurrence(
        force.context, force.queued(), weekly("12:15", first=TODAY + timedelta(days=1)), force.author
    )
    given = force.post("Bins on Mill Road.", external_ref=f"recurrence {number} of 2026-06-08")
    imported = plan_post(force.context, given, force.author)
    assert plan_occurrences(force.context) == 1
    assert outcomes(force) == ["refused", "planned"]
    assert force.entry(imported).state == "draft", "nobody handed it in"


def test_a_post_about_a_case_or_with_a_picture_does_not_come_again_by_itself(force: Force) -> None:
    where = "Call 101 or use our website. In an emergency call 999. Crimestoppers is anonymous on 0800 555 111."
    appeal = force.post(f"Did you see it? {where}", content_type="appeal_witness", appeal_ref="WLD-1")
    pictured = force.post("Ducks.", media=(picture(),))
    for given_post, why in ((appeal, "somebody has to look"), (pictured, "cannot come again by itself yet")):
        post_id = plan_post(force.context, given_post, force.author)
        with pytest.raises(InputError, match=why):
            add_recurrence(force.context, post_id, weekly("12:15"), force.author)


def test_a_stopped_recurrence_plans_no_more_and_only_who_may_plan_stops_it(force: Force) -> None:
    number = add_recurrence(
        force.context, force.queued(), weekly("12:15", first=TODAY + timedelta(days=1)), force.author
    )
    with force.context.database.write() as session:
        reader = find_or_add_person(session, "reader@woldershire.example", Role.READER)
    with pytest.raises(NotAllowed):
        stop_recurrence(force.context, number, reader)
    stop_recurrence(force.context, number, force.author)
    assert plan_occurrences(force.context) == 0
    with pytest.raises(InputError, match="no recurrence 99"):
        stop_recurrence(force.context, 99, force.author)


@pytest.mark.sqlite_only
def test_the_command_adds_lists_and_stops(force: Force) -> None:
    settings = force.context.settings
    environment = {"BEATLINE_HOME": str(settings.home), "BEATLINE_KEY": settings.key}
    post_id = force.queued()
    with force.context.database.write() as session:
        find_or_add_person(session, "planner@woldershire.example", Role.AUTHOR)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app.build_cli(), ["recurrences", *words], env=environment)
        return done.exit_code, done.output

    code, said = run("add", str(post_id), "--on", "friday", "--at", "16:00", "--by", "planner@woldershire.example")
    assert (code, said) == (0, "Recurrence 1: post 1 comes again. Every Friday at 16:00, UK time.\n")
    assert "Every Friday at 16:00, UK time" in run("list")[1]
    assert run("stop", "1", "--by", "planner@woldershire.example")[0] == 0
    assert "stopped" in run("list")[1]
    code, said = run("add", str(post_id), "--on", "sunday", "--at", "01:30")
    assert code == 1
    assert "comes twice" in said or "does not exist" in said
    assert run("add", str(post_id), "--on", "someday", "--at", "10:00")[0] == 1


def test_nobody_approves_words_of_theirs_that_come_again_in_another_name(force: Force) -> None:
    """R17: whoever wrote the post that comes again is an author of each occurrence."""
    with force.context.database.write() as session:
        second = find_or_add_person(session, "second@woldershire.example", Role.SUPERVISOR)
    written = force.post("Tell us what you think at the library.", content_type="survey")
    post_id = plan_post(force.context, written, force.supervisor)
    add_recurrence(force.context, post_id, weekly("12:15", first=TODAY + timedelta(days=1)), force.author)
    plan_occurrences(force.context)
    first, other = came(force)
    assert first.id is not None
    assert other.id is not None
    with pytest.raises(NotAllowed, match="own post"):
        approve_post(force.context, first.id, force.supervisor)
    force.clock.advance(timedelta(minutes=1))
    edit_post(force.context, post_id, written, second, expected_version=1)
    approve_post(force.context, other.id, second)
    assert force.entry(other.id).state == "queued", "a change that came later is none of its words"


@pytest.mark.parametrize("how", ["taken down", "dropped", "refused"])
def test_what_was_taken_down_or_dropped_does_not_come_again(force: Force, how: str) -> None:
    """R10: nobody has to remember that the post comes again each week."""
    if how == "refused":
        written = force.post("Tell us what you think.", content_type="survey")
        post_id = plan_post(force.context, written, force.author)
        send_for_approval(force.context, post_id, force.author)
    else:
        post_id = force.queued()
    add_recurrence(force.context, post_id, weekly("12:15", first=TODAY + timedelta(days=1)), force.author)
    if how == "taken down":
        publish_due(force.context)
        withdraw_post(force.context, post_id, force.supervisor, "It was wrong.")
    elif how == "dropped":
        discard_post(force.context, post_id, force.author)
    else:
        refuse_post(force.context, post_id, force.supervisor, "Not like this.")
    assert plan_occurrences(force.context) == 0
    assert outcomes(force) == ["refused"] * 2
    assert came(force) == []
