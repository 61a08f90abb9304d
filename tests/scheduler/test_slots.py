"""R42: residents' local times, through both clock changes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.slots import parse_local, to_instant
from social.clock import LONDON
from social.errors import InputError


def test_a_summer_time_is_an_hour_ahead_of_utc_and_a_winter_time_is_not() -> None:
    assert to_instant(datetime(2026, 7, 1, 12, 0)) == datetime(2026, 7, 1, 11, 0, tzinfo=UTC)
    assert to_instant(datetime(2026, 12, 1, 12, 0)) == datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_the_hour_that_spring_skips_is_refused(minute: int, fold: int | None) -> None:
    with pytest.raises(InputError, match="28 March 2027 does not exist"):
        to_instant(datetime(2027, 3, 28, 1, minute), fold)


def test_the_minutes_around_the_spring_gap_are_an_instant_apart() -> None:
    before, after = to_instant(datetime(2027, 3, 28, 0, 59)), to_instant(datetime(2027, 3, 28, 2, 0))
    assert (after - before).total_seconds() == 60


def test_the_hour_that_autumn_doubles_asks_which_is_meant() -> None:
    with pytest.raises(InputError, match="comes twice"):
        to_instant(datetime(2026, 10, 25, 1, 30))


def test_the_two_autumn_hours_are_an_hour_apart() -> None:
    half_past = datetime(2026, 10, 25, 1, 30)
    assert to_instant(half_past, 0) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_instant(half_past, 1) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from([0, 1]))
def test_an_instant_shows_the_local_time_that_it_came_from(local: datetime, fold: int) -> None:
    try:
        instant = to_instant(local, fold)
    except InputError:
        assert local.month == 3
        assert local.hour == 1
        return
    assert instant.astimezone(LONDON).replace(tzinfo=None, fold=0) == local


@pytest.mark.parametrize("text", ["2026-03-13T12:15", "2026-03-13 12:15", "2026-03-13T12:15:00", "13/03/2026 12:15"])
def test_a_local_time_may_be_written_in_the_usual_ways(text: str) -> None:
    assert parse_local(text) == (datetime(2026, 3, 13, 12, 15), None)


@pytest.mark.parametrize(("offset", "fold"), [("+01:00", 0), ("+00:00", 1)])
def test_an_offset_says_which_of_the_two_autumn_hours_is_meant(offset: str, fold: int) -> None:
    assert parse_local(f"2026-10-25T01:30{offset}") == (datetime(2026, 10, 25, 1, 30), fold)


@pytest.mark.parametrize("text", ["2026-02-31T10:00", "31/02/2026 10:00", "next Tuesday", "", "2026-13-01T10:00"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no date and time"):
        parse_local(text)


def test_a_date_without_a_time_of_day_is_refused() -> None:
    with pytest.raises(InputError, match="no time of day"):
        parse_local("2026-03-13")


def test_an_offset_of_another_zone_is_refused() -> None:
    with pytest.raises(InputError, match="not the local time"):
        parse_local("2026-07-01T12:00+05:00")
