"""How broad the columns of a table on paper are, worked out from what stands in them."""


def column_widths(lines: list[list[str]]) -> list[float]:
    """Shares of the width, in no unit: by a column's longest word, by its cells up to a few words, and less so by more.

    lines: the headings, then the rows, as people read them."""
    widths = []
    for heading, *cells in zip(*lines, strict=True):
        longest_word = max(len(word) for cell in (heading, *cells, "-") for word in cell.split(" "))
        longest_cell = max((len(cell) for cell in cells), default=0)
        widths.append(
            max(
                min(longest_word, 24) * 1.15 + 3,
                min(longest_cell, 24) * 1.25 + 2,
                min(longest_cell, 80) * 0.6,
                len(heading) * 0.5,
                9.0,
            )
        )
    return widths
