"""What residents answered, question by question and area by area, as it may be shown: with n, 95 % intervals, and
without numbers that are so small that they could tell of somebody (R27). Pure: counts go in, values come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from social.alerts.survey_small_numbers import LEAST, TOTAL, Cell, hidden_cells, pooled
from social.alerts.surveys import Question, QuestionKind
from social.intervals import mean_interval, wilson

HIDDEN = "fewer than 5, or hidden"
NO_AREA = "No neighbourhood given"
TOGETHER = "Neighbourhoods with few answers, together"
EVERYBODY = "Everybody who answered"

Area = int | None
"""Number of the neighbourhood that was chosen; None for none."""


@dataclass(frozen=True)
class Ranks:
    """What is kept of an option's places in rankings.  total, squares: sums of the places and of their squares."""

    total: int = 0
    squares: int = 0


@dataclass(frozen=True)
class Counts:
    """The answers to one question.  answered: area -> how many answered it, each > 0.

    chosen: (area, choice) -> how many chose it.  ranks: (area, option) -> its places, for rankings."""

    answered: dict[Area, int] = field(default_factory=dict)
    chosen: dict[tuple[Area, int], int] = field(default_factory=dict)
    ranks: dict[tuple[Area, int], Ranks] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """How many of a row chose one option.  count: None where it is hidden, and then so is the rest.

    share: in [0, 1], of those who answered.  low, high: its 95 % interval (Wilson)."""

    count: int | None
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class MeanRank:
    """The place that an option was given on average, 1 is first.  low, high: 95 % interval (Student's t)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One area, or several together.  areas: which.  n: who answered, >= 5.

    shares: by choice; {} for rankings and texts.  ranks: by option, for rankings.  median: of a scale, None where any
    of its numbers is hidden."""

    name: str
    areas: tuple[Area, ...]
    n: int
    shares: Mapping[int, Share]
    ranks: Mapping[int, MeanRank]
    median: float | None = None


@dataclass(frozen=True)
class QuestionResult:
    """rows: areas in the order of their names.  total: everybody; None when they are fewer than five."""

    question: Question
    rows: tuple[Row, ...]
    total: Row | None


def result_of(question: Question, counts: Counts, names: Mapping[Area, str]) -> QuestionResult:
    """What may be shown of the answers to one question.  names: of areas."""
    order = sorted(counts.answered, key=lambda area: (area is None, names.get(area, ""), area or 0))
    groups = pooled({area: counts.answered[area] for area in order})
    if not groups:
        return QuestionResult(question, (), None)
    sizes = {group: sum(counts.answered[area] for area in group) for group in groups}
    hidden = _hidden(question, counts, sizes)
    rows = tuple(
        _row(question, counts, _name(group, names), group, sizes[group], _of_row(hidden, group)) for group in groups
    )
    everybody = tuple(area for group in groups for area in group)
    total = _row(question, counts, EVERYBODY, everybody, sum(sizes.values()), _of_row(hidden, TOTAL))
    return QuestionResult(question, rows, total)


def split(members: int, others: int, invited: int) -> tuple[int, int] | None:
    """How many answered as members and how many otherwise; None when one of the two is too small to be told.

    None at all may be told where there could be none: nobody was invited, or nobody used the open link."""
    told = members >= LEAST or (not members and not invited)
    return (members, others) if told and (others >= LEAST or not others) else None


def _name(group: tuple[Area, ...], names: Mapping[Area, str]) -> str:
    if len(group) > 1:
        return TOGETHER
    return names.get(group[0], NO_AREA) if group[0] is not None else NO_AREA


def _hidden(question: Question, counts: Counts, sizes: Mapping[tuple[Area, ...], int]) -> set[Cell]:
    """Hidden (group or TOTAL, choice). Of a question with several answers each option is a table of its own, of those
    who chose it and those who did not: hiding the one hides the other."""
    chosen = {
        (group, choice): sum(counts.chosen.get((area, choice), 0) for area in group)
        for group in sizes
        for choice in question.choices
    }
    if question.kind in (QuestionKind.SINGLE, QuestionKind.SCALE):
        return hidden_cells(chosen)  # type: ignore[arg-type]  # a pair of what can be a key is one
    if question.kind is not QuestionKind.MULTIPLE:
        return set()
    hidden: set[Cell] = set()
    for choice in question.choices:
        table: dict[Cell, int] = {}
        for group, size in sizes.items():
            table[group, True] = chosen[group, choice]
            table[group, False] = size - chosen[group, choice]
        hidden |= {(group, choice) for group, _ in hidden_cells(table)}
    return hidden


def _of_row(hidden: set[Cell], row: object) -> set[object]:
    return {choice for one, choice in hidden if one == row}


def _row(question: Question, counts: Counts, name: str, areas: tuple[Area, ...], n: int, hidden: set[object]) -> Row:
    if question.kind is QuestionKind.TEXT:
        return Row(name, areas, n, {}, {})
    if question.kind is QuestionKind.RANK:
        places = {option: [counts.ranks.get((area, option), Ranks()) for area in areas] for option in question.choices}
        ranks = {
            option: MeanRank(*mean_interval(n, sum(one.total for one in of), sum(one.squares for one in of)))
            for option, of in places.items()
        }
        most = len(question.choices)
        ranks = {o: MeanRank(r.mean, max(1.0, r.low), min(float(most), r.high)) for o, r in ranks.items()}
        return Row(name, areas, n, {}, ranks)
    numbers = {choice: sum(counts.chosen.get((area, choice), 0) for area in areas) for choice in question.choices}
    shares = {choice: Share(None) if choice in hidden else _share(count, n) for choice, count in numbers.items()}
    median = median_of(numbers) if question.kind is QuestionKind.SCALE and not hidden else None
    return Row(name, areas, n, shares, {}, median)


def _share(count: int, n: int) -> Share:
    return Share(count, count / n, *wilson(count, n))


def median_of(numbers: Mapping[int, int]) -> float | None:
    """The middle of a distribution; between two numbers their mean.  numbers: value -> how many.  None of none."""
    values = sorted(value for value, count in numbers.items() if count)
    sums = list(accumulate(numbers[value] for value in values))
    if not sums:
        return None
    middle = (sums[-1] + 1) // 2, sums[-1] // 2 + 1
    low, high = (next(v for v, upto in zip(values, sums, strict=True) if upto >= wanted) for wanted in middle)
    return (low + high) / 2


def leading(result: QuestionResult, row: Row, most: int = 3) -> tuple[Sequence[tuple[int, Share | MeanRank]], bool]:
    """What a row puts first: the largest shares that are shown, or the smallest mean ranks; and whether that is certain,
    by what is shown: a hidden number might be larger.  row: one of the result's."""
    if row.ranks:
        return sorted(row.ranks.items(), key=lambda one: (one[1].mean, one[0]))[:most], True
    shown = [(choice, share) for choice, share in row.shares.items() if share.count]
    first = sorted(shown, key=lambda one: (-(one[1].count or 0), one[0]))[:most]
    unknown = [_at_most(result, row, choice) for choice, share in row.shares.items() if share.count is None]
    sure = [one for one in first if all((one[1].count or 0) >= other for other in unknown)]
    return (sure, True) if sure else (first, False)


def _at_most(result: QuestionResult, row: Row, choice: int) -> int:
    """The largest that a hidden number can be, as far as what is shown tells."""
    most = row.n
    if result.question.kind is not QuestionKind.MULTIPLE:
        most -= sum(share.count or 0 for share in row.shares.values())
    total = result.total.shares[choice].count if result.total else None
    if total is not None and row is not result.total:
        most = min(most, total - sum(one.shares[choice].count or 0 for one in result.rows))
    return most
