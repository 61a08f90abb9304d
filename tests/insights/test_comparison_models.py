"""The methods hold what they promise: in invented worlds with known truths, and beside a library of statistics.

The full run is `python -m bench.simulations`; its last result stands in docs/methods."""

from dataclasses import replace

import numpy as np
import pytest

from bench.simulations import light_tally, tally_of
from bench.worlds import LIGHT_WORLDS, WORLDS, with_no_difference
from insights.block_regression import effects_of
from insights.comparison_counts import by_counts
from insights.comparison_logs import by_logs
from insights.comparison_model import Sample
from insights.shrinking import drawn_in

RUNS = 60
SMALL_RUNS = 25
CHOSEN = [WORLDS[number] for number in (0, 3, 6, 8, 9, 13, 15)]
"""Two groups, ten groups, skewed counts, campaigns, viral posts and small counts."""


def test_nominal_95_percent_intervals_hold_the_truth_in_93_to_97_percent() -> None:
    held = [one for world in CHOSEN for one in tally_of(world, SMALL_RUNS).held]
    assert len(held) > 900
    assert 0.93 <= np.mean(held) <= 0.97


def test_where_there_is_no_difference_a_finding_is_claimed_in_under_5_percent_of_runs() -> None:
    claimed = [one for world in CHOSEN for one in tally_of(with_no_difference(world), SMALL_RUNS).claimed]
    assert np.mean(claimed) < 0.05


def test_a_difference_that_is_there_is_found_once_there_are_posts_enough() -> None:
    world = replace(WORLDS[0], sizes=(150, 150), differ=1.0)
    assert tally_of(world, SMALL_RUNS).claims > 0.7


def test_light_posts_that_help_are_found_and_those_that_do_not_are_not() -> None:
    world = LIGHT_WORLDS[0]
    none = light_tally(world, RUNS)
    helping = light_tally(replace(world, accounts=4, helps=0.7, gains=5.0), SMALL_RUNS)
    for name in ("followers", "reach", "before"):
        assert none[name].coverage >= 0.88, name
        assert none[name].claims < 0.05, name
    assert helping["reach"].claims > 0.8
    assert helping["followers"].claims > 0.8
    assert helping["before"].claims < 0.1


def sample(typical: float, size: int = 120) -> Sample:
    chance = np.random.default_rng(5)
    groups, account = chance.integers(0, 3, size), chance.integers(0, 2, size)
    mean = typical * np.exp(0.5 * groups + 0.3 * account)
    return Sample(
        chance.poisson(mean * chance.gamma(2, 0.5, size)).astype(float), groups, np.zeros(size, dtype=np.int64),
        factors=(account,),
    )  # fmt: skip


def columns_of(made: Sample) -> np.ndarray:
    return np.column_stack((*(made.groups == group for group in range(3)), made.factors[0] == 1)).astype(float)


def against_rest(coefficients: np.ndarray, made: Sample) -> np.ndarray:
    n = np.bincount(made.groups)
    return np.array(
        [coefficients[g] - sum(n[h] * coefficients[h] for h in range(3) if h != g) / (n.sum() - n[g]) for g in range(3)]
    )


def test_the_model_of_logarithms_is_the_one_of_statsmodels() -> None:
    from statsmodels.regression.linear_model import OLS

    made = sample(300.0)
    theirs = OLS(np.log(made.counts + 0.5), columns_of(made)).fit()
    assert by_logs(made).effect == pytest.approx(against_rest(theirs.params[:3], made), abs=1e-6)


def test_the_model_of_small_counts_is_the_one_of_statsmodels() -> None:
    from statsmodels.genmod.families import NegativeBinomial
    from statsmodels.genmod.generalized_linear_model import GLM

    made = sample(2.0)
    ours = by_counts(made)
    theirs = GLM(made.counts, columns_of(made), family=NegativeBinomial(alpha=ours.spread)).fit()
    assert ours.effect == pytest.approx(against_rest(theirs.params[:3], made), abs=2e-3)


def test_a_group_of_nothing_but_zeros_has_an_end_above_and_none_below() -> None:
    made = sample(1.5)
    none = replace(made, counts=np.where(made.groups == 0, 0.0, made.counts))
    found = by_counts(none)
    assert found.low[0] == -np.inf
    assert found.high[0] < 0


def test_what_is_less_sure_is_drawn_further_towards_no_difference() -> None:
    middle, low, high = drawn_in(np.array([0.5, 0.5, -0.4, 0.1]), np.array([0.1, 0.6, 0.2, 0.2]))
    assert 0 < middle[1] < middle[0] < 0.5
    assert np.all(low < middle)
    assert np.all(middle < high)


def test_with_few_blocks_of_weeks_nothing_is_said() -> None:
    chance = np.random.default_rng(1)
    outcome, column = chance.normal(size=20), chance.normal(size=(20, 1))
    assert effects_of(outcome, column, np.ones((20, 1)), np.arange(20) // 5) == [None]
