"""A level of the drill-down as a table and as a file: the same rows, the same numbers, and their sum last."""

import csv
import io
from collections.abc import Iterator

from insights.drilldown import Counts, Level
from social.csv_file import csv_cell
from social.words import say_number

COLUMNS = (
    ("Posts", "posts"), ("Times shown", "impressions"), ("Engagement", "engagement"), ("Replies", "replies"),
    ("Questions and complaints answered", "answered"), ("Without an answer, history included", "unanswered"),
)  # fmt: skip
"""Heading of each column and the field of `Counts` in it."""


def table(level: Level) -> list[dict[str, object]]:
    """One record a row, the total last; a figure that was not reported says so."""
    return [
        {"What": label, **{head: say_number(getattr(counts, name)) for head, name in COLUMNS}}
        for label, counts in _rows(level)
    ]


def as_csv(level: Level) -> bytes:
    """The same with plain numbers; a missing figure is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["What", *(head for head, _ in COLUMNS)])
    writer.writerows(
        [csv_cell(label), *(csv_cell(getattr(counts, name)) for _, name in COLUMNS)] for label, counts in _rows(level)
    )
    return out.getvalue().encode("utf-8-sig")


def _rows(level: Level) -> Iterator[tuple[str, Counts]]:
    for row in level.rows:
        yield row.label, row.counts
    yield "Total", level.total
