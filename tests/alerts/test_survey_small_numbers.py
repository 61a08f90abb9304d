"""Small numbers stay hidden, whatever is worked out from what is shown (R27)."""

import random
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social.alerts.survey_small_numbers import LEAST, TOTAL, Cell, hidden_cells, pooled

pytestmark = pytest.mark.sqlite_only


def splits(total: int, parts: int) -> "list[tuple[int, ...]]":
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in splits(total - first, parts - 1)]


def tables_that_look_the_same(counts: dict[Cell, int], hidden: set[Cell]) -> "list[dict[Cell, int]]":
    """Every table of whole numbers that would be shown as this one is: by trying them all."""
    rows, columns = list(dict.fromkeys(r for r, _ in counts)), list(dict.fromkeys(c for _, c in counts))
    choices = []
    for row in rows:
        cells = [counts[row, column] for column in columns]
        choices.append([
            split for split in splits(sum(cells), len(columns))
            if all((row, c) in hidden or split[i] == cells[i] for i, c in enumerate(columns))
        ])  # fmt: skip
    found = []
    for table in product(*choices):
        sums = [sum(row[i] for row in table) for i in range(len(columns))]
        right = [sum(counts[row, c] for row in rows) for c in columns]
        if all((TOTAL, c) in hidden or sums[i] == right[i] for i, c in enumerate(columns)):
            cells = {(row, c): table[n][i] for n, row in enumerate(rows) for i, c in enumerate(columns)}
            found.append(cells | {(TOTAL, c): sums[i] for i, c in enumerate(columns)})
    return found


@st.composite
def tables(draw: st.DrawFn) -> dict[Cell, int]:
    """One to three areas with five people or more, two or three options, many of them small."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    counts = {(r, c): draw(st.sampled_from((0, 0, 1, 2, 4, 5, 6, 9))) for r in range(rows) for c in range(columns)}
    for r in range(rows):
        short = LEAST - sum(counts[r, c] for c in range(columns))
        counts[r, draw(st.integers(0, columns - 1))] += max(0, short)
    return {(r, c): n for (r, c), n in counts.items()}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables())
def test_no_small_number_can_be_worked_out_from_what_is_shown(counts: dict[Cell, int]) -> None:
    hidden = hidden_cells(counts)
    same = tables_that_look_the_same(counts, hidden)
    totals = {(TOTAL, c): sum(n for (_, other), n in counts.items() if other == c) for _, c in counts}
    for cell, count in (counts | totals).items():
        if count < LEAST:
            assert cell in hidden
            assert len({table[cell] for table in same}) > 1, "its number follows from the others"


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden_cells({("a", 0): 12, ("a", 1): 5, ("b", 0): 7, ("b", 1): 30}) == set()


def test_one_small_number_takes_three_others_with_it_and_no_more() -> None:
    counts: dict[Cell, int] = {(r, c): 20 + 3 * r + c for r in range(4) for c in range(4)}
    counts[1, 2] = 3
    assert len(hidden_cells(counts)) == 4


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9)))
def test_areas_are_put_together_until_none_has_fewer_than_five(sizes: dict[int, int]) -> None:
    groups = pooled(sizes)
    assert all(sum(sizes[row] for row in group) >= LEAST for group in groups)
    shown = sorted(row for group in groups for row in group)
    assert shown == (sorted(row for row, size in sizes.items() if size) if sum(sizes.values()) >= LEAST else [])
    assert sum(len(group) > 1 for group in groups) <= 1


def test_a_survey_of_a_hundred_and_fifty_neighbourhoods_is_shown_at_once() -> None:
    dice = random.Random(3)
    counts = {(area, option): dice.choice([0, 1, 2, 3, 5, 6, 8, 12, 20]) for area in range(150) for option in range(10)}
    begun = time.perf_counter()
    hidden = hidden_cells(counts)
    assert (
        time.perf_counter() - begun < 1.5
    )  # a page does it for every question, each time that somebody presses anything
    assert all(cell in hidden for cell, count in counts.items() if count < LEAST)
