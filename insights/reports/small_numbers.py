"""Hides small numbers in tables that leave the force, so that nobody can work them out from what is shown (R27).

A table of people by row and column goes through `social.alerts.survey_small_numbers`, which proves that no small number
follows from the sums. A single column of counts with its sum is simpler: here. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from social.alerts.survey_small_numbers import LEAST, TOTAL, Cell, hidden_cells, pooled

HIDDEN = f"fewer than {LEAST}, or hidden"
TOGETHER = "Small ones, together"


def column_shown(counts: Sequence[int]) -> list[int | str]:
    """A column of counts as it may be shown beside its sum: small ones hidden, and another where one alone, or only
    noughts, would follow from the sum.

    Whoever reads it knows the sum of what is hidden and no more: two cells at least share it, and it is not 0."""
    hidden = {number for number, count in enumerate(counts) if count < LEAST}
    if hidden:
        rest = sorted((number for number in range(len(counts)) if number not in hidden), key=lambda one: counts[one])
        while rest and (len(hidden) < 2 or not sum(counts[one] for one in hidden)):
            hidden.add(rest.pop(0))
    return [HIDDEN if number in hidden else count for number, count in enumerate(counts)]


def count_shown(count: int) -> int | str:
    """One count that is no part of a sum."""
    return count if count >= LEAST else f"fewer than {LEAST}"


def told_apart(labels: Iterable[str]) -> list[str]:
    """The labels, a number behind each that was there before: two areas may have one name."""
    seen: Counter[str] = Counter()
    made = []
    for label in labels:
        seen[label] += 1
        made.append(f"{label} ({seen[label]})" if seen[label] > 1 else label)
    return made


def table_shown(counts: Mapping[str, Sequence[int]], total_label: str) -> list[tuple[str, int, tuple[int | str, ...]]]:
    """Rows of a table of people: label, its sum, and its cells, small ones hidden; the last row adds all up.

    counts: row -> as many cells as there are columns; each person stands in one cell. Rows with fewer than `LEAST` people
    are put together, with the next smallest where it takes that.  [] where all together are too few."""
    sizes = {label: sum(cells) for label, cells in counts.items()}
    rows: dict[str, list[int]] = {}
    for labels in pooled(sizes):
        name = labels[0] if len(labels) == 1 else TOGETHER
        rows[name] = [sum(column) for column in zip(*(counts[label] for label in labels), strict=True)]
    if not rows:
        return []
    cells: dict[Cell, int] = {}
    for label, row in rows.items():
        cells |= {_cell(label, column): count for column, count in enumerate(row)}
    hidden = hidden_cells(cells)
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    lines = [(label, sum(row), _masked(label, row, hidden)) for label, row in rows.items()]
    return [*lines, (total_label, sum(sums), _masked(TOTAL, sums, hidden))]


def _cell(row: Hashable, column: Hashable) -> Cell:
    return row, column


def _masked(row: str, counts: Sequence[int], hidden: set[Cell]) -> tuple[int | str, ...]:
    return tuple(HIDDEN if (row, column) in hidden else count for column, count in enumerate(counts))
