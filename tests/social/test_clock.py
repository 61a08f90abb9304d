"""Instants are aware UTC; wall clocks are London's, summer and winter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.clock import SettableClock, SystemClock, as_local, as_utc

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.timezones())


@given(INSTANTS)
def test_changing_the_zone_never_changes_the_instant(moment: datetime) -> None:
    assert as_utc(moment).timestamp() == as_local(moment).timestamp() == moment.timestamp()
    assert as_utc(moment).tzinfo is UTC


@pytest.mark.parametrize("convert", [as_utc, as_local, SettableClock])
def test_a_time_without_a_zone_names_no_instant(convert: type) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        convert(datetime(2026, 6, 1, 9, 0))


def test_london_is_an_hour_ahead_in_summer_and_level_in_winter() -> None:
    assert as_local(datetime(2026, 7, 1, 9, 0, tzinfo=UTC)).hour == 10
    assert as_local(datetime(2026, 12, 1, 9, 0, tzinfo=UTC)).hour == 9


def test_no_instant_shows_as_half_past_one_on_the_morning_the_clocks_go_forward() -> None:
    shown = [as_local(datetime(2027, 3, 28, 0, 0, tzinfo=UTC) + timedelta(minutes=30 * n)) for n in range(5)]
    assert [f"{moment:%H:%M}" for moment in shown] == ["00:00", "00:30", "02:00", "02:30", "03:00"]


def test_two_instants_show_as_half_past_one_on_the_morning_the_clocks_go_back() -> None:
    first, second = (as_local(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    assert f"{first:%H:%M}" == f"{second:%H:%M}" == "01:30"
    assert (first.fold, second.fold) == (0, 1)


def test_a_settable_clock_stands_still_until_it_is_moved() -> None:
    clock = SettableClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.advance(timedelta(hours=1))
    assert clock.now() == datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    clock.set(datetime(2026, 6, 2, 9, 0, tzinfo=UTC))
    assert clock.now().day == 2


def test_the_systems_clock_says_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
