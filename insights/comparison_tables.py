"""Comparisons, timing and the answer about light posts as tables, chart rows and files. No Streamlit here."""

import csv
import io
from collections.abc import Sequence
from math import log, log2

from insights.charts import Range
from insights.comparison_values import RATES, Compared, Comparison
from insights.light_serious import Estimate, LightSerious
from insights.timing import Moment, Timing
from social.csv_file import csv_cell

_WIDEST = log(8.0)
"""A chart ends at eight times as much, and at an eighth; the words beside it say the rest."""

COMPARED = (
    ("Group", "label"), ("Posts", "n"), ("Median", "median"), ("Lower quartile", "lower"), ("Upper quartile", "upper"),
    ("Ratio to like posts", "ratio"), ("From", "low"), ("To", "high"),
    ("Drawn towards no difference", "cautious"), ("From (drawn)", "cautious_low"), ("To (drawn)", "cautious_high"),
    ("Chance alone (p)", "chance"), ("Told as a difference", "is_finding"), ("Why not", "reason"),
)  # fmt: skip
"""Heading of each column and the field of `Compared` in it."""
MOMENTS = (
    ("Hour or day", "label"), ("Posts", "n"), ("Ratio to like posts, drawn towards no effect", "ratio"), ("From", "low"),
    ("To", "high"), ("Chance alone (p)", "chance"), ("Told as a difference", "is_claimed"), ("In words", "words"),
)  # fmt: skip
ESTIMATES = (
    ("What", "name"), ("Unit", "unit"), ("With more light posts than usual", "n_with"), ("Without", "n_without"),
    ("Estimate", "estimate"), ("From", "low"), ("To", "high"), ("Chance alone (p)", "chance"),
    ("Told as a difference", "is_clear"), ("In words", "sentence"), ("Why not", "reason"),
)  # fmt: skip

Row = Compared | Moment | Estimate
Columns = Sequence[tuple[str, str]]


def columns_of(row: Row) -> Columns:
    """The columns in which such a row is shown."""
    return COMPARED if isinstance(row, Compared) else MOMENTS if isinstance(row, Moment) else ESTIMATES


def table(rows: Sequence[Row], *, is_rate: bool = False) -> list[dict[str, object]]:
    """One line a row for people; a dash where a figure is missing, never 0.  is_rate: the median is a share, not a count."""
    return [{head: _cell(name, getattr(row, name), is_rate) for head, name in columns_of(row)} for row in rows]


SAID = "What can be said"


def brief(rows: Sequence[Row], *, is_rate: bool = False) -> list[dict[str, object]]:
    """The same in few columns, for a terminal: figures with their quartiles or interval in brackets."""

    def with_(name: str, low: str, high: str, row: Row) -> object:
        cells = [_cell(one, getattr(row, one), is_rate) for one in (name, low, high)]
        return cells[0] if cells[0] == "–" else f"{cells[0]} ({cells[1]} to {cells[2]})"

    lines = []
    for row in rows:
        if isinstance(row, Compared):
            figures = {"Group": row.label, "Posts": row.n, "Median": with_("median", "lower", "upper", row),
                       "Ratio to like posts": with_("ratio", "low", "high", row),
                       "Drawn in": with_("cautious", "cautious_low", "cautious_high", row)}  # fmt: skip
            told, why = row.is_finding, row.reason
        elif isinstance(row, Moment):
            figures = {"Hour or day": row.label, "Posts": row.n, "Ratio, drawn in": with_("ratio", "low", "high", row)}
            told, why = row.is_claimed, "" if row.ratio is not None else row.words
        else:
            figures = {"What": row.name, "With": row.n_with, "Without": row.n_without,
                       "Estimate": with_("estimate", "low", "high", row)}  # fmt: skip
            told, why = row.is_clear, row.reason
        lines.append({**figures, SAID: why or ("a difference" if told else _unclear(row))})
    return lines


def _unclear(row: Row) -> str:
    """Why nothing is claimed: by itself it may be chance, or among so many that were looked at."""
    if isinstance(row, Estimate) or row.low is None or row.high is None or row.low <= 1 <= row.high:
        return "may be chance"
    return "may be chance, among so many"


def is_rate(measure: str) -> bool:
    """Whether the measure is taken of another figure."""
    return measure in RATES


def _cell(name: str, value: object, rate: bool) -> object:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if name in ("median", "lower", "upper"):
            return f"{value:.2%}" if rate else f"{value:,.0f}"
        if name == "chance":
            return f"{value:.3f}" if value >= 0.001 else "under 0.001"
        return "no end" if value == float("inf") else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else value


def as_csv(rows: Sequence[Row]) -> bytes:
    """The same with plain numbers; a missing figure is an empty cell, an endless one says 'inf'."""
    out = io.StringIO()
    writer = csv.writer(out)
    if rows:
        columns = columns_of(rows[0])
        writer.writerow([head for head, _ in columns])
        writer.writerows([csv_cell(getattr(row, name)) for _, name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def chart_rows(rows: Sequence[Compared | Moment]) -> tuple[Range, ...]:
    """What the interval chart draws: one line a group that has a ratio, on a scale where half and double lie equally far
    from no difference, which is 0."""
    return tuple(
        Range(row.label, _on_scale(row.ratio), _on_scale(row.low), _on_scale(row.high), say_numbers(row), row.n)
        for row in rows
        if row.ratio is not None and row.low is not None and row.high is not None
    )


def say_numbers(row: Compared | Moment) -> str:
    """'1.3 (0.9 to 1.8)' as '1.3, 0.9 to 1.8'."""
    high = "no end" if row.high == float("inf") else f"{row.high:.1f}"
    return f"{row.ratio:.1f}, {row.low:.1f} to {high}"


def _on_scale(ratio: float) -> float:
    if ratio <= 0:
        return -_WIDEST / log(2)
    return log2(min(max(ratio, 0.125), 8.0))


def spoken(rows: Sequence[Compared | Moment]) -> str:
    """The chart in words, for those who hear it."""
    return "; ".join(f"{row.label} {say_numbers(row)} from {row.n} posts" for row in rows if row.ratio is not None)


def rows_of(found: Comparison | Timing | LightSerious) -> tuple[Row, ...]:
    """Every row of an answer."""
    if isinstance(found, Comparison):
        return found.groups
    if isinstance(found, Timing):
        return (*found.hours, *found.days)
    return (found.followers, found.reach, found.before)
