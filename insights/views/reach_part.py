"""A part of pages: what posts reached, each network by itself, with where every figure came from and what nobody knows."""

from typing import Any

import streamlit as st

from insights import charts
from insights.chosen import Chosen
from insights.reach import AGE_WORDS, GroupReach, reach_of
from insights.reach_chart import series_chart
from insights.reach_series import LATEST, Series, reach_series
from insights.reach_tables import (
    COUNTED_BY,
    METRIC_WORDS,
    Line,
    as_csv,
    headline,
    limits,
    residents_note,
    series_headline,
    series_subtitle,
    series_table,
    table,
)
from social.exports import record_export
from social.open_data_credit import credit_for
from social.places import places_within
from social.sorting import NEVER_RANKED
from social.views.parts import Page, heading, outside
from social.views.words import NOT_REPORTED

AGES = {"7d": AGE_WORDS["7d"], "1h": AGE_WORDS["1h"], "24h": AGE_WORDS["24h"], "28d": AGE_WORDS["28d"],
        LATEST: "the latest count"}  # fmt: skip
MOST_CHARTS = 3


def reach_part(page: Page, chosen: Chosen, *, where: str, over_weeks: str, weeks: int = 12) -> None:
    """What the chosen posts reached, and the weeks up to now (not of appeals for missing people, R11).  where, over_weeks: area and period in words, of the figures and of the lines by week."""
    with page.read() as session:
        whole = reach_of(session, page.now, chosen)
        credit = credit_for(session, places_within(whole.residents.place_id)) if whole.residents else None
    heading(headline(whole))
    st.caption(f"{where}. {limits(whole)}")
    if not whole.posts:
        return
    note = residents_note(whole)
    for words in (note, credit if chosen.place_id is None else None):  # of an area the page has said it already
        if words:
            outside(words)
    with st.expander("Table: reach by network", expanded=True):
        _by_network(page, whole, [limits(whole), note, credit])
    if chosen.content_type in NEVER_RANKED:
        st.caption("Posts of this kind are counted, and never held against each other or against other weeks.")
        return
    age = st.selectbox(
        "Posts are counted at the age of", list(AGES), format_func=lambda key: AGES[key], key="reach_age",
        bind="query-params", help="Young posts are held against young posts: a post of yesterday has had a day to be seen.",
    )  # fmt: skip
    with page.read() as session:
        found = reach_series(session, weeks=weeks, until=page.now, age=age or "7d", chosen=chosen)
        silent = [one.channel for one in found if not one.segments]
        shown = reach_series(session, weeks=weeks, until=page.now, age=age or "7d", metric="impressions",
                             chosen=chosen) if silent else []  # fmt: skip
    lines = [one for one in found if one.segments] + [one for one in shown if one.channel in silent]
    for one in lines[:MOST_CHARTS]:
        _over_weeks(page, one, over_weeks)


def _by_network(page: Page, whole: GroupReach, notes: list[str | None]) -> None:
    """A row a figure and a column a network: readable on a phone."""
    lines = table(whole)
    names = [str(line["Network"]) for line in lines]
    turned = [
        {"Figure": figure, **{name: str(line[figure]) for name, line in zip(names, lines, strict=True)}}
        for figure in list(lines[0])[1:]
        if figure != COUNTED_BY
    ]
    st.dataframe(turned, hide_index=True, alt="Reach: one row a figure, one column a network")
    for name, line in zip(names, lines, strict=True):  # too long for a cell
        if line[COUNTED_BY] != NOT_REPORTED:
            outside(f"The highest on {name} is counted by {line[COUNTED_BY]}.")
    _take(page, lines, "reach", notes)


def _over_weeks(page: Page, one: Series, where: str) -> None:
    head = series_headline(one)
    heading(head)
    st.caption(series_subtitle(one, where))
    name = f"{METRIC_WORDS[one.metric]} by week, {one.label}"
    lines = series_table(one)
    if one.segments:
        spoken = "; ".join(f"week of {line['Week of']}: {line['Median']}" for line in lines)
        st.vega_lite_chart(
            spec=_spec(one, st.context.theme.type == "dark"), alt=f"{head} {spoken}.", key=f"line_{name}"
        )
    elif one.gaps:
        st.text("No week has a figure at this age. Choose another age.")
    with st.expander(f"Table: {name}"):
        st.dataframe(lines, hide_index=True, alt=f"{name}, one row a week and way of counting")
        _take(page, lines, name.replace(" ", "-").replace(",", ""), [])


@st.cache_data(max_entries=100, show_spinner=False)
def _spec(one: Series, on_dark: bool) -> dict[str, Any]:
    return charts.spec(series_chart(one, dark=on_dark))


def _take(page: Page, lines: list[Line], name: str, notes: list[str | None]) -> None:
    def made() -> bytes:
        """That it was taken along is recorded (R24)."""
        record_export(page.context, page.person, "reach", len(lines))
        return as_csv(lines, *notes)

    st.download_button(
        "Download as CSV", made, f"{name}.csv", "text/csv", key=f"csv_{name}", icon=":material/download:"
    )
