"""The charts of What works: each with a headline that is computed, its subtitle, the table that says the same, and a file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from insights import charts, sayings
from insights.figures import ENOUGH_POSTS, FigureRow
from social.exports import record_export
from social.views.parts import Page, heading
from social.views.words import say_count, say_number, say_share


def dark() -> bool:
    return st.context.theme.type == "dark"


# Altair takes 25 ms to check and write out one chart: the same figures are drawn once. Only figures go in and no
# residents' words, so nothing is kept here that another person may not see.
@st.cache_data(max_entries=200, show_spinner=False)
def bar_spec(rows: tuple[charts.Bar, ...], on_dark: bool, as_given: bool = False) -> dict[str, Any]:
    return charts.spec(charts.bars(rows, dark=on_dark, as_given=as_given))


@st.cache_data(max_entries=200, show_spinner=False)
def range_spec(rows: tuple[charts.Range, ...], on_dark: bool, even_at: float | None) -> dict[str, Any]:
    return charts.spec(charts.ranges(rows, dark=on_dark, even_at=even_at))


@st.cache_data(max_entries=200, show_spinner=False)
def _week_spec(points: tuple[tuple[str, float | None], ...], on_dark: bool) -> dict[str, Any]:
    return charts.spec(charts.weeks(points, dark=on_dark))


def under_chart(page: Page, rows: Sequence[FigureRow], name: str) -> None:
    """The table that says the same as the chart, and the same as a file."""
    with st.expander(f"Table: {name}"):
        figures_table(page, rows, name)


def figures_table(page: Page, rows: Sequence[FigureRow], name: str) -> None:
    st.dataframe(sayings.table(rows), hide_index=True, alt=f"Figures {name}, one row a group")
    st.download_button("Download as CSV", lambda: take_along(page, rows), f"{name.replace(' ', '-')}.csv", "text/csv",
                       key=f"csv_{name}", icon=":material/download:")  # fmt: skip


def take_along(page: Page, rows: Sequence[FigureRow]) -> bytes:
    """The file; that it was taken along is recorded (R24)."""
    record_export(page.context, page.person, "figures", len(rows))
    return sayings.as_csv(rows)


def ranking(page: Page, rows: Sequence[FigureRow], name: str, where: str) -> None:
    """Bars of the groups that may be compared, with what is left out said in words (M09, R11)."""
    value, what = sayings.rate_of(rows)
    head = sayings.headline(rows, value, what=what)
    heading(head)
    st.caption(
        f"{what.capitalize()}, median over posts, {name}, {where}. Number of posts in brackets; groups with {ENOUGH_POSTS} "
        "posts or more. Of any groups one is highest and one lowest: what is more than chance stands under 'Like with like'."
    )
    there = sayings.comparable(rows, value)
    if there:
        drawn = [charts.Bar(row.label, value(row) or 0.0, say_share(value(row)), row.posts) for row in there]
        spoken = "; ".join(f"{bar.label} {bar.shown} from {bar.posts} posts" for bar in drawn)
        st.vega_lite_chart(spec=bar_spec(tuple(drawn), dark()), alt=f"{head} {spoken}.", key=f"bars_{name}")
    few = sum(row.posts < ENOUGH_POSTS for row in rows)
    if few:
        st.caption(f"{say_count(few, 'group')} with fewer than {ENOUGH_POSTS} posts: too few to tell. See the table.")
    apart = sum(row.posts >= ENOUGH_POSTS and not row.ranked and row.group != "" for row in rows)
    if apart:
        st.caption(f"{say_count(apart, 'group')} left out: they hold appeals for missing people or corrections, which are "
                   "never ranked. See the table.")  # fmt: skip
    under_chart(page, rows, name)


def _short_week(monday: str) -> str:
    """'7 Sep' for 2026-09-07."""
    day = date.fromisoformat(monday)
    return f"{day.day} {day:%b}"


def over_time(page: Page, rows: Sequence[FigureRow], where: str) -> None:
    """One line over the weeks.  rows: oldest first, the last one not over."""
    reach = any(row.reach is not None for row in rows)
    what = "median reach of a post" if reach else "median engagement of a post"

    def value(row: FigureRow) -> float | None:
        return row.reach if reach else row.engagement_median

    head = sayings.trend(rows[:-1], value, what=what)  # the week that still runs says nothing of a trend
    heading(head)
    missing = sayings.gaps(rows, value)
    broken = f" {say_count(missing, 'week')} in between without a report: the line is broken there." if missing else ""
    st.caption(f"{what.capitalize()} by week, {where}, from Monday to Sunday; the last week is not over.{broken}")
    points = [(_short_week(row.group), value(row)) for row in rows]
    if any(number is not None for _, number in points):
        spoken = "; ".join(f"{row.label} {say_number(value(row))}" for row in rows)
        st.vega_lite_chart(spec=_week_spec(tuple(points), dark()), alt=f"{head} {spoken}.", key="weeks")
    under_chart(page, rows, "by week")
