"""The part of What works that says how soon residents are answered: a chart, the table beside it, and the same as a file."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

import streamlit as st

from insights.response_times import ENOUGH_ANSWERS, ResponseRow, ResponseTimes, response_times
from insights.views import charts
from social.csv_file import csv_cell
from social.exports import record_export
from social.views.parts import Page, heading
from social.views.words import say_count, say_share

NAME = "response times by team"
COLUMNS = (
    ("Team", "label"), ("Questions and complaints", "received"), ("Answered", "answered"),
    ("Answered within 72 hours", "in_time"), ("Closed without an answer", "closed"), ("Still in time", "running"),
    ("Overdue", "overdue"), ("Share answered in time", "share_in_time"), ("Share unanswered", "share_unanswered"),
    ("Minutes to first answer, median", "minutes"), ("Nine in ten within minutes", "minutes_90"),
    ("Minutes while watched, median", "watched_minutes"),
)  # fmt: skip
"""Heading of each column and the field of `ResponseRow` in it."""


def show_response_times(page: Page, *, since: datetime, channel: str | None, place_id: int | None) -> None:
    """Everything about answers in the period, for the network and area that the page shows."""
    with page.read() as session:
        found = response_times(session, page.now, since=since, channel=channel, place_id=place_id)
    st.header("How soon residents are answered", anchor=False)
    heading(headline(found))
    st.caption(
        "Questions and complaints that were written in the period, since each account was connected. Share with an answer "
        "within 72 hours, of those answered or overdue; number of questions and complaints in brackets. "
        f"Teams with fewer than {ENOUGH_ANSWERS} are in the table only."
    )
    drawn = tuple(
        charts.Bar(row.label, row.share_in_time, say_share(row.share_in_time), row.received)
        for row in found.teams
        if row.share_in_time is not None and row.received >= ENOUGH_ANSWERS
    )
    if drawn:
        spoken = "; ".join(f"{bar.label} {bar.shown} of {bar.posts}" for bar in drawn)
        st.vega_lite_chart(spec=_spec(drawn, st.context.theme.type == "dark"), alt=f"{headline(found)} {spoken}.",
                           key="bars_response_times")  # fmt: skip
    rows = (*found.teams, found.total)
    with st.expander(f"Table: {NAME}"):
        st.dataframe(table(rows), hide_index=True, alt="Questions, complaints and their answers, one row a team")
        st.download_button(
            "Download as CSV", lambda: _take_along(page, rows), "response-times.csv", "text/csv",
            key="csv_response_times", icon=":material/download:",
        )  # fmt: skip


@st.cache_data(max_entries=50, show_spinner=False)
def _spec(bars: tuple[charts.Bar, ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.bars(bars, dark=on_dark))


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
        return f"{said}: too few to tell how soon."
    return f"{said}, half of those answered within {in_words(total.minutes)}{_watched(total)}."


def _watched(total: ResponseRow) -> str:
    return "" if total.watched_minutes is None else f", {in_words(total.watched_minutes)} of it watched"


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


def _take_along(page: Page, rows: Sequence[ResponseRow]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "response times", len(rows))
    return as_csv(rows)
