"""Posts that are moved from the calendar: the clock changes, what others did meanwhile, and taking a move back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from scheduler.jobs import JOBS
from scheduler.moving import Ask, move_back, move_posts, on_day, why_fixed
from scheduler.planning import move_post
from scheduler.worker import run_until_idle
from social.audit import AuditRecord
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force

pytestmark = pytest.mark.sqlite_only


def to(force: Force, post_id: int, local: datetime, fold: int | None = None) -> Ask:
    """The wish to move the post from where it stands."""
    due = force.entry(post_id).due_at
    assert due is not None
    return Ask(post_id, due, local, fold)


def queued_at(force: Force, hours: int) -> int:
    return force.queued(text=f"Ducks on Mill Road, {hours}.", due_local=force.local_now() + timedelta(hours=hours))


def test_a_post_keeps_its_time_on_the_clock_across_both_clock_changes() -> None:
    summer = datetime(2026, 10, 24, 17, 30, tzinfo=UTC)  # 6:30pm
    assert on_day(summer, date(2026, 10, 26)) == datetime(2026, 10, 26, 18, 30)
    winter = datetime(2027, 3, 27, 18, 30, tzinfo=UTC)
    assert on_day(winter, date(2027, 3, 29)) == datetime(2027, 3, 29, 18, 30)


def test_a_time_that_spring_skips_is_refused_and_one_that_autumn_repeats_is_asked_about(force: Force) -> None:
    post_id = queued_at(force, 2)
    skipped = move_posts(force.context, force.author, [to(force, post_id, datetime(2027, 3, 28, 1, 30))])
    assert skipped.done == ()
    assert "1 post could not be moved: 01:30 on 28 March 2027 does not exist" in skipped.trouble
    twice = datetime(2026, 10, 25, 1, 30)
    asked = move_posts(force.context, force.author, [to(force, post_id, twice)])
    assert (asked.twice, asked.done, asked.failed) == (twice, (), ())
    told = move_posts(force.context, force.author, [to(force, post_id, twice, fold=1)])
    assert [one.after for one in told.done] == [datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]


def test_what_can_be_moved_is_moved_and_what_cannot_is_told_with_the_reason(force: Force) -> None:
    gone = [force.queued(text=f"Ducks on Mill Road, {n}.") for n in range(2)]
    stays = queued_at(force, 3)
    wishes = [to(force, number, force.local_now() + timedelta(days=1)) for number in (*gone, stays)]
    run_until_idle(force.context, JOBS)
    moved = move_posts(force.context, force.author, wishes)
    assert [one.post_id for one in moved.done] == [stays]
    assert moved.trouble == "2 posts could not be moved: already published."
    with force.context.database.read() as session:
        found = session.exec(select(AuditRecord.subject_id).where(AuditRecord.action == "move post")).all()
    assert [str(number) for number in found] == [str(stays)]


def test_a_post_that_somebody_else_moved_first_stays_where_they_put_it(force: Force) -> None:
    post_id = queued_at(force, 2)
    wish = to(force, post_id, force.local_now() + timedelta(days=2))
    move_post(force.context, post_id, force.local_now() + timedelta(hours=5), force.supervisor)
    moved = move_posts(force.context, force.author, [wish])
    assert moved.done == ()
    assert "Somebody else gave the post another time" in moved.trouble
    assert force.entry(post_id).due_at == force.clock.now() + timedelta(hours=5)


def test_who_may_not_plan_moves_nothing(force: Force) -> None:
    post_id = queued_at(force, 2)
    with force.context.database.write() as session:
        reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER)
    moved = move_posts(force.context, reader, [to(force, post_id, force.local_now() + timedelta(days=1))])
    assert moved.done == ()
    assert "may not plan posts" in moved.trouble


def test_a_move_is_taken_back_once_and_not_over_somebody_elses(force: Force) -> None:
    first, second = queued_at(force, 2), queued_at(force, 4)
    day = force.local_now() + timedelta(days=3)
    moved = move_posts(force.context, force.author, [to(force, first, day), to(force, second, day)])
    move_post(force.context, second, day + timedelta(hours=1), force.supervisor)
    back = move_back(force.context, force.author, moved.undo)
    assert [one.post_id for one in back.done] == [first]
    assert [one.post_id for one in back.failed] == [second]
    assert force.entry(first).due_at == force.clock.now() + timedelta(hours=2)


def test_a_post_that_a_move_brings_into_the_queue_again_is_not_offered_for_undoing(force: Force) -> None:
    post_id = force.queued(content_type="patrol_update")
    force.clock.advance(timedelta(hours=1))
    run_until_idle(force.context, JOBS)
    assert force.entry(post_id).state == "lapsed"
    moved = move_posts(force.context, force.author, [to(force, post_id, force.local_now() + timedelta(days=1))])
    assert [(one.status, one.may_undo) for one in moved.done] == [("queued", False)]
    assert moved.undo == ()


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        (["queued"], None),
        (["published", "queued"], None),
        (["published", "withdrawn"], "already published"),
        (["publishing", "queued"], "going out at this moment"),
        (["failed"], "it could not go out, so change it first"),
        (["withdrawn"], "taken down"),
    ],
)
def test_a_post_says_why_it_cannot_be_moved(states: list[str], reason: str | None) -> None:
    assert why_fixed(states) == reason
