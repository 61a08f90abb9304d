"""How broad the columns of a table on paper are, worked out from what stands in them."""

ROOM = 2.6
"""Of a column, what stands left and right of its words, in letters."""
BOLD = 1.15
"""A bold letter against a plain one, and what a broad one takes more."""


def column_widths(lines: list[list[str]], letters: float = 0.0) -> list[float]:
    """Shares of the width, in letters of the table: by a column's longest word, by its cells up to a few words, and less
    so by more.

    lines: the headings, then the rows, as people read them.  letters: how many go on one line of the table; no column
    is then so narrow that a word of it would break, as long as all words together have room.  0: their wishes alone."""
    columns = [(heading, cells) for heading, *cells in zip(*lines, strict=True)]
    wishes = [_wish(heading, cells) for heading, cells in columns]
    least = [min(_longest_word((heading, *cells)), 24) * BOLD + ROOM for heading, cells in columns]
    if sum(least) >= letters:
        return wishes if not letters else least
    return _shared_out(wishes, least, letters)


def lines_of(lines: list[list[str]], letters: float) -> int:
    """How many lines of words the table takes, about.  letters: as for `column_widths`."""
    widths = column_widths(lines, letters)
    return sum(
        max(-(-len(cell) // max(1, int(width - ROOM))) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def _wish(heading: str, cells: list[str]) -> float:
    longest_cell = max((len(cell) for cell in cells), default=0)
    return max(
        min(_longest_word((heading, *cells)), 24) * 1.15 + 3,
        min(longest_cell, 24) * 1.25 + 2,
        min(longest_cell, 80) * 0.6,
        len(heading) * 0.5,
        9.0,
    )


def _longest_word(cells: tuple[str, ...]) -> int:
    return max((len(word) for cell in cells for word in cell.split(" ")), default=1)


def _shared_out(wishes: list[float], least: list[float], letters: float) -> list[float]:
    """Every column its least, the others what is left by their wishes."""
    narrow: set[int] = set()
    while True:
        left = letters - sum(least[at] for at in narrow)
        wished = sum(wish for at, wish in enumerate(wishes) if at not in narrow)
        widths = [least[at] if at in narrow else left * wish / wished for at, wish in enumerate(wishes)]
        more = {at for at, width in enumerate(widths) if width < least[at]} - narrow
        if not more:
            return widths
        narrow |= more
