"""What is said of how soon residents are answered: a sentence, a table, and the same table as a file."""

import csv
import io
from collections.abc import Sequence
from math import ceil

from insights.response_times import ENOUGH_ANSWERS, ResponseRow, ResponseTimes
from social.csv_file import csv_cell
from social.words import say_count

COLUMNS = (
    ("Team", "label"), ("Questions and complaints", "received"), ("Answered", "answered"),
    ("Answered within 72 hours", "in_time"), ("Closed without an answer", "closed"), ("Still in time", "running"),
    ("Overdue", "overdue"), ("Share answered in time", "share_in_time"), ("Share unanswered", "share_unanswered"),
    ("Minutes to first answer, median", "minutes"), ("Nine in ten within minutes", "minutes_90"),
    ("Minutes while watched, median", "watched_minutes"),
)  # fmt: skip
"""Heading of each column and the field of `ResponseRow` in it."""


def headline(found: ResponseTimes) -> str:
    """'31 of 40 questions and complaints with a known fate were answered within 72 hours; half within 3 hours.'"""
    total = found.total
    known = total.answered + total.overdue
    if not total.received:
        return "No question and no complaint was written in this period."
    if not known:
        return (
            f"{say_count(total.running, 'question or complaint', 'questions and complaints')} wait, all still in time."
        )
    said = f"{total.in_time:,} of {known:,} {'was' if known == 1 else 'were'} answered within 72 hours"
    if total.minutes is None:
        return f"{said}. With fewer than {ENOUGH_ANSWERS} answers, how long one takes cannot be told."
    return f"{said}, half of those answered within {in_words(total.minutes)}{_watched(total)}."


def fates(row: ResponseRow) -> str:
    """'4 answered, 6 waiting for longer than 72 hours, 10 waiting, still within 72 hours': what became of each."""
    parts = [f"{row.answered:,} answered"]
    if row.closed:
        parts.append(f"{row.closed:,} closed without an answer")
    if row.overdue:
        parts.append(f"{row.overdue:,} waiting for longer than 72 hours")
    if row.running:
        parts.append(f"{row.running:,} waiting, still within 72 hours")
    return ", ".join(parts)


def _watched(total: ResponseRow) -> str:
    return "" if total.watched_minutes is None else f" ({in_words(total.watched_minutes)} while the account is watched)"


def in_words(minutes: float) -> str:
    """'12 minutes', '48 hours', '4 days': rounded up, since it is said that something took no longer."""
    for size, unit, most in ((1, "minute", 120), (60, "hour", 72 * 60), (1440, "day", None)):
        if most is None or minutes <= most:
            return say_count(max(1, ceil(minutes / size)), unit)
    raise AssertionError("days have no end")


def table(rows: Sequence[ResponseRow]) -> list[dict[str, object]]:
    """One line a team under the headings of COLUMNS; a dash where a figure is missing, never 0."""
    return [{head: _cell(name, getattr(row, name)) for head, name in COLUMNS} for row in rows]


def _cell(name: str, value: object) -> object:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.0%}" if name.startswith("share") else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value


def as_csv(rows: Sequence[ResponseRow]) -> bytes:
    """The same with plain numbers; a missing figure is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([head for head, _ in COLUMNS])
    writer.writerows([csv_cell(getattr(row, name)) for _, name in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")
