"""Shares from counts of readings: near the truth in worlds where it is known, and as sure as they say."""

import numpy as np
import pytest

from insights.count_shares import DRAWS, Errors, change_of_counts, drawn_errors, shares_of_counts
from insights.known_errors import CONFUSION, known_errors
from insights.reading import default_analyser
from insights.shares import CLASSES
from training.measured import confused
from training.share_trials import invented, real, texts, try_out

NONE = (0, 0, 0)
KNOWN = Errors(((94.0, 6.0, 0.0), (2.0, 196.0, 2.0), (0.0, 6.0, 94.0)))
"""An analyser that is rarely wrong."""


def test_intervals_hold_the_truth_as_often_as_they_say_where_the_model_is_right() -> None:
    """The long run of docs/methods/sentiment-shares.md, in short."""
    rng = np.random.default_rng(11)
    one = try_out(lambda: invented(rng, 150), 200)
    assert 0.93 <= one.coverage <= 0.98
    assert one.error < one.counted, "no better than a count of labels"


def test_real_texts_of_posts_that_nobody_tried_are_told_better_than_by_counting() -> None:
    given = texts()
    rng = np.random.default_rng(12)
    own = try_out(lambda: real(rng, given, 150, any_mix=False), 40)
    strange = try_out(lambda: real(rng, given, 150, any_mix=True), 40)
    assert own.coverage >= 0.88
    assert strange.coverage >= 0.9, "groups unlike the usual are told as surely as they are known"
    assert strange.error < 0.75 * strange.counted


def test_the_table_of_known_errors_is_what_the_analyser_in_force_makes_of_the_texts() -> None:
    lines = CONFUSION.read_text(encoding="utf-8").splitlines()
    assert lines == ["class,read,replies,expected", *(",".join(map(str, row)) for row in confused(default_analyser()))]
    assert np.asarray(known_errors()).shape == (3, 3)


def test_what_people_judged_is_certain_and_the_same_counts_give_the_same_shares() -> None:
    told = shares_of_counts((10, 30, 5), (10, 30, 5), KNOWN)
    assert [(s.low, s.estimate, s.high) for s in told.values()] == [(n / 45,) * 3 for n in (10, 30, 5)]
    some = shares_of_counts((10, 30, 5), (5, 0, 0), KNOWN)
    assert some == shares_of_counts((10, 30, 5), (5, 0, 0), KNOWN)
    assert some["negative"].low >= 5 / 45
    assert sum(s.estimate for s in some.values()) == pytest.approx(1)
    assert shares_of_counts(NONE, NONE, KNOWN) == {}
    with pytest.raises(ValueError, match="cannot be negative"):
        shares_of_counts((1, 0, 0), (0, -1, 0), KNOWN)


def test_more_replies_are_surer_and_a_strange_mix_is_less_sure() -> None:
    def width(*counts: int) -> float:
        first, second, third = counts
        one = shares_of_counts((first, second, third), NONE, KNOWN)["negative"]
        return one.high - one.low

    assert width(200, 600, 200) < width(20, 60, 20) < width(2, 6, 2)
    assert width(90, 5, 5) > width(20, 60, 20)


def test_judgements_re_estimate_the_errors_of_a_force() -> None:
    """Here the analyser calls much criticism neutral: sixty judgements of neutral readings say so."""
    judged = ((30, 2, 0), (30, 30, 0), (0, 2, 10))
    here = Errors(KNOWN.known, judged, (200, 700, 100))
    assert here.judgements == 104
    before = shares_of_counts((20, 70, 10), NONE, KNOWN)["negative"]
    after = shares_of_counts((20, 70, 10), NONE, here)["negative"]
    assert before.estimate < 0.3 < after.estimate
    missed = drawn_errors(here)[:, 0, 1].mean()
    assert drawn_errors(here).shape == (DRAWS, 3, 3)
    assert missed > 0.3 > drawn_errors(KNOWN)[:, 0, 1].mean()


def test_judging_more_of_one_reading_than_of_others_moves_nothing_by_itself() -> None:
    """People look at complaints first. As long as they find among them what was to be expected, shares stay."""
    few = Errors(KNOWN.known, ((19, 1, 0), (1, 38, 1), (0, 1, 19)), (200, 600, 200))
    many = Errors(KNOWN.known, ((190, 10, 0), (1, 38, 1), (0, 1, 19)), (200, 600, 200))
    one, other = (shares_of_counts((20, 60, 20), NONE, errors) for errors in (few, many))
    for name in CLASSES:
        assert one[name].estimate == pytest.approx(other[name].estimate, abs=0.03)


def test_a_change_is_told_when_there_is_one_and_hardly_ever_when_there_is_none() -> None:
    """Both groups are read by one analyser with errors of its own, drawn from what is known."""
    rng, known = np.random.default_rng(13), known_errors()
    claimed, found, missed = 0, 0, 0
    for _ in range(100):
        chances = np.asarray([rng.dirichlet(np.asarray(row) + 0.3) for row in known])
        mix = rng.dirichlet([4.0, 12.0, 4.0])
        groups = [
            tuple(int(n) for n in rng.multinomial(80, shares @ chances))
            for shares in (mix, mix, np.asarray((0.75, 0.2, 0.05)))
        ]
        same, other = (change_of_counts((groups[0], NONE), (group, NONE), Errors(known)) for group in groups[1:])  # type: ignore[arg-type]  # three counts each
        assert same is not None
        assert other is not None
        claimed += same.chance < 0.05
        found += other.chance < 0.05 and other.estimate > 0
        missed += other.low > 0.55 or other.high < 0
    assert claimed <= 5
    assert found >= 60
    assert missed <= 5
    assert change_of_counts((NONE, NONE), (groups[0], NONE), KNOWN) is None  # type: ignore[arg-type]  # as above


def test_two_groups_of_nearly_the_same_counts_are_no_surer_alike_than_others() -> None:
    def width(*later: int) -> float:
        first, second, third = later
        one = change_of_counts(((20, 60, 20), NONE), ((first, second, third), NONE), Errors(known_errors()))
        assert one is not None
        assert one.low < 0 < one.high
        assert one.chance > 0.3
        return one.high - one.low

    other = width(25, 50, 25)
    assert all(width(*counts) > 0.6 * other for counts in ((20, 60, 20), (21, 60, 20), (20, 61, 20)))
