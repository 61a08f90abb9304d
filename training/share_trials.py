"""Tries shares where the truth is known: `python -m training.share_trials` prints the table of docs/methods/sentiment-shares.md,
from counts, and that of docs/shares.md, from every reply's probabilities.

Invented worlds: errors drawn as they are known, a mix drawn, replies read with these errors. Real texts: replies that no
lesson had in mind, in random groups; the errors are learnt from the replies to half of the posts, the groups are drawn
from the other half."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insights import known_errors
from insights.count_shares import Errors, Table, Three, shares_of_counts
from insights.reading import default_analyser
from insights.reading.fast import summable
from insights.shares import BASE, CLASSES, Share, estimate_shares
from training.replies import UNSEEN, labelled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Group = tuple[Three, Floats, Errors]
"""Replies by reading, the true shares, the errors that are known."""
Told = tuple[dict[str, Share], Floats, Floats]
"""The shares as they are told, as they are counted, and as they are."""


@dataclass(frozen=True)
class Trial:
    """error: mean absolute error of a share, in points.  counted: the same of the analyser's own count.
    coverage: how often the 95 % interval held the truth, in [0, 1].  width: of the interval, in points."""

    error: float
    counted: float
    coverage: float
    width: float


def try_out(draw: Callable[[], Group], times: int) -> Trial:
    """`times` groups, three shares each."""

    def told() -> Told:
        read, truth, errors = draw()
        return shares_of_counts(read, (0, 0, 0), errors), np.asarray(read) / sum(read), truth

    return _trial(told, times)


def _trial(draw: Callable[[], Told], times: int) -> Trial:
    rows = []
    for _ in range(times):
        shares, counted_as, truth = draw()
        for place, name in enumerate(CLASSES):
            one = shares[name]
            held = one.low - 1e-9 <= truth[place] <= one.high + 1e-9
            rows.append((abs(one.estimate - truth[place]), abs(counted_as[place] - truth[place]), held,
                         one.high - one.low))  # fmt: skip
    error, counted, coverage, width = np.asarray(rows, dtype=np.float64).mean(axis=0)
    return Trial(100 * error, 100 * counted, float(coverage), 100 * width)


def try_probabilities(rng: np.random.Generator, given: "Texts", size: int, times: int, *, any_mix: bool) -> Trial:
    """The same of `estimate_shares`, which has every reply's probabilities."""

    def told() -> Told:
        drawn = _drawn(rng, given, np.arange(len(given.real)), size, any_mix=any_mix)
        shares = estimate_shares([(a, b, c) for a, b, c in given.p[drawn].tolist()]) or {}
        return shares, _share(given.read[drawn]), _share(given.real[drawn])

    return _trial(told, times)


def _share(classes: Ints) -> Floats:
    return np.bincount(classes, minlength=3) / len(classes)


def invented(rng: np.random.Generator, size: int, mix_weight: float = 10.0) -> Group:
    """A group of a world whose errors are one draw of what is known and whose mix is near BASE, as the prior says."""
    known = known_errors.known_errors()
    chances = np.asarray([rng.dirichlet(np.asarray(row) + 0.3) for row in known])
    classes = rng.choice(3, size, p=rng.dirichlet(mix_weight * np.asarray(BASE)))
    read = [int(rng.choice(3, p=chances[one])) for one in classes]
    return _three(read), np.bincount(classes, minlength=3) / size, Errors(known)


@dataclass(frozen=True)
class Texts:
    """real, read: classes by place in CLASSES.  p: the analyser's probabilities as they add up.  post: under which each stood."""

    real: Ints
    read: Ints
    p: npt.NDArray[np.float64]
    post: Ints


def texts() -> Texts:
    rows = [row for row in labelled(UNSEEN) if row["lang"] == "en"]
    analyser = default_analyser()
    results = analyser.read([row["text"] for row in rows])
    kept = [(row, result, result.p) for row, result in zip(rows, results, strict=True) if result.p is not None]
    posts = sorted({row["post_id"] for row in rows})
    return Texts(
        np.asarray([CLASSES.index(row["sentiment"]) for row, _, _ in kept]),
        np.asarray([CLASSES.index(result.stance) for _, result, _ in kept]),
        np.asarray([summable(analyser, p) for _, _, p in kept]),
        np.asarray([posts.index(row["post_id"]) for row, _, _ in kept]),
    )


def real(rng: np.random.Generator, given: Texts, size: int, *, any_mix: bool) -> Group:
    """any_mix: the group's mix is drawn from all there are; else it is that of the texts."""
    half = rng.permutation(given.post.max() + 1)[: (given.post.max() + 1) // 2]
    learnt = np.isin(given.post, half)
    drawn = _drawn(rng, given, np.flatnonzero(~learnt), size, any_mix=any_mix)
    return _three(given.read[drawn].tolist()), _share(given.real[drawn]), Errors(_known(given, learnt))


def _drawn(rng: np.random.Generator, given: Texts, among: Ints, size: int, *, any_mix: bool) -> Ints:
    """The places of a group's replies."""
    if not any_mix:
        return rng.choice(among, size)
    classes = rng.choice(3, size, p=rng.dirichlet([1.0, 1.0, 1.0]))
    return np.asarray([rng.choice(among[given.real[among] == one]) for one in classes])


def _known(given: Texts, learnt: npt.NDArray[np.bool_]) -> Table:
    """As `known_errors.known_errors`, of the replies that were learnt from."""
    table = np.zeros((3, 3))
    for real_, read, p in zip(given.real[learnt], given.read[learnt], given.p[learnt], strict=True):
        table[real_, read] += known_errors.TRUST / 2
        table[:, read] += known_errors.TRUST / 2 * p
    return tuple(tuple(row) for row in table.tolist())


def _three(read: list[int]) -> Three:
    first, second, third = np.bincount(read, minlength=3).tolist()
    return first, second, third


def main() -> None:
    given = texts()
    worlds: dict[str, Callable[[np.random.Generator, int], Group]] = {
        "invented worlds": invented,
        "texts, their own mix": lambda rng, size: real(rng, given, size, any_mix=False),
        "texts, any mix": lambda rng, size: real(rng, given, size, any_mix=True),
    }
    print("| groups | replies | error | error of a count | coverage | width |\n| --- | --- | --- | --- | --- | --- |")
    for name, draw in worlds.items():
        for size in (20, 50, 150, 500):
            rng = np.random.default_rng(size)
            one = try_out(lambda: draw(rng, size), 300)  # noqa: B023  used up before the loop goes on
            print(f"| {name} | {size} | {one.error:.1f} | {one.counted:.1f} | {one.coverage:.0%} | {one.width:.0f} |")
    print("\n| replies | own mix: error | coverage | any mix: error | coverage |\n| --- | --- | --- | --- | --- |")
    for size in (12, 20, 50, 150):
        rng = np.random.default_rng(size)
        own, strange = (try_probabilities(rng, given, size, 200, any_mix=any_mix) for any_mix in (False, True))
        print(f"| {size} | {own.error:.1f} | {own.coverage:.0%} | {strange.error:.1f} | {strange.coverage:.0%} |")


if __name__ == "__main__":
    main()
