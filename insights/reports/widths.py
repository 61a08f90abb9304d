"""How broad the columns of a table on paper are, worked out from what stands in them."""


def column_widths(lines: list[list[str]]) -> list[float]:
    """Shares of the width, in no unit: by a column's longest word and, less so, by how much stands in it.

    lines: the headings, then the rows, as people read them."""
    widths = []
    for cells in zip(*lines, strict=True):
        longest_word = max((len(word) for cell in cells for word in cell.split()), default=1)
        longest_cell = max(len(cell) for cell in cells)
        widths.append(max(min(longest_word, 24) + 3.5, min(longest_cell, 20) + 2.0, min(longest_cell, 46) * 0.75, 8.0))
    return widths
