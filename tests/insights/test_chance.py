"""How often chance alone would do it, for one test and for many together."""

import random

import pytest

from insights.chance import chance_of, stand_together

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ([1, 2, 3], [1, 2, 3], 1.0, 1.0),
        ([1, 1, 1], [1, 1, 1], 1.0, 1.0),
        # scipy.stats.mannwhitneyu, method="asymptotic": 0.0079 would be exact, 0.0122 with the correction
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.012, 0.0125),
        ([1, 2, 2, 3], [2, 3, 4, 5], 0.1, 0.2),
    ],
)
def test_chance_is_that_of_the_mann_whitney_test(
    first: list[float], second: list[float], low: float, high: float
) -> None:
    assert low <= chance_of(first, second) <= high
    assert chance_of(first, second) == pytest.approx(chance_of(second, first))


def test_of_many_tests_the_smallest_chance_has_the_highest_bar() -> None:
    """Holm's own steps: 0.05/4, 0.05/3, 0.05/2, 0.05."""
    assert stand_together({"a": 0.012, "b": 0.016, "c": 0.03, "d": 0.04}) == {"a", "b"}
    assert stand_together({"a": 0.013, "b": 0.016}) == {"a", "b"}
    assert stand_together({"a": 0.013, "b": 0.9, "c": 0.9, "d": 0.9}) == set()
    assert stand_together({}) == set()


def test_where_nothing_differs_any_finding_at_all_comes_in_about_one_of_twenty_runs() -> None:
    dice = random.Random(7)
    runs = 4000
    false = sum(bool(stand_together({n: dice.random() for n in range(12)})) for _ in range(runs))
    assert 0.04 < false / runs < 0.06
