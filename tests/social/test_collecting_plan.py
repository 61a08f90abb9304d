"""When a publication is looked at next."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from social.collect_plan import FINISHED_AFTER, next_read, next_try

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def wait(age: timedelta, heard: timedelta | None = None) -> timedelta | None:
    now = START + age
    due = next_read(START, now, now - heard if heard is not None else None)
    return None if due is None else due - now


def test_young_posts_are_looked_at_every_few_seconds_and_old_ones_daily() -> None:
    assert wait(timedelta(minutes=5)) == timedelta(seconds=15)
    assert wait(timedelta(minutes=50)) == timedelta(minutes=1)
    assert wait(timedelta(days=20)) == timedelta(days=1)


def test_a_post_is_finished_after_28_days_and_its_last_look_is_then() -> None:
    assert wait(FINISHED_AFTER) is None
    assert wait(FINISHED_AFTER - timedelta(hours=3)) == timedelta(hours=3)


def test_talk_that_goes_on_is_followed_whatever_the_age() -> None:
    assert wait(timedelta(days=20), heard=timedelta(minutes=5)) == timedelta(minutes=10)
    assert wait(timedelta(days=20), heard=timedelta(hours=5)) == timedelta(days=1)


@given(st.integers(0, 28 * 24 * 60 - 1), st.integers(0, 28 * 24 * 60 - 1))
def test_the_wait_never_shrinks_with_age_and_never_passes_the_end(first: int, second: int) -> None:
    younger, older = (timedelta(minutes=m) for m in sorted((first, second)))
    early, late = wait(younger), wait(older)
    assert early is not None
    assert late is not None
    assert early > timedelta(0)
    assert early <= late or older + late == FINISHED_AFTER


def test_a_failing_look_waits_twice_as_long_each_time_up_to_six_hours() -> None:
    waits = [next_try(START, failures) - START for failures in (1, 2, 3, 50)]
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), timedelta(hours=6)]
