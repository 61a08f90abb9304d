"""Hides small numbers in a table so that nobody can work them out from what is shown (R27).

Everything that has a number below `LEAST` is hidden, and as much else as it takes: a single hidden number in a row is
the row's sum less the others. A hidden number counts as safe when the table, as it is shown, could also hold another
number there. Pure: counts go in, the hidden cells come out. docs/surveys.md has the method and its limits."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

LEAST = 5
"""Fewer than that are not shown."""
TOTAL = "total"
"""The row that adds up all others."""

Cell = tuple[Hashable, Hashable]
_Place = TypeVar("_Place", bound=Hashable)


def pooled(sizes: Mapping[_Place, int]) -> list[tuple[_Place, ...]]:
    """Groups of rows none of which has fewer than `LEAST`: most alone, in their order, and last those that are too small
    to stand alone, together with the next smallest where it takes that. [] when all together are too few.

    sizes: row -> how many answered; rows with none are left out."""
    some = {row: size for row, size in sizes.items() if size > 0}
    if sum(some.values()) < LEAST:
        return []
    together = [row for row, size in some.items() if size < LEAST]
    alone = [row for row in some if row not in together]
    while together and sum(some[row] for row in together) < LEAST:
        smallest = min(alone, key=lambda row: some[row])
        alone.remove(smallest)
        together.append(smallest)
    return [(row,) for row in alone] + ([tuple(together)] if together else [])


def hidden_cells(counts: Mapping[Cell, int]) -> set[Cell]:
    """Which cells are not shown, those of the row `TOTAL` among them.

    counts: (row, column) -> how many, every row with every column. Rows and columns are shown with their sums, each
    person stands in one row and one column, and no row has fewer than `LEAST` in all."""
    values: dict[Cell, int] = dict(counts)
    for (_, column), count in counts.items():
        values[TOTAL, column] = values.get((TOTAL, column), 0) + count
    small = {cell for cell, count in values.items() if count < LEAST}
    hidden = set(small)
    while known := derivable(_at(values, hidden), small):
        more = _circle_through(sorted(known, key=str)[0], hidden, values)
        if not more:
            break
        hidden |= more
    # One cell was hidden for the sake of one; together they may need fewer. What is dearest is tried first.
    for cell in sorted(hidden - small, key=lambda one: (-values[one], str(one))):
        if not derivable(_at(values, hidden - {cell}), small):
            hidden.remove(cell)
    return hidden


def _at(values: Mapping[Cell, int], cells: Iterable[Cell]) -> dict[Cell, int]:
    return {cell: values[cell] for cell in cells}


def _circle_through(known: Cell, hidden: set[Cell], values: Mapping[Cell, int]) -> set[Cell]:
    """What else to hide, with the least that is lost: three cells that make a rectangle with this one, around which
    numbers can be moved; else the smallest that is shown. Empty when nothing is.

    Large numbers are what people look for: they are dear by their square."""
    row, column = known
    rectangles = []
    for other_row, other_column in values:
        if other_row == row or other_column == column:
            continue
        beside, above, across = (row, other_column), (other_row, column), (other_row, other_column)
        # One more here is one fewer beside it. A total grows with its column, all others shrink when one of it grows.
        lower, higher = (
            ((beside, across), (known,)) if TOTAL in (row, other_row) else ((beside, above), (known, across))
        )
        fresh = {beside, above, across} - hidden
        if fresh and (all(values[one] for one in lower) or all(values[one] for one in higher)):
            rectangles.append((sum(values[one] ** 2 for one in fresh), str(across), fresh))
    if rectangles:
        return min(rectangles, key=lambda one: one[:2])[2]
    shown = [cell for cell in values if cell not in hidden]
    return {min(shown, key=lambda cell: (values[cell], str(cell)))} if shown else set()


def derivable(hidden: Mapping[Cell, int], among: Collection[Cell]) -> set[Cell]:
    """Those of the hidden cells `among` whose number follows from the sums that are shown and from numbers never being below 0.

    hidden: cell -> its number. Everything else is known, the sums of rows included; of the columns' sums, those in the
    row `TOTAL` that are not hidden.

    The table is a network: each row sends its numbers to the columns, each column its sum to the total. Another table
    with the same sums differs by what is sent round a circle, so a number is certain when no circle can change it."""
    onward: dict[Hashable, set[Hashable]] = {}
    for cell, count in hidden.items():
        tail, head = _arc(cell)
        onward.setdefault(tail, set()).add(head)
        if count > 0:
            onward.setdefault(head, set()).add(tail)
    found = set()
    for cell in among:
        tail, head = _arc(cell)
        # Its own arcs do not count: what goes there and back changes nothing.
        more = _leads(onward, head, tail)
        fewer = hidden[cell] > 0 and _leads(onward, tail, head)
        if not (more or fewer):
            found.add(cell)
    return found


def _arc(cell: Cell) -> tuple[Hashable, Hashable]:
    row, column = cell
    return (("column", column), TOTAL) if row == TOTAL else (("row", row), ("column", column))


def _leads(onward: Mapping[Hashable, Collection[Hashable]], start: Hashable, end: Hashable) -> bool:
    """Whether one comes from start to end by another way than the arc between the two."""
    seen = {start}
    waiting = [one for one in onward.get(start, ()) if one != end]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        there = onward.get(here, ())
        if end in there:
            return True
        waiting += there
    return False
