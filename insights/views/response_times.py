"""The part of What works that says how soon residents are answered: a chart, the table beside it, and the same as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from insights import charts
from insights.response_tables import as_csv, headline, table
from insights.response_times import ENOUGH_ANSWERS, ResponseRow, response_times
from social.exports import record_export
from social.views.parts import Page, heading
from social.views.words import say_share

NAME = "response times by team"


def show_response_times(
    page: Page, *, since: datetime, channel: str | None, place_id: int | None, content_type: str | None = None
) -> None:
    """Everything about answers in the period, for the network and area that the page shows."""
    with page.read() as session:
        found = response_times(session, page.now, since=since, channel=channel, place_id=place_id,
                               content_type=content_type)  # fmt: skip
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


def _take_along(page: Page, rows: Sequence[ResponseRow]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "response times", len(rows))
    return as_csv(rows)
