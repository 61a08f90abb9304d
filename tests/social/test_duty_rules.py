"""Hours of the week, both clock changes, bank holidays, escalation and the 72-hour clock: pure, so tried everywhere (R16, R18)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.clock import LONDON, as_local
from social.clocks import answer_due
from social.duty_hours import DAY, Span, bank_holidays, is_watched, joined, parse_spans, spans_in_words, watched_time
from social.duty_rules import EVERYBODY, Recipient, level_at, next_telling, recipients_at, worth_telling
from social.duty_seen import moment_today
from social.errors import InputError

OFFICE = parse_spans(["mon-fri 08:00-17:00"])
ALWAYS = parse_spans(["mon-sun 00:00-24:00"])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY))
    .filter(lambda one: one[1] < one[2]).map(lambda one: Span(*one)), max_size=6,
).map(joined)  # fmt: skip


def local(day: int, hour: int, minute: int = 0, *, month: int = 6, year: int = 2026, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON, fold=fold).astimezone(UTC)


def test_office_hours_are_watched_and_nights_weekends_and_bank_holidays_are_not() -> None:
    assert is_watched(OFFICE, local(4, 8))
    assert is_watched(OFFICE, local(4, 16, 59))
    for moment in (local(4, 7, 59), local(4, 17), local(4, 3), local(6, 12), local(25, 10, month=5)):
        assert not is_watched(OFFICE, moment), "night, evening, Saturday and the spring bank holiday"
    assert not is_watched((), local(4, 12))


def test_in_winter_and_in_summer_the_hours_are_those_of_the_wall_clock() -> None:
    assert is_watched(OFFICE, datetime(2026, 1, 7, 8, 30, tzinfo=UTC))
    assert not is_watched(OFFICE, datetime(2026, 1, 7, 7, 30, tzinfo=UTC))
    assert is_watched(OFFICE, datetime(2026, 7, 7, 7, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("spans", "spring", "autumn"),
    [
        ("sat 22:00-06:00", 7.0, 9.0),
        ("sun 00:00-24:00", 23.0, 25.0),
        ("sun 01:30-03:00", 1.0, 2.5),
        ("sun 01:15-01:45", 0.0, 1.5),
        ("sun 03:00-05:00", 2.0, 2.0),
    ],
)
def test_both_clock_changes_count_the_hours_that_somebody_really_sits_there(
    spans: str, spring: float, autumn: float
) -> None:
    hours = parse_spans([spans])
    for start, expected in ((local(28, 12, month=3), spring), (local(24, 12, month=10), autumn)):
        assert watched_time(hours, start, start + timedelta(days=2)) == timedelta(hours=expected)


def test_bank_holidays_are_those_of_england_and_wales() -> None:
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 28)} <= bank_holidays(2026)
    assert {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)} <= bank_holidays(
        2022
    ) | bank_holidays(2023)
    assert date(2026, 7, 13) not in bank_holidays(2026), "Northern Ireland's"
    assert date(2026, 1, 2) not in bank_holidays(2026), "Scotland's"


@given(SPANS, MOMENTS, st.integers(0, 60 * 24 * 10), st.integers(0, 60 * 24 * 10))
def test_watched_time_adds_up_and_never_exceeds_the_time_that_passed(
    spans: tuple[Span, ...], start: datetime, first: int, second: int
) -> None:
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    whole = watched_time(spans, start, end)
    assert timedelta(0) <= whole <= end - start
    assert watched_time(spans, start, middle) + watched_time(spans, middle, end) == whole
    if is_watched(spans, start) and end - start >= timedelta(minutes=1):
        assert whole > timedelta(0)


@given(SPANS)
def test_hours_are_read_as_they_are_written(spans: tuple[Span, ...]) -> None:
    assert parse_spans(spans_in_words(spans)) == spans


@pytest.mark.parametrize(
    "text",
    [
        "",
        "weekdays",
        "mon 8-17",
        "mon 08:00-08:00",
        "mon 24:00-02:00",
        "mon 25:00-26:00",
        "xyz 08:00-17:00",
        "mon 08:60-09:00",
    ],
)
def test_hours_that_cannot_be_read_say_how_they_are_written(text: str) -> None:
    with pytest.raises(InputError):
        parse_spans([text])


def people(count: int) -> list[Recipient]:
    return [Recipient(f"contact{n}@woldershire.example", f"Contact {n}", n) for n in range(count)]


CORPORATE = [Recipient("joel.marsh@woldershire.example", "Joel Marsh", 99)]


def test_each_ten_minutes_one_more_contact_is_told_and_after_half_an_hour_everybody() -> None:
    start = local(4, 3)
    told = [
        len(recipients_at(level_at(start, start + timedelta(minutes=minutes)), people(5), CORPORATE))
        for minutes in (0, 9, 10, 19, 20, 29, 30, 600)
    ]
    assert told == [1, 1, 2, 2, 3, 3, 6, 6]


def test_where_no_next_contact_is_left_everybody_is_told_at_once() -> None:
    assert recipients_at(1, [], CORPORATE) == tuple(CORPORATE)
    assert len(recipients_at(2, people(1), CORPORATE)) == 2
    assert len(recipients_at(EVERYBODY, [*people(2), *CORPORATE], CORPORATE)) == 3, "nobody twice"


def test_a_late_round_does_not_put_off_those_that_follow() -> None:
    start = local(4, 3)
    assert next_telling(start, start + timedelta(seconds=40)) == start + timedelta(minutes=5)
    assert next_telling(start, start + timedelta(minutes=5, seconds=40)) == start + timedelta(minutes=10)
    assert next_telling(start, start + timedelta(minutes=5)) == start + timedelta(minutes=10)


def test_history_and_replies_read_anew_wake_nobody_and_what_was_missed_while_standing_still_does() -> None:
    now = local(10, 3)
    day = timedelta(days=1)
    connected = now - 30 * day
    assert worth_telling(now, now, connected, now)
    assert worth_telling(now - 3 * day, now, connected, now), "from Thursday to Sunday, and found on Sunday"
    assert not worth_telling(now - 8 * day, now, connected, now)
    assert not worth_telling(now - 3 * day, now, now - day, now), "written before the account was connected"
    assert worth_telling(now - timedelta(hours=2), now, now - timedelta(hours=1), now), "hours ago is no history"
    assert not worth_telling(now - 2 * day, now - 2 * day, connected, now), (
        "came in two days ago, read by a new version"
    )


def test_questions_and_complaints_have_seventy_two_hours_whatever_the_day() -> None:
    friday = local(3, 17, month=4)
    assert bank_holidays(2026) > {friday.date(), date(2026, 4, 6)}
    assert answer_due("question", friday) == friday + timedelta(hours=72)
    assert answer_due("complaint", local(27, 12, month=3)) == local(30, 13, month=3), (
        "72 hours that pass: the clocks go on"
    )
    assert [answer_due(kind, friday) for kind in ("lead", "thanks", "emergency", None)] == [None] * 4


@given(MOMENTS, st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_a_time_that_somebody_types_is_the_last_moment_at_which_the_clock_showed_it(now: datetime, clock: time) -> None:
    moment = moment_today(clock, now)
    assert as_local(moment).time() == clock
    assert timedelta(minutes=-2) <= now - moment < timedelta(hours=49)
