"""How times, shares and texts are said, and that a table never runs as a formula."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scheduler.lifecycle import Event, State
from social.csv_file import csv_cell
from social.views.words import (
    EVENTS,
    STATES,
    is_web_address,
    say_date,
    say_long,
    say_moment,
    say_number,
    say_share,
    say_soon,
    say_time,
    shorten,
    word,
)


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        ("2026-11-24T10:00", "10am"),
        ("2026-11-24T17:30", "5:30pm"),
        ("2026-11-24T12:00", "midday"),
        ("2026-11-24T00:00", "midnight"),
        ("2026-11-24T00:05", "12:05am"),
        ("2026-07-24T09:00", "10am"),  # summer time
    ],
)
def test_times_are_local_and_plain(utc: str, said: str) -> None:
    assert say_time(datetime.fromisoformat(utc).replace(tzinfo=UTC)) == said


def test_a_day_is_the_local_day() -> None:
    assert say_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July 2026"
    assert say_moment(None) == "no time yet"


def test_a_time_near_now_is_said_shorter() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert say_soon(now + timedelta(hours=1), now) == "today, 10am"
    assert say_soon(now + timedelta(hours=24), now) == "tomorrow, 9am"
    assert say_soon(now - timedelta(hours=24), now) == "yesterday, 9am"
    assert say_soon(now + timedelta(days=6), now) == "Monday 30 November 2026, 9am"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second"), (90, "90 seconds"), (300, "5 minutes"), (3700, "1 hour"), (200_000, "2 days")],
)
def test_lengths_are_rough(seconds: int, said: str) -> None:
    assert say_long(timedelta(seconds=seconds)) == said


def test_what_was_not_reported_is_never_nought() -> None:
    assert say_number(None) == say_share(None) == "not reported"
    assert (say_number(0), say_share(0.0)) == ("0", "0%")
    assert (say_share(0.041), say_share(1.25)) == ("4.1%", "125%")


def test_every_state_and_event_has_its_words() -> None:
    assert {state.value for state in State} <= set(STATES)
    assert {event.value for event in Event} <= set(EVENTS)
    assert word(STATES, "quite_new") == "Quite new"


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "http://[", "https://", "/etc/passwd"])
def test_what_is_no_web_address_is_not_offered_as_a_link(url: str | None) -> None:
    assert not is_web_address(url)
    assert is_web_address("https://x.com/i/status/1")


@given(some.text())
def test_no_cell_starts_like_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.lstrip(" \t\r\n").startswith(("=", "+", "-", "@"))
    assert cell in (text, f"'{text}")


def test_numbers_stay_numbers_in_a_table() -> None:
    assert csv_cell(-3) == "-3"
    assert csv_cell(None) == ""


@given(some.text(), some.integers(min_value=2, max_value=80))
def test_a_shortened_text_fits_on_one_line(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert "\n" not in short
