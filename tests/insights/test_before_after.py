"""Before and after with a comparison: intervals that hold what they say, and claim little where nothing happened (M14)."""

import pytest

from bench.before_after import WORLDS, tried
from insights.before_after import FOLLOWS, Change, Estimate, Number, change
from insights.cause_words import cause_warning, cause_words
from social.campaigns import MeasureKind

pytestmark = pytest.mark.sqlite_only
RUNS = 3_000
"""Two standard errors of a coverage of 95 % are 1 point then; `python -m bench.before_after` draws more, and longer series."""
COUNT, SHARE, NUMBER = MeasureKind.COUNT, MeasureKind.SHARE, MeasureKind.NUMBER


LONG = ("years", "52", "0.8")


@pytest.mark.parametrize("name", [name for name in WORLDS if not any(word in name for word in LONG)])
def test_intervals_hold_the_truth_in_95_of_100(name: str) -> None:
    """Counts, shares and plain numbers of two areas, few and many of them, that drift too: 93 to 97."""
    told = tried(WORLDS[name], RUNS)
    assert told.given > 0.9
    assert 0.93 <= told.held <= 0.97


def test_where_both_areas_changed_alike_a_change_is_claimed_in_under_7_of_100() -> None:
    """Both halve: of the campaign's area alone that looks like success (M14)."""
    assert tried(WORLDS["both areas halve, nothing beyond"], RUNS).nothing >= 0.93


def test_a_ratio_of_ratios_by_hand() -> None:
    before, after = [Number(n) for n in (18, 22, 20, 19, 21)], [Number(n) for n in (9, 11, 10, 12, 8)]
    other, later = [Number(n) for n in (10, 11, 9, 12, 8)], [Number(n) for n in (8, 9, 7, 10, 6)]
    found = change(COUNT, before, after, other, later)
    assert found is not None
    assert found.other is not None
    assert found.beyond is not None
    assert (found.own.value, found.other.value) == (pytest.approx(0.5), pytest.approx(0.8))
    assert found.beyond.value == pytest.approx(0.625)
    assert found.beyond.low < 0.625 < found.beyond.high
    assert (found.before, found.after) == (5, 5)


def test_a_count_of_so_many_is_a_rate_whatever_the_size_of_each_period() -> None:
    """10 of 100 and 20 of 200 are the same rate."""
    before = [Number(10, 100), Number(20, 200), Number(31, 300), Number(9, 100), Number(19, 200)]
    found = change(COUNT, before, [Number(one.value * 2, one.of) for one in before])
    assert found is not None
    assert found.beyond is None
    assert found.own.value == pytest.approx(2.0)


def test_too_few_periods_events_or_people_tell_nothing() -> None:
    enough, few = [Number(n) for n in (9, 8, 12, 11, 10)], [Number(n) for n in (9, 8, 12, 11)]
    rare = [Number(n) for n in (1, 2, 0, 3, 1)]
    assert change(COUNT, few, enough) is None
    assert change(COUNT, enough, rare) is None
    assert change(NUMBER, enough, few) is None
    assert change(NUMBER, [Number(3.0)] * 5, [Number(3.0)] * 5) is None, "what never varies has no interval"
    assert change(SHARE, [Number(4, 9)], [Number(40, 90)]) is None
    found: Change | None = change(COUNT, enough, enough, few, enough)
    assert found is not None
    assert (found.other, found.beyond) == (None, None), "half a comparison is none"
    assert isinstance(found.own, Estimate)


def test_weeks_that_follow_each_other_widen_the_interval_and_are_told_of() -> None:
    slow = [Number(n) for n in (30, 29, 28, 26, 24, 21, 18, 16, 14, 13)]
    mixed = [slow[n] for n in (0, 9, 2, 7, 4, 5, 6, 1, 8, 3)]
    alike, apart = change(COUNT, slow, slow), change(COUNT, mixed, mixed)
    assert alike is not None
    assert apart is not None
    assert (alike.follow or 0) > FOLLOWS > (apart.follow or 0)
    assert alike.own.high > 1.5 * apart.own.high
    short = change(COUNT, slow[:5], slow[:5])
    assert short is not None
    assert short.follow is None


def test_words_of_cause_are_found_and_want_a_comparison() -> None:
    """M14."""
    assert cause_words("The drop was caused by us, and that led to fewer calls. Our campaign cut thefts.") == (
        "caused", "led to", "our campaign cut",
    )  # fmt: skip
    assert cause_words("Thefts fell by a third. Thanks to everybody who came! A good cause, a ledger.") == ()
    assert "caused" in (cause_warning("It caused a fall.", compared=False) or "")
    assert cause_warning("It caused a fall.", compared=True) is None
    assert cause_warning("It fell.", compared=False) is None
