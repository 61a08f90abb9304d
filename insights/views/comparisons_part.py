"""The part of What works that holds groups of posts against each other: a sentence, intervals, the table and the file."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from insights import charts
from insights.comparison_tables import Row, as_csv, chart_rows, is_rate, spoken, table
from insights.comparison_values import AGES, GROUPINGS, MEASURES, Comparison
from insights.comparisons import compare, usual_age
from insights.views.works_filters import View
from social.exports import record_export
from social.views.parts import Page, heading, outside

HELP_PAGE = "social/views/help.py"
WITHOUT_REACH = ("x",)
"""Networks that report how often a post was shown and not to how many."""


def comparisons_part(page: Page, view: View) -> None:
    """Everything of one comparison, for the network, period, area and kind that the page shows."""
    st.header("Like with like", anchor=False)
    by, measure, age = _chosen(page, view)
    with page.read() as session:
        found = compare(session, by, measure, age=age, until=page.now, **view.filters)
    heading(found.headline)
    st.caption(
        f"{MEASURES[measure].capitalize()}, {AGES[age]}, by {GROUPINGS[by]}, {view.where}: how many times that of the other "
        "posts like them, with the 95% interval; on the dashed line there is no difference. Number of posts in brackets."
    )
    intervals(found.groups, found.headline, key="compare")
    for sentence in found.sentences:
        if sentence != found.headline:
            outside(sentence)
    st.caption(_basis(found))
    how_worked_out()
    under(page, found.groups, f"by {GROUPINGS[by]}", key="compare", rate=is_rate(measure))


def _chosen(page: Page, view: View) -> tuple[str, str, str]:
    """Grouping, measure and age; the choices stand in the address."""
    one, two, three = st.columns(3)
    groupings = [by for by in GROUPINGS if by != "channel" and not (by == "content_type" and view.content_type)]
    by = one.selectbox(
        "Compare by", groupings, format_func=lambda key: GROUPINGS[key].capitalize(), key="i_by", bind="query-params"
    )
    measure = measure_box(two, view, "i_measure")
    with page.read() as session:
        usual = usual_age(session, measure, until=page.now, **view.filters)
    age = three.selectbox(
        "How long after posting", list(AGES), index=list(AGES).index(usual), format_func=lambda key: AGES[key].capitalize(), key="i_age",
        bind="query-params",
    )  # fmt: skip
    return by, measure, age


def measure_box(where: Any, view: View, key: str) -> str:
    """What is compared; where a network reports no reach, first how often posts were shown."""
    first = list(MEASURES).index("impressions" if view.network in WITHOUT_REACH else "reach")
    chosen: str = where.selectbox(
        "Measure", list(MEASURES), index=first, format_func=lambda name: MEASURES[name].capitalize(), key=key,
        bind="query-params",
    )  # fmt: skip
    return chosen


def _basis(found: Comparison) -> str:
    """What the figures rest on, in one paragraph."""
    said = []
    if found.model:
        said.append(f"{found.n:,} posts. Allowed for: {', '.join(found.adjusted_for)}. Model: {found.model}.")
        said.append("A difference is told only where chance alone would seldom show one among all groups here.")
    return " ".join((*said, *found.limits))


def how_worked_out() -> None:
    """To Help, which says it in words."""
    st.page_link(HELP_PAGE, label="How this is worked out", icon=":material/help:")


# Altair takes 25 ms for one chart: the same figures are drawn once. No residents' words are in them.
@st.cache_data(max_entries=100, show_spinner=False)
def _spec(rows: tuple[charts.Range, ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.ranges(rows, dark=on_dark, even_at=0.0))


def intervals(rows: Sequence[Any], headline: str, *, key: str) -> None:
    """The chart of ratios with their intervals; nothing where no row has one."""
    drawn = chart_rows(rows)
    if drawn:
        dark = st.context.theme.type == "dark"
        st.vega_lite_chart(spec=_spec(drawn, dark), alt=f"{headline} {spoken(rows)}.", key=f"ranges_{key}")


def under(page: Page, rows: Sequence[Row], name: str, *, key: str, rate: bool = False) -> None:
    """The table that says the same as the chart, and the same as a file."""
    if not rows:
        return
    with st.expander(f"Table: {name}"):
        st.dataframe(table(rows, is_rate=rate), hide_index=True, alt=f"Estimates {name}, one row a group")
        st.download_button(
            "Download as CSV", lambda: _take_along(page, rows), f"{name.replace(' ', '-')}.csv", "text/csv",
            key=f"csv_{key}", icon=":material/download:",
        )  # fmt: skip


def _take_along(page: Page, rows: Sequence[Row]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "comparisons", len(rows))
    return as_csv(rows)
