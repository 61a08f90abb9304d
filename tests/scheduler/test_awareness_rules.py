"""The grammar of awareness days: what each rule gives, and what it says about one that cannot be read."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.awareness import Awareness, AwarenessDay, Typed, as_awareness, days_between, evidence_of, missing_in
from scheduler.awareness_rules import WEEKDAYS, easter_sunday, parse_rule
from scheduler.demo.force import AWARENESS_DAYS
from social.errors import InputError


def dates(rule: str, year: int) -> list[str]:
    return [str(day) for day, _ in parse_rule(rule).dates(year)]


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("fixed 05-04", 2026, ["2026-05-04"]),
        ("fixed 02-29", 2028, ["2028-02-29"]),
        ("fixed 02-29", 2026, []),
        ("nth 2 SU 11", 2025, ["2025-11-09"]),
        ("nth -1 SU 03", 2026, ["2026-03-29"]),
        ("nth -1 SA 12", 2026, ["2026-12-26"]),
        ("nth 5 SU 02", 2026, []),
        ("nth 5 MO 06", 2026, ["2026-06-29"]),
        ("nth -1 FR 04 -4", 2022, ["2022-04-25"]),
        ("nth 4 TH 11 1", 2025, ["2025-11-28"]),
        ("nth 4 TH 11 +1", 2025, ["2025-11-28"]),
        ("on_or_after 02-05 TU", 2019, ["2019-02-05"]),
        ("on_or_after 02-05 TU", 2020, ["2020-02-11"]),
        ("nearest 09-29 SU", 2024, ["2024-09-29"]),
        ("nearest 09-29 SU", 2025, ["2025-09-28"]),
        ("nearest 09-29 SU", 2021, ["2021-09-26"]),
        ("nearest 09-29 SU", 2022, ["2022-10-02"]),
        ("easter -47", 2026, ["2026-02-17"]),
        ("easter", 2025, ["2025-04-20"]),
        ("easter +1", 2026, ["2026-04-06"]),
        ("table 2026-11-08;2027-10-28", 2027, ["2027-10-28"]),
        ("table 2026-11-08;2027-10-28", 2028, []),
        ("announced 06,07", 2026, []),
        ("announced", 2026, []),
    ],
)
def test_a_rule_gives_its_dates(rule: str, year: int, expected: list[str]) -> None:
    assert dates(rule, year) == expected


def test_bank_holidays_are_those_of_the_nations_named_with_their_names() -> None:
    named = dict(parse_rule("bank_holidays ENG|WLS").dates(2026))
    assert named[date(2026, 5, 4)] == "May Day"
    assert date(2026, 12, 28) in named
    assert date(2026, 11, 30) not in named  # St Andrew's Day is Scotland's
    assert date(2026, 11, 30) in dict(parse_rule("bank_holidays SCT").dates(2026))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "'' is no rule. Begin with one of fixed, nth"),
        ("every MO", "'every' is no rule"),
        ("fixed", "Write it as 'fixed 05-04'"),
        ("fixed 13-01", "'13-01' is no day of a year"),
        ("fixed 04-31", "'04-31' is no day of a year"),
        ("fixed 5-4", "'5-4' is no day of a year"),
        ("nth 3 MO", "Write it as 'nth 3 MO 05'"),
        ("nth 6 MO 05", "1 to 5, or -1"),
        ("nth 0 MO 05", "1 to 5, or -1"),
        ("nth three MO 05", "'three' is no whole number"),
        ("nth 3 MON 05", "'MON' is no day of the week. Write one of MO, TU"),
        ("nth 3 MO 5", "'5' is no month"),
        ("nth 3 MO 05 4000", "366 days at most"),
        ("on_or_after 02-05", "Write it as 'on_or_after 02-05 TU'"),
        ("nearest SU 09-29", "'SU' is no day of a year"),
        ("easter soon", "'soon' is no whole number"),
        ("easter 1 2", "Write it as 'easter -47'"),
        ("table", "Write it as 'table 2026-11-08;2027-10-28'"),
        ("table 2026-02-30", "a table holds dates such as 2026-11-08"),
        ("table 20261108", "a table holds dates such as 2026-11-08"),
        ("bank_holidays", "Write it as 'bank_holidays ENG|WLS'"),
        ("bank_holidays ENG|FRA", "'FRA' is no nation"),
        ("announced 13", "'13' is no month"),
        ("announced 06 07", "Write it as 'announced 06,07'"),
    ],
)
def test_a_rule_that_cannot_be_read_says_what_is_wrong(rule: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_rule(rule)
    assert said in str(error.value)


@given(st.integers(1990, 2100))
def test_easter_is_a_sunday_between_the_22_march_and_the_25_april(year: int) -> None:
    found = easter_sunday(year)
    assert found.weekday() == WEEKDAYS.index("SU")
    assert date(year, 3, 22) <= found <= date(year, 4, 25)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.sampled_from(WEEKDAYS))
def test_nearest_is_never_more_than_three_days_away_and_on_or_after_never_more_than_six(day: date, name: str) -> None:
    if (day.month, day.day) == (2, 29):
        return
    ((near, _),) = parse_rule(f"nearest {day:%m-%d} {name}").dates(day.year)
    ((after, _),) = parse_rule(f"on_or_after {day:%m-%d} {name}").dates(day.year)
    assert near.weekday() == after.weekday() == WEEKDAYS.index(name)
    assert abs((near - day).days) <= 3
    assert 0 <= (after - day).days <= 6


def sample() -> dict[str, Awareness]:
    with AWARENESS_DAYS.open(encoding="utf-8", newline="") as file:
        rows = [AwarenessDay(**{**row, "duration_days": int(row["duration_days"])}) for row in csv.DictReader(file)]
    return {row.key: as_awareness(row) for row in rows}


def evidence() -> list[tuple[str, date]]:
    with AWARENESS_DAYS.open(encoding="utf-8", newline="") as file:
        return [(row["key"], day) for row in csv.DictReader(file) for day in evidence_of(row["evidence_dates"])]


def test_every_known_date_of_the_sample_is_reproduced() -> None:
    calendar = sample()
    assert len(calendar) == 72
    assert len(evidence()) > 60
    for key, day in evidence():
        starts = [hit.first for hit in days_between([calendar[key]], day, day + timedelta(1))]
        assert day in starts, (key, day)
        if not calendar[key].rule.announced:
            assert str(day) in dates(calendar[key].rule.text, day.year), (key, day)


@pytest.mark.parametrize("year", [2026, 2027, 2040])
def test_announced_days_never_roll_forward(year: int) -> None:
    """D10: one that has no date typed in for the year has none, whatever earlier years had."""
    announced = [one for one in sample().values() if one.rule.announced]
    assert len(announced) == 14
    assert days_between(announced, date(year, 1, 1), date(year + 1, 1, 1)) == []
    assert missing_in(announced, year) == announced


def test_a_day_has_as_many_occasions_as_fall_on_it() -> None:
    """D12: 4 May 2026 is Star Wars Day and the early May bank holiday."""
    hits = days_between(sample().values(), date(2026, 5, 4), date(2026, 5, 5))
    assert [hit.name for hit in hits] == ["Bank holidays: May Day", "Star Wars Day"]


def test_an_occasion_that_began_before_is_there_as_long_as_it_lasts() -> None:
    action = [sample()["sixteen_days"], sample()["christmas_drink_drive"]]
    assert [hit.key for hit in days_between(action, date(2026, 12, 10), date(2026, 12, 11))] == [
        "sixteen_days",
        "christmas_drink_drive",
    ]
    assert [hit.key for hit in days_between(action, date(2027, 1, 1), date(2027, 1, 2))] == ["christmas_drink_drive"]
    assert days_between(action, date(2027, 1, 2), date(2027, 1, 3)) == []


def test_patterns_and_estimates_are_to_be_confirmed_and_rules_stand() -> None:
    """D10."""
    hits = {hit.key: hit.confirmed for hit in days_between(sample().values(), date(2026, 1, 1), date(2027, 1, 1))}
    assert [key for key, sure in hits.items() if sure and key in ("op_sceptre_may", "eid_al_fitr", "vaisakhi")] == []
    assert all(hits[key] for key in ("star_wars_day", "remembrance_sunday", "clocks_back", "diwali", "bank_holidays"))
    assert hits["safer_internet_day"]  # 10 February 2026 is among its known dates


def test_a_typed_date_takes_the_place_of_the_patterns_in_its_year_alone() -> None:
    pattern = as_awareness(
        AwarenessDay(
            key="k", name="Week", kind="week", rule="nth 3 MO 05", duration_days=7, status="observed", tone="mixed"
        ),
        [Typed(date(2026, 5, 11), 5)],
    )
    hits = days_between([pattern], date(2026, 1, 1), date(2028, 1, 1))
    assert [(str(hit.first), str(hit.last), hit.confirmed) for hit in hits] == [
        ("2026-05-11", "2026-05-15", True),
        ("2027-05-17", "2027-05-23", False),
    ]
