"""Before and after with a comparison: intervals that hold what they say, and claim little where nothing happened (M14)."""

import random
from collections.abc import Callable

import pytest

from insights.before_after import Change, Estimate, Number, change
from insights.cause_words import cause_warning, cause_words
from social.campaigns import MeasureKind

pytestmark = pytest.mark.sqlite_only
RUNS = 3_000
"""Two standard errors of a coverage of 95 % are 0.8 points then."""
COUNT, SHARE, NUMBER = MeasureKind.COUNT, MeasureKind.SHARE, MeasureKind.NUMBER


def counts(rng: random.Random, mean: float, weeks: int, spread: float) -> list[Number]:
    """Weekly counts.  spread: how much their mean varies by itself (negative binomial), 0 for a Poisson count."""
    return [Number(poisson(rng, rng.gammavariate(1 / spread, spread * mean) if spread else mean)) for _ in range(weeks)]


def poisson(rng: random.Random, mean: float) -> int:
    found, waited = -1, 0.0
    while waited < mean:
        waited += rng.expovariate(1.0)
        found += 1
    return max(0, found)


def shares(rng: random.Random, share: float, asked: int) -> list[Number]:
    return [Number(sum(rng.random() < share for _ in range(asked)), asked)]


def plain(rng: random.Random, mean: float, weeks: int, spread: float) -> list[Number]:
    return [Number(rng.gauss(mean, spread)) for _ in range(weeks)]


def covered(
    kind: MeasureKind, draw: Callable[[random.Random], list[list[Number]]], truth: float
) -> tuple[float, float]:
    """How often the interval of what is beyond the comparison holds the truth, and how often it holds no change at all."""
    rng, none = random.Random(20261122), 1.0 if kind is COUNT else 0.0
    held = nothing = known = 0
    for _ in range(RUNS):
        found = change(kind, *draw(rng))
        if found is not None and found.beyond is not None:
            known += 1
            held += found.beyond.low <= truth <= found.beyond.high
            nothing += found.beyond.low <= none <= found.beyond.high
    assert known > 0.95 * RUNS
    return held / known, nothing / known


@pytest.mark.parametrize("spread", [0, 0.2], ids=["as-by-chance", "spread-wider"])
def test_intervals_of_counts_hold_the_truth_in_95_of_100(spread: float) -> None:
    """Weekly counts of unlike areas, eight weeks before and six after; 93 to 97."""
    held, _ = covered(COUNT, lambda rng: [counts(rng, 20, 8, spread), counts(rng, 12, 6, spread),
                                          counts(rng, 9, 8, spread), counts(rng, 8, 6, spread)], (12 / 20) / (8 / 9))  # fmt: skip
    assert 0.93 <= held <= 0.97


def test_where_nothing_happened_beyond_the_season_a_change_is_claimed_in_under_7_of_100() -> None:
    """Both areas halve: of the campaign's alone that looks like success."""
    _, nothing = covered(COUNT, lambda rng: [counts(rng, 24, 8, 0.1), counts(rng, 12, 8, 0.1),
                                             counts(rng, 16, 8, 0.1), counts(rng, 8, 8, 0.1)], 1.0)  # fmt: skip
    assert nothing >= 0.93


def test_intervals_of_shares_hold_the_truth_in_95_of_100() -> None:
    held, _ = covered(SHARE, lambda rng: [shares(rng, 0.35, 60), shares(rng, 0.5, 70), shares(rng, 0.4, 50),
                                          shares(rng, 0.42, 45)], 13.0)  # fmt: skip
    assert 0.93 <= held <= 0.97


def test_intervals_of_plain_numbers_hold_the_truth_in_95_of_100() -> None:
    held, _ = covered(NUMBER, lambda rng: [plain(rng, 7, 6, 2), plain(rng, 5, 5, 1), plain(rng, 9, 6, 3),
                                           plain(rng, 9, 5, 3)], -2.0)  # fmt: skip
    assert 0.93 <= held <= 0.97


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


def test_weeks_that_follow_each_other_are_told_of() -> None:
    slow = [Number(n) for n in (30, 29, 28, 26, 24, 21, 18, 16, 14, 13)]
    found = change(COUNT, slow, slow)
    assert found is not None
    assert found.follow is not None
    assert found.follow > 0.3
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
