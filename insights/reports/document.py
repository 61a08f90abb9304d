"""What a report says, before it is a web page, a PDF, a Word file or a spreadsheet: the same in all of them.

Everything here is data: words of posts and names of places are text and nothing else, and each format escapes them in
its own way. A figure that is missing keeps its reason ('not reported', 'fewer than 5') in every format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from social.words import NOT_REPORTED


@dataclass(frozen=True)
class Between:
    """A figure with its interval, or an interval alone.  said: for people, as pages say it.  value: None where the interval
    stands alone.  share: whether the numbers are shares in [0, 1].  A spreadsheet has the numbers, a column each."""

    said: str
    value: float | None
    low: float
    high: float
    share: bool = True


Value: TypeAlias = str | int | float | Between | None
"""Of a cell.  None: the network did not report it; a str in a column of numbers says why there is no number."""
NOT_MEASURED = "not measured"
"""Said where nobody measured it (M01)."""
KINDS = ("text", "count", "number", "share", "figure")
"""Of columns: words; whole numbers; numbers with a decimal; shares in [0, 1], shown as a percentage; figures as they are
said, such as '15% (1% to 38%)', that stand at the right as numbers do."""


@dataclass(frozen=True)
class Column:
    """One column of a table.  kind: one of KINDS.  unit: such as 'accounts' or 'minutes', '' for none."""

    heading: str
    kind: str = "text"
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a column is one of {', '.join(KINDS)}, not {self.kind}")

    @property
    def full_heading(self) -> str:
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


@dataclass(frozen=True)
class Table:
    """caption: what stands in it, place and time.  rows: as many cells as columns; the first names the row.

    notes: what a reader has to know.  source: where the figures come from.  empty: said in place of a table without
    rows; '' only in a chart, whose headline says it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    empty: str = f"There is nothing to show here: {NOT_MEASURED}."

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of '{self.caption}' has not as many cells as there are columns")


@dataclass(frozen=True)
class Chart:
    """headline: computed, in a sentence.  subtitle: measure, place and time.  spec: Vega-Lite with its data; None where
    there is too little to draw.  alt: what it shows, for who cannot see it.  table: the same figures.
    beside: whether the table stands under the picture; else the description says them, and a spreadsheet has them."""

    headline: str
    subtitle: str
    spec: dict[str, Any] | None
    alt: str
    table: Table
    beside: bool = True


@dataclass(frozen=True)
class Heading:
    """level: 2 for a section, 3 within one; the title is the only 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """strong: said with weight, such as a finding."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Definitions:
    """Terms with what each means and where it stops."""

    items: tuple[tuple[str, str], ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Chart | Definitions


@dataclass(frozen=True)
class Document:
    """One report.

    kind: its key.  title: what it is and of where.  force: who made it.  period, as_of: in words.
    summary: what to know when there is time for nothing else.  credits: of open data.
    outside: whether it may leave the force, with small numbers hidden (R27)."""

    kind: str
    title: str
    force: str
    period: str
    as_of: str
    summary: tuple[str, ...]
    blocks: tuple[Block, ...]
    credits: tuple[str, ...] = ()
    outside: bool = False

    @property
    def in_turn(self) -> list[tuple[Block, bool]]:
        """Each block, and whether it is a paragraph that belongs on the page of what follows it."""
        following = (*self.blocks[1:], None)
        return [
            (block, isinstance(block, Paragraph) and _is_led_to(after))
            for block, after in zip(self.blocks, following, strict=True)
        ]


def _is_led_to(after: Block | None) -> bool:
    """A table, a chart, or the heading of one."""
    return isinstance(after, Table | Chart) or (isinstance(after, Heading) and after.level > 2)


def tables_in(document: Document) -> list[Table]:
    """Every table in order, those beside charts included."""
    found = [block.table if isinstance(block, Chart) else block for block in document.blocks]
    return [block for block in found if isinstance(block, Table)]


def say_cell(value: Value, column: Column) -> str:
    """The cell as people read it."""
    if value is None:
        return NOT_REPORTED
    if isinstance(value, str | Between):
        return value if isinstance(value, str) else value.said
    if column.kind == "share":
        return f"{value * 100:.0f}%" if abs(value) >= 0.1 or value == 0 else f"{value * 100:.1f}%"
    if column.kind == "count" or isinstance(value, int):
        return f"{value:,.0f}"
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2f}"


def listed(words: Sequence[str]) -> str:
    """'Copperbeck, Hexley Moor and Stonemere'."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
