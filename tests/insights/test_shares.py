"""Shares of a group: near the truth, sure as often as they say, the same every time, and honest where little is known."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from insights.reading import default_analyser
from insights.share_commands import shares_of_file
from insights.shares import BASE, CLASSES, Correction, estimate_shares, learn_bias
from social.errors import InputError

Rows = list[tuple[float, float, float]]
UNSEEN = Path(__file__).parent / "data" / "unseen.csv"


def group(rng: np.random.Generator, mix: np.ndarray, size: int, lean: float = 0.0) -> tuple[Rows, np.ndarray]:
    """Replies of a world whose analyser sees a class through noise: its probabilities for BASE, and the true shares.

    lean: how far it mistakes the negative for the neutral, in log-odds."""
    classes = rng.choice(3, size, p=mix)
    seen = rng.normal(np.eye(3)[classes] * 1.6, 1.0)
    odds = np.asarray(BASE) * np.exp(1.6 * seen - np.asarray([lean, 0.0, 0.0]))
    p = odds / odds.sum(axis=1, keepdims=True)
    return [tuple(row) for row in p.tolist()], np.bincount(classes, minlength=3) / size


def test_intervals_hold_the_truth_as_often_as_they_say_whatever_the_mix() -> None:
    rng, held, asked, errors, counted = np.random.default_rng(7), 0, 0, [], []
    for _ in range(60):
        p, truth = group(rng, rng.dirichlet([1.0, 2.0, 1.0]), 50)
        shares = estimate_shares(p)
        assert shares is not None
        assert sum(share.estimate for share in shares.values()) == pytest.approx(1)
        labels = np.bincount(np.asarray(p).argmax(axis=1), minlength=3) / len(p)
        for place, name in enumerate(CLASSES):
            one = shares[name]
            assert 0 <= one.low <= one.estimate <= one.high <= 1
            held += one.low - 1e-9 <= truth[place] <= one.high + 1e-9
            asked += 1
            errors.append(abs(one.estimate - truth[place]))
            counted.append(abs(labels[place] - truth[place]))
    assert 0.92 <= held / asked <= 1.0
    assert np.mean(errors) < 0.05
    assert np.mean(errors) < np.mean(counted), "no better than counting labels"


def test_the_same_replies_give_the_same_figures_and_none_gives_none() -> None:
    p, _ = group(np.random.default_rng(1), np.asarray(BASE), 30)
    assert estimate_shares(p) == estimate_shares(p)
    assert estimate_shares([]) is None


def test_a_sample_is_less_sure_than_the_whole_and_no_larger_than_it() -> None:
    p, _ = group(np.random.default_rng(2), np.asarray(BASE), 60)
    whole, sample = estimate_shares(p), estimate_shares(p, of=5000)
    assert whole is not None
    assert sample is not None
    assert all(sample[c].high - sample[c].low > whole[c].high - whole[c].low for c in CLASSES)
    with pytest.raises(ValueError, match="sample"):
        estimate_shares(p, of=59)


def test_a_mix_unlike_the_one_learnt_from_widens_the_interval() -> None:
    rng = np.random.default_rng(3)
    usual, _ = group(rng, np.asarray(BASE), 200)
    strange, _ = group(rng, np.asarray([0.85, 0.1, 0.05]), 200)
    one, other = estimate_shares(usual), estimate_shares(strange)
    assert one is not None
    assert other is not None
    assert other["negative"].high - other["negative"].low > 1.5 * (one["negative"].high - one["negative"].low)


def test_judgements_of_people_here_mend_how_the_analyser_errs_here() -> None:
    rng = np.random.default_rng(4)
    judged = []
    for _ in range(10):
        p, _ = group(rng, np.asarray([1.0, 0.0, 0.0]), 4, lean=1.5)
        judged += [Correction(row, 0) for row in p]
        p, _ = group(rng, np.asarray([0.0, 1.0, 0.0]), 12, lean=1.5)
        judged += [Correction(row, 1) for row in p]
        p, _ = group(rng, np.asarray([0.0, 0.0, 1.0]), 4, lean=1.5)
        judged += [Correction(row, 2) for row in p]
    bias = learn_bias(judged)
    p, truth = group(rng, np.asarray(BASE), 400, lean=1.5)
    plain, mended = estimate_shares(p), estimate_shares(p, bias=bias)
    assert plain is not None
    assert mended is not None
    assert abs(mended["negative"].estimate - truth[0]) < abs(plain["negative"].estimate - truth[0])
    assert mended["negative"].low <= truth[0] <= mended["negative"].high


def test_much_criticism_among_the_judged_is_no_error_of_the_analyser() -> None:
    rng, mix = np.random.default_rng(6), (0.6, 0.3, 0.1)
    judged = [
        Correction(group(rng, np.eye(3)[right], 1)[0][0], right)
        for right in rng.choice(3, 400, p=np.asarray(mix)).tolist()
    ]
    wrong, right = learn_bias(judged), learn_bias(judged, mix)
    assert max(abs(odds) for odds in right.mean) < 0.3 < max(abs(odds) for odds in wrong.mean)


def test_many_replies_are_put_together_without_changing_the_answer() -> None:
    p, truth = group(np.random.default_rng(5), np.asarray([0.3, 0.5, 0.2]), 5_000)
    shares = estimate_shares(p)
    assert shares is not None
    for place, name in enumerate(CLASSES):
        assert shares[name].low - 0.01 <= truth[place] <= shares[name].high + 0.01


def test_a_file_of_unseen_replies_comes_out_near_its_labels(tmp_path: Path) -> None:
    with UNSEEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    source = tmp_path / "replies.jsonl"
    source.write_text(
        "".join(json.dumps({"id": r["reply_id"], "text": r["text"], "post": r["post"]}) + "\n" for r in rows),
        encoding="utf-8",
    )
    told = shares_of_file(source)
    read = [r for r in rows if r["lang"] in default_analyser().scored_languages]  # type: ignore[attr-defined]  # the fast one's
    assert told["n"] == len(rows)
    assert told["unknown"] == len(rows) - len(read)
    for name in CLASSES:
        truth = sum(r["sentiment"] == name for r in read) / len(read)
        assert told["shares"][name]["low"] <= truth <= told["shares"][name]["high"]
    with pytest.raises(InputError, match="--of has to be at least"):
        shares_of_file(source, of=10)


def test_a_file_that_nobody_can_read_says_so(tmp_path: Path) -> None:
    source = tmp_path / "replies.jsonl"
    source.write_text('{"id": 1, "text": "Dziękuję bardzo za szybką pomoc wczoraj wieczorem"}\n', encoding="utf-8")
    assert shares_of_file(source) == {"n": 1, "shares": {}, "unknown": 1}
